"""A failure in at most 15 lines, with everything that a person needs to find it, and a command that runs it again."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from nexuslic.scenario import report, running
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Story
from nexuslic.scenario.suite import Choices

TRIP = """scenario: 45-day North Sea trip on a 30-day grace
format: 1
why: When does the application stop, and what prevents it?
starts: 2026-03-02 06:00 Europe/London
ends: day 45 23:59
cases:
  - {case: as today, grace: 30}
  - {case: longer, day 60, grace: 60}
world:
  license: {grace: $grace}
online:
  - {from: day 1 07:00, to: day 1 08:00}
every:
  - {at: daily 09:00, from: day 2, launch: ws1}
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - at: day 31 09:00
    expect: {state: Grace, runs: yes}
"""
SHORT = """scenario: A story
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 Europe/London
online:
  - {from: day 1 07:00, to: day 1 08:00}
steps:
  - {at: day 1 07:30, authenticate: ws1}
"""


def failed(text: str, case: int = 0) -> tuple[Story, CaseResult]:
    story = read(text.encode("utf-8"), "trip.scenario.yaml")
    return story, run_case(story.cases[case], SimulatedStage, traced=True)


def told(text: str, failure: int = 0) -> list[str]:
    """The lines of the report of one failure of the first case."""
    story, result = failed(text)
    assert result.outcome in (Outcome.FAILED, Outcome.ALWAYS)
    return report.failure(story, result, result.failures[failure], len(result.failures) - 1).splitlines()


def line(lines: list[str], name: str) -> str:
    (found,) = [one for one in lines if one.startswith(f"  {name}")]
    return found


def carets(lines: list[str]) -> tuple[str, str]:
    """What stands over the carets, and what was there instead."""
    at = next(number for number, one in enumerate(lines) if re.match(r" +\| +\^", one))
    found = re.search(r"\^+", lines[at])
    assert found is not None
    return lines[at - 1][found.start() : found.end()], lines[at][found.end() :].strip()


def test_a_report_has_all_its_parts_in_their_order():
    starts = [one.split("  ")[0] if one.startswith("FAIL") else one[:8].strip() for one in told(TRIP)]
    assert starts == ["FAIL", "at", "18 |", "|", "story", "why", "and", "again"]


def test_the_first_line_names_story_case_and_place():
    assert told(TRIP)[0] == "FAIL  45-day North Sea trip on a 30-day grace  [as today]   trip.scenario.yaml:18:21"


def test_a_story_without_cases_names_no_case():
    lines = told(SHORT + "  - {at: day 1 07:31, launch: ws1, expect: {runs: no}}\n")
    assert lines[0] == "FAIL  A story   trip.scenario.yaml:9:51"
    assert "--case" not in line(lines, "again")


def test_the_time_is_the_storys_and_the_calendars_and_counts_from_the_last_grant():
    assert line(told(TRIP), "at") == (
        "  at    day 31 09:00   Wed 1 Apr 2026 09:00 BST, 30 d 0 h 30 m after the last grant"
    )


def test_the_line_of_the_file_is_shown_with_carets_under_the_value():
    lines = told(TRIP)
    assert "  18 |     expect: {state: Grace, runs: yes}" in lines
    assert carets(lines) == ("Grace", "was Expired")


@pytest.mark.parametrize(
    ("wanted", "under", "was"),
    [
        ("state: Expired", "Expired", "was Authenticated"),
        ("runs: no", "no", "was yes"),
        ("days_left: 29", "29", "was 30"),
        ("deadline: day 31 08:32", "day 31 08:32", "was day 31 08:31"),
        ("reason: 'expired'", "'expired'", "was none"),
        ("cause: dns", "dns", "was none"),
        ("binding: OTHER/db", "OTHER/db", "was DB1/nexus"),
        ("seats_in_use: 4", "4", "was 0"),
        ("launches: 7", "7", "was 1"),
        ("refused_launches: 1", "1", "was 0"),
        ("last_good_launch: day 2", "day 2", "was day 1"),
        ("dropped: anna", "anna", "was none"),
        ("warns: anything", "anything", "was none"),
    ],
)
def test_carets_go_under_the_value_and_say_what_it_was_instead(wanted: str, under: str, was: str):
    lines = told(SHORT + f"  - {{at: day 1 07:31, launch: ws1, note: 'é ø', expect: {{stored: yes, {wanted}}}}}\n")
    assert carets(lines) == (under, was)


def test_carets_stay_under_the_value_in_a_very_long_line():
    text = SHORT + f"  - {{at: day 2, launch: ws1, note: '{'x' * 900}', expect: {{state: Expired}}}}\n"
    lines = told(text)
    assert carets(lines) == ("Expired", "was Grace")
    assert max(map(len, lines)) < 200


def test_a_value_that_came_from_a_case_says_what_was_wanted():
    text = TRIP.replace("{state: Grace, runs: yes}", "{days_left: $grace}")
    assert carets(told(text)) == ("$grace", "was none (wanted 30)")


def test_one_of_several_workstations_is_named():
    text = SHORT.replace("online:", "world: {workstations: {a: {}, b: {}}}\nonline:").replace("ws1", "a")
    lines = told(text + "  - {at: day 2, launch: all, expect: {state: Expired}}\n")
    assert carets(lines) == ("Expired", "was a: Grace")


def test_the_strip_has_a_letter_for_each_day_up_to_the_failure_and_a_legend():
    assert line(told(TRIP), "story") == (
        "  story AggggggggggggggggggggggggggCggE      "
        "one letter a day: A Authenticated, g Grace, E Expired, C the clocks changed"
    )


def test_why_is_the_rule_that_decided():
    assert line(told(TRIP), "why") == (
        "  why   grace ended on day 31 at 08:30: 30 x 24 hours after the last grant, day 1 07:30 (rules: Grace)"
    )


def test_why_names_the_row_of_the_table():
    lines = told(SHORT + "  - {at: day 2, launch: ws1, expect: {state: Expired}}\n")
    assert line(lines, "why").endswith("(lose contact: Authenticated -> Grace)")


def test_other_failures_of_the_case_are_counted():
    assert line(told(TRIP), "and") == "  and   1 more expectation of this case failed"
    lines = told(TRIP.replace("runs: yes", "runs: yes, days_left: 3"))
    assert line(lines, "and") == "  and   2 more expectations of this case failed"


def test_a_single_failure_counts_no_others():
    lines = told(TRIP.replace(", runs: yes", ""))
    assert [one for one in lines if one.startswith("  and")] == []


def test_the_command_runs_this_case_up_to_this_moment():
    assert line(told(TRIP), "again") == (
        '  again nexuslic run trip.scenario.yaml --case "as today" --until "day 31 09:00"'
    )


@pytest.mark.parametrize(
    "text",
    [
        TRIP,
        TRIP.replace("state: Grace, runs: yes", "days_left: 5"),
        TRIP + "always:\n  - {never: Expired}\n",
        SHORT + "  - {at: day 2, launch: ws1, expect: {state: Expired}}\n",
        SHORT.replace("steps:", "cases: [{case: first, then second, g: 3}]\nworld: {license: {grace: $g}}\nsteps:")
        + "  - {at: day 6, launch: ws1, expect: {state: Grace}}\n",
    ],
)
def test_the_command_fails_in_the_same_place_again(text: str, tmp_path: Path):
    path = tmp_path / "story.scenario.yaml"
    path.write_text(text, "utf-8")
    told_once = running.run_file(str(path), Choices(), SimulatedStage).texts[0]
    nexuslic, run, file, *options = shlex.split(line(told_once.splitlines(), "again").removeprefix("  again "))
    given = dict(zip(options[::2], options[1::2], strict=True))
    assert (nexuslic, run, file, set(given) <= {"--case", "--until"}) == ("nexuslic", "run", str(path), True)
    choices = Choices(case=given.get("--case", ""), until=given["--until"])
    again = running.run_file(file, choices, SimulatedStage)
    assert again.outcome in (Outcome.FAILED, Outcome.ALWAYS)
    assert again.texts[0].splitlines()[:4] == told_once.splitlines()[:4]


def test_a_broken_always_line_says_who_broke_it():
    lines = told(TRIP.replace("state: Grace, runs: yes", "runs: no") + "always:\n  - {never: Expired}\n")
    assert "  20 |   - {never: Expired}" in lines
    assert any(one.endswith("broken: ws1: Expired, refused") for one in lines)


def test_a_state_that_was_never_entered_says_which_were():
    lines = told(SHORT + "must_visit: [Authenticated, Expired]\n")
    assert carets(lines) == ("Expired", "was never entered; visited Authenticated")


@pytest.mark.parametrize(
    "text",
    [
        TRIP,
        TRIP.replace("45-day", "A very long title " * 40),
        TRIP.replace("ends: day 45", "ends: day 900").replace("at: day 31", "at: day 800"),
        TRIP.replace("as today", "a very long name of a case " * 20),
        TRIP.replace("{state: Grace, runs: yes}", "{message_says: " + "many words " * 60 + "}"),
        TRIP.replace("state: Grace", "state: Grace" + " " * 3_000),
        TRIP.replace("{state: Grace, runs: yes}", "\n      state:\n        Grace\n"),
        TRIP.replace(
            "{state: Grace, runs: yes}", "\n      message_says:\n        - no\n        - such\n        - words\n"
        ),
        TRIP.replace("runs: yes", "runs: yes, days_left: 1, warns: [a, b, c], reason: seats, cause: dns, launches: 1"),
        TRIP + "always:\n" + "  - {never: Expired}\n" * 40,
        TRIP + "must_visit: [Unlicensed, Invalid-Binding]\n",
    ],
)
def test_a_report_has_at_most_15_lines_of_a_readable_length(text: str):
    story, result = failed(text)
    assert result.failures
    for one in result.failures:
        lines = report.failure(story, result, one, len(result.failures) - 1).splitlines()
        assert len(lines) <= 15
        assert max(len(shown) for shown in lines if not shown.startswith("  again")) <= 300


def test_a_day_on_which_nothing_happened_is_a_dot():
    text = SHORT + "  - {at: day 4, launch: ws1, expect: {state: Expired}}\n"
    assert line(told(text), "story").split()[1] == "A..g"


@pytest.mark.parametrize(
    ("starts", "day", "changes"),
    [
        ("2026-03-27 06:00 Europe/London", 3, True),
        ("2026-03-27 06:00 Europe/London", 2, False),
        ("2026-10-03 06:00 Australia/Sydney", 2, True),
        ("2018-11-03 06:00 America/Sao_Paulo", 2, True),
        ("2018-11-03 06:00 America/Sao_Paulo", 3, False),
        ("2026-03-27 06:00 UTC", 3, False),
    ],
)
def test_a_day_on_which_the_clocks_change_is_marked(starts: str, day: int, changes: bool):
    text = SHORT.replace("2026-03-02 06:00 Europe/London", starts)
    (case,) = read(text.encode("utf-8"), "story").cases
    assert case.calendar.changes(day) is changes


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(0), "0 d 0 h 0 m"),
        (timedelta(days=30, minutes=30), "30 d 0 h 30 m"),
        (timedelta(hours=23, minutes=59, seconds=59), "0 d 23 h 59 m"),
    ],
)
def test_an_elapsed_time_is_written_in_days_hours_and_minutes(span: timedelta, text: str):
    assert report.elapsed(span) == text


def trace(text: str) -> list[str]:
    _, result = failed(text)
    return [report.trace_line(result.case.calendar, happening) for happening in result.trace]


def test_the_trace_has_a_line_for_each_event():
    lines = trace(SHORT + "  - {at: day 2, launch: ws1, expect: {runs: yes}}\n  - {at: day 3, suspend: license}\n")
    assert lines == [
        "day 1 07:30    authenticate ws1     authenticate         Unlicensed -> Authenticated        runs, "
        "30 days left",
        "day 2 00:00    launch ws1           lose contact         Authenticated -> Grace             runs, "
        "30 days left, offline",
        "day 3 00:00    suspend license",
    ]


def test_the_trace_shows_a_clock_that_is_wrong():
    text = SHORT + "  - {at: day 2, set_clock: {of: database, by: +3d}}\n"
    lines = trace(text + "  - {at: day 2 06:00, launch: ws1, expect: {runs: yes}}\n")
    assert lines[-1] == (
        "day 2 06:00    launch ws1           lose contact         Authenticated -> Grace             runs, "
        "27 days left, offline (clock 2026-03-06 06:00)"
    )
