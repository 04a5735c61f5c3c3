"""JUnit XML, in the shape of Jenkins's junit-10 schema: a suite for each stage, a testcase for each case.

Beside what that schema has, a testcase has `file` and `line`, as those programs read that show where it stands.
"""

from itertools import groupby
from pathlib import PurePath
from xml.etree import ElementTree

from nexuslic.scenario.formats.letters import for_xml
from nexuslic.scenario.results import ERRORS, CaseRecord, Summary
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.suite import ENDING

_KINDS = {
    Outcome.FAILED: "failure",
    Outcome.ALWAYS: "failure",
    Outcome.NOTHING: "failure",
    Outcome.WRONG: "error",
    Outcome.BROKE: "error",
    Outcome.NOT_HERE: "skipped",
}


def write(summary: Summary) -> str:
    """The whole file."""
    counts = {name: value for name, value in _counts(summary.records).items() if name != "skipped"}
    root = _element(None, "testsuites", name="nexuslic", **counts, time=f"{summary.seconds:.3f}")
    for stage, records in groupby(summary.records, lambda one: one.stage):
        _suite(root, stage, list(records), summary.incomplete)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _element(parent: ElementTree.Element | None, tag: str, **attributes: str) -> ElementTree.Element:
    safe = {name: for_xml(value) for name, value in attributes.items()}
    return ElementTree.Element(tag, safe) if parent is None else ElementTree.SubElement(parent, tag, safe)


def _counts(records: "list[CaseRecord] | tuple[CaseRecord, ...]") -> dict[str, str]:
    def those(kind: str) -> str:
        return str(sum(_KINDS.get(one.outcome) == kind for one in records))

    return {
        "tests": str(len(records)),
        "failures": those("failure"),
        "errors": those("error"),
        "skipped": those("skipped"),
    }


def _suite(root: ElementTree.Element, stage: str, records: list[CaseRecord], incomplete: str) -> None:
    time = f"{sum(one.seconds for one in records):.3f}"
    suite = _element(root, "testsuite", name=f"nexuslic on {stage}", **_counts(records), time=time)
    properties = _element(suite, "properties")
    _element(properties, "property", name="stage", value=stage)
    if incomplete:
        _element(properties, "property", name="incomplete", value=incomplete)
    for one in records:
        _case(suite, one)
    if incomplete:
        _element(suite, "system-err").text = for_xml(f"incomplete: {incomplete}")


def _case(suite: ElementTree.Element, one: CaseRecord) -> None:
    place = {"file": one.file, "line": str(one.line)}
    name = one.case or one.title or one.file
    case = _element(suite, "testcase", name=name, classname=classname(one), time=f"{one.seconds:.3f}", **place)
    kind = _KINDS.get(one.outcome)
    if kind == "skipped":
        _element(case, kind, message=one.message)
    elif kind is not None:
        told = _element(case, kind, message=one.message, type=_type(one))
        told.text = for_xml(one.text)


def _type(one: CaseRecord) -> str:
    return "error" if one.outcome in ERRORS else one.outcome.name.lower()


def classname(one: CaseRecord) -> str:
    """The stage and the path of the file, parted by dots: `simulation.scenarios.offshore.28-day-hitch`."""
    path = PurePath(one.file.removesuffix(ENDING))
    parts = [part.strip("./\\").replace(".", "-") for part in path.parts]
    return ".".join([one.stage, *filter(None, parts)])
