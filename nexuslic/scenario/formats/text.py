"""What a person reads of a run: a line for each story that holds, a report for each that does not, and the counts."""

import re

from nexuslic.rules.machine import TABLE, Row
from nexuslic.scenario.coverage import VERBS, Coverage, reachable
from nexuslic.scenario.results import SIMULATION, FileReport, Summary
from nexuslic.scenario.run import Outcome


def passed(one: FileReport) -> str:
    """The line of a story of which nothing is wrong, without its mark."""
    there = [record for record in one.records if record.outcome is Outcome.PASSED]
    where = "" if one.stage == SIMULATION else f" on {one.stage}"
    return f"{one.title}{where}  ({some(len(there), 'case')}, {one.checked} checked)"


def counts(summary: Summary) -> str:
    """The last line."""
    told = [some(len(summary.reports), "story"), some(summary.cases, "case"), some(summary.checked, "expectation")]
    said = f"{', '.join(told)}: {summary.failed} failed"
    if summary.unreadable:
        said += f", {summary.unreadable} unreadable"
    if summary.count(Outcome.NOT_HERE):
        said += f", {some(summary.count(Outcome.NOT_HERE), 'case')} not on this stage"
    if summary.compared:
        said += f"; {some(summary.compared, 'run')} compared: {some(summary.differing, 'difference')}"
    return f"{said}  ({summary.seconds:.1f} s)"


def some(count: int, noun: str) -> str:
    """`1 story`, `2 stories`, `3 days`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{count} {noun}s"


def coverage(covered: Coverage, *, in_full: bool) -> list[str]:
    """The fractions and what is missing; `in_full` a line for each row too: by which verbs, with how many causes."""
    told = [f"coverage {part}" for part in covered.parts]
    if in_full:
        told += ["", *(f"  {row!s:<45} {_by_verb(row, covered)}" for row in TABLE), ""]
    for part in covered.parts:
        told += [f"  missing of {part.name}: {one}" for one in part.missing]
    return told


def _by_verb(row: Row, covered: Coverage) -> str:
    told = []
    for verb in VERBS:
        possible = [cell for cell in reachable() if cell.row == row and cell.verb == verb]
        if possible:
            told.append(f"{verb} {sum(cell in covered.places for cell in possible)}/{len(possible)}")
    return ", ".join(told)
