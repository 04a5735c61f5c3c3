"""What a story names and never uses, and what two stories or two rows have in common."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from nexuslic.rules.binding import fold
from nexuslic.scenario.linting.finding import Subject, Told
from nexuslic.scenario.source import Fields, Items, Node, Text, written
from nexuslic.scenario.story import Action, CaseStory


def workstations(case: CaseStory, subject: Subject) -> Iterable[Told]:
    """A workstation on which nothing happens, and that is no server."""
    used = set(_words(case)) | {check.who for entry in case.agenda for check in entry.checks if check.who}
    used |= {name for entry in case.agenda if isinstance(entry.what, Action) for name in entry.what.actors}
    for name, plan in _named(subject, "workstations"):
        runs_server = isinstance(plan, Fields) and plan.get("runs_server") is not None
        if name.text not in used and not runs_server:
            yield Told(name.place, f"nothing ever happens on the workstation `{name.text}`")


def servers(case: CaseStory, subject: Subject) -> Iterable[Told]:
    """A server that is not the database's, and that nobody connects to, restores onto or whose clock nobody sets."""
    plans = case.world.get("workstations", {}).values()
    used = {fold(word) for word in _words(case)}
    used |= {fold(str(plan[key])) for plan in plans for key in ("connects_to", "runs_server") if key in plan}
    used.add(fold(case.world.get("database", {}).get("server", "DB1")))
    for name, _ in _named(subject, "servers"):
        known = case.world.get("servers", {}).get(name.text, {}).get("names", ())
        if not used & {fold(name.text), *map(fold, known)}:
            yield Told(name.place, f"nothing connects to the server `{name.text}`")


def users(case: CaseStory, subject: Subject) -> Iterable[Told]:
    """A user of the list who works nowhere and is assigned nothing."""
    plans = case.world.get("workstations", {})
    used = {fold(word) for word in (*_words(case), *case.world.get("assigned", ()))}
    used |= {fold(str(plan.get("user", name))) for name, plan in plans.items()}
    world = subject.root.get("world")
    listed = world.get("users") if isinstance(world, Fields) else None
    for name in listed.items if isinstance(listed, Items) else ():
        if isinstance(name, Text) and fold(name.text) not in used:
            yield Told(name.place, f"the user `{name.text}` does nothing")


def _named(subject: Subject, what: str) -> Iterator[tuple[Text, Node]]:
    world = subject.root.get("world")
    there = world.get(what) if isinstance(world, Fields) else None
    yield from there.entries if isinstance(there, Fields) else ()


def _words(case: CaseStory) -> Iterator[str]:
    """Every word that stands in an argument of a verb."""
    for entry in case.agenda:
        if isinstance(entry.what, Action):
            yield from _texts(entry.what.args)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)


def same_rows(subject: Subject) -> Iterable[Told]:
    """Two rows of `cases` that differ in nothing but their name."""
    rows = subject.root.get("cases")
    seen: dict[str, str] = {}
    for row in rows.items if isinstance(rows, Items) else ():
        if isinstance(row, Fields):
            others = sorted((one for one in row.entries if one[0].text != "case"), key=_key)
            values = written(Fields(tuple(others), row.place))
            name = written(row.get("case") or row)
            if values in seen:
                yield Told(row.place, f"the case `{name}` tells the same as `{seen[values]}`")
            seen.setdefault(values, name)


def _key(entry: tuple[Text, Node]) -> str:
    return entry[0].text


def titles(subjects: list[Subject]) -> Iterable[Told]:
    """One title for two stories."""
    places = defaultdict(list)
    for subject in subjects:
        places[" ".join(subject.story.title.casefold().split())].append(subject)
    for same in places.values():
        for one in same[1:]:
            title = one.root.get("scenario")
            yield Told(one.story.place if title is None else title.place, f"{same[0].story.file} has this title too")
