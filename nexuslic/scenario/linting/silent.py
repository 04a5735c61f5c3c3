"""Expectations that nothing can break."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from nexuslic.rules.words import State
from nexuslic.scenario import schema
from nexuslic.scenario.linting.finding import Subject, Told
from nexuslic.scenario.source import written
from nexuslic.scenario.story import Action, Always, CaseStory, Entry

_STATES = {state.value for state in State}


def decisions(case: CaseStory) -> Iterator[tuple[Entry, Action]]:
    """The entries of a story that come to a decision."""
    for entry in case.agenda:
        if isinstance(entry.what, Action) and entry.what.verb in schema.DECIDING:
            yield entry, entry.what


def never_looks(case: CaseStory, _: Subject) -> Iterable[Told]:
    """An `always` line in whose time nothing is decided that it looks at."""
    for line in case.always:
        if not _times(case, line):
            what = "launch" if line.never == "refused" else "launch, authentication or code"
            yield Told(line.place, f"no {what} of this story falls into its time")


def _times(case: CaseStory, line: Always) -> list[datetime]:
    """When the line looks at something."""
    verbs = schema.LAUNCHING if line.never == "refused" else schema.DECIDING
    return [
        entry.at
        for entry, action in decisions(case)
        if action.verb in verbs
        and (line.after is None or entry.at >= line.after)
        and (line.before is None or entry.at < line.before)
    ]


def two_states_at_once(case: CaseStory, _: Subject) -> Iterable[Told]:
    """`never: STATE, while: ANOTHER`."""
    for line in case.always:
        if line.never in _STATES and line.state is not None and line.state.value != line.never:
            yield Told(line.place, f"nothing is {line.never} while it is {line.state}")


def says_nothing(case: CaseStory, subject: Subject) -> Iterable[Told]:
    """A story that expects only that nothing is counted, or what nothing can break."""
    speaks = [line for line in case.always if _times(case, line) and line.place not in _impossible(case, subject)]
    counted = [check for entry in case.agenda for check in entry.checks if check.value != 0 or check.value is False]
    if case.checks and not (speaks or counted or case.must_visit):
        yield Told(subject.story.place, "this story expects nothing but counts of zero, or what nothing can break")


def _impossible(case: CaseStory, subject: Subject) -> set[object]:
    return {one.place for one in two_states_at_once(case, subject)}


def said_before(case: CaseStory, _: Subject) -> Iterable[Told]:
    """The same expectation of the same minute, with nothing done in between."""
    said: set[tuple[datetime, str | None, str, str]] = set()
    for entry in case.agenda:
        if entry.what is not None:
            said.clear()
        for check in entry.checks:
            key = (entry.at, check.who, check.key, check.text)
            if key in said:
                yield Told(check.place, f"`{check.key}: {check.text}` is expected in this minute already")
            said.add(key)


def why_asks_nothing(subject: Subject) -> Iterable[Told]:
    """A `why` that is no question."""
    why = subject.root.get("why")
    if why is not None and "?" not in written(why):
        yield Told(why.place, "`why` asks nothing")
