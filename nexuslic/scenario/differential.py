"""One story, two worlds: what was seen on one stage beside what was seen on another, event by event.

Every observation counts, whether the story expects anything of it or not (rules: Always true, 9). The first difference
of a case fails it on the later stage, and is reported as a failure is.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

import attrs

from nexuslic.scenario import report
from nexuslic.scenario.results import FINE, Broken, CaseRecord
from nexuslic.scenario.run import Observation, Outcome
from nexuslic.scenario.story import CaseStory, Story
from nexuslic.scenario.suite import Shelf


@attrs.frozen
class Difference:
    """The first thing that differs: after which action, of what, and how it was on either stage."""

    after: Observation
    of: str
    first: str
    other: str


def first_difference(one: Iterable[Observation], other: Iterable[Observation]) -> Difference | None:
    """Where two runs of one case begin to differ; None where they do not."""
    for mine, theirs in zip_longest(one, other):
        if mine is None or theirs is None:
            return Difference(mine or theirs, "event", _event(mine), _event(theirs))
        for key in dict.fromkeys([*mine.seen, *theirs.seen]):
            sides = mine.seen.get(key, _NOTHING), theirs.seen.get(key, _NOTHING)
            if sides[0] != sides[1]:
                return Difference(theirs, key, *sides)
    return None


_NOTHING = "nothing"


def _event(seen: Observation | None) -> str:
    return _NOTHING if seen is None else f"{seen.verb} {seen.who}".strip()


@attrs.define
class Differential:
    """Lays the records of each case beside the first that were made of it, on whichever stage."""

    shelf: Shelf
    _first: dict[tuple[str, int], CaseRecord] = attrs.Factory(dict)
    compared: int = 0
    differing: int = 0

    def beside(self, records: Iterable[CaseRecord]) -> Iterator[CaseRecord]:
        """The same records, those failed that differ from the first of their case; what was seen is let go of."""
        for record in records:
            yield attrs.evolve(self._compared(record), observed=())

    def _compared(self, record: CaseRecord) -> CaseRecord:
        if not record.observed:
            return record
        first = self._first.setdefault((record.file, record.number), record)
        if first is record:
            return record
        self.compared += 1
        found = first_difference(first.observed, record.observed)
        if found is None:
            return record
        self.differing += 1
        return self._failed(record, first, found)

    def _failed(self, record: CaseRecord, first: CaseRecord, found: Difference) -> CaseRecord:
        story = self.shelf.story(record.file)
        case = story.cases[record.number]
        place = found.after.place
        at = case.calendar.write(found.after.at)
        wanted, was = f"{found.of} {found.first} on {first.stage}", f"{found.of} {found.other} on {record.stage}"
        return attrs.evolve(
            record,
            outcome=Outcome.FAILED if record.outcome in FINE else record.outcome,
            line=place.line,
            column=place.column,
            text=told(story, case, found, (first.stage, record.stage)),
            broken=(Broken(place.line, place.column, at, wanted, was), *record.broken),
        )


def told(story: Story, case: CaseStory, found: Difference, stages: tuple[str, str]) -> str:
    """What a person reads: the line of the story, and both sides beside each other."""
    name = f"  [{report.cut(case.name, 50)}]" if case.name else ""
    width = max(map(len, stages))
    at = case.calendar.write(found.after.at)
    line, caret = report.source(story, found.after.place)
    sides = [report.cut(text, 120) for text in _apart(found.first, found.other)]
    return "\n".join(
        (
            f"FAIL  {report.cut(story.title, 80)}{name}   {found.after.place}",
            f"  at    {at}, after {_event(found.after)}",
            line,
            f"{caret} {found.of} differs",
            *(f"     | {stage:<{width}}  {side}" for stage, side in zip(stages, sides, strict=True)),
            "  why   the same story gives the same decisions on every stage (rules: Always true, 9)",
            f"  again {report.command(story, case, '--until', at, '--on', ','.join(stages))}",
        )
    )


def _apart(one: str, other: str) -> tuple[str, str]:
    """Two long texts from shortly before they differ."""
    alike = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, alike - 40) if max(len(one), len(other)) > 120 else 0
    mark = "..." if start else ""
    return mark + one[start:], mark + other[start:]
