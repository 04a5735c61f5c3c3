"""The scenario language: what a story may say, and what is refused where."""

import pytest

from nexuslic.errors import SourceError
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

HEAD = """scenario: A story
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 Europe/London
"""
BODY = """online:
  - {from: day 1 07:00, to: day 1 08:00}
steps:
  - at: day 1 07:30
    authenticate: ws1
    expect: {state: Authenticated}
"""


def run(text: str) -> list[CaseResult]:
    story = read(text.encode("utf-8"), "story")
    return [run_case(case, SimulatedStage) for case in story.cases]


def outcome(text: str) -> Outcome:
    return run(text)[0].outcome


def refusal(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        read(text.encode("utf-8"), "story")
    assert 1 <= len(str(caught.value).splitlines()) <= 3
    return str(caught.value)


def test_a_story_that_holds_passes():
    assert outcome(HEAD + BODY) is Outcome.PASSED


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("state: Authenticated", "state: Grace"),
        ("state: Authenticated", "runs: no"),
        ("state: Authenticated", "days_left: 29"),
        ("state: Authenticated", "deadline: day 31 08:31"),
        ("state: Authenticated", "warns: anything"),
        ("state: Authenticated", "message_says: no such words"),
        ("state: Authenticated", "reason: expired"),
        ("state: Authenticated", "cause: offline"),
        ("state: Authenticated", "protection: dongle"),
        ("state: Authenticated", "stored: no"),
        ("state: Authenticated", "binding: DB2/nexus"),
        ("state: Authenticated", "seats_in_use: 1"),
        ("state: Authenticated", "dropped: anna"),
        ("state: Authenticated", "last_good_launch: day 1"),
        ("state: Authenticated", "launches: 1"),
        ("state: Authenticated", "refused_launches: 1"),
    ],
)
def test_every_expectation_can_fail(right: str, wrong: str):
    assert outcome(HEAD + BODY.replace(right, wrong)) is Outcome.FAILED


def test_a_broken_always_line_has_an_outcome_of_its_own():
    assert outcome(HEAD + BODY + "always:\n  - {never: Authenticated}\n") is Outcome.ALWAYS


def test_before_excludes_its_instant_and_after_includes_it():
    assert outcome(HEAD + BODY + "always:\n  - {never: runs, before: day 1 07:30}\n") is Outcome.PASSED
    assert outcome(HEAD + BODY + "always:\n  - {never: runs, after: day 1 07:30}\n") is Outcome.ALWAYS


def test_a_state_that_is_never_visited_fails():
    assert outcome(HEAD + BODY + "must_visit: [Expired]\n") is Outcome.FAILED


def test_a_case_name_may_hold_a_comma():
    cases = "cases:\n  - {case: one, day 2, grace: 30}\n  - {case: two, grace: 30}\nworld: {license: {grace: $grace}}\n"
    story = read((HEAD + cases + BODY).encode(), "story")
    assert [case.name for case in story.cases] == ["one, day 2", "two"]


def test_a_matrix_is_the_product_of_its_lists():
    text = HEAD + "matrix:\n  os: [linux, windows-10]\n  grace: [1, 2, 3]\n"
    text += "world: {license: {grace: $grace}, workstations: {ws1: {os: $os}}}\n" + BODY
    assert len(read(text.encode(), "story").cases) == 6


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (BODY.replace("expect", "expct"), "did you mean `expect`"),
        (BODY.replace("authenticate", "autenticate"), "did you mean `authenticate`"),
        (BODY.replace("Authenticated", "Authentcated"), "did you mean `Authenticated`"),
        (BODY.replace("ws1", "ws2"), "did you mean `ws1`"),
        (BODY.replace("day 1 07:30", "day 1 05:30"), "outside the story"),
        (BODY.replace("at: day 1 07:30", "at: day 28 01:30"), "does not exist"),
        (BODY + "  - at: day 1 07:00\n    launch: ws1\n", "out of order"),
        (BODY + "steps: []\n", "stands here twice"),
        (BODY.replace("state: Authenticated", "state: &a Grace"), "an anchor"),
        (BODY.replace("state: Authenticated", "state: !!str Grace"), "a tag"),
        (BODY.replace("state: Authenticated", "state: $grace"), "is not defined"),
        (BODY.replace("  - at", "\t- at"), "a tab"),
        (BODY + "  - at: day 1 08:00\n    expect: {runs: yes}\n", "nothing happens in this minute"),
        (BODY + "  - at: day 1 08:00\n    rename: {server: B}\n    expect: {runs: yes}\n", "decides nothing"),
        ("cases: [{case: a, grace: 3}]\n" + BODY, "is never used"),
        (BODY.replace("07:30", "7:30"), "is no time"),
    ],
)
def test_bad_input_is_refused_where_it_stands(broken: str, said: str):
    text = refusal(HEAD + broken)
    assert said in text
    assert text.startswith("story:")


def test_deep_nesting_and_large_files_are_refused():
    assert "nested deeper" in refusal("scenario: " + "[" * 30 + "]" * 30)
    assert "larger than 1 MB" in refusal("#" * 1_000_001)


def test_more_than_ten_thousand_events_are_refused():
    text = HEAD + "ends: day 100 00:00\nevery:\n  - {at: every 10m, launch: ws1}\n" + BODY
    assert "10,000 events" in refusal(text)


def test_a_repeated_wall_clock_time_needs_first_or_second():
    head = HEAD.replace("2026-03-02", "2026-10-25")
    late = BODY.replace("day 1", "day 1").replace("07:", "08:").replace("08:00}", "09:00}")
    assert "add `first` or `second`" in refusal(head.replace("06:00 Eu", "01:30 Eu") + late)
    assert outcome(head.replace("06:00 Eu", "01:30 second Eu") + late) is Outcome.PASSED


def test_clocks_are_set_before_the_recurring_action_of_the_same_minute():
    text = HEAD + BODY + "  - {at: day 3 06:00, set_clock: {of: database, by: +9d}, note: wrong}\n"
    text += "  - {at: day 3 06:00, expect: {days_left: 20}}\nevery:\n  - {at: day 3 06:00, launch: ws1}\n"
    assert outcome(text) is Outcome.PASSED


def test_a_backup_holds_what_happened_in_its_minute():
    text = HEAD + BODY + "  - {at: day 3 06:00, restore: {taken: day 1 07:30}}\n"
    text += "  - {at: day 3 07:00, launch: ws1, expect: {state: Grace, binding: DB1/nexus}}\n"
    assert outcome(text) is Outcome.PASSED
    before = text.replace("taken: day 1 07:30", "taken: day 1 07:29")
    assert outcome(before.replace("state: Grace, binding: DB1/nexus", "reason: unlicensed")) is Outcome.PASSED
