"""A voyage that goes on from a copy comes to what it comes to from day 1, and is run from where it changed."""

from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.lab.resuming import Voyages
from nexuslic.lab.trip import Trip
from nexuslic.lab.voyage import answered, write
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

DAYS = 16


class Watched(SimulatedStage):
    """A stage that counts the instants of all its kind."""

    instants = 0

    def advance(self, to: Any) -> None:
        type(self).instants += 1
        super().advance(to)


def watched() -> type[Watched]:
    """A kind of stage of the test's own, which has counted nothing yet."""

    class Mine(Watched):
        instants = 0

    return Mine


def afresh(trip: Trip) -> CaseResult:
    return run_case(read(write(trip).encode(), "voyage").cases[0], SimulatedStage, traced=True)


def seen(result: CaseResult) -> object:
    kept = {field.name for field in attrs.fields(CaseResult)} - {"case", "cells"}
    return {name: getattr(result, name) for name in kept}


AT = st.integers(1, DAYS - 4).map(lambda day: f"day {day}")
MARKS = st.lists(AT, max_size=2, unique=True).map(tuple)
TRIPS = st.builds(
    Trip,
    days=st.integers(DAYS - 3, DAYS),
    grace=st.sampled_from([3, 7, 30]),
    workstations=st.integers(1, 2),
    os=st.sampled_from(["windows-7", "windows-10"]),
    contacts=MARKS,
    restores=MARKS,
    codes=MARKS,
    set_clocks=st.lists(
        st.integers(2, DAYS - 4).map(lambda day: f"day {day}").map(lambda at: f"{at} +2d"), max_size=1
    ).map(tuple),
    extend=st.sampled_from([0, 4]),
    renames=st.lists(AT, max_size=1).map(tuple),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(TRIPS, min_size=1, max_size=2), st.lists(AT, min_size=1, max_size=5), st.sampled_from([5, 12]))
def test_whatever_was_run_before_the_answer_is_that_of_a_run_from_day_1(trips: list[Trip], moved: list[str], days: int):
    voyages = Voyages(SimulatedStage)
    changed = [attrs.evolve(trips[-1], contacts=(at,)) for at in moved]
    for trip in [*trips, *changed, attrs.evolve(changed[-1], days=DAYS + days), trips[0]]:
        assert seen(voyages.run(trip)) == seen(afresh(trip))


def test_a_longer_trip_goes_on_from_the_last_copy():
    stage = watched()
    voyages = Voyages(stage)
    voyages.run(Trip(days=60))
    before = stage.instants
    voyages.run(Trip(days=61))
    assert stage.instants - before < 15


def test_another_grace_is_run_from_day_1():
    stage = watched()
    voyages = Voyages(stage)
    voyages.run(Trip(days=20))
    before = stage.instants
    voyages.run(Trip(days=20, grace=31))
    assert stage.instants == 2 * before


def test_a_run_ends_with_the_first_refusal_where_that_is_all_one_asks():
    stage = watched()
    for _ in (steps := Voyages(stage).steps(Trip(days=60, grace=5), until_refused=True)):
        pass
    assert (steps.gi_running, stage.instants < 12) == (False, True)


def test_a_run_that_was_ended_early_is_not_gone_on_from():
    voyages = Voyages(SimulatedStage)
    list(voyages.steps(Trip(days=30, grace=5), until_refused=True))
    assert answered(Trip(days=30, grace=5), voyages.run(Trip(days=30, grace=5))).refused_days == tuple(range(7, 31))


def test_only_the_most_recent_runs_are_kept():
    voyages = Voyages(SimulatedStage, most=2)
    for days in (3, 4, 5):
        voyages.run(Trip(days=days))
    assert len(voyages.kept) == 2
