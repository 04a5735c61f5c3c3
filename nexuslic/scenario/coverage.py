"""What stories can visit: rows of the state machine x causes of no contact x verbs, and which of them cannot be.

A combination is a row that fired, the cause that it fired with, and the verb that fired it. `NEVER` says as data
which ones cannot happen, and why; all others have to be visited by some story. A test enumerates the rules, and finds
just these.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from nexuslic.rules.machine import TABLE, Row
from nexuslic.rules.words import Cause, Event, Reason
from nexuslic.scenario import schema

if TYPE_CHECKING:
    from fractions import Fraction

_LAUNCHED = schema.LAUNCHING
_ENTERED = tuple(sorted(set(schema.DECIDING) - set(_LAUNCHED)))
VERBS: Final = (*_ENTERED, *_LAUNCHED)
"""The verbs that come to a decision."""
NO_CAUSE: Final = (None,)
CAUSES: Final = (*NO_CAUSE, *Cause)


@attrs.frozen
class Cell:
    """One combination: a row, the cause of no contact with which it fired (None: there was contact), and the verb."""

    row: Row
    cause: Cause | None
    verb: str

    def __str__(self) -> str:
        return f"{self.row}, {self.cause or 'no cause'}, by {self.verb}"


@attrs.frozen
class Never:
    """Combinations that cannot happen: of these events, by these verbs, with these causes; and why."""

    events: tuple[Event, ...]
    verbs: tuple[str, ...]
    causes: tuple[Cause | None, ...]
    why: str

    def covers(self, cell: Cell) -> bool:
        """Whether `cell` is one of them."""
        return cell.row.event in self.events and cell.verb in self.verbs and cell.cause in self.causes


_OTHERS = tuple(event for event in Event if event is not Event.AUTHENTICATE)

NEVER: Final = (
    Never((Event.AUTHENTICATE,), _LAUNCHED, CAUSES, "only a key or a renewal code that is granted authenticates"),
    Never((Event.AUTHENTICATE,), _ENTERED, tuple(Cause), "it fires on a grant, and a grant has no cause"),
    Never(_OTHERS, _ENTERED, CAUSES, "a key or a code that is not granted changes nothing, so no row fires"),
    Never((Event.CONFIRM,), _LAUNCHED, tuple(Cause), "the license server confirmed, so there was contact"),
    Never((Event.LOSE_CONTACT,), _LAUNCHED, NO_CAUSE, "no contact always carries one cause"),
    Never((Event.MISMATCH,), _LAUNCHED, tuple(Cause), "the names decide before any contact, or the server's answer"),
    Never((Event.MATCH,), _LAUNCHED, tuple(Cause), "the names decide before any contact; a cause is of the next row"),
    Never((Event.REVOKE,), _LAUNCHED, tuple(Cause), "only the license server's answer revokes"),
)

_ALONE = (Event.LOSE_CONTACT, Event.END)
"""The events that a launch without contact comes to: the cause of a decision is theirs."""


def product() -> tuple[Cell, ...]:
    """Every combination, whether it can happen or not."""
    return tuple(Cell(row, cause, verb) for row in TABLE for cause in CAUSES for verb in VERBS)


@cache
def reachable() -> tuple[Cell, ...]:
    """The combinations that can happen."""
    return tuple(cell for cell in product() if not any(never.covers(cell) for never in NEVER))


@cache
def cells_of(path: tuple[Row, ...], cause: Cause | None, verb: str) -> tuple[Cell, ...]:
    """The combinations that one decision visited: each row that fired, with the cause where it is the row's own."""
    return tuple(Cell(row, cause if row.event in _ALONE else None, verb) for row in path)


class Visitor(Protocol):
    """What came of a case, as far as coverage asks: where it stands, and what it visited."""

    @property
    def file(self) -> str: ...
    @property
    def cells(self) -> Mapping[Cell, int]: ...
    @property
    def causes(self) -> frozenset[Cause]: ...
    @property
    def reasons(self) -> frozenset[Reason]: ...


@attrs.frozen
class Part:
    """How much of something was visited, as an exact fraction, and what is missing."""

    name: str
    visited: int
    of: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.visited}/{self.of}"


@attrs.frozen
class Coverage:
    """What stories visited: rows, causes, reasons and combinations; and where (`file:line`) each combination was."""

    parts: tuple[Part, ...]
    places: Mapping[Cell, tuple[str, ...]]

    def short_of(self, percent: "Fraction") -> tuple[Part, ...]:
        """The parts of which less than `percent` was visited, compared without rounding."""
        return tuple(part for part in self.parts if part.visited * 100 < percent * part.of)


def of(visitors: Iterable[Visitor]) -> Coverage:
    """What several cases visited together."""
    places: dict[Cell, dict[str, None]] = {}
    causes: set[Cause] = set()
    reasons: set[Reason] = set()
    for one in visitors:
        causes |= one.causes
        reasons |= one.reasons
        for cell, line in one.cells.items():
            places.setdefault(cell, {})[f"{one.file}:{line}"] = None
    rows = {cell.row for cell in places}
    parts = (
        _part("rows", TABLE, rows),
        _part("causes", Cause, causes),
        _part("reasons", Reason, reasons),
        _part("combinations", reachable(), set(places)),
    )
    return Coverage(parts, {cell: tuple(there) for cell, there in places.items()})


def _part(name: str, wanted: Iterable[object], seen: set[Row] | set[Cause] | set[Reason] | set[Cell]) -> Part:
    every = tuple(wanted)
    missing = tuple(str(one) for one in every if one not in seen)
    return Part(name, len(every) - len(missing), len(every), missing)
