"""Results as JSON: one object of a whole run, or one line a case the moment it is done.

The whole object depends on no machine, so two runs can be compared byte for byte; a line also says how long it took.
"""

import json
from typing import Any

from nexuslic.scenario.coverage import Coverage
from nexuslic.scenario.results import CaseRecord, FileReport, Summary
from nexuslic.scenario.run import Outcome

FORMAT = 1


def whole(summary: Summary, covered: Coverage | None) -> str:
    """One object of all stories."""
    body: dict[str, Any] = {
        "format": FORMAT,
        "outcome": summary.outcome.name.lower(),
        "stories": [_story(one) for one in summary.reports],
    }
    if summary.compared:
        body |= {"compared": summary.compared, "differences": summary.differing}
    if summary.incomplete:
        body["incomplete"] = summary.incomplete
    if covered is not None:
        body["coverage"] = _coverage(covered)
    return json.dumps(body, indent=1, ensure_ascii=True)


def line(one: CaseRecord) -> str:
    """One case."""
    head = {"format": FORMAT, "file": one.file, "line": one.line, "column": one.column, "title": one.title}
    return json.dumps({**head, **_case(one), "seconds": round(one.seconds, 3), "text": one.text or None})


def last_line(summary: Summary, status: int) -> str:
    """The last line: what all of them came to."""
    return json.dumps(
        {
            "format": FORMAT,
            "summary": summary.outcome.name.lower(),
            "status": status,
            "planned": summary.planned,
            "run": len(summary.records),
            "incomplete": summary.incomplete or None,
            **({"compared": summary.compared, "differences": summary.differing} if summary.compared else {}),
        }
    )


def _story(one: FileReport) -> dict[str, Any]:
    trace = [line for record in one.records for line in record.trace]
    return {
        "file": one.file,
        "title": one.title,
        "outcome": one.outcome.name.lower(),
        "checked": one.checked,
        "error": one.error or None,
        "cases": [_case(record) for record in one.records if record.outcome not in (Outcome.WRONG, Outcome.BROKE)],
        **({"trace": trace} if trace else {}),
    }


def _case(one: CaseRecord) -> dict[str, Any]:
    return {
        "case": one.case,
        "stage": one.stage,
        "outcome": one.outcome.name.lower(),
        "checked": one.checked,
        **({"not_here": one.message} if one.outcome is Outcome.NOT_HERE else {}),
        "launches": one.launches,
        "refused_launches": one.refused,
        "last_good_launch": one.last_good,
        "days": one.days,
        "failures": [
            {"place": f"{one.file}:{b.line}:{b.column}", "at": b.at, "wanted": b.wanted, "was": b.was}
            for b in one.broken
        ],
    }


def _coverage(covered: Coverage) -> dict[str, Any]:
    parts: dict[str, Any] = {
        part.name: {"visited": part.visited, "of": part.of, "missing": list(part.missing)} for part in covered.parts
    }
    cells = sorted(covered.places.items(), key=lambda entry: str(entry[0]))
    parts["visits"] = [
        {
            "row": str(cell.row),
            "cause": None if cell.cause is None else cell.cause.value,
            "verb": cell.verb,
            "places": list(places),
        }
        for cell, places in cells
    ]
    return parts
