"""What the lab found, in plain words: one and many, nothing and all."""

import attrs
import pytest

from nexuslic.lab import telling
from nexuslic.lab.exact import exact
from nexuslic.lab.finding import Found, Knob, Measure, Point, Target
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel
from nexuslic.lab.sweeping import Sweep, sweep
from nexuslic.lab.trip import Trip

MODEL = TripModel("short hitches", ((9, 1.0),), contact=0.5)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def swept(*days: int) -> Sweep:
    trips = [Listed("t", "", 1, many, Trip(days=many, start="2026-03-02 06:00 UTC")) for many in days]
    return sweep(trips, graces=(0, 20))


@pytest.mark.parametrize(
    ("days", "grace", "said"),
    [
        ((9,), 9, "With 9 days of grace, no trip has a refused day."),
        (
            (9, 20),
            9,
            "With 9 days of grace, 1 of 2 trips (50 %) has a refused day: 5 days a trip, the earliest on day 11.",
        ),
        (
            (9, 20),
            1,
            "With 1 day of grace, 2 of 2 trips (100 %) have a refused day: 12 days a trip, the earliest on day 3.",
        ),
    ],
)
def test_one_grace_is_one_sentence(days: tuple[int, ...], grace: int, said: str):
    assert plain(telling.at_grace(swept(*days).by_grace(), grace)) == said


def test_an_exact_answer_counts_no_trips():
    said = plain(telling.at_grace(exact(MODEL, (0, 9)).by_grace(), 0))
    assert said == "With 0 days of grace, 100 % of trips have a refused day: 8 days a trip, the earliest on day 2."


def test_what_an_answer_rests_on_is_said():
    assert "This is exact: the model m has no memory" in telling.rests_on(exact(MODEL, (0, 9)), "model m", 1)
    drawn = sweep(MODEL, graces=(0, 9), count=1200, seed=8)
    assert telling.rests_on(drawn, "model m", 8) == "It rests on 1,200 trips of the model m, drawn from seed 8."
    assert telling.rests_on(swept(9, 9), "t.csv", 1) == "It rests on the 2 trips of t.csv."


def found(knob: Knob, *, low: float = 0.05, high: float = 0.12, best: bool = True, most: float = 0.1) -> Found:
    point = Point(1, 0.08, low, high)
    return Found(knob, Target(Measure.TRIPS, most), point if best else None, point, (point,), 5000)


def test_a_target_inside_the_interval_asks_for_more_trips():
    said = [plain(one) for one in telling.found(found(Knob.GRACE), "model m", 4)]
    assert said == [
        "Target: at most 10 % of trips refused. The least grace that keeps it is 1 day: 8 % of trips are refused "
        "(between 5 % and 12 %, 95 times of 100).",
        "The target lies within that interval: draw more trips to be sure.",
        "It rests on 5,000 trips of the model m, drawn from seed 4.",
    ]


def test_a_target_beyond_the_interval_is_sure():
    assert len(telling.found(found(Knob.HOTSPOT, high=0.09), "model m", 4)) == 2


def test_a_list_has_no_interval_and_no_seed():
    said = telling.found(found(Knob.EXTENSION, low=0.08, high=0.08), "t.csv", None)
    assert said[-1] == "It rests on the 5,000 trips of t.csv."
    assert "between" not in said[0]


@pytest.mark.parametrize(
    ("knob", "named"),
    [
        (Knob.GRACE, "a grace of 1 day"),
        (Knob.EXTENSION, "an extension of 1 day"),
        (Knob.HOTSPOT, "a hotspot on day 1"),
        (Knob.WARN_FROM, "a warning at 1 day left"),
    ],
)
def test_where_nothing_keeps_a_target_the_nearest_is_named(knob: Knob, named: str):
    said = plain(telling.found(found(knob, best=False, most=0.01), "model m", 4)[0])
    assert said.startswith(f"Nothing keeps at most 1 % of trips refused: {named} comes nearest: 8 % of trips")


def test_refused_days_are_a_mean():
    days = attrs.evolve(found(Knob.GRACE), target=Target(Measure.DAYS, 0.1))
    assert "0.08 refused days a trip (between 0.05 and 0.12, 95 times" in telling.found(days, "model m", 4)[0]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("share_touched", 0.256, "26 %"),
        ("share_low", 0.2564, "25.6 %"),
        ("days_refused", 123456, "123,456"),
        ("days_refused_per_trip", 3.14159, "3.1"),
        ("first_refused_day", None, "none"),
        ("vessel", "Aurora", "Aurora"),
    ],
)
def test_a_cell_is_told_as_people_write_it(name: str, value: object, told: str):
    assert plain(telling.cell(name, value)) == told
