"""One trip as a person gives it: how long it takes, and what happens on which day."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

import attrs

from nexuslic.errors import InputError
from nexuslic.rules.policy import Policy
from nexuslic.scenario.calendar import Calendar, Moment, TimeError, signed_duration

T = TypeVar("T")

MOST_DAYS = 3650
MOST_GRACE = 36500
MOST_WORKSTATIONS = 50
MOST_LAUNCHES = 9000
MOST_CREW = 10_000
"""People aboard."""
QUAY, DAILY, NOON, CODES, CLOCKS = "07:30", "06:00", "12:00", "12:30", "05:00"
"""When things happen that name only their day: the key, the launch, a contact, a code, a clock that is set."""
START = "2026-03-02 06:00 Europe/London"


@attrs.frozen
class Trip:
    """What the trip is like. Days of 24 hours; `contacts`, `restores`, `renames` and `codes` are times of the story.

    A contact is one hour of network, with a launch half an hour in; where the database was restored or its server
    renamed since, the crew enters the key first. A code is a renewal code over the radio. A clock is set by
    `day 10 -3d`, the database server's, or `day 10 -3d ws2`, a workstation's.
    """

    days: int = 45
    grace: int = 30
    start: str = START
    os: str = "windows-10"
    workstations: int = 1
    contacts: tuple[str, ...] = ()
    restores: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    set_clocks: tuple[str, ...] = ()
    extend: int = 0
    renames: tuple[str, ...] = ()
    rules: Policy = attrs.Factory(Policy)


def check(trip: Trip) -> None:
    """Refuse a trip that cannot be. Raises InputError, which names the option."""
    if not 1 <= trip.days <= MOST_DAYS:
        raise InputError(f"--days {trip.days}: a voyage takes 1 to {MOST_DAYS} days")
    if not 0 <= trip.grace <= MOST_GRACE or not 0 <= trip.extend <= MOST_GRACE:
        raise InputError(f"--grace and --extend take 0 to {MOST_GRACE} days")
    if not 1 <= trip.workstations <= MOST_WORKSTATIONS:
        raise InputError(f"--workstations {trip.workstations}: a voyage has 1 to {MOST_WORKSTATIONS}")
    if trip.days * trip.workstations > MOST_LAUNCHES:
        raise InputError(
            f"that is more than {MOST_LAUNCHES:,} launches: shorten the voyage or take fewer --workstations"
        )
    calendar = _named("--start", trip.start, lambda: Calendar.beginning(trip.start))
    quay = calendar.moment(f"day 1 {QUAY}")
    if quay is None or quay.at < calendar.starts:
        raise InputError(f"--start {trip.start!r}: the key is entered on day 1 at {QUAY}: start then, or before")
    _named("--days", str(trip.days), lambda: midnight(calendar, trip.days))
    times = {"--contact": trip.contacts, "--restore": trip.restores, "--code": trip.codes, "--rename": trip.renames}
    for option, texts in times.items():
        for text in texts:
            inside(option, text, trip, calendar)
    for text in trip.contacts:
        if calendar.moment(timed(text, NOON)) == Moment(midnight(calendar, trip.days)):
            raise InputError(f"--contact {text!r}: the last minute of the voyage is too late for one")
    for text in trip.set_clocks:
        _set_clock(text, trip, calendar)


def _set_clock(text: str, trip: Trip, calendar: Calendar) -> None:
    when, by, of = clock_set(text)
    if by[:1] not in ("+", "-"):
        raise InputError(f'--set-clock {text!r}: write when and by how much, such as "day 10 -3d"')
    if of != "database" and of not in crew(trip.workstations):
        raise InputError(f"--set-clock {text!r}: there is no workstation `{of}`: {', '.join(crew(trip.workstations))}")
    inside("--set-clock", when, trip, calendar)
    _named("--set-clock", text, partial(signed_duration, by))


def clock_set(text: str) -> tuple[str, str, str]:
    """When, by how much, and whose clock: `day 10 -3d` and `day 10 -3d ws2`."""
    rest, _, last = text.rpartition(" ")
    if last[:1] in ("+", "-"):
        return rest, last, "database"
    when, _, by = rest.rpartition(" ")
    return when, by, last


def midnight(calendar: Calendar, day: int) -> datetime:
    """The last minute of a day of the voyage; the later one, where the zone has it twice. Raises TimeError."""
    text = f"day {day} 23:59"
    try:
        moment = calendar.moment(text)
    except TimeError:
        moment = calendar.moment(f"{text} second")
    assert moment is not None
    return moment.at


def second_day(calendar: Calendar) -> str:
    """From when the crew launches each day: there are zones that skip a midnight, and one that skipped a day."""
    try:
        calendar.moment("day 2")
    except TimeError:
        return f"day 1 {NOON}"
    return "day 2"


def crew(workstations: int) -> list[str]:
    """The names of so many workstations that launch each day."""
    return ["bridge", *(f"ws{n}" for n in range(2, workstations + 1))]


def when(text: str, alone: str, calendar: Calendar) -> datetime:
    """The instant of a time of the voyage (UTC); `alone` is its time of day where only a day is written."""
    moment = calendar.moment(timed(text, alone))
    assert moment is not None
    return moment.at


def inside(option: str, text: str, trip: Trip, calendar: Calendar) -> None:
    """Refuse a time that is none of the voyage. Raises InputError, which names the option."""
    moment = None if text[:1] in ("+", "e", "n") else _named(option, text, lambda: calendar.moment(timed(text, NOON)))
    if moment is None:
        raise InputError(f'{option} {text!r}: name a time of the voyage, such as "day 20" or "day 20 08:00"')
    if moment.at < calendar.starts or calendar.day(moment.at) > trip.days:
        runs = f"it runs from {calendar.write(calendar.starts)} to day {trip.days}"
        raise InputError(f"{option} {text!r}: this is outside the voyage: {runs}")


def timed(text: str, time: str) -> str:
    """A time of the story: the one given, or `time` on the day given."""
    return text if ":" in text else f"{text} {time}"


def _named(option: str, text: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except InputError as error:
        raise InputError(f"{option} {text!r}: {error}") from error
