"""From the cells of a row to a trip: what a voyage would refuse is refused here, with its row and its column.

A trip is told as `nexuslic voyage` tells it: the story begins on the day of departure at 06:00, the key is entered at
07:30, and the last day is the day of return.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from sys import intern
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import trip as trips
from nexuslic.lab.fleet import cells
from nexuslic.lab.fleet.cells import ClockSet, When
from nexuslic.lab.fleet.columns import TIMES
from nexuslic.lab.fleet.problems import BadCell, Problems
from nexuslic.rules.policy import Policy
from nexuslic.scenario.calendar import Calendar

T = TypeVar("T")

BEGINS = "06:00"
_RULES = Policy()
_ONE_DAY = timedelta(days=1)
_OUTSIDE = "correct it, or the dates of the trip"


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


_ALONE = {
    **dict.fromkeys(TIMES, _minute(trips.NOON)),
    "codes": _minute(trips.CODES),
    "clocks": _minute(trips.CLOCKS),
}
"""When something happens that names only its day, by column; the minute of the day."""
_BEGINS, _LAST = _minute(BEGINS), _minute("23:59")


@attrs.frozen
class FleetTrip:
    """One trip of a list: its row (the header is 1), its name, its vessel (may be empty), the people aboard.

    `trip.grace` is the default: whoever asks puts another in its place.
    """

    row: int
    name: str
    vessel: str
    crew: int
    trip: trips.Trip

    @property
    def departure(self) -> date:
        """Day 1."""
        return date.fromisoformat(self.trip.start[:10])

    @property
    def back(self) -> date:
        """The last day."""
        return self.departure + (self.trip.days - 1) * _ONE_DAY


@attrs.frozen
class Span:
    """From when to when a trip is, and where."""

    first: date
    days: int
    zone: ZoneInfo


@attrs.define
class RowReader:
    """Reads rows, and adds what is wrong with them to `problems`; `zone` is that of rows which name none."""

    problems: Problems
    zone: ZoneInfo
    _row: int = 0

    def read(self, row: int, found: Mapping[str, Any]) -> FleetTrip | None:
        """The trip of a row; None where something is wrong with it. `found` holds the cells that are not empty."""
        self._row = row
        before = self.problems.count
        trip = self._trip(found)
        crew = self._whole(found, "crew", 1, 1, trips.MOST_CREW)
        if trip is None or self.problems.count > before:
            return None
        name = str(found.get("trip", "")).strip() or f"row {row}"
        return FleetTrip(row, name, intern(str(found.get("vessel", "")).strip()), crew, trip)

    def _trip(self, found: Mapping[str, Any]) -> trips.Trip | None:
        zone = self._cell(found, "zone", self.zone, cells.zone)
        span = self._span(found, zone)
        events = {column: self._events(found, column, span, zone) for column in TIMES}
        stations = self._whole(found, "workstations", 1, 1, trips.MOST_WORKSTATIONS)
        clocks = self._clocks(found, span, stations)
        system = self._cell(found, "os", "windows-10", cells.system)
        extension = self._whole(found, "extension", 0, 0, trips.MOST_GRACE)
        if span is None:
            return None
        if span.days * stations > trips.MOST_LAUNCHES:
            what = f"{stations} workstations for {span.days} days are more than {trips.MOST_LAUNCHES:,} launches"
            self._wrong("workstations", what, "take fewer, or correct the dates")
        return trips.Trip(
            days=span.days,
            start=_start(span.first, zone.key),
            os=system,
            workstations=stations,
            contacts=events["contacts"],
            restores=events["restores"],
            codes=events["codes"],
            set_clocks=clocks,
            extend=extension,
            renames=events["renames"],
            rules=_RULES,
        )

    def _wrong(self, column: str, what: str, do: str) -> None:
        self.problems.add(self._row, column, what, do)

    def _cell(self, found: Mapping[str, Any], column: str, default: T, make: Callable[..., T], *more: Any) -> T:
        if column not in found:
            return default
        try:
            return make(found[column], *more)
        except BadCell as error:
            self._wrong(column, error.what, error.do)
            return default

    def _whole(self, found: Mapping[str, Any], column: str, default: int, least: int, most: int) -> int:
        return self._cell(found, column, default, cells.whole, least, most)

    def _span(self, found: Mapping[str, Any], zone: ZoneInfo) -> Span | None:
        ends = []
        for column in ("departure", "return"):
            if column not in found:
                self._wrong(column, "this cell is empty", cells.DATES)
            when = self._cell(found, column, None, cells.day, zone)
            ends += [] if when is None or not self._exists(column, when, zone) else [when.on]
        if len(ends) < 2 or ends[0] is None or ends[1] is None:
            return None
        first, last = ends[0], ends[1]
        days = (last - first).days + 1
        if days < 1:
            self._wrong("return", f"{last} is before the departure, {first}", "correct one of the two")
        elif days > trips.MOST_DAYS:
            self._wrong("return", f"that is a trip of {days:,} days", f"a trip takes {trips.MOST_DAYS:,} at most")
        else:
            return Span(first, days, zone)
        return None

    def _exists(self, column: str, when: When, zone: ZoneInfo) -> bool:
        """Whether the zone has that day, and that time where one is written (the first, where it has it twice)."""
        assert when.on is not None
        minutes = {_BEGINS, _BEGINS if when.minute is None else when.minute}
        what = next(filter(None, (_skipped(when.on, minute, "either", zone) for minute in minutes)), "")
        if what:
            self._wrong(column, what, "write a time that the clocks show")
        return not what

    def _events(self, found: Mapping[str, Any], column: str, span: Span | None, zone: ZoneInfo) -> tuple[str, ...]:
        if column not in found:
            return ()
        nothing: tuple[When, ...] = ()
        there = self._cell(found, column, nothing, cells.times, zone)
        for when in there:
            self._place(column, when, span)
        return tuple(when.text for when in there)

    def _clocks(self, found: Mapping[str, Any], span: Span | None, stations: int) -> tuple[str, ...]:
        if "clocks" not in found:
            return ()
        nothing: tuple[ClockSet, ...] = ()
        there = self._cell(found, "clocks", nothing, cells.clocks)
        names = ("database", *trips.crew(stations))
        for one in there:
            self._place("clocks", one.when, span)
            if one.of not in names:
                self._wrong("clocks", f"there is no workstation `{one.of}`", f"write one of {', '.join(names[:6])}")
        return tuple(f"{one.when.text} {one.by}{'' if one.of == 'database' else f' {one.of}'}" for one in there)

    def _place(self, column: str, when: When, span: Span | None) -> None:
        if span is None:
            return
        day = when.number or (when.on or span.first).toordinal() - span.first.toordinal() + 1
        minute = _ALONE[column] if when.minute is None else when.minute
        if not 1 <= day <= span.days:
            last = span.first + (span.days - 1) * _ONE_DAY
            runs = f"which is from {span.first} (day 1) to {last} (day {span.days})"
            self._wrong(column, f'"{when.text}" is outside the trip, {runs}', _OUTSIDE)
        elif day == 1 and minute < _BEGINS:
            at = f" at {minute // 60:02}:{minute % 60:02}" if when.minute is None else ""
            self._wrong(column, f'"{when.text}"{at} is before the trip, which begins on day 1 at {BEGINS}', _OUTSIDE)
        elif column == "contacts" and (day, minute) == (span.days, _LAST):
            self._wrong(column, f'"{when.text}" is the last minute of the trip', "too late for a contact: leave it out")
        elif what := _skipped(span.first + (day - 1) * _ONE_DAY, minute, when.which, span.zone):
            self._wrong(column, what, cells.TIMES)


@cells.once
def _start(first: date, zone: str) -> str:
    return f"{first.isoformat()} {BEGINS} {zone}"


@cells.once
def _skipped(on: date, minute: int, which: str | None, zone: ZoneInfo) -> str:
    """Why the zone does not have that time, or not once; empty where it does. `either`: the one of two is as good."""
    calendar = Calendar(on, zone, datetime.combine(on, time(), UTC))
    text = f"day 1 {minute // 60:02}:{minute % 60:02}"
    for suffix in ("", " first") if which == "either" else (f" {which}" if which else "",):
        try:
            calendar.moment(f"{text}{suffix}")
        except InputError as error:
            problem = str(error).replace("day 1", on.isoformat())
        else:
            return ""
    return f"{problem} ({zone.key})"
