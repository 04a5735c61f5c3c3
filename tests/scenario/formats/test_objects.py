"""JSON: one object of a whole run that depends on no machine, and a line a case."""

import json

import attrs
import pytest

from nexuslic.scenario import coverage
from nexuslic.scenario.formats import objects
from nexuslic.scenario.run import Outcome

REACHABLE = coverage.reachable()


def whole(summary, covered=None):
    return json.loads(objects.whole(summary, covered))


def test_a_failure_has_its_place_time_and_values(records):
    (story,) = whole(records.summary(records.one(Outcome.FAILED)))["stories"]
    assert story["cases"][0]["failures"][0] == {
        "place": "a/b.scenario.yaml:7:20",
        "at": "day 3 07:30",
        "wanted": "5",
        "was": "28",
    }


def test_the_object_says_nothing_of_how_long_it_took(records):
    one = records.one()
    assert objects.whole(records.summary(one), None) == objects.whole(
        records.summary(attrs.evolve(one, seconds=9.0)), None
    )


def test_each_case_says_on_which_stage_it_ran(records):
    (first, second) = whole(records.summary(records.one(), records.one(stage="sqlite")))["stories"]
    assert [first["cases"][0]["stage"], second["cases"][0]["stage"]] == ["simulation", "sqlite"]


@pytest.mark.parametrize("outcome", [Outcome.WRONG, Outcome.BROKE])
def test_an_error_is_of_its_file(records, outcome):
    one = records.one(outcome)
    (story,) = whole(records.summary(one))["stories"]
    assert (story["error"], story["cases"], story["outcome"]) == (one.text, [], outcome.name.lower())


def test_what_a_stage_cannot_do_says_why(records):
    (story,) = whole(records.summary(records.one(Outcome.NOT_HERE)))["stories"]
    assert story["cases"][0]["not_here"] == "this is NOT_HERE do something"


def test_an_incomplete_run_says_so(records):
    assert whole(records.summary(incomplete="stopped"))["incomplete"] == "stopped"
    assert "incomplete" not in whole(records.summary())


def test_coverage_has_exact_numbers_and_places(records):
    covered = coverage.of([records.one(cells={REACHABLE[0]: 9})])
    told = whole(records.summary(), covered)["coverage"]
    assert (told["combinations"]["visited"], told["combinations"]["of"]) == (1, 206)
    assert told["visits"] == [
        {
            "row": "authenticate: Unlicensed -> Authenticated",
            "cause": None,
            "verb": "authenticate",
            "places": ["a/b.scenario.yaml:9"],
        }
    ]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_line_is_one_line_and_says_where_it_stands(records, outcome):
    one = records.one(outcome)
    line = objects.line(one)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["file"], told["line"], told["column"], told["outcome"]) == (
        one.file,
        one.line,
        one.column,
        outcome.name.lower(),
    )
    assert told["text"] == (one.text or None)


def test_the_last_line_is_what_all_came_to(records):
    told = json.loads(objects.last_line(records.summary(records.one(), incomplete="stopped"), 130))
    assert told == {
        "format": 1,
        "summary": "passed",
        "status": 130,
        "planned": 1,
        "run": 1,
        "incomplete": "stopped",
    }
