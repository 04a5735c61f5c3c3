"""Trips one by one: under a policy, with an extension or a contact more, by the kernel or through the simulation."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from nexuslic.errors import InputError
from nexuslic.lab import listed, source, voyage
from nexuslic.lab.listed import Listed, tell
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.reduction import CannotReduce
from nexuslic.lab.trip import Trip
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock
from nexuslic.scenario.read import read
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "nexuslic" / "lab" / "fleet" / "example.csv"
UTC = "2026-03-02 06:00 UTC"
WEEK = """scenario: A week
format: 1
why: What becomes of it?
starts: 2026-03-02 06:00 UTC
ends: day 9 23:59
online: [{from: day 1 07:00, to: day 1 08:00}]
every: [{at: daily 06:00, from: day 2, launch: ws1}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated}}
"""
SESSION = "  - {at: day 9 07:00, open: ws1}\n"


@pytest.fixture
def week(tmp_path: Path) -> tuple[Listed, ...]:
    """The same trip twice: of launches, and with a session that runs on, which the kernel cannot say."""
    (tmp_path / "1.scenario.yaml").write_text(WEEK, "utf-8")
    (tmp_path / "2.scenario.yaml").write_text(WEEK + SESSION, "utf-8")
    return source.stories(tmp_path)


def voyage_with(days: int = 20, **changes: Any) -> Listed:
    return Listed("one", "A", 3, days, Trip(days=days, start=UTC, **changes))


def by_simulation(trip: Listed, policy: LabPolicy, grace: int) -> tuple[int, ...]:
    case = read(trip.under(policy).story(grace).encode(), "voyage").cases[0]
    return voyage.refused_days(run_case(case, SimulatedStage, traced=True))


# -- stories -------------------------------------------------------------------------------------------------------


def test_what_the_kernel_cannot_say_goes_through_the_simulation_and_is_counted(week: tuple[Listed, ...]):
    told = tell(week, LabPolicy(), 9)
    assert told.simulated == 1
    assert told.tally(5).told.tolist() == [1, 1]
    assert told.refused.tolist() == [[8, 7, 6, 5, 4, 3, 2, 1, 0]] * 2
    assert told.first.tolist() == [[2, 3, 4, 5, 6, 7, 8, 9, 0]] * 2


@pytest.fixture
def not_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every story goes through the simulation."""

    def refuse(case: object) -> None:
        raise CannotReduce("nothing can be said")

    monkeypatch.setattr(listed, "reduced", refuse)


FOLDERS = ("clocks", "restores", "support", "hasp", "binding", "windows-7")


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_simulation_counts_as_the_kernel_does(folder: str, request: pytest.FixtureRequest):
    stories = source.stories(ROOT / "scenarios" / folder)
    policy = LabPolicy(grace=4)
    mine = tell(stories, policy, 6)
    request.getfixturevalue("not_by_the_kernel")
    theirs = tell(stories, policy, 6)
    assert theirs.simulated == len(stories) > mine.simulated
    for counts in ("refused", "first", "left"):
        assert np.array_equal(getattr(mine, counts), getattr(theirs, counts)), counts


def test_a_story_keeps_what_a_policy_leaves_as_documented(week: tuple[Listed, ...]):
    changed = LabPolicy(rules=Policy(clock_tolerance=timedelta(hours=2), clock=WhichClock.WORKSTATION))
    case = week[0].under(LabPolicy(rules=Policy(binding=WhichBinding.IDENTITY))).under(changed)
    assert case.rules == Policy(
        clock_tolerance=timedelta(hours=2), clock=WhichClock.WORKSTATION, binding=WhichBinding.IDENTITY
    )


def test_a_story_has_its_own_contacts_and_extensions(week: tuple[Listed, ...]):
    with pytest.raises(InputError, match=r"A week: a story has its own contacts"):
        week[0].with_contact(3)
    with pytest.raises(InputError, match=r"a story has its own extensions"):
        tell(week, LabPolicy(), 3, extension=True)


# -- voyages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        LabPolicy(),
        LabPolicy(extensions=False),
        LabPolicy(rules=Policy(binding=WhichBinding.IDENTITY)),
        LabPolicy(rules=Policy(clock=WhichClock.WORKSTATION)),
        LabPolicy(rules=Policy(clock_tolerance=timedelta(days=4))),
        LabPolicy(rules=Policy(setback_charge=timedelta(days=9))),
    ],
    ids=["documented", "no extensions", "identity", "workstation", "tolerant", "dear"],
)
def test_a_list_is_told_under_the_rules_of_a_policy(policy: LabPolicy):
    trips = source.fleet(EXAMPLE)
    told = tell(trips, policy, 31)
    days = [by_simulation(trip, policy, 21) for trip in trips]
    assert told.refused[:, 21].tolist() == [len(one) for one in days]
    assert told.first[:, 21].tolist() == [min(one, default=0) for one in days]


