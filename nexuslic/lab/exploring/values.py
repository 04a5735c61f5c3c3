"""The world that is explored, as small values: what the rules look at, and nothing else.

Every time is a whole number of seconds counted from now, so that equal situations on different dates are one value.
Every decision comes `TICK` after the one before it, so that no two grants fall into one second.
"""

from enum import Enum
from typing import Final, NamedTuple

from nexuslic.rules.words import Cause, Reason, State

MINUTE: Final = 60
DAY: Final = 86_400
TICK: Final = DAY // 2
EXTRA: Final = 20
"""The days of an extension."""


class Place(Enum):
    """How a workstation spells the server: DB1, another name of DB1, or DB2. HERE and ALIAS are one database."""

    HERE = "DB1"
    ALIAS = "DB1-ALIAS"
    THERE = "DB2"

    __hash__ = object.__hash__


class How(Enum):
    """What becomes of an attempt to reach the license server."""

    ONLINE = "online"
    OFFLINE = "offline"
    FORGED = "forged"

    __hash__ = object.__hash__


class Record(NamedTuple):
    """One license in a database.

    `granted`, `seen` (license time) and `read` (last reading) count from now; `extra` are the days that it carries.
    """

    id: int
    bound: Place
    granted: int
    extra: int
    state: State
    refused: Reason | None
    seen: int
    read: int


class Mark(NamedTuple):
    """What a workstation keeps of a record."""

    id: int
    granted: int
    seen: int
    mismatched: bool


class Base(NamedTuple):
    """What a database holds.

    `clean`: since its grant nobody has touched the clock that is read or put a backup in its place (for law 1).
    """

    record: Record | None = None
    damaged: bool = False
    clean: bool = True


class Server(NamedTuple):
    """What the vendor keeps of the key; `until`: the last instant at which an extension is handed out."""

    bound: Place | None = None
    suspended: bool = False
    revoked: bool = False
    until: int | None = None


Marks = tuple[Mark, ...]
"""What one workstation keeps: a mark a record."""


class World(NamedTuple):
    """Everything at one moment: the database, another one, marks by workstation, and the backup of the database.

    `error` is how far the clock that launches read is off; `age` is the story's time, where an `always` line asks.
    """

    here: Base = Base()
    there: Base | None = None
    marks: tuple[Marks, Marks] = ((), ())
    backup: Record | None = None
    error: int = 0
    server: Server = Server()
    age: int = 0


class Look(NamedTuple):
    """All that one decision depends on; `wall` is what the clock shows, counted from now."""

    base: Base
    mark: Mark | None
    place: Place
    wall: int
    how: How
    guest: bool
    server: Server


class Answer(NamedTuple):
    """What a decision says; `deadline` counts from now, `warned`: that the clock was set back."""

    state: State
    runs: bool
    reason: Reason | None
    cause: Cause | None
    days_left: int | None
    deadline: int | None
    warned: bool


class Outcome(NamedTuple):
    """What came of a decision: the answer, what the database holds then, and this workstation's mark of it."""

    answer: Answer
    record: Record | None
    mark: Mark | None
    bound: Place | None = None
    """Where the key is bound from then on; None: where it was."""


def later(world: World, by: int, cap: int) -> World:
    """The same world, seen `by` seconds later; its age counts up to `cap`."""
    server = world.server
    if server.until is not None:
        server = server._replace(until=None if server.until < by else server.until - by)
    there = world.there
    backup = world.backup
    return World(
        _later_base(world.here, by),
        None if there is None else _later_base(there, by),
        (_later_marks(world.marks[0], by), _later_marks(world.marks[1], by)),
        None if backup is None else later_record(backup, by),
        world.error,
        server,
        min(cap, world.age + by),
    )


def later_record(record: Record, by: int) -> Record:
    """The same record, seen `by` seconds later."""
    number, bound, granted, extra, state, refused, seen, read = record
    return Record(number, bound, granted - by, extra, state, refused, seen - by, read - by)


def later_mark(mark: Mark, by: int) -> Mark:
    """The same mark, seen `by` seconds later."""
    return Mark(mark.id, mark.granted - by, mark.seen - by, mark.mismatched)


def _later_base(base: Base, by: int) -> Base:
    return base if base.record is None else Base(later_record(base.record, by), base.damaged, base.clean)


def _later_marks(marks: Marks, by: int) -> Marks:
    return tuple([later_mark(mark, by) for mark in marks])


def numbered(world: World) -> World:
    """The same world with its records numbered from 0 in a fixed order, and without marks of records that are gone."""
    here, there, marks, backup, error, server, age = world
    numbers: dict[int, int] = {}
    for record in (here.record, None if there is None else there.record, backup):
        if record is not None and record.id not in numbers:
            numbers[record.id] = len(numbers)
    return World(
        _renumbered(here, numbers),
        None if there is None else _renumbered(there, numbers),
        (_known(marks[0], numbers), _known(marks[1], numbers)),
        None if backup is None else Record(numbers[backup.id], *backup[1:]),
        error,
        server,
        age,
    )


def _renumbered(base: Base, numbers: dict[int, int]) -> Base:
    record, damaged, clean = base
    return base if record is None else Base(Record(numbers[record.id], *record[1:]), damaged, clean)


def _known(marks: Marks, numbers: dict[int, int]) -> Marks:
    return tuple(sorted([Mark(numbers[mark.id], *mark[1:]) for mark in marks if mark.id in numbers]))


def mark_of(marks: Marks, record: Record | None) -> Mark | None:
    """The mark of that record among these."""
    if record is not None:
        for mark in marks:
            if mark.id == record.id:
                return mark
    return None


def with_mark(marks: Marks, mark: Mark | None) -> Marks:
    """These marks with that one in the place of its like."""
    if mark is None or mark in marks:
        return marks
    others = [one for one in marks if one.id != mark.id]
    return tuple(sorted([*others, mark])) if others else (mark,)


def looks(change: int) -> tuple[tuple[int, int], ...]:
    """When a session of `TICK` looks at the clock (seconds since its start), and by how much the clock was moved then.

    Half-way it is moved by `change`. Between two events nothing changes but time, so the last look before and the first
    one after do what all would.
    """
    half = TICK // 2
    return ((TICK, 0),) if change == 0 else ((half - 2 * MINUTE, 0), (half, change), (TICK, change))


def ago(record: Record | None, mark: Mark | None) -> tuple[Record | None, Mark | None]:
    """The same, told `TICK` later."""
    if record is not None:
        record = record._replace(granted=record.granted - TICK, seen=record.seen - TICK, read=record.read - TICK)
    if mark is not None:
        mark = mark._replace(granted=mark.granted - TICK, seen=mark.seen - TICK)
    return record, mark
