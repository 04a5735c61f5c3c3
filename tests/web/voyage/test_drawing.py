"""What a voyage looks like is what was decided."""

from collections.abc import Callable

import pytest

from nexuslic.lab import voyage
from nexuslic.lab.trip import Trip
from nexuslic.lab.voyage import Answer
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.web.speech import Speech
from nexuslic.web.voyage import drawing

ENGLISH = Speech.of("en-GB")
RESTORED = "The last launch that runs is at day 10 06:00"


@pytest.fixture(scope="module")
def answer() -> Callable[..., Answer]:
    """The answer of a trip."""
    return lambda **trip: voyage.ask(Trip(**trip), SimulatedStage)


@pytest.mark.parametrize(
    "trip, told",
    [
        ({"days": 20}, "Runs on every day; grace lasts until day 31 08:30"),
        ({"days": 45}, "Runs until day 31 08:30; refused on 14 of 45 days"),
        ({"days": 32}, "Runs until day 31 08:30; refused on 1 of 32 days"),
        (
            {"days": 20, "restores": ("day 10",)},
            f"{RESTORED}; refused on 10 of 20 days",
        ),
        (
            {"days": 45, "restores": ("day 10",), "contacts": ("day 12",)},
            f"{RESTORED}; refused on 5 of 45 days",
        ),
    ],
)
def test_the_sentence_says_until_when_it_runs_and_how_often_not(answer: Callable[..., Answer], trip: dict, told: str):
    assert drawing.sentence(answer(**trip)) == told


@pytest.mark.parametrize(
    "hotspots, told",
    [
        ((16, 30), "one hotspot on day 16 or later saves the rest"),
        ((9, 9), "one hotspot on day 9 saves the rest"),
        (None, "no single hotspot saves the rest"),
    ],
)
def test_the_sentence_ends_with_the_hotspot(hotspots: tuple[int, int] | None, told: str):
    assert drawing.rest_of_sentence((None, None, hotspots, None)) == told


def test_every_day_has_its_letter_and_its_date(answer: Callable[..., Answer]):
    days = drawing.days(answer(days=33), ENGLISH)
    assert "".join(day.letter for day in days) == "A" + "g" * 30 + "EE"
    assert (days[30].title, days[31].title) == ("Wed 1 Apr: grace", "Thu 2 Apr: expired")


def test_every_letter_has_its_colour(answer: Callable[..., Answer]):
    looks = {day.letter: day.look for day in drawing.days(answer(days=33), ENGLISH)}
    assert looks == {"A": "contacted", "g": "grace", "E": "stopped"}


def test_the_curve_is_the_days_left_after_each_day(answer: Callable[..., Answer]):
    chart = drawing.chart(answer(days=5, grace=2))
    assert (chart.line, chart.top, chart.refused) == ("M0 0V0H1V0H2V1H3V2H4V2H5", 2, ((4, 2),))


@pytest.mark.parametrize("days", [1, 45, 70, 400, 3650])
def test_the_curve_has_room_for_its_numbers(answer: Callable[..., Answer], days: int):
    assert len(drawing.chart(answer(days=days, grace=4000)).ticks) <= 10


@pytest.mark.parametrize("days, found", [((), ()), ((3,), ((3, 1),)), ((1, 2, 5, 6, 7), ((1, 2), (5, 3)))])
def test_days_that_follow_one_another_are_one_range(days: tuple[int, ...], found: tuple[tuple[int, int], ...]):
    assert drawing.ranges(days) == found


def test_columns_have_no_more_room_than_they_need():
    assert drawing.squeezed(["06:00     launch      runs", "06:00     authenticate"]) == [
        "06:00  launch      runs",
        "06:00  authenticate",
    ]


def test_what_differs_is_said_of_the_plan_and_of_what_came_of_it(answer: Callable[..., Answer]):
    one, other = answer(days=45), answer(days=45, contacts=("day 20",), os="linux")
    assert [(found.what, found.one, found.other) for found in drawing.differences(one, other)] == [
        ("Operating system", "Windows 10", "Linux"),
        ("Contact", "none", "day 20"),
        ("How long", "Runs until day 31 08:30", "Runs on every day"),
        ("Refused days", "14", "0"),
        ("Launches that run", "30", "45"),
    ]
