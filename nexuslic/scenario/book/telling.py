"""A story told in order of time: what exists, what happens and must be so then, and what must hold throughout.

What is so in all cases is told once; what is so in some of them names these.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from typing import TypeVar

import attrs

from nexuslic.scenario.book import claims, doing, things
from nexuslic.scenario.book.words import span, spoken
from nexuslic.scenario.calendar import ONE_DAY, Calendar
from nexuslic.scenario.story import Action, CaseStory, Entry, Story, Window

T = TypeVar("T")
_Claim = tuple[str, str]
"""Whom a clause is about, and the clause."""


@attrs.frozen
class Line:
    """A sentence, and the cases in which it is so; none where it is so in all."""

    text: str
    cases: tuple[str, ...] = ()


@attrs.frozen
class Event:
    """What happens at a time, and what must be so then."""

    when: str
    text: str
    claims: tuple["Claims", ...]
    cases: tuple[str, ...] = ()


@attrs.frozen
class Claims:
    """What must be so of a workstation, or (empty) of whatever acted."""

    who: str
    lines: tuple[Line, ...]


@attrs.frozen
class Told:
    """A whole story."""

    things: tuple[Line, ...]
    events: tuple[Event, ...]
    always: tuple[Line, ...]


@attrs.frozen
class _Moment:
    """One thing that happens."""

    at: datetime
    when: str
    text: str


def tell(story: Story) -> Told:
    """The story as prose."""
    exists = {case.name: things.world(case.world, case.calendar) for case in story.cases}
    holds = {case.name: list(_always(case)) for case in story.cases}
    return Told(_lines(exists), _events(story.cases), _lines(holds))


def _lines(by_case: dict[str, list[str]]) -> tuple[Line, ...]:
    return tuple(Line(text, cases) for text, cases in _merged(by_case))


def _merged(by_case: dict[str, list[T]]) -> Iterator[tuple[T, tuple[str, ...]]]:
    """Each thing once, with the cases that have it (none: all of them), where the first case that has it has it."""
    order: list[T] = []
    sets = {name: set(there) for name, there in by_case.items()}
    for name, there in by_case.items():
        place = 0
        for one in there:
            if order and any(one in earlier for earlier in _before(sets, name)):
                place = order.index(one) + 1
                continue
            while place < len(order) and order[place] not in sets[name]:
                place += 1
            order.insert(place, one)
            place += 1
    for one in order:
        having = tuple(name for name, there in sets.items() if one in there)
        yield one, () if len(having) == len(by_case) else having


def _before(sets: dict[str, set[T]], name: str) -> Iterator[set[T]]:
    """What the cases before this one have."""
    return takewhile(lambda there: there is not sets[name], sets.values())


def _events(cases: Sequence[CaseStory]) -> tuple[Event, ...]:
    found = {case.name: dict(_moments(case)) for case in cases}
    merged = list(_merged({name: list(there) for name, there in found.items()}))
    merged.sort(key=lambda entry: entry[0].at)
    events = []
    for moment, having in merged:
        those = {name: there[moment] for name, there in found.items() if moment in there}
        events.append(Event(moment.when, moment.text, tuple(_claims(those)), having))
    return tuple(events)


def _claims(by_case: dict[str, list[_Claim]]) -> Iterator[Claims]:
    """The clauses of all cases by whom they are about."""
    clauses = list(_merged(by_case))
    for who in dict.fromkeys(claim[0] for claim, _ in clauses):
        yield Claims(who, tuple(Line(text, cases) for (whose, text), cases in clauses if whose == who))


def _moments(case: CaseStory) -> Iterator[tuple[_Moment, list[_Claim]]]:
    """What happens in a case, in order of time, each with its claims; what recurs is told once."""
    recurring = _recurring(case)
    told: set[int] = set()
    for entry in case.agenda:
        name = id(entry.what)
        if name in recurring and name not in told:
            told.add(name)
            yield _repeated(recurring[name], case.calendar), []
        if name not in recurring and (entry.what is not None or entry.checks or entry.note):
            yield _moment(entry, case.calendar)


def _recurring(case: CaseStory) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for entry in case.agenda:
        if isinstance(entry.what, Action):
            found.setdefault(id(entry.what), []).append(entry)
    return {name: entries for name, entries in found.items() if len(entries) > 1}


def _moment(entry: Entry, calendar: Calendar) -> tuple[_Moment, list[_Claim]]:
    text = ""
    if isinstance(entry.what, Action):
        text = f"{doing.action(entry.what, calendar)}."
    elif isinstance(entry.what, Window):
        text = f"{doing.window(entry.what)}."
    text = f"{text} {entry.note.strip()}".strip()
    when = calendar.write(entry.at)
    return _Moment(entry.at, when, text), [(one.who or "", claims.check(one, calendar)) for one in entry.checks]


def _repeated(entries: list[Entry], calendar: Calendar) -> _Moment:
    first, last = entries[0].at, entries[-1].at
    action = entries[0].what
    assert isinstance(action, Action)
    often = rhythm([entry.at for entry in entries], calendar)
    when = f"{calendar.write(first)} to {calendar.write(last)}"
    return _Moment(first, when, f"{often}: {_lower(doing.action(action, calendar))}.")


def _lower(text: str) -> str:
    """A sentence in the middle of another; all of them begin with a word of our own."""
    return text[:1].lower() + text[1:]


def rhythm(instants: Sequence[datetime], calendar: Calendar) -> str:
    """How often something recurs: `Every day at 06:00`, `Every 6 hours`, or so many times."""
    local = [calendar.local(at) for at in instants]
    clocks = {one.time() for one in local}
    days = {two.date() - one.date() for one, two in pairwise(local)}
    if len(clocks) == 1 and days == {ONE_DAY}:
        return f"Every day at {local[0]:%H:%M}"
    steps: set[timedelta] = {two - one for one, two in pairwise(instants)}
    if len(steps) == 1:
        return f"Every {span(steps.pop())}"
    return f"{len(instants)} times"


def _always(case: CaseStory) -> Iterable[str]:
    for line in case.always:
        yield claims.always(line, case.calendar)
    if case.must_visit:
        states = spoken([state.value for state, _ in case.must_visit])
        yield f"The story has to come through {states}."