def test_knobs_change_what_becomes_of_the_example():
    trips = source.fleet(EXAMPLE)
    sums = {
        name: int(tell(trips, policy, 31).refused[:, 30].sum())
        for name, policy in {
            "documented": LabPolicy(),
            "no extensions": LabPolicy(extensions=False),
            "identity": LabPolicy(rules=Policy(binding=WhichBinding.IDENTITY)),
            "workstation": LabPolicy(rules=Policy(clock=WhichClock.WORKSTATION)),
        }.items()
    }
    assert sums == {"documented": 67, "no extensions": 67, "identity": 66, "workstation": 61}


@pytest.mark.parametrize("extra", [0, 1, 5, 30])
@pytest.mark.parametrize(
    "changes",
    [{}, {"contacts": ("day 6",)}, {"set_clocks": ("day 4 -3d",)}, {"contacts": ("day 1 09:00",), "extend": 2}],
    ids=["alone", "a contact", "a clock", "a contact on day 1"],
)
def test_extending_the_first_grants_is_what_support_extends(extra: int, changes: dict[str, Any]):
    trip = voyage_with(**changes)
    assert trip.trip is not None
    told = tell([trip], LabPolicy(grace=3), 31, extension=True)
    whole = attrs.evolve(trip, trip=attrs.evolve(trip.trip, extend=trip.trip.extend + extra))
    days = by_simulation(whole, LabPolicy(grace=3), 3)
    assert (told.refused[0, extra], told.first[0, extra]) == (len(days), min(days, default=0))


@pytest.mark.parametrize("day", [1, 2, 8, 20])
def test_a_contact_more_is_one_of_the_voyage(day: int):
    more = voyage_with(contacts=("day 5",)).with_contact(day)
    assert more.trip is not None and more.trip.contacts == ("day 5", f"day {day}")
    told = tell([more], LabPolicy(), 8)
    assert told.refused[0, 7] == len(by_simulation(more, LabPolicy(), 7))


@pytest.mark.parametrize("day", [0, 21])
def test_a_contact_outside_the_trip_is_none(day: int):
    assert voyage_with().with_contact(day) == voyage_with()


def test_those_who_wait_hear_how_many_are_told():
    heard: list[tuple[int, int]] = []
    tell([voyage_with(), voyage_with()], LabPolicy(), 3, lambda done, of: heard.append((done, of)))
    assert heard == [(1, 2), (2, 2)]


# -- the counts of a list -----------------------------------------------------------------------------------------


def test_a_list_is_counted_by_length_and_by_its_worst():
    trips = [voyage_with(9), voyage_with(20), voyage_with(9, contacts=("day 4",)), voyage_with(20), voyage_with(2)]
    tally = tell(trips, LabPolicy(grace=5), 8).tally(5)
    assert tally.lengths == (2, 9, 20)
    assert tally.trips.tolist() == [1, 2, 2]
    assert tally.refused[:, 5].tolist() == [0, 3, 28]
    assert tally.touched[:, 5].tolist() == [0, 1, 2]
    assert tally.earliest[:, 5].tolist() == [0, 7, 7]
    assert tally.first[1, 5].tolist() == [1, 0, 0, 0, 0, 0, 0, 1, *[0] * 13]
    assert tally.worst[:4].tolist() == [[14, 1], [14, 3], [3, 0], [0, 0]]


def test_the_days_left_are_those_at_the_end_and_the_fewest_of_trips_never_refused():
    trips = [voyage_with(9, contacts=("day 4",)), voyage_with(9), voyage_with(4)]
    tally = tell(trips, LabPolicy(grace=5), 8).tally(5)
    assert [tally.left[:, place].sum() for place in (0, 2, 4)] == [1, 1, 1]
    assert [place for place in range(11) if tally.warned[:, place].sum()] == [2, 4]


def test_where_no_trip_is_refused_none_is_the_worst():
    tally = tell([voyage_with(9)], LabPolicy(grace=30), 31).tally(30)
    assert not tally.worst.any() and not tally.touched[:, 30].any()
