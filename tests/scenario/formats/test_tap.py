"""TAP 14: a plan, a test point for each case, and YAML that says where and what."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario.formats import tap
from nexuslic.scenario.results import Broken, CaseRecord
from nexuslic.scenario.run import Outcome


def diagnostic(point: str) -> dict:
    lines = point.split("\n")
    assert lines[1] == "  ---" and lines[-1] == "  ..."
    return yaml.safe_load("\n".join(line[2:] for line in lines[2:-1]))


def test_it_begins_with_its_version_and_plan():
    assert tap.head(12) == "TAP version 14\n1..12"


def test_what_holds_is_ok(records):
    assert tap.point(3, records.one()) == "ok 3 - A title [a case]"


def test_what_a_stage_cannot_do_is_skipped_with_its_reason(records):
    assert tap.point(1, records.one(Outcome.NOT_HERE)) == (
        "ok 1 - A title [a case] # SKIP this is NOT_HERE do something"
    )


def test_another_stage_is_named(records):
    assert tap.point(1, records.one(stage="sqlite")) == "ok 1 - A title [a case] on sqlite"


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ALWAYS, Outcome.NOTHING, Outcome.WRONG, Outcome.BROKE])
def test_what_does_not_hold_is_not_ok_and_says_where(records, outcome):
    one = records.one(outcome)
    point = tap.point(1, one)
    told = diagnostic(point)
    assert point.startswith("not ok 1 - ")
    assert (told["file"], told["line"], told["column"]) == (one.file, one.line, one.column)
    assert told["severity"] == ("error" if outcome in (Outcome.WRONG, Outcome.BROKE) else "fail")
    assert told["report"].split("\n")[0] == one.text.split("\n")[0]


def test_a_failure_says_what_was_wanted_and_what_it_was(records):
    told = diagnostic(tap.point(1, records.one(Outcome.FAILED)))
    assert (told["wanted"], told["was"], told["at"]) == ("5", "28", "day 3 07:30")


def test_a_directive_in_a_title_is_none(records):
    point = tap.point(1, records.one(title="a # SKIP \\ trick", case=""))
    assert point == "ok 1 - a \\# SKIP \\\\ trick"


def test_a_report_may_begin_with_spaces(records):
    one = records.one(Outcome.FAILED, text="   deep\n left")
    assert diagnostic(tap.point(1, one))["report"] == "   deep\n left"


def test_a_run_that_was_stopped_bails_out():
    assert tap.bail_out("stopped # here") == "Bail out! stopped \\# here"


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_the_letters_the_yaml_can_be_read(text):
    broken = (Broken(1, 2, text, text, text),)
    one = CaseRecord(text, text, text, "simulation", Outcome.FAILED, text=text, broken=broken)
    told = diagnostic(tap.point(1, one))
    assert isinstance(told["was"], str) and isinstance(told["report"], str)
    assert len(re.findall("^(?:not )?ok ", tap.point(1, one), re.MULTILINE)) == 1
