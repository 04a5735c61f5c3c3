"""The story's time: `day 12 08:00`, `2026-03-14 08:00`, `+3d`, `daily 06:00`, `every 6h`, `end`, `never`.

Wall-clock times are those of the story's zone; everything that comes out is UTC. Durations are elapsed time, never
calendar arithmetic. A wall-clock time that the zone skips is an error; one that it repeats needs `first` or
`second`; a `daily` time goes to the first instant after the gap, or to the first of the two.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import attrs

from nexuslic.errors import InputError

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"([0-9]{1,7}[dhms])( ?[0-9]{1,7}[hms])*")
_CLOCK = r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]))"
_DAY = re.compile(rf"day (?P<day>[0-9]{{1,5}})(?: {_CLOCK}(?: (?P<which>first|second))?)?")
_DATE = re.compile(rf"(?P<date>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?: {_CLOCK}(?: (?P<which>first|second))?)?")
_DAILY = re.compile(rf"daily {_CLOCK}")
_STARTS = re.compile(rf"(?P<date>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}) {_CLOCK}(?: (?P<which>first|second))? (?P<zone>\S+)")
ONE_DAY = timedelta(days=1)


class TimeError(InputError):
    """A time that cannot be understood, or does not exist."""


def duration(text: str) -> timedelta:
    """`3d`, `2h`, `90m`, `10s` or several of them. Raises TimeError."""
    if not _DURATION.fullmatch(text):
        raise TimeError(f"`{text}` is no duration: write 3d, 2h, 90m or 1d 12h")
    seconds = sum(int(part[:-1]) * _UNITS[part[-1]] for part in re.findall(r"[0-9]+[dhms]", text))
    return timedelta(seconds=seconds)


def signed_duration(text: str) -> timedelta:
    """A duration with a sign: `-3d`, `+2h`. Raises TimeError."""
    body = text[1:] if text[:1] in "+-" else text
    return -duration(body) if text.startswith("-") else duration(body)


@cache
def zone_called(name: str) -> ZoneInfo:
    """The IANA zone of that name, from the package and never from the machine. Raises ValueError, OSError."""
    parts = name.split("/")
    if not all(re.fullmatch(r"[A-Z][A-Za-z0-9_+-]*", part) for part in parts) or name == "Factory":
        raise ValueError(f"no zone is called {name}")
    with resources.files("tzdata.zoneinfo").joinpath(*parts).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@attrs.frozen
class Moment:
    """A time as written: an instant (UTC), and whether only a day was given."""

    at: datetime
    day_only: bool = False


@attrs.frozen
class Calendar:
    """Day 1 and the zone of a story, with its first and (once known) last instant (UTC)."""

    first: date
    zone: ZoneInfo
    starts: datetime
    ends: datetime | None = None

    @classmethod
    def beginning(cls, text: str) -> "Calendar":
        """From `starts: YYYY-MM-DD HH:MM ZONE`. Raises TimeError."""
        found = _STARTS.fullmatch(text)
        if not found:
            raise TimeError(f"`{text}` is no start: write 2026-03-02 06:00 Europe/London")
        try:
            zone = zone_called(found["zone"])
        except (ValueError, OSError) as error:
            raise TimeError(f"`{found['zone']}` is no time zone: write one such as Europe/London or UTC") from error
        day = _date(found["date"])
        try:
            at = _instant(zone, day, int(found["hour"]), int(found["minute"]), found["which"], text)
        except OverflowError as error:
            raise TimeError(f"`{text}` is beyond the calendar") from error
        return cls(day, zone, at)

    def moment(self, text: str, before: datetime | None = None, *, whole_day: bool = False) -> Moment | None:
        """The time that `text` means; None for `never`. `+3d` counts from `before`. Raises TimeError.

        `whole_day`: a day alone means the day, also where its midnight is skipped or repeated.
        """
        if text == "never" or text.startswith("never "):
            return None
        if text == "end":
            last = self.ends or before
            if last is None:
                raise TimeError("`end` needs `ends:` at the top of the story")
            return Moment(last)
        if text.startswith("+"):
            return Moment((before or self.starts) + duration(text[1:]))
        found = _DAY.fullmatch(text)
        if found:
            if found["day"].strip("0") == "":
                raise TimeError("the first day is `day 1`")
            return self._wall(self._day(int(found["day"])), found, text, whole_day)
        found = _DATE.fullmatch(text)
        if found:
            return self._wall(_date(found["date"]), found, text, whole_day)
        raise TimeError(f"`{text}` is no time: write day 12 08:00, 2026-03-14 08:00, +3d, end or never")

    def _day(self, number: int) -> date:
        try:
            return self.first + ONE_DAY * (number - 1)
        except OverflowError as error:
            raise TimeError(f"day {number} is beyond the calendar") from error

    def _wall(self, day: date, found: re.Match[str], text: str, whole_day: bool) -> Moment:
        hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
        alone = found["hour"] is None
        at = _instant(self.zone, day, hour, minute, found["which"], text, lenient=alone and whole_day)
        return Moment(at, alone)

    def recurring(self, text: str, since: datetime, until: datetime) -> Iterator[datetime] | None:
        """The instants of `daily 06:00` or `every 6h` from `since` to `until`, both included; None if it is neither."""
        found = _DAILY.fullmatch(text)
        if found:
            return self._daily(int(found["hour"]), int(found["minute"]), since, until)
        if text.startswith("every "):
            step = duration(text[6:])
            if step < timedelta(minutes=1):
                raise TimeError("a recurring action happens once a minute at most")
            return _every(step, since, until)
        return None

    def _daily(self, hour: int, minute: int, since: datetime, until: datetime) -> Iterator[datetime]:
        day = since.astimezone(self.zone).date() - ONE_DAY
        last = until.astimezone(self.zone).date() + ONE_DAY
        while day <= last:
            at = _daily_instant(self.zone, day, hour, minute)
            if since <= at <= until:
                yield at
            day += ONE_DAY

    def changes(self, number: int) -> bool:
        """Whether the zone's clocks change on that day of the story."""
        day = self._day(number)
        noons = (datetime.combine(one, time(12), self.zone) for one in (day - ONE_DAY, day))
        return len({noon.utcoffset() for noon in noons}) > 1

    def local(self, at: datetime) -> datetime:
        """An instant on the story's wall clock."""
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> int:
        """Which day of the story an instant falls on; the first is 1."""
        return (self.local(at).date() - self.first).days + 1

    def write(self, at: datetime) -> str:
        """An instant as the story writes it: `day 31 08:30`, with `first` or `second` where the zone repeats it.

        Before day 1 it is a date; seconds are written where there are any, though a story has none.
        """
        local = self.local(at)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        which = (" second" if local.fold else " first") if twice else ""
        day = f"day {self.day(at)}" if self.day(at) > 0 else local.date().isoformat()
        return f"{day} {local.time().isoformat('seconds' if local.second else 'minutes')}{which}"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TimeError(f"`{text}` is no date") from error


def _instant(
    zone: ZoneInfo, day: date, hour: int, minute: int, which: str | None, text: str, *, lenient: bool = False
) -> datetime:
    early = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=0)
    late = early.replace(fold=1)
    first, second = early.astimezone(UTC), late.astimezone(UTC)
    if first == second:
        if which:
            raise TimeError(f"`{text}` happens once only: leave `{which}` out")
        return first
    if first > second:
        if lenient:
            return _daily_instant(zone, day, hour, minute)
        raise TimeError(f"`{text}` does not exist: the clocks go forward over it")
    if which is None and not lenient:
        raise TimeError(f"`{text}` happens twice: add `first` or `second`")
    return second if which == "second" else first


def _daily_instant(zone: ZoneInfo, day: date, hour: int, minute: int) -> datetime:
    early = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=0).astimezone(UTC)
    late = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=1).astimezone(UTC)
    if early <= late:
        return early
    low, high = late, early
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
    return high


def _every(step: timedelta, since: datetime, until: datetime) -> Iterator[datetime]:
    at = since
    while at <= until:
        yield at
        at += step
