"""A case comes to a record whatever happens in it."""

from datetime import timedelta
from itertools import count

import attrs
import pytest

from nexuslic.scenario import running, suite
from nexuslic.scenario.results import CaseRecord
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.running import Runner
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, Shelf


def only(report) -> CaseRecord:
    return report.records[0]


def run(file, make_stage=SimulatedStage, repeat=1, **choices) -> list[CaseRecord]:
    shelf = Shelf()
    units = suite.plan([file], Choices(**choices), ["simulation"], shelf)
    return [Runner(shelf, Choices(**choices), {"simulation": make_stage}, repeat).run(unit) for unit in units]


def test_a_case_that_holds(write):
    record = run(write())[0]
    assert (record.outcome, record.case, record.checked, record.days) == (Outcome.PASSED, "one", 1, "A.g")
    assert record.line == 5
    assert record.seconds > 0


def test_a_failure_says_where_it_stands_and_what_it_was(write):
    record = run(write(two=5))[1]
    assert (record.outcome, record.line) == (Outcome.FAILED, 9)
    assert (record.broken[0].wanted, record.broken[0].was) == ("5", "28")
    assert record.text.startswith("FAIL  A story  [two]")


def test_the_place_of_the_text_and_that_of_the_record_are_one(write):
    record = run(write(two=5))[1]
    assert record.text.splitlines()[0].endswith(record.place)


def test_a_file_that_cannot_be_read_is_wrong_at_its_place(tmp_path):
    path = tmp_path / "a.scenario.yaml"
    path.write_text("scenario: A\nformat: 1\nwy: b\n")
    record = run(str(path))[0]
    assert (record.outcome, record.line, record.column) == (Outcome.WRONG, 3, 1)


def test_a_bug_breaks_its_case_and_is_to_be_reported(write, bug):
    first, second = run(write(), bug)
    assert (first.outcome, second.outcome) == (Outcome.BROKE, Outcome.BROKE)
    assert "nexuslic broke (KeyError: 'oops'); please report this" in first.text


def test_what_a_stage_cannot_do_has_its_reason_and_counts_nothing(write, not_here):
    record = run(write(), not_here)[0]
    assert (record.outcome, record.checked) == (Outcome.NOT_HERE, 0)
    assert record.text.endswith("not on this stage (case `one`): a bit of a record cannot be flipped here")


def test_a_story_that_checks_nothing_says_what_to_add(tmp_path):
    path = tmp_path / "a.scenario.yaml"
    path.write_text("scenario: A\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nsteps: [{at: day 2, launch: ws1}]\n")
    record = run(str(path))[0]
    assert record.outcome is Outcome.NOTHING
    assert "add an `expect`" in record.text


def test_until_an_earlier_time_nothing_is_checked(write):
    assert run(write(), until="day 2")[0].outcome is Outcome.NOTHING


@pytest.mark.parametrize("until", ["day 90000000", "nonsense"])
def test_a_wrong_until_is_wrong(write, until):
    assert run(write(), until=until)[0].outcome is Outcome.WRONG


def test_a_file_that_was_changed_under_the_run_is_wrong(write):
    shelf = Shelf(room=0)
    file = write()
    (unit, _) = suite.plan([file], Choices(), ["simulation"], shelf)
    record = Runner(shelf, Choices(), {"simulation": SimulatedStage}).run(attrs.evolve(unit, case="three"))
    assert record.outcome is Outcome.WRONG
    assert "the file was changed while it was read" in record.text


def test_a_simulated_story_comes_to_the_same_each_time(write):
    assert [one.outcome for one in run(write(), repeat=5)] == [Outcome.PASSED, Outcome.PASSED]


@pytest.fixture
def forgetful():
    """A stage of which every third world has a clock of its own."""
    made = count(1)

    class Forgetful(SimulatedStage):
        def begin(self, case):
            super().begin(case)
            if next(made) % 3 == 0:
                self.world.servers[0].clock.move(timedelta(minutes=5))

    return Forgetful


def test_what_comes_out_otherwise_is_named_at_its_first_difference(write, forgetful):
    record = run(write(), forgetful, repeat=3)[0]
    lines = record.text.splitlines()
    assert record.outcome is Outcome.FAILED
    assert lines[1] == "  at    day 1 07:30, in run 3"
    assert lines[2].endswith("runs, 30 days left")
    assert lines[3].endswith("runs, 30 days left (clock 2026-03-02 07:35)")
    assert lines[-1].endswith("--case one --repeat 3")
    assert len(lines) <= 15


def test_a_difference_is_not_seen_in_fewer_runs(write, forgetful):
    assert run(write(), forgetful, repeat=2)[0].outcome is Outcome.PASSED


def test_repeating_stops_where_nobody_waits(write):
    shelf, made = Shelf(), []

    def stage():
        made.append(1)
        return SimulatedStage()

    (unit, _) = suite.plan([write()], Choices(), ["simulation"], shelf)
    Runner(shelf, Choices(), {"simulation": stage}, 1000).run(unit, lambda: len(made) > 3)
    assert len(made) == 4


def test_run_file_takes_any_stage(write, not_here):
    report = running.run_file(write(), Choices(), not_here, "real")
    assert (report.outcome, report.stage, only(report).stage) == (Outcome.NOT_HERE, "real", "real")


def test_a_story_is_read_once(write, monkeypatch):
    read = []
    monkeypatch.setattr(suite, "load", lambda file, load=suite.load: read.append(file) or load(file))
    run(write(), repeat=3)
    assert len(read) == 1


def test_what_does_not_fit_on_the_shelf_is_read_again(write, monkeypatch):
    read = []
    monkeypatch.setattr(suite, "load", lambda file, load=suite.load: read.append(file) or load(file))
    shelf, file = Shelf(room=5), write()
    shelf.story(file)
    shelf.story(file)
    assert len(read) == 2
