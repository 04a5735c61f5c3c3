"""One trip, told: its strip, what happens on it, and a story that passes."""

from pathlib import Path
from typing import Any

import pytest

from nexuslic.lab import source, told
from nexuslic.lab.listed import Listed, tell
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.trip import Trip
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

ROOT = Path(__file__).parents[2]
TRIPS = source.fleet(ROOT / "nexuslic" / "lab" / "fleet" / "example.csv")


def trip(days: int = 12, **changes: Any) -> Listed:
    return Listed("one", "", 1, days, Trip(days=days, start="2026-03-02 06:00 UTC", **changes))


def test_a_strip_has_a_letter_for_each_day():
    assert told.strip_of(trip(), 7) == "AgggggggEEEE"
    assert told.strip_of(trip(contacts=("day 5",)), 7) == "AgggAggggggg"
    assert told.strip_of(trip(restores=("day 9",)), 7) == "AgggggggEIII"


@pytest.mark.parametrize("one", TRIPS, ids=[one.name for one in TRIPS])
@pytest.mark.parametrize("grace", [7, 30])
def test_the_story_of_a_trip_passes_and_fails_at_another_grace(one: Listed, grace: int):
    text = told.story_of(one, grace)
    result = run_case(read(text.encode(), one.name).cases[0], SimulatedStage)
    assert result.outcome is Outcome.PASSED
    refused = int(tell([one], LabPolicy(), 31).refused[0, grace])
    assert (result.tally.refused > 0) == (refused > 0)
    if grace == 7 and refused:
        other = text.replace("grace: 7}", "grace: 40}")
        assert run_case(read(other.encode(), one.name).cases[0], SimulatedStage).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "12 days, no contact"),
        ({"contacts": ("day 9",)}, "12 days, contact on day 9"),
        ({"contacts": ("day 2", "day 9")}, "12 days, contact on day 2 and day 9"),
        (
            {"contacts": tuple(f"day {day}" for day in range(2, 9))},
            "12 days, contact on day 2, day 3, day 4, day 5 and 3 more",
        ),
        ({"os": "windows-7"}, "12 days, Windows 7 aboard, no contact"),
        ({"codes": ("day 4",)}, "12 days, no contact, a renewal code on day 4"),
        ({"restores": ("day 4",)}, "12 days, no contact, the database restored onto another server on day 4"),
        ({"renames": ("day 4",)}, "12 days, no contact, the server renamed on day 4"),
        ({"set_clocks": ("day 4 -3d",)}, "12 days, no contact, a clock set: day 4 -3d"),
        ({"extend": 9}, "12 days, no contact, grace extended by 9 days"),
    ],
)
def test_what_happens_on_a_trip_is_said_in_words(changes: dict[str, Any], said: str):
    assert told.title_of(trip(**changes)) == said


def test_of_a_story_it_is_told_where_it_stands_and_how_long_it_is():
    (one,) = source.stories(ROOT / "scenarios" / "offshore" / "14-day-crew-change.scenario.yaml")[:1]
    assert told.title_of(one) == f"{one.days} days"
    assert "14-day-crew-change.scenario.yaml" in told.story_of(one, 7)
    assert len(told.strip_of(one, 7)) == one.days
