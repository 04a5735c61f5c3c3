"""Records add up to what a run came to."""

import pytest

from nexuslic.scenario.results import by_file, placed, worst
from nexuslic.scenario.run import Outcome


@pytest.mark.parametrize(
    ("outcomes", "gravest"),
    [
        ([Outcome.PASSED, Outcome.FAILED], Outcome.FAILED),
        ([Outcome.FAILED, Outcome.ALWAYS], Outcome.ALWAYS),
        ([Outcome.ALWAYS, Outcome.WRONG], Outcome.WRONG),
        ([Outcome.WRONG, Outcome.BROKE], Outcome.BROKE),
        ([Outcome.PASSED, Outcome.NOTHING], Outcome.NOTHING),
        ([Outcome.NOTHING, Outcome.FAILED], Outcome.FAILED),
        ([Outcome.PASSED, Outcome.NOT_HERE], Outcome.PASSED),
        ([Outcome.NOT_HERE], Outcome.NOT_HERE),
        ([], Outcome.NOTHING),
    ],
)
def test_of_several_outcomes_the_gravest_counts(outcomes, gravest):
    assert worst(outcomes) is gravest


def test_records_are_grouped_by_file_and_stage_in_their_order(records):
    there = [
        records.one(file="b"),
        records.one(file="a"),
        records.one(Outcome.FAILED, file="a"),
        records.one(file="a", stage="sqlite"),
    ]
    reports = list(by_file(there))
    assert [(one.file, one.stage, len(one.records)) for one in reports] == [
        ("b", "simulation", 1),
        ("a", "simulation", 2),
        ("a", "sqlite", 1),
    ]
    assert reports[1].outcome is Outcome.FAILED


def test_a_text_that_several_cases_share_is_told_once(records):
    wrong = records.one(Outcome.WRONG)
    (report,) = by_file([wrong, wrong])
    assert report.texts == (wrong.text,)
    assert report.error == wrong.text


def test_the_message_of_a_failure_says_what_was_and_what_was_wanted(records):
    assert records.one(Outcome.FAILED).message == "was 28 (wanted 5), and 1 more"


def test_the_message_of_an_error_is_one_line_without_its_place(records):
    assert records.one(Outcome.WRONG).message == "this is WRONG do something"


def test_what_holds_has_no_message(records):
    assert records.one().message == ""


def test_what_a_stage_cannot_do_is_no_case_that_passed(records):
    summary = records.summary(records.one(), records.one(Outcome.NOT_HERE))
    assert (summary.count(Outcome.PASSED), summary.count(Outcome.NOT_HERE)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.yaml:3:14: wrong", (3, 14)),
        ("C:\\x\\a.yaml:3:14: wrong", (3, 14)),
        ("--until 'x': no time", None),
        ("a story: 3:14 o'clock", None),
    ],
)
def test_an_error_says_where_it_stands(text, place):
    assert placed(text) == place
