"""What a person reads: counts in words, and coverage in lines."""

import pytest

from nexuslic.scenario import coverage
from nexuslic.scenario.formats import text
from nexuslic.scenario.run import Outcome

REACHABLE = coverage.reachable()


@pytest.mark.parametrize(
    ("count", "noun", "said"), [(1, "story", "1 story"), (0, "story", "0 stories"), (2, "case", "2 cases")]
)
def test_nouns_go_with_their_number(count, noun, said):
    assert text.some(count, noun) == said


def test_the_counts_name_everything_that_did_not_simply_hold(records):
    assert text.counts(records.summary(*records.every())) == (
        "7 stories, 5 cases, 14 expectations: 4 failed, 2 unreadable, 1 case not on this stage  (1.5 s)"
    )


def test_the_counts_say_no_more_than_is_so(records):
    assert text.counts(records.summary(records.one())) == "1 story, 1 case, 2 expectations: 0 failed  (1.5 s)"


def test_cases_that_a_stage_cannot_do_are_not_counted_as_held(records):
    report = records.summary(records.one(), records.one(Outcome.NOT_HERE, checked=0)).reports[0]
    assert text.passed(report) == "A title  (1 case, 2 checked)"


def test_another_stage_is_named(records):
    report = records.summary(records.one(stage="sqlite")).reports[0]
    assert text.passed(report) == "A title on sqlite  (1 case, 2 checked)"


def test_coverage_in_full_has_a_line_for_each_row(records):
    covered = coverage.of([records.one(cells=dict.fromkeys(REACHABLE, 1))])
    lines = text.coverage(covered, in_full=True)
    assert "  lose contact: Grace -> Grace                  launch 9/9, open 9/9" in lines
    assert sum("->" in line for line in lines) == 28


def test_coverage_names_what_is_missing(records):
    covered = coverage.of([records.one(cells=dict.fromkeys(REACHABLE[1:], 1))])
    assert "  missing of combinations: authenticate: Unlicensed -> Authenticated, no cause, by authenticate" in (
        text.coverage(covered, in_full=False)
    )
