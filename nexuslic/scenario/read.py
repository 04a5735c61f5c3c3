"""From a file's bytes to a Story: everything is checked before anything runs.

Raises SourceError for whatever is wrong, at file:line:column.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario import cases, schema, verbs
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.kinds import Context, Dropped, Time, check_keys, text_of
from nexuslic.scenario.source import Fields, Items, Node, Place, fail, parse, written
from nexuslic.scenario.story import Action, Always, CaseStory, Check, Entry, Phase, Story, Window

MAX_EVENTS = 10_000
DEFAULT_WORKSTATION = "ws1"


def read(data: bytes, file: str) -> Story:
    """The story in `data`. Raises SourceError."""
    return build(parse(data, file), file, tuple(data.decode("utf-8-sig").splitlines()))


def build(root: Fields, file: str, lines: tuple[str, ...] = ()) -> Story:
    """The story in the mapping that a file holds. Raises SourceError."""
    try:
        return _build(root, file, lines)
    except OverflowError as error:
        raise fail(
            Place(file, 1, 1), "a time of this story is beyond the calendar", "stay between years 2 and 9998"
        ) from error


def _build(root: Fields, file: str, lines: tuple[str, ...]) -> Story:
    check_keys(root, schema.TOP, Place(file, 1, 1))
    context = Context(Calendar.beginning("2000-01-01 00:00 UTC"))
    rows = cases.rows(root)
    rest = attrs.evolve(root, entries=tuple(e for e in root.entries if e[0].text not in ("cases", "matrix")))
    built = tuple(_case(cases.fill(rest, row), row) for row in rows)
    _refuse_unused(rows)
    tags = root.get("tags")
    return Story(
        file,
        text_of(root.get("scenario") or root, "a title"),
        text_of(root.get("why") or root, "a question"),
        schema.TOP["tags"].kind.read(tags, context) if tags is not None else (),
        built,
        lines,
        root.place,
    )


def _refuse_unused(rows: list[cases.Row]) -> None:
    used = set().union(*(row.used for row in rows))
    for row in rows:
        for word in row.values:
            if word not in used:
                raise fail(row.values[word], f"`{word}` is never used", f"write ${word} somewhere, or leave it out")


def _case(root: Node, row: cases.Row) -> CaseStory:
    assert isinstance(root, Fields)
    return _Builder(root, row).build()


def _items(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    if not isinstance(node, Items):
        raise fail(node, "expected a list")
    return node.items


class _Builder:
    """Builds one case; `calendar` learns the end as soon as it is known."""

    def __init__(self, root: Fields, row: cases.Row) -> None:
        self.root, self.row = root, row
        for key in ("format", "scenario", "why"):
            schema.TOP[key].kind.read(root.get(key) or root, Context(Calendar.beginning("2000-01-01 00:00 UTC")))
        starts = root.get("starts") or root
        try:
            self.calendar = Calendar.beginning(text_of(starts, "a start"))
        except InputError as error:
            raise error if hasattr(error, "place") else fail(starts, str(error)) from error
        self.context = Context(self.calendar)
        self._end()
        self.world = self._world()
        self.count = 0

    def _end(self) -> None:
        node = self.root.get("ends")
        if node is None:
            return
        try:
            ends = Time().read(node, self.context)
        except Dropped:
            raise fail(node, "a story has an end", "write a time, or leave the line out") from None
        if ends < self.calendar.starts:
            raise fail(node, "the story ends before it starts")
        self._ends_at(ends)

    def _ends_at(self, ends: datetime) -> None:
        self.calendar = attrs.evolve(self.calendar, ends=ends)
        self.context.calendar = self.calendar

    def _world(self) -> dict[str, Any]:
        node = self.root.get("world") or Fields((), self.root.place)
        if not isinstance(node, Fields):
            raise fail(node, "expected a mapping", "world: {license: {grace: 30}}")
        check_keys(node, schema.WORLD.keys)
        self.context = verbs.names(node, self.root, self.context, DEFAULT_WORKSTATION)
        try:
            world = schema.WORLD.read(node, self.context)
        except Dropped:
            raise fail(node, "`never` has no place in the world", "leave the line out") from None
        verbs.check_world(node, self.context)
        return world

    def build(self) -> CaseStory:
        steps = self._steps()
        if self.calendar.ends is None:
            if not steps:
                raise fail(self.root, "`ends` is missing", "a story without steps needs its last instant")
            self._ends_at(steps[-1].at)
        agenda = [*self._windows(), *self._recurring(), *steps]
        backups = frozenset(
            entry.what.args["taken"]
            for entry in agenda
            if isinstance(entry.what, Action) and "taken" in entry.what.args
        )
        agenda += [Entry(at, Phase.STEPS, None) for at in sorted(backups)]
        agenda.sort(key=lambda entry: (entry.at, entry.phase))
        always = self._always_lines()
        visits = self._visits()
        verbs.check_actors(agenda)
        checks = sum(len(entry.checks) for entry in agenda) + len(always) + len(visits)
        values = {word: written(value) for word, value in self.row.values.items()}
        return CaseStory(
            self.row.name,
            self.calendar,
            self.world,
            tuple(agenda),
            always,
            visits,
            backups,
            checks,
            self.row.place,
            values,
        )

    def _steps(self) -> list[Entry]:
        entries: list[Entry] = []
        before = self.calendar.starts
        for node in _items(self.root.get("steps")):
            self.context.before = before
            try:
                entry = self._step(node)
            except Dropped:
                continue
            self._inside(entry.at, self._at(node), "step")
            if entry.at < before:
                last = self.calendar.write(before)
                raise fail(self._at(node), f"this step is out of order: the one before it is at {last}")
            if entry.phase is Phase.CLOCKS and entries and entries[-1].at == entry.at:
                entry = attrs.evolve(entry, phase=entries[-1].phase)
            self._count(entry.what, node)
            entries.append(entry)
            before = entry.at
        return entries

    def _at(self, node: Node) -> Node:
        return (node.get("at") if isinstance(node, Fields) else None) or node

    def _step(self, node: Node) -> Entry:
        if not isinstance(node, Fields):
            raise fail(node, "a step is a mapping", "- {at: day 2 06:00, launch: ws1}")
        check_keys(node, schema.STEP)
        at = Time().read(node.get("at") or node, self.context)
        action = self._action(node, at, required=False)
        expect = node.get("expect")
        checks = () if expect is None else self._expect(expect)
        note = node.get("note")
        if action is None and not checks and note is None:
            raise fail(node, "this step neither does nor expects anything")
        phase = Phase.CLOCKS if action is not None and action.verb == "set_clock" else Phase.STEPS
        return Entry(at, phase, action, checks, "" if note is None else written(note))

    def _action(self, node: Fields, at: datetime, *, required: bool) -> Action | None:
        found = [(name, value) for name, value in node.entries if name.text in schema.VERBS]
        if len(found) > 1:
            raise fail(found[1][0], f"a second verb: `{found[0][0].text}` and `{found[1][0].text}`", "one a line")
        if not found:
            if required:
                raise fail(node, "a recurring action needs a verb", "launch: ws1")
            return None
        name, value = found[0]
        read = schema.VERBS[name.text].kind.read(value, self.context)
        return verbs.action(name.text, read, value, self.context, at)

    def _expect(self, node: Node) -> tuple[Check, ...]:
        if not isinstance(node, Fields) or not node.entries:
            raise fail(node, "this expects nothing", "expect: {state: Grace, runs: yes}")
        if all(isinstance(value, Fields) for _, value in node.entries):
            checks: list[Check] = []
            for who, value in node.entries:
                schema.WORKSTATION.read(who, self.context)
                assert isinstance(value, Fields)
                checks += self._checks(value, who.text)
            return tuple(checks)
        return tuple(self._checks(node, None))

    def _checks(self, node: Fields, who: str | None) -> list[Check]:
        check_keys(node, schema.EXPECTATIONS)
        checks = []
        for name, value in node.entries:
            with suppress(Dropped):
                wanted = schema.EXPECTATIONS[name.text].kind.read(value, self.context)
                checks.append(Check(name.text, wanted, written(value), who, value.place))
        return checks

    def _recurring(self) -> list[Entry]:
        entries: list[Entry] = []
        for node in _items(self.root.get("every")):
            try:
                entries += self._repeat(node)
            except Dropped:
                continue
        return entries

    def _repeat(self, node: Node) -> list[Entry]:
        if not isinstance(node, Fields):
            raise fail(node, "a recurring action is a mapping", "- {at: daily 06:00, launch: ws1}")
        check_keys(node, schema.EVERY)
        self.context.before = self.calendar.starts
        at = node.get("at") or node
        since, until = self._span(node)
        text = text_of(at, "a time")
        try:
            instants = self.calendar.recurring(text, since, until)
        except (InputError, OverflowError) as error:
            raise fail(at, str(error) if isinstance(error, InputError) else f"`{text}` is too long") from error
        if instants is None:
            instant = Time().read(at, self.context)
            self._inside(instant, at, "recurring action")
            instants = iter([instant] if since <= instant <= until else [])
        entries = []
        action: Action | None = None
        for instant in instants:
            action = action or self._action(node, instant, required=True)
            phase = Phase.CLOCKS if action is not None and action.verb == "set_clock" else Phase.RECURRING
            self._count(action, node)
            entries.append(Entry(instant, phase, action))
        if not entries:
            raise fail(at, "this recurring action never happens within the story")
        return entries

    def _span(self, node: Fields) -> tuple[datetime, datetime]:
        """From when to when (both included) something recurs."""
        ends = self.calendar.ends or self.calendar.starts
        since, until = self.calendar.starts, ends
        if (start := node.get("from")) is not None:
            since = max(since, Time().read(start, self.context))
        if (stop := node.get("to")) is not None:
            until = min(until, Time().read(stop, self.context) - timedelta(minutes=1))
        return since, until

    def _windows(self) -> list[Entry]:
        entries: list[Entry] = []
        for name, shape in (("online", schema.ONLINE), ("faults", schema.FAULT)):
            for node in _items(self.root.get(name)):
                try:
                    entries += self._window(name, node, shape.read(node, self.context))
                except Dropped:
                    continue
                self._count(None, node)
        return entries

    def _window(self, name: str, node: Node, got: dict[str, Any]) -> list[Entry]:
        if name == "faults" and ("cause" in got) == ("database" in got):
            raise fail(node, "a fault has either a `cause` or a `database`", "{from:, to:, cause: dns}")
        if "database" in got and "workstations" in got:
            raise fail(node, "the trouble of a database is everybody's", "leave `workstations` out")
        ends = self.calendar.ends or self.calendar.starts
        since, until = got.get("from", self.calendar.starts), got.get("to")
        if until is not None and until <= since:
            raise fail(node, "this window closes before it opens")
        if since > ends or (until is not None and until <= self.calendar.starts):
            raise fail(node, "this window lies outside the story", self._extent())
        who = tuple(got.get("workstations", self.context.workstations))
        cause, trouble = got.get("cause"), got.get("database")
        opening = Entry(max(since, self.calendar.starts), Phase.CLOCKS, Window(True, who, cause, trouble, node.place))
        if until is None or until > ends:
            return [opening]
        return [opening, Entry(until, Phase.CLOCKS, Window(False, who, cause, trouble, node.place))]

    def _always_lines(self) -> tuple[Always, ...]:
        lines = []
        for node in _items(self.root.get("always")):
            with suppress(Dropped):
                lines.append(self._always(node))
        return tuple(lines)

    def _always(self, node: Node) -> Always:
        got = schema.ALWAYS.read(node, self.context)
        assert isinstance(node, Fields)
        text = ", ".join(f"{key.text}: {written(value)}" for key, value in node.entries)
        place = (node.get("never") or node).place
        return Always(got["never"], got.get("before"), got.get("after"), got.get("while"), text, place)

    def _visits(self) -> tuple[tuple[Any, Place], ...]:
        node = self.root.get("must_visit")
        if node is None:
            return ()
        states = schema.TOP["must_visit"].kind.read(node, self.context)
        places = [one.place for one in node.items] if isinstance(node, Items) else [node.place]
        return tuple(zip(states, places, strict=True))

    def _inside(self, at: datetime, node: Node, what: str) -> None:
        if at < self.calendar.starts or (self.calendar.ends is not None and at > self.calendar.ends):
            raise fail(node, f"this {what} lies outside the story", self._extent())

    def _extent(self) -> str:
        ends = self.calendar.ends or self.calendar.starts
        return f"it runs from {self.calendar.write(self.calendar.starts)} to {self.calendar.write(ends)}"

    def _count(self, action: object, node: Node) -> None:
        self.count += max(1, len(action.actors)) if isinstance(action, Action) else 1
        if self.count > MAX_EVENTS:
            raise fail(node, f"more than {MAX_EVENTS:,} events in one case", "shorten the story")
