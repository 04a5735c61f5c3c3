"""Two runs of one case beside each other: what counts as a difference, and how it is told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from nexuslic.scenario import suite
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.differential import Differential, first_difference
from nexuslic.scenario.judge import observe
from nexuslic.scenario.read import read
from nexuslic.scenario.results import CaseRecord
from nexuslic.scenario.run import Observation, Outcome, run_case
from nexuslic.scenario.running import Runner
from nexuslic.scenario.source import Place
from nexuslic.scenario.stage import CannotAct
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, Shelf

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
STORY = """scenario: Days at sea
format: 1
why: What differs?
starts: 2026-03-02 06:00 UTC
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated}}
  - {at: day 5 07:30, launch: ws1, expect: {state: Grace}}
  - {at: day 40 07:30, launch: ws1, expect: {state: Expired}}
"""


def seen(verb: str = "launch", **values: str) -> Observation:
    return Observation(AT, verb, "ws1", Place("story", 7, 5), values)


def test_the_same_is_no_difference():
    assert first_difference([seen(state="Grace")], [seen(state="Grace")]) is None


def test_the_first_of_several_differences_is_told_with_both_sides():
    one = [seen(state="Grace", cause="dns"), seen(state="Grace")]
    other = [seen(state="Grace", cause="refused"), seen(state="Expired")]
    found = first_difference(one, other)
    assert found is not None
    assert (found.of, found.first, found.other) == ("cause", "dns", "refused")


def test_what_only_one_side_shows_is_a_difference():
    found = first_difference([seen(state="Grace")], [seen(state="Grace", cause="dns")])
    assert found is not None
    assert (found.of, found.first, found.other) == ("cause", "nothing", "dns")


@pytest.mark.parametrize("longer", [0, 1])
def test_an_event_too_many_is_a_difference(longer: int):
    sides = [[seen(state="Grace")], [seen(state="Grace"), seen("open", state="Grace")]]
    found = first_difference(sides[longer], sides[1 - longer])
    assert found is not None
    assert found.of == "event"
    assert {found.first, found.other} == {"nothing", "open ws1"}


class Generous(SimulatedStage):
    """A stage on which a day of grace is longer."""

    def _launch(self, *args, **named):
        decision = super()._launch(*args, **named)
        left = decision.days_left
        return decision if left is None else attrs.evolve(decision, days_left=left + 1)


class Silent(SimulatedStage):
    """A stage that miscounts seats."""

    def _seats_in_use(self, database):
        return 4711


class Wordy(SimulatedStage):
    """A stage that remembers another last grant."""

    def _launch(self, *args, **named):
        decision = super()._launch(*args, **named)
        return attrs.evolve(decision, last_grant=decision.last_grant - timedelta(days=1))


class Nowhere(SimulatedStage):
    """A stage whose database nobody finds."""

    def _database(self, who):
        raise CannotAct("no database")


def records(tmp_path: Path, *stages: tuple[str, type[SimulatedStage]]) -> tuple[list[CaseRecord], Differential]:
    file = tmp_path / "sea.scenario.yaml"
    file.write_text(STORY)
    shelf = Shelf()
    makes = dict(stages)
    runner = Runner(shelf, Choices(), makes)
    differential = Differential(shelf)
    units = suite.plan([str(file)], Choices(), makes, shelf)
    return list(differential.beside(map(runner.run, units))), differential


def test_two_stages_that_do_the_same_are_compared_and_do_not_differ(tmp_path: Path):
    (one, other), differential = records(tmp_path, ("one", SimulatedStage), ("other", SimulatedStage))
    assert (one.outcome, other.outcome) == (Outcome.PASSED, Outcome.PASSED)
    assert (differential.compared, differential.differing) == (1, 0)


def test_a_difference_fails_the_case_although_the_story_expects_nothing_of_it(tmp_path: Path):
    (one, other), differential = records(tmp_path, ("one", SimulatedStage), ("other", Generous))
    assert (one.outcome, other.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert (differential.compared, differential.differing) == (1, 1)


def test_a_difference_names_the_story_the_line_and_both_values(tmp_path: Path):
    (_, other), _ = records(tmp_path, ("one", SimulatedStage), ("other", Generous))
    file = tmp_path / "sea.scenario.yaml"
    assert other.place == f"{file}:8:31"
    assert other.message == "was days_left 27 on other (wanted days_left 26 on one)"
    assert other.text.splitlines() == [
        f"FAIL  Days at sea   {file}:8:31",
        "  at    day 5 07:30, after launch ws1",
        "   8 |   - {at: day 5 07:30, launch: ws1, expect: {state: Grace}}",
        "     |                               ^^^ days_left differs",
        "     | one    26",
        "     | other  27",
        "  why   the same story gives the same decisions on every stage (rules: Always true, 9)",
        f'  again nexuslic run {file} --until "day 5 07:30" --on one,other',
    ]


def test_seats_are_compared_after_every_event(tmp_path: Path):
    (_, other), _ = records(tmp_path, ("one", SimulatedStage), ("other", Silent))
    assert other.message == "was seats_in_use 4711 on other (wanted seats_in_use 0 on one)"


def test_a_third_stage_is_laid_beside_the_first(tmp_path: Path):
    stages = (("one", SimulatedStage), ("other", SimulatedStage), ("third", Generous))
    (*_, third), differential = records(tmp_path, *stages)
    assert third.message.endswith("(wanted days_left 26 on one)")
    assert (differential.compared, differential.differing) == (2, 1)


def test_on_one_stage_nothing_is_compared(tmp_path: Path):
    _, differential = records(tmp_path, ("one", SimulatedStage))
    assert differential.compared == 0


def test_long_texts_are_told_from_shortly_before_they_differ(tmp_path: Path):
    (_, other), _ = records(tmp_path, ("one", SimulatedStage), ("other", Wordy))
    line = next(line for line in other.text.splitlines() if line.startswith("     | other"))
    assert "the last grant was 2026-03-01 07:30" in line
    assert len(line) < 160


def observed(lines: str) -> Iterable[Observation]:
    (case,) = read(f"scenario: A\nformat: 1\nwhy: B?\nstarts: 2026-03-02 06:00 UTC\n{lines}".encode(), "story").cases
    return run_case(case, SimulatedStage, observing=True).observed


def test_everything_that_a_story_could_expect_is_observed():
    (one,) = observed("online: [{from: day 1}]\nsteps: [{at: day 1 07:30, authenticate: ws1}]\n")
    assert set(one.seen) == {
        *("state", "runs", "days_left", "deadline", "reason", "cause", "protection", "stored"),
        *("warns", "message_says", "seats_in_use", "binding", "dropped"),
    }


def test_a_databases_own_words_are_not_compared():
    stop = "steps: [{at: day 1 07:00, stop: database}, {at: day 1 07:30, launch: ws1}]\n"
    *_, last = observed(stop)
    assert ("message_says" in last.seen, last.seen["reason"]) == (False, "database")


def test_after_a_verb_that_decides_nothing_the_database_is_looked_at():
    (one,) = observed("steps: [{at: day 1 07:00, assign: [ws1]}]\n")
    assert dict(one.seen) == {"seats_in_use": "0", "binding": "none", "dropped": "none"}


def test_what_has_no_database_is_observed_as_none():
    seen = observe(None, (), None, Nowhere(), Calendar.beginning("2026-03-02 06:00 UTC"))
    assert seen == {"seats_in_use": "none", "binding": "none", "dropped": "none"}
