"""A summary for a pull request: counts, and what is wrong folded away."""

import re

import pytest

from nexuslic.scenario import coverage
from nexuslic.scenario.formats import markdown
from nexuslic.scenario.run import Outcome


def write(records, *those, incomplete=""):
    return markdown.write(records.summary(*those, incomplete=incomplete), None)


def test_all_that_holds_is_one_line_and_a_table(records):
    text = write(records, records.one(), records.one())
    assert text.startswith("### Stories: all hold\n")
    assert "| cases | 2 |" in text and "<details>" not in text


def test_a_failure_is_folded_with_its_place_and_report(records):
    one = records.one(Outcome.FAILED)
    text = write(records, one)
    assert text.startswith("### Stories: 1 of 1 cases do not hold\n")
    assert "<summary>A title [a case] &mdash; <code>a/b.scenario.yaml:7:20</code>, on simulation</summary>" in text
    assert f"```text\n{one.text}\n```" in text


def test_a_title_is_no_markup(records):
    text = write(records, records.one(Outcome.FAILED, title="<img src=x onerror=alert(1)>"))
    assert "<img" not in text


def test_a_fence_in_a_report_does_not_end_it(records):
    text = write(records, records.one(Outcome.FAILED, text="FAIL\n````\n# not a heading"))
    assert "`````text\nFAIL\n````\n# not a heading\n`````" in text


def test_what_a_stage_cannot_do_is_listed_and_is_no_failure(records):
    text = write(records, records.one(), records.one(Outcome.NOT_HERE))
    assert text.startswith("### Stories: all hold\n")
    assert "<summary>1 not on this stage</summary>" in text
    assert "| cases not on this stage | 1 |" in text


def test_an_incomplete_run_is_none_of_which_all_hold(records):
    text = write(records, records.one(), incomplete="stopped with Ctrl-C after 1 of 2 cases")
    assert text.startswith("### Stories: incomplete\n")
    assert "**Incomplete:** stopped with Ctrl-C after 1 of 2 cases" in text


def test_nothing_checked_says_so(records):
    assert write(records).startswith("### Stories: nothing was checked\n")


def test_a_hundred_failures_fit_into_a_comment(records):
    text = write(records, *[records.one(Outcome.FAILED, file=f"{n}.scenario.yaml") for n in range(100)])
    assert text.count("```text") == markdown.MOST
    assert "50 more are not shown." in text
    assert len(text) < 65_536


def test_coverage_stands_in_the_table_as_fractions(records):
    summary = records.summary(records.one())
    text = markdown.write(summary, coverage.of(summary.records))
    assert re.findall(r"\| coverage: (\w+) \| (\d+/\d+) \|", text)[-1] == ("combinations", "0/206")


@pytest.mark.parametrize("outcome", [Outcome.WRONG, Outcome.BROKE])
def test_an_error_is_told_like_a_failure(records, outcome):
    text = write(records, records.one(outcome))
    assert "| cases with an error | 1 |" in text and "do something" in text
