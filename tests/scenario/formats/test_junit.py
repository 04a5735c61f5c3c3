"""JUnit XML has the shape of Jenkins's junit-10 schema, with `file` and `line` added to a testcase."""

from xml.etree import ElementTree

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario.formats import junit
from nexuslic.scenario.results import CaseRecord, Summary, by_file
from nexuslic.scenario.run import Outcome

TIME = r"[0-9]+\.[0-9]{3}"
RESULT = {"type", "message"}
SUITE = {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"}
SHAPE = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        SUITE | {"log", "url", "group"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": (
        {"name"},
        {"name", "time", "classname", "group"} | {"file", "line"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), RESULT, set()),
    "error": (set(), RESULT, set()),
    "skipped": (set(), RESULT, set()),
    "system-err": (set(), set(), set()),
}
"""Of each element: the attributes that it needs, those that it may have, and its children."""


def check_shape(node: ElementTree.Element) -> None:
    needed, allowed, children = SHAPE[node.tag]
    assert needed <= set(node.attrib) <= allowed, node.tag
    assert {child.tag for child in node} <= children, node.tag
    for child in node:
        check_shape(child)


def read(summary: Summary) -> ElementTree.Element:
    return ElementTree.fromstring(junit.write(summary).encode("utf-8"))


def cases(summary: Summary) -> dict[str, ElementTree.Element]:
    return {case.get("file", ""): case for case in read(summary).iter("testcase")}


def test_it_has_the_shape_of_the_schema(records):
    root = read(records.summary(*records.every(), incomplete="stopped with Ctrl-C after 7 of 9 cases"))
    check_shape(root)
    assert root.tag == "testsuites"


def test_a_shape_that_is_wrong_is_seen():
    with pytest.raises(AssertionError):
        check_shape(
            ElementTree.fromstring('<testsuite name="a" tests="1" failures="0" errors="0"><skipped/></testsuite>')
        )


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        (Outcome.PASSED, None),
        (Outcome.FAILED, "failure"),
        (Outcome.ALWAYS, "failure"),
        (Outcome.NOTHING, "failure"),
        (Outcome.WRONG, "error"),
        (Outcome.BROKE, "error"),
        (Outcome.NOT_HERE, "skipped"),
    ],
)
def test_every_outcome_has_its_element(records, outcome, tag):
    (case,) = cases(records.summary(records.one(outcome))).values()
    assert [child.tag for child in case] == ([tag] if tag else [])


def test_a_failure_tells_what_the_text_tells(records):
    one = records.one(Outcome.FAILED)
    (case,) = cases(records.summary(one)).values()
    assert (case.get("file"), case.get("line"), case[0].text) == (one.file, "7", one.text)
    assert case[0].get("message") == "was 28 (wanted 5), and 1 more"


def test_the_counts_are_those_of_its_cases(records):
    root = read(records.summary(*records.every()))
    counts = {name: root[0].get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "7", "failures": "3", "errors": "2", "skipped": "1"}
    assert root.get("tests") == "7"


def test_a_case_has_its_name_class_and_time(records):
    (case,) = cases(records.summary(records.one())).values()
    attributes = {name: case.get(name) for name in ("name", "classname", "time")}
    assert attributes == {"name": "a case", "classname": "simulation.a.b", "time": "0.250"}


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("scenarios/offshore/28-day.scenario.yaml", "simulation.scenarios.offshore.28-day"),
        ("../x/a.b.scenario.yaml", "simulation.x.a-b"),
        ("/abs/a.scenario.yaml", "simulation.abs.a"),
        ("-", "simulation.-"),
        ("story.txt", "simulation.story-txt"),
    ],
)
def test_a_class_is_named_by_stage_and_path(records, file, named):
    assert junit.classname(records.one(file=file)) == named


def test_each_stage_has_a_suite(records):
    root = read(records.summary(records.one(), records.one(stage="sqlite")))
    assert [suite.get("name") for suite in root] == ["nexuslic on simulation", "nexuslic on sqlite"]
    assert root[1].find("properties/property[@name='stage']").get("value") == "sqlite"


def test_an_incomplete_run_says_so(records):
    root = read(records.summary(records.one(), incomplete="stopped"))
    assert root[0].find("properties/property[@name='incomplete']").get("value") == "stopped"
    assert root[0].find("system-err").text == "incomplete: stopped"


@given(st.text(st.characters(exclude_categories=[])), st.sampled_from(list(Outcome)))
def test_whatever_the_letters_it_can_be_read(text, outcome):
    one = CaseRecord(text, text, text, "simulation", outcome, text=text)
    check_shape(read(Summary(tuple(by_file([one])), 1, 0.0, text)))


def test_nothing_run_is_an_empty_file(records):
    assert len(read(attrs.evolve(records.summary(), planned=3))) == 0
