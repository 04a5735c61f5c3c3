"""In which way a story fails."""

import pytest

from nexuslic.errors import SourceError
from nexuslic.rules.decision import Decision
from nexuslic.scenario.generating.failing import Way, fails_like, ways
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.stage import Acted
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Action

HEAD = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nonline: [{from: day 1, to: day 2}]\n"
KEY = "  - {at: day 1 07:30, authenticate: ws1}\n"


class Broken(SimulatedStage):
    """A stage on which every launch breaks."""

    def launch(self, action: Action) -> Acted:
        raise ZeroDivisionError

    def act(self, action: Action) -> Acted:
        return self.launch(action) if action.verb == "launch" else super().act(action)


def test_a_story_that_holds_does_not_fail():
    assert ways(HEAD + "steps:\n" + KEY + "must_visit: [Authenticated]") == ()


@pytest.mark.parametrize(
    ("rest", "way"),
    [
        ("expect: {days_left: 29}", Way(Outcome.FAILED, "days_left", "29", "30")),
        ("expect: {deadline: day 9}", Way(Outcome.FAILED, "deadline", "a time", "a time")),
        ("expect: {deadline: none}", Way(Outcome.FAILED, "deadline", "none", "a time")),
        ("expect: {ws1: {state: Grace}}", Way(Outcome.FAILED, "state", "Grace", "Authenticated")),
    ],
)
def test_an_expectation_fails_by_what_it_wanted_and_what_it_was(rest: str, way: Way):
    assert ways(f"{HEAD}steps: [{{at: day 1 07:30, authenticate: ws1, {rest}}}]") == (way,)


def test_which_of_several_workstations_it_was_does_not_matter():
    world = "world: {workstations: {a: {}, b: {}}}\n"
    text = HEAD + world + "steps: [{at: day 1 07:30, launch: all, expect: {runs: yes}}]"
    assert ways(text) == (Way(Outcome.FAILED, "runs", "yes", "no"),)


def test_a_state_that_is_never_entered():
    assert ways(HEAD + "steps:\n" + KEY + "must_visit: [Grace]")[0].what == "must_visit"


def test_an_always_line_breaks_on_a_state():
    text = HEAD + "steps:\n" + KEY + "always: [{never: runs, after: day 1}, {never: runs, while: Authenticated}]"
    assert [str(way) for way in ways(text)] == [
        "always: never runs was Authenticated, runs",
        "always: never runs while Authenticated was Authenticated, runs",
    ]


def test_a_broken_always_line_comes_before_an_expectation():
    text = HEAD + "steps: [{at: day 1 07:30, authenticate: ws1, expect: {runs: no}}]\nalways: [{never: runs}]"
    assert [way.outcome for way in ways(text)] == [Outcome.ALWAYS, Outcome.FAILED]


def test_a_verb_that_cannot_be_done():
    text = HEAD + "steps: [{at: day 1 07:30, damage: record}, {at: day 2, launch: ws1, expect: {runs: no}}]"
    assert ways(text) == (Way(Outcome.WRONG, "there is no record to damage yet: authenticate first"),)


def test_a_stage_that_breaks():
    text = HEAD + "steps: [{at: day 1 07:30, launch: ws1, expect: {runs: no}}]"
    assert ways(text, Broken) == (Way(Outcome.BROKE, "ZeroDivisionError"),)


def test_another_failure_is_not_the_same():
    def text(key: str) -> str:
        return f"{HEAD}steps: [{{at: day 1 07:30, authenticate: ws1, expect: {{{key}}}}}]"

    fails = fails_like(ways(text("state: Grace"))[0])
    assert fails(text("state: Grace, runs: no")) and not fails(text("state: Expired"))


def test_a_file_that_cannot_be_read_is_no_failure():
    with pytest.raises(SourceError):
        ways("scenario: only a title")


def test_a_decision_is_what_a_stage_says_of_it():
    assert Decision(state=None, runs=False).state is None
