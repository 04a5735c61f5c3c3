"""Stories at the edge of what can be written: beyond the calendar, over many lines, in days that are not there."""

import shlex
from datetime import UTC, datetime

import pytest
import yaml
from jsonschema import Draft202012Validator

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario import running, schema
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Story
from nexuslic.scenario.suite import Choices

VALID = Draft202012Validator(schema.json_schema()).is_valid
HEAD = "scenario: A\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 Europe/London\n"
BODY = """online:
  - {from: day 1 07:00, to: day 1 08:00}
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {runs: yes}}
"""


def story(text: str) -> Story:
    return read(text.encode(), "story")


def refused(text: str) -> bool:
    with pytest.raises(SourceError) as caught:
        story(text)
    assert len(str(caught.value).splitlines()) <= 3
    return max(map(len, str(caught.value).splitlines())) < 1000


def first_failure(text, tmp_path, **choices):
    path = tmp_path / "s.scenario.yaml"
    path.write_text(text, "utf-8")
    return running.run_file(str(path), Choices(**choices), SimulatedStage)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "ends: never\n" + BODY,
        HEAD + "ends: day 5\nevery:\n  - {at: every 9999999d, launch: ws1}\n" + BODY,
        HEAD.replace("2026-03-02 06:00 Europe/London", "0001-01-01 00:00 Asia/Tokyo") + BODY,
        HEAD.replace("2026-03-02 06:00 Europe/London", "9999-12-31 23:59 America/New_York") + BODY,
        HEAD.replace("2026-03-02", "9999-12-31")
        + "ends: day 1 23:59\nevery:\n  - {at: daily 07:00, launch: ws1}\n"
        + BODY,
        HEAD.replace("2026-03-02 06:00 Europe/London", "0001-01-01 06:00 UTC")
        + "ends: day 1 23:59\nevery:\n  - {at: daily 07:00, launch: ws1}\n"
        + BODY,
        HEAD + "world: {license: {seats: 000000000001" + "9" * 5000 + "}}\n" + BODY,
        HEAD + "world: {license: {seats: 000000000001999999}}\n" + BODY,
        HEAD + BODY.replace("runs: yes", 'state: "a\\n\\n\\n\\nb"'),
        HEAD + BODY.replace("authenticate: ws1", "authenticate: " + "ws1" * 100_000),
        HEAD + BODY + '"a\\n\\n\\n\\nb": 1\n',
        HEAD.replace("Europe/London", "localtime") + BODY,
        HEAD + BODY.replace("runs: yes", "warns: []"),
    ],
)
def test_refused_in_one_to_three_lines_of_bearable_length(text):
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("2026-03-02 06:00", "9999-12-20 06:00") + BODY,
        HEAD
        + BODY
        + "  - {at: day 2, set_clock: {of: database, by: +9999999d}}\n"
        + "  - {at: day 3, launch: ws1, expect: {runs: yes}}\n",
        HEAD + BODY + "  - {at: day 2, open: {workstation: ws1, for: 9999999d}, expect: {runs: yes}}\n",
    ],
)
def test_running_a_story_near_the_end_of_the_calendar_does_not_break_the_runner(text, tmp_path):
    done = first_failure(text, tmp_path)
    assert done.outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.WRONG)


@pytest.mark.parametrize("hour", [0, 1])
def test_what_is_written_in_a_repeated_hour_is_read_again(hour):
    calendar = Calendar.beginning("2026-10-24 06:00 Europe/London")
    at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert calendar.moment(calendar.write(at)).at == at


def test_the_day_alone_is_midnight_and_a_skipped_midnight_is_an_error():
    with pytest.raises(InputError, match="does not exist"):
        Calendar.beginning("2018-11-03 06:00 America/Sao_Paulo").moment("day 2")


def test_an_instant_before_day_1_is_written_as_a_time_that_can_be_read():
    calendar = Calendar.beginning("2026-03-02 06:00 UTC")
    at = datetime(2026, 2, 27, 7, 30, tzinfo=UTC)
    assert calendar.moment(calendar.write(at)).at == at


