"""Several processes come to what one comes to, in the same order."""

import os
from itertools import count

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario import pool, suite
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.running import Runner
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, Shelf, Unit


def planned(files):
    shelf = Shelf()
    return shelf, suite.plan(files, Choices(), ["simulation"], shelf)


def timeless(records):
    return [attrs.evolve(record, seconds=0) for record in records]


def test_the_records_are_those_of_one_process_in_the_same_order(write):
    shelf, units = planned([write(str(number), two=27 + number % 2) for number in range(9)])
    runner = Runner(shelf, Choices(), {"simulation": SimulatedStage})
    assert timeless(pool.run(runner, units, 3)) == timeless(pool.run(runner, units, 1))


class Deadly(SimulatedStage):
    """A stage that takes its process along."""

    def begin(self, case):
        os._exit(9)


def test_a_process_that_ends_breaks_its_cases_and_the_run_goes_on_to_its_end(write):
    shelf, units = planned([write()])
    records = list(pool.run(Runner(shelf, Choices(), {"simulation": Deadly}), units, 2))
    assert [record.outcome for record in records] == [Outcome.BROKE, Outcome.BROKE]
    assert "the process that ran it has ended" in records[0].text


def test_a_run_may_be_closed_before_its_end(write):
    shelf, units = planned([write(str(number)) for number in range(4)])
    records = pool.run(Runner(shelf, Choices(), {"simulation": SimulatedStage}), units, 2)
    assert next(records).outcome is Outcome.PASSED
    records.close()
    assert list(records) == []


def test_a_process_that_was_asked_to_stop_begins_no_other_case(write, monkeypatch):
    shelf, units = planned([write()])
    runner, asked = Runner(shelf, Choices(), {"simulation": SimulatedStage}), count()
    monkeypatch.setattr(pool, "_RUNNER", [(runner, lambda: next(asked) >= 1)])
    assert [record.case for record in pool._work(units)] == ["one"]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=80), st.integers(1, 40))
def test_chunks_are_all_units_in_their_order_and_none_is_heavy_but_by_one_unit(weights, count):
    units = [Unit("file", "title", str(n), n, 1, 1, "simulation", weight) for n, weight in enumerate(weights)]
    cut = pool.chunks(units, count)
    assert [unit for chunk in cut for unit in chunk] == units
    most = sum(weights) / count
    assert all(len(chunk) == 1 or sum(unit.weight for unit in chunk) <= most for chunk in cut)


@pytest.mark.parametrize("jobs", [1, 4])
def test_nothing_comes_to_nothing(jobs):
    assert list(pool.run(Runner(Shelf(), Choices(), {}), [], jobs)) == []
