"""A story as values: what a file says, with every time an instant and every name resolved.

`agenda` holds everything that happens, in order: in one minute clocks and windows come first, then recurring
actions in the file's order, then steps in the file's order.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

import attrs

from nexuslic.rules.words import Cause, State
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.source import Place


class Phase(IntEnum):
    """The order within one minute."""

    CLOCKS = 0
    RECURRING = 1
    STEPS = 2


@attrs.frozen
class Action:
    """One verb with its arguments, the workstations that act (empty: none in particular), and as it is written."""

    verb: str
    args: Mapping[str, Any]
    actors: tuple[str, ...]
    place: Place
    text: str


@attrs.frozen
class Window:
    """An edge of a window: it opens or closes for these workstations; `place` is where the window is written."""

    opens: bool
    workstations: tuple[str, ...]
    cause: Cause | None = None
    trouble: str | None = None
    place: Place | None = None


@attrs.frozen
class Check:
    """One expectation: `who` is a workstation, or None for whatever acted; `text` is as written."""

    key: str
    value: Any
    text: str
    who: str | None
    place: Place


@attrs.frozen
class Entry:
    """One line of the agenda; `note` is a remark for the reader."""

    at: datetime
    phase: Phase
    what: Action | Window | None
    checks: tuple[Check, ...] = ()
    note: str = ""

    @property
    def weight(self) -> int:
        """How many events it is: one for each workstation that acts."""
        return max(1, len(self.what.actors)) if isinstance(self.what, Action) else 1


@attrs.frozen
class Always:
    """What must hold after every event; times are instants (UTC) or None."""

    never: str
    before: datetime | None
    after: datetime | None
    state: State | None
    text: str
    place: Place


@attrs.frozen
class CaseStory:
    """One case of a story, ready to run; `values` are the words of its row as they are written, `place` its row."""

    name: str
    calendar: Calendar
    world: Mapping[str, Any]
    agenda: tuple[Entry, ...]
    always: tuple[Always, ...]
    must_visit: tuple[tuple[State, Place], ...]
    backups: frozenset[datetime]
    checks: int
    place: Place
    values: Mapping[str, str] = attrs.Factory(dict)

    @property
    def ends(self) -> datetime:
        """The last instant (UTC)."""
        return self.calendar.ends or self.calendar.starts

    @property
    def weight(self) -> int:
        """How many events it has."""
        return sum(entry.weight for entry in self.agenda)


@attrs.frozen
class Story:
    """A scenario file."""

    file: str
    title: str
    why: str
    tags: tuple[str, ...]
    cases: tuple[CaseStory, ...]
    lines: tuple[str, ...]
    place: Place

    def line(self, place: Place) -> str:
        """The line of the file that a place stands in."""
        return self.lines[place.line - 1] if place.line <= len(self.lines) else ""
