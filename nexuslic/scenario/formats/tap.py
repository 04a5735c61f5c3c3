"""TAP 14: a test point for each case, with a YAML block where it does not hold."""

import json

from nexuslic.scenario.formats.letters import lines, visible
from nexuslic.scenario.results import ERRORS, FINE, CaseRecord
from nexuslic.scenario.run import Outcome


def head(planned: int) -> str:
    """How it begins."""
    return f"TAP version 14\n1..{planned}"


def point(number: int, one: CaseRecord) -> str:
    """One case."""
    text = f"{'ok' if one.outcome in FINE else 'not ok'} {number} - {_escaped(_name(one))}"
    if one.outcome is Outcome.NOT_HERE:
        return f"{text} # SKIP {_escaped(one.message)}"
    return text if one.outcome is Outcome.PASSED else f"{text}\n{_diagnostic(one)}"


def bail_out(why: str) -> str:
    """How it ends where not all of the plan was run."""
    return f"Bail out! {_escaped(why)}"


def _name(one: CaseRecord) -> str:
    return one.name if one.stage == "simulation" else f"{one.name} on {one.stage}"


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace("#", "\\#")


def _quoted(text: str) -> str:
    """A YAML text in double quotes."""
    return json.dumps(visible(text), ensure_ascii=False)


def _diagnostic(one: CaseRecord) -> str:
    told = [
        "---",
        f"message: {_quoted(one.message)}",
        f"severity: {'error' if one.outcome in ERRORS else 'fail'}",
        f"file: {_quoted(one.file)}",
        f"line: {one.line}",
        f"column: {one.column}",
        f"stage: {_quoted(one.stage)}",
    ]
    if one.broken:
        first = one.broken[0]
        told += [f"at: {_quoted(first.at)}", f"wanted: {_quoted(first.wanted)}", f"was: {_quoted(first.was)}"]
    told += ["report: |2", *(f"  {line}" for line in lines(one.text)), "..."]
    return "\n".join(f"  {line}".rstrip() for line in told)
