"""What stands in one cell of a list of trips: a date, a number, a word, times, clocks that are set.

Whatever has one meaning only is understood: `2026-03-20`, `2026-03-20T14:00`, `20.03.2026`, `12.0`. What may mean two
things, such as `03/04/2026`, is refused. Each cell is parsed once: fleets repeat themselves.
"""

import math
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from nexuslic.errors import InputError
from nexuslic.lab.fleet.problems import BadCell
from nexuslic.lab.trip import clock_set
from nexuslic.scenario.calendar import signed_duration, zone_called
from nexuslic.scenario.kinds import nearest
from nexuslic.scenario.schema import OPERATING_SYSTEMS

once = lru_cache(maxsize=1 << 17)

_TIME = r"(?:[T ]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_WHICH = r"(?: (?P<which>first|second))?"
_ISO = re.compile(rf"(?P<year>[0-9]{{4}})([-/])(?P<month>[0-9]{{1,2}})\2(?P<day>[0-9]{{1,2}}){_TIME}{_WHICH}", re.I)
_DOTS = re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}}){_TIME}{_WHICH}", re.I)
_DAY = re.compile(rf"day +(?P<number>[0-9]{{1,5}}){_TIME}{_WHICH}", re.I)
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}(?:[.,]0{1,2})?")
_SEVERAL = re.compile(r"[;|,]")

DATES = "write 2026-03-20, or 2026-03-20 14:00"
TIMES = "write 2026-03-20, 2026-03-20 14:00, day 20 or day 20 14:00"
CLOCKS = "write when and by how much, such as day 10 -3d or 2026-03-20 05:00 +2h ws2"
FIRST_YEAR, LAST_YEAR = 1980, 2199
MOST_SET = 36500


@attrs.frozen
class When:
    """A day of the trip by its number or by its date, and the minute of that day where one is written."""

    number: int | None
    on: date | None
    minute: int | None
    which: str | None
    text: str


@attrs.frozen
class ClockSet:
    """A clock that is set: `by` as stories write it, `of` the database or a workstation."""

    when: When
    by: str
    of: str


@once
def day(cell: Any, zone: ZoneInfo) -> When:
    """The date in a cell, with its time of day where there is one. Raises BadCell."""
    when = _typed(cell, zone) if isinstance(cell, date) else _written(str(cell).strip(), DATES)
    if when.on is None:
        raise BadCell(f'"{cell}" is no date', DATES)
    return when


@once
def times(cell: Any, zone: ZoneInfo) -> tuple[When, ...]:
    """The times in a cell, or in the list that it holds. Raises BadCell."""
    if isinstance(cell, tuple):
        return tuple(when for one in cell if one is not None for when in times(one, zone))
    if isinstance(cell, date):
        return (_typed(cell, zone),)
    return tuple(_written(part, TIMES) for part in _parts(cell))


@once
def clocks(cell: Any) -> tuple[ClockSet, ...]:
    """The clocks that a cell sets. Raises BadCell."""
    if isinstance(cell, tuple):
        return tuple(one for part in cell if part is not None for one in clocks(part))
    return tuple(_clock(part) for part in _parts(cell))


def _parts(cell: Any) -> list[str]:
    return [part for part in (" ".join(part.split()) for part in _SEVERAL.split(str(cell))) if part]


def _clock(text: str) -> ClockSet:
    when, by, of = clock_set(text)
    if by[:1] not in ("+", "-") or not when:
        raise BadCell(f'"{text}" sets no clock', CLOCKS)
    try:
        far = abs(signed_duration(by).days) > MOST_SET
    except InputError as error:
        raise BadCell(f'"{text}" sets no clock: {error}', CLOCKS) from error
    if far:
        raise BadCell(f'"{text}" sets a clock by more than {MOST_SET:,} days', "write less")
    return ClockSet(_written(when, CLOCKS), by, of)


def _typed(cell: date, zone: ZoneInfo) -> When:
    if not isinstance(cell, datetime):
        return When(None, _sensible(cell), None, None, cell.isoformat())
    local = cell if cell.tzinfo is None else cell.astimezone(zone)
    which = _which(local) if local.tzinfo is not None else None
    return _when(_sensible(local.date()), local.hour, local.minute, which)


def _which(local: datetime) -> str | None:
    """Which of the two it is, where the zone has that hour twice."""
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return None if first == second else ("first", "second")[local.fold]


def _when(on: date, hour: int, minute: int, which: str | None) -> When:
    text = f"{on.isoformat()} {hour:02}:{minute:02}" + (f" {which}" if which else "")
    return When(None, on, hour * 60 + minute, which, text)


@once
def _written(text: str, do: str) -> When:
    numbered = _DAY.fullmatch(text)
    if numbered:
        number = int(numbered["number"])
        if number == 0:
            raise BadCell(f'"{text}": there is no day 0', "the day of departure is day 1")
        minute, which = _minute(numbered, text, do), _lower(numbered["which"])
        return When(number, None, minute, which, _text(f"day {number}", minute, which))
    found = _ISO.fullmatch(text) or _DOTS.fullmatch(text)
    if not found:
        raise BadCell(f'"{text}" is no {"date" if do == DATES else "time"}', do)
    try:
        on = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise BadCell(f'"{text}" is not in the calendar', do) from error
    minute, which = _minute(found, text, do), _lower(found["which"])
    return When(None, _sensible(on), minute, which, _text(on.isoformat(), minute, which))


def _text(of: str, minute: int | None, which: str | None) -> str:
    clock = "" if minute is None else f" {minute // 60:02}:{minute % 60:02}"
    return f"{of}{clock}{f' {which}' if which and clock else ''}"


def _lower(which: str | None) -> str | None:
    return which and which.lower()


def _minute(found: re.Match[str], text: str, do: str) -> int | None:
    if found["hour"] is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        raise BadCell(f'"{text}" is no time of day', do)
    return hour * 60 + minute


def _sensible(on: date) -> date:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise BadCell(f'"{on.isoformat()}" is a year that no trip sails in', f"use {FIRST_YEAR} to {LAST_YEAR}")
    return on


@once
def whole(cell: Any, least: int, most: int) -> int:
    """The whole number in a cell. Raises BadCell."""
    number = _number(cell)
    if number is None or not least <= number <= most:
        raise BadCell(f'"{cell}" is no whole number from {least} to {most:,}', "correct it, or leave the cell empty")
    return number


def _number(cell: Any) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if math.isfinite(cell) and cell == int(cell) else None
    text = str(cell).strip()
    return int(re.split(r"[.,]", text)[0]) if _WHOLE.fullmatch(text) else None


@once
def zone(cell: Any) -> ZoneInfo:
    """The IANA zone that a cell names. Raises BadCell."""
    name = str(cell).strip()
    try:
        return zone_called(name)
    except (ValueError, OSError) as error:
        raise BadCell(f'"{name}" is no time zone', _like(name)) from error


def _like(name: str) -> str:
    names = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    hint = nearest(name.replace(" ", "_"), names)
    return hint if hint.startswith("did") else "write one such as Europe/London or UTC"


@once
def system(cell: Any) -> str:
    """The operating system that a cell names. Raises BadCell."""
    name = "-".join(str(cell).strip().casefold().replace("_", " ").replace("-", " ").split())
    if name not in OPERATING_SYSTEMS:
        raise BadCell(f'"{cell}" is no operating system here', f"write one of {', '.join(OPERATING_SYSTEMS)}")
    return name
