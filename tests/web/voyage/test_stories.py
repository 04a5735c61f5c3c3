"""A story out and in again: the same trip, or a sentence that says why not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import InputError
from nexuslic.lab import voyage
from nexuslic.lab.trip import Trip
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.web.voyage.stories import trip_of

AT = st.builds(lambda day, time: f"day {day}{time}", st.integers(2, 20), st.sampled_from(["", " 08:00", " 17:30"]))
TIMES = st.lists(AT, max_size=3, unique=True).map(tuple)
CLOCKS = st.lists(
    st.builds(
        lambda at, by, of: f"{at} {by}{of}",
        AT,
        st.sampled_from(["-3d", "+36h", "+90m"]),
        st.sampled_from(["", " bridge"]),
    ),
    max_size=2,
).map(tuple)
TRIPS = st.builds(
    Trip,
    days=st.integers(20, 60),
    grace=st.integers(0, 60),
    start=st.sampled_from(["2026-03-02 06:00 Europe/London", "2026-10-24 00:00 America/Sao_Paulo"]),
    os=st.sampled_from(["windows-7", "windows-10", "linux"]),
    workstations=st.integers(1, 7),
    contacts=TIMES,
    restores=TIMES,
    codes=TIMES,
    set_clocks=CLOCKS,
    extend=st.integers(0, 9),
    renames=TIMES,
)


@settings(deadline=None)
@given(TRIPS)
def test_a_story_that_was_written_is_the_same_trip(trip: Trip):
    assert voyage.write(trip_of(voyage.write(trip).encode())) == voyage.write(trip)


def test_a_story_with_what_it_found_is_the_same_trip():
    answer = voyage.ask(Trip(days=40, contacts=("day 20",)), SimulatedStage)
    saved = voyage.write(answer.trip, answer.result)
    assert voyage.write(trip_of(saved.encode())) == voyage.write(answer.trip)


def test_a_story_may_have_another_title():
    told = voyage.write(Trip(days=12)).replace("scenario: 12-day voyage on 30 days of grace", "scenario: To the rig")
    assert trip_of(told.encode()).days == 12


@pytest.mark.parametrize(
    "old, new",
    [
        ("grace: 30", "grace: 30, type: named"),
        ("    bridge: {os: windows-10}", "    bridge: {os: windows-10, database: other}"),
        ("daily 06:00", "daily 06:30"),
        ("to: day 1 08:00", "to: day 1 09:00"),
        ("    authenticate: bridge", "    authenticate: bridge\n  - {at: day 3 09:00, launch: bridge}"),
        ("every:", "always: [{never: Expired}]\nevery:"),
    ],
)
def test_a_story_that_does_more_is_refused(old: str, new: str):
    told = voyage.write(Trip(days=12))
    assert old in told
    with pytest.raises(InputError, match=r"^(This story does more than the planner can show|This file is no story)"):
        trip_of(told.replace(old, new, 1).encode())


def test_no_shipped_story_is_taken_for_another_trip(root: Path):
    for path in sorted((root / "scenarios").rglob("*.scenario.yaml")):
        with pytest.raises(InputError, match="This story does more than the planner can show"):
            trip_of(path.read_bytes())


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe", b"- 1\n- 2\n", b"scenario: [", b"a: &b 1", b"x" * 1_000_001])
def test_what_is_no_story_is_refused(data: bytes):
    with pytest.raises(InputError, match=r"^This file is no story: the story:"):
        trip_of(data)
