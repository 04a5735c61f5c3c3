"""A voyage as the kernel's program, without a story in between: what a thousand trips of a list are told from.

A test holds it to the program that the voyage's own story comes to.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from nexuslic.lab.program import LAUNCHED, SERVED, STORED, Kind, Program, program, row
from nexuslic.lab.schedule import Schedule
from nexuslic.lab.trip import Trip, midnight
from nexuslic.rules.words import WhichBinding, WhichClock

_SECOND = timedelta(seconds=1)
_Event = tuple[datetime, int, Callable[[datetime], None]]


def rows_of(trip: Trip, extended: int | None = None) -> Program:
    """The program of a voyage under its rules; its own grace is left out, for it is told at every grace.

    `extended`: at this grace, and told at every extension of the grants of day 1 instead.
    """
    return program(_Rows(trip, extended).written(), trip.days)


class _Rows:
    """Writes one voyage as rows: its schedule in order of time, with what the clocks and the names are by then.

    `bound`: whether the license is that of the database as it is named; before the first grant there is none.
    """

    def __init__(self, trip: Trip, extended: int | None) -> None:
        self.schedule = Schedule(trip)
        self.rules, self.extend, self.fixed = trip.rules, trip.extend, extended
        self.by_workstation = self.rules.clock is WhichClock.WORKSTATION
        self.errors = dict.fromkeys(("database", "quay", *self.schedule.crew), timedelta(0))
        self.bound = False
        self.rows: list[list[int]] = []
        self.carries_until = midnight(self.schedule.calendar, 1)

    def written(self) -> list[list[int]]:
        for at, _, happens in sorted(self._events(), key=itemgetter(0, 1)):
            happens(at)
        return self.rows

    def _events(self) -> list[_Event]:
        """Times, their order within a minute, and what happens: clocks, then launches, then what the steps do."""
        plan = self.schedule
        events: list[_Event] = [(at, 0, partial(self._set_clock, of, by)) for at, by, of in plan.clocks]
        events += [(at, 1, self._launch) for at in plan.launches]
        for _, _, act, key in plan.windows:
            events += [(act, 2, self._key)] if key else []
            events.append((act, 2, self._launch))
        events += [(at, 3, self._restore) for at in plan.restores]
        events += [(at, 3, self._rename) for at in plan.renames]
        events += [(at, 4, self._enter) for at in plan.codes]
        return [*events, (plan.quay, 4, self._at_quay)]

    def _set_clock(self, of: str, by: timedelta, at: datetime) -> None:
        self.errors[of] += by

    def _at_quay(self, at: datetime) -> None:
        """Where the crew has Windows 7, on another computer, whose clock is right."""
        self._grant(at, "quay" if self.schedule.old and self.by_workstation else self._first, STORED | SERVED)

    def _enter(self, at: datetime) -> None:
        """A code over the radio, or the key."""
        self._grant(at, self._first, STORED | SERVED)

    def _key(self, at: datetime) -> None:
        """With the phone, where the names have changed: Windows 7 makes no contact."""
        if not self.schedule.old:
            self._enter(at)

    def _restore(self, at: datetime) -> None:
        """Onto another server, whose clock is right."""
        self.bound, self.errors["database"] = False, timedelta(0)

    def _rename(self, at: datetime) -> None:
        self.bound = self.bound and self.rules.binding is WhichBinding.IDENTITY

    def _launch(self, at: datetime) -> None:
        contact = any(since <= at < until for since, until, _, _ in self.schedule.windows)
        for clock in self.schedule.crew if self.by_workstation else ("database",):
            if not self.bound:
                self._add(Kind.REFUSED, at)
            elif contact and not self.schedule.old:
                self._grant(at, clock, LAUNCHED)
            else:
                self._add(Kind.LAUNCH, at, reading=self._seconds(at + self.errors[clock]))

    @property
    def _first(self) -> str:
        """The clock that a key is entered under."""
        return self.schedule.crew[0] if self.by_workstation else "database"

    def _grant(self, at: datetime, clock: str, flags: int) -> None:
        self.bound = True
        early = at <= self.carries_until
        base, swept = self.extend if early else 0, 1
        if self.fixed is not None:
            base, swept = base + self.fixed, 1 if early else 0
        reading, server = self._seconds(at + self.errors[clock]), self._seconds(at)
        self._add(Kind.GRANT, at, reading=reading, server=server, base=base, swept=swept, flags=flags)

    def _add(self, kind: Kind, at: datetime, **columns: int) -> None:
        self.rows.append(row(kind, self.schedule.calendar.day(at), **columns))

    def _seconds(self, at: datetime) -> int:
        return (at - self.schedule.calendar.starts) // _SECOND
