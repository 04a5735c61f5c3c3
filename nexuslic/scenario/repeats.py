"""A story comes to the same each time it is run: the first thing that came out otherwise, and how that is told."""

from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest

from nexuslic.scenario import report
from nexuslic.scenario.results import Broken
from nexuslic.scenario.run import CaseResult
from nexuslic.scenario.story import CaseStory, Story

_Told = tuple[datetime, str]
_NOTHING = "nothing"


def first_difference(first: CaseResult, other: CaseResult) -> Broken | None:
    """Where the other run came out otherwise than the first; both have to be traced."""
    end = first.case.ends
    for one, two in zip_longest(_told(first), _told(other), fillvalue=(end, _NOTHING)):
        if one != two:
            at = two[0] if one[1] == _NOTHING else one[0]
            place = first.case.place
            return Broken(place.line, place.column, first.case.calendar.write(at), one[1], two[1])
    return None


def _told(result: CaseResult) -> Iterable[_Told]:
    calendar = result.case.calendar
    for line in result.trace:
        yield line.at, report.trace_line(calendar, line)
    for failure in result.failures:
        yield failure.at, f"{failure.place} was {failure.was}"
    yield result.case.ends, result.not_here or f"{result.checked} expectations"


def told(story: Story, case: CaseStory, other: Broken, number: int) -> str:
    """What a person reads: where the run of that number came out otherwise, and a command that shows it again."""
    name = f"  [{report.cut(case.name, 50)}]" if case.name else ""
    return "\n".join(
        (
            f"FAIL  {report.cut(story.title, 80)}{name}   {case.place}",
            f"  at    {other.at}, in run {number}",
            f"  first {report.cut(other.wanted, report.WIDTH)}",
            f"  now   {report.cut(other.was, report.WIDTH)}",
            "  why   a story comes to the same each time: what it ran on has a memory or chance of its own",
            f"  again {report.command(story, case, '--repeat', str(number))}",
        )
    )