def test_the_command_for_a_failure_in_a_repeated_hour_can_be_run(tmp_path):
    text = (
        HEAD.replace("03-02", "10-24") + BODY + "  - {at: day 2 01:30 second, launch: ws1, expect: {state: Expired}}\n"
    )
    again = first_failure(text, tmp_path).texts[0].split('--until "')[1].split('"')[0]
    assert first_failure(text, tmp_path, until=again).outcome is Outcome.FAILED


def test_a_story_over_a_day_that_the_zone_leaves_out_is_reported(tmp_path):
    text = HEAD.replace("2026-03-02 06:00 Europe/London", "2011-12-28 06:00 Pacific/Apia") + BODY
    text += "  - {at: day 6 07:31, launch: ws1, expect: {state: Expired}}\n"
    assert first_failure(text, tmp_path).outcome is Outcome.FAILED


def test_and_passes(tmp_path):
    text = HEAD.replace("2026-03-02 06:00 Europe/London", "2011-12-28 06:00 Pacific/Apia") + BODY
    assert (
        first_failure(text + "  - {at: day 6 07:31, launch: ws1, expect: {state: Grace}}\n", tmp_path).outcome
        is Outcome.PASSED
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("scenario: A", 'scenario: "' + "a\\n" * 12 + '"'), ("runs: yes", 'message_says: "' + "a\\n" * 12 + 'b"')],
)
def test_a_report_has_at_most_15_lines_whatever_the_texts_hold(old, new, tmp_path):
    text = (HEAD + BODY + "  - {at: day 1 07:31, launch: ws1, expect: {runs: no}}\n").replace(old, new)
    assert len(first_failure(text, tmp_path).texts[0].splitlines()) <= 15


def test_the_caret_of_an_always_line_is_under_the_value(tmp_path):
    lines = first_failure(HEAD + BODY + "always:\n  - {never: Authenticated}\n", tmp_path).texts[0].splitlines()
    assert "^^^^^^^^^^^^^" in lines[3]


def test_a_story_wide_failure_says_how_long_since_the_last_grant_and_why(tmp_path):
    text = HEAD + BODY + "  - {at: day 3, expect: {launches: 4}}\n"
    told = first_failure(text, tmp_path).texts[0]
    assert "after the last grant" in told and "\n  why " in told


def test_the_command_quotes_the_name_of_its_case(tmp_path):
    text = (
        HEAD
        + "cases: [{case: 'say \"hi\"', g: 3}]\nworld: {license: {grace: $g}}\n"
        + BODY.replace("runs: yes", "runs: no")
    )
    words = shlex.split(first_failure(text, tmp_path).texts[0].splitlines()[-1])
    assert 'say "hi"' in words


def test_a_deadline_that_differs_by_seconds_says_so(tmp_path):
    text = HEAD + "world: {license_server: {clock: +10s}}\n" + BODY.replace("runs: yes", "deadline: day 31 08:30")
    told = first_failure(text, tmp_path).texts[0]
    assert "was day 31 08:30\n" not in told


def test_a_misspelt_case_is_refused_by_the_schema_too():
    text = HEAD + "cases: [{cse: a, g: 3}]\nworld: {license: {grace: $g}}\n" + BODY
    assert refused(text)
    assert not VALID(yaml.safe_load(text))


@pytest.mark.parametrize(
    "part",
    [
        "cases:\n  - {case: second hotspot, day 20, grace: 30}\nworld: {license: {grace: $grace}}\n",
        "cases: [{case: a, who: [anna]}]\nworld: {users: $who}\n",
        "cases: [{case: a, l: {grace: 3}}]\nworld: {license: $l}\n",
        "cases: [{case: a, Grace: 3}]\nworld: {license: {grace: $Grace}}\n",
        "matrix: {t: [[TLS 1.0, TLS 1.2]]}\nworld: {workstations: {ws1: {offers: $t}}}\n",
    ],
)
def test_what_the_reader_accepts_the_schema_accepts_as_yaml_types_it(part):
    assert story(HEAD + part + BODY).cases
    assert VALID(yaml.safe_load(HEAD + part + BODY))
