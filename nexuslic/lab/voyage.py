"""One offshore trip: authenticated at the quay, a launch a day, and what would cover the rest of it.

A voyage is written as a story and run as one, so that what it answers is what the rules decide; the grace, the
extension and the hotspot that would cover the trip are found by running the changed trip, never by arithmetic.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import policies
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import State
from nexuslic.scenario.calendar import Calendar, Moment, TimeError, signed_duration
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, run_case
from nexuslic.scenario.stage import MakeStage

T = TypeVar("T")

MOST_DAYS = 3650
MOST_GRACE = 36500
QUAY, DAILY, NOON, CODES, CLOCKS = "07:30", "06:00", "12:00", "12:30", "05:00"
"""When things happen that name only their day: the key, the launch, a contact, a code, a clock that is set."""
HOUR = timedelta(hours=1)
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


@attrs.frozen
class Answer:
    """What a trip comes to, and what would cover it (None: nothing of that kind).

    `grace` and `extension` are days; `hotspots` and `codes` the first and the last day on which a single one does.
    """

    trip: Trip
    result: CaseResult
    until: datetime | None
    refused_days: tuple[int, ...]
    grace: int | None
    extension: int | None
    hotspots: tuple[int, int] | None
    codes: tuple[int, int] | None

    @property
    def covered(self) -> bool:
        """Whether every launch ran."""
        return not self.refused_days


def ask(trip: Trip, make_stage: MakeStage) -> Answer:
    """Run the trip, and find what would cover it. Raises InputError where it is impossible."""
    check(trip)
    result = _run(trip, make_stage, traced=True)
    refused = refused_days(result)
    good = [h.decision for h in result.trace if h.decision is not None and h.decision.runs]
    until = good[-1].deadline if good else None
    if not refused:
        return Answer(trip, result, until, (), None, None, None, None)
    return Answer(
        trip,
        result,
        until,
        refused,
        *_cures(trip, refused[0], lambda other: _run(other, make_stage).tally.refused == 0),
    )


Cures = tuple[int | None, int | None, tuple[int, int] | None, tuple[int, int] | None]
"""As an Answer has them: grace, extension, hotspots, codes."""


def cures_of_day(trip: Trip, day: int, make_stage: MakeStage) -> Cures:
    """What would have let every launch of one refused day run, whatever the other days come to."""
    return _cures(trip, day, lambda other: day not in refused_days(_run(other, make_stage, traced=True)))


def refused_days(result: CaseResult) -> tuple[int, ...]:
    """The days on which a launch was refused, of a result with its trace."""
    calendar = result.case.calendar
    return tuple(sorted({calendar.day(h.at) for h in result.trace if _refused(h.decision) and h.verb == "launch"}))


def _cures(trip: Trip, refused: int, covers: Callable[[Trip], bool]) -> Cures:
    room = trip.days + 366
    return (
        _least(trip.grace, trip.grace + room, lambda days: covers(attrs.evolve(trip, grace=days))),
        _least(trip.extend, trip.extend + room, lambda days: covers(attrs.evolve(trip, extend=days))),
        _single(refused, lambda day: covers(attrs.evolve(trip, contacts=(*trip.contacts, f"day {day}")))),
        _single(refused, lambda day: covers(attrs.evolve(trip, codes=(*trip.codes, f"day {day}")))),
    )


def _refused(decision: object) -> bool:
    return decision is not None and not getattr(decision, "runs", True)


def _least(low: int, high: int, covers: Callable[[int], bool]) -> int | None:
    """The least number above `low` that covers the trip; None where even `high` does not."""
    high = min(high, MOST_GRACE)
    if not covers(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if covers(middle) else (middle, high)
    return high


def _single(first_refused: int, saves: Callable[[int], bool]) -> tuple[int, int] | None:
    """The first and the last day on which a single one covers the whole trip; None where none does."""
    last = next((day for day in (first_refused, first_refused - 1) if day >= 1 and saves(day)), None)
    if last is None:
        return None
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if saves(middle) else (middle, high)
    return high, last


def _run(trip: Trip, make_stage: MakeStage, *, traced: bool = False) -> CaseResult:
    story = read(write(trip).encode("utf-8"), "voyage")
    return run_case(story.cases[0], make_stage, traced=traced)


def check(trip: Trip) -> None:
    """Refuse a trip that cannot be. Raises InputError, which names the option."""
    if not 1 <= trip.days <= MOST_DAYS:
        raise InputError(f"--days {trip.days}: a voyage takes 1 to {MOST_DAYS} days")
    if not 0 <= trip.grace <= MOST_GRACE or not 0 <= trip.extend <= MOST_GRACE:
        raise InputError(f"--grace and --extend take 0 to {MOST_GRACE} days")
    if not 1 <= trip.workstations <= 50:
        raise InputError(f"--workstations {trip.workstations}: a voyage has 1 to 50")
    if trip.days * trip.workstations > 9000:
        raise InputError("that is more than 9,000 launches: shorten the voyage or take fewer --workstations")
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
        if calendar.moment(_timed(text, NOON)) == Moment(midnight(calendar, trip.days)):
            raise InputError(f"--contact {text!r}: the last minute of the voyage is too late for one")
    for text in trip.set_clocks:
        _set_clock(text, trip, calendar)


def _set_clock(text: str, trip: Trip, calendar: Calendar) -> None:
    when, by, of = clock_set(text)
    if by[:1] not in ("+", "-"):
        raise InputError(f'--set-clock {text!r}: write when and by how much, such as "day 10 -3d"')
    if of != "database" and of not in crew(trip):
        raise InputError(f"--set-clock {text!r}: there is no workstation `{of}`: {', '.join(crew(trip))}")
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


def crew(trip: Trip) -> list[str]:
    """The workstations that launch each day."""
    return ["bridge", *(f"ws{n}" for n in range(2, trip.workstations + 1))]


def when(text: str, alone: str, calendar: Calendar) -> datetime:
    """The instant of a time of the voyage (UTC); `alone` is its time of day where only a day is written."""
    moment = calendar.moment(_timed(text, alone))
    assert moment is not None
    return moment.at


def inside(option: str, text: str, trip: Trip, calendar: Calendar) -> None:
    """Refuse a time that is none of the voyage. Raises InputError, which names the option."""
    moment = None if text[:1] in ("+", "e", "n") else _named(option, text, lambda: calendar.moment(_timed(text, NOON)))
    if moment is None:
        raise InputError(f'{option} {text!r}: name a time of the voyage, such as "day 20" or "day 20 08:00"')
    if moment.at < calendar.starts or calendar.day(moment.at) > trip.days:
        runs = f"it runs from {calendar.write(calendar.starts)} to day {trip.days}"
        raise InputError(f"{option} {text!r}: this is outside the voyage: {runs}")


def _timed(text: str, time: str) -> str:
    """A time of the story: the one given, or `time` on the day given."""
    return text if ":" in text else f"{text} {time}"


def _named(option: str, text: str, make: Callable[[], T]) -> T:
    try:
        return make()
    except InputError as error:
        raise InputError(f"{option} {text!r}: {error}") from error


def write(trip: Trip, result: CaseResult | None = None) -> str:
    """The trip as a story; with what `result` found as what it expects."""
    return "\n".join(_Writer(trip).lines(result)) + "\n"


class _Writer:
    """Writes one trip as the lines of a story."""

    def __init__(self, trip: Trip) -> None:
        self.trip = trip
        self.calendar = Calendar.beginning(trip.start)
        self.end = midnight(self.calendar, trip.days)
        self.crew = crew(trip)
        self.old = trip.os == "windows-7"
        self.restores = [self.at(text, NOON) for text in trip.restores]
        self.renames = [self.at(text, NOON) for text in trip.renames]
        self.contacts = sorted({self.at(text, NOON) for text in trip.contacts})

    def at(self, text: str, time: str) -> datetime:
        return when(text, time, self.calendar)

    def when(self, at: datetime) -> str:
        return self.calendar.write(min(at, self.end))

    def lines(self, result: CaseResult | None) -> list[str]:
        trip = self.trip
        return [
            f"scenario: {trip.days}-day voyage on {trip.grace} days of grace",
            "format: 1",
            "why: Authenticated at the quay, then a launch a day. On which day does the application stop?",
            f"starts: {trip.start}",
            f"ends: {self.calendar.write(self.end)}",
            *self._world(),
            "online:",
            "  - {from: day 1 07:00, to: day 1 08:00, by: phone hotspot}",
            *(f"  - {{from: {self.when(at)}, to: {self.when(at + HOUR)}, by: phone hotspot}}" for at in self.contacts),
            *self._every(),
            *self._steps(),
            *(self._expected(result) if result is not None else []),
        ]

    def _world(self) -> list[str]:
        trip = self.trip
        lines = ["world:", f"  license: {{seats: {max(5, trip.workstations)}, grace: {trip.grace}}}"]
        application = ", application: nexus-6.2" if self.old else ""
        if self.old:
            lines.append("  license_server: {accepts: nexus-6.2}    # as the product documentation says")
        lines.append("  workstations:")
        if self.old:
            lines.append(f"    quay: {{os: windows-10{application}}}    # Windows 7 cannot make the contact itself")
        lines += [f"    {name}: {{os: {trip.os}{application}}}" for name in self.crew]
        return [*lines, *policies.written(trip.rules)]

    def _every(self) -> list[str]:
        everyone = "[" + ", ".join(self.crew) + "]"
        lines = (
            [f"  - {{at: daily {DAILY}, from: {self._second_day()}, launch: {everyone}}}"] if self.trip.days > 1 else []
        )
        since = self.calendar.starts
        for at in self.contacts:
            act = self.when(at + HOUR / 2 if at + HOUR <= self.end else at)
            if any(since <= moved <= at for moved in (*self.restores, *self.renames)):
                lines.append(f"  - {{at: {act}, authenticate: {self.crew[0]}}}    # the names changed: the key again")
            lines.append(f"  - {{at: {act}, launch: {everyone}}}")
            since = at
        return ["every:", *lines] if lines else []

    def _second_day(self) -> str:
        """From when the crew launches each day: there are zones that skip a midnight, and one that skipped a day."""
        try:
            self.calendar.moment("day 2")
        except TimeError:
            return f"day 1 {NOON}"
        return "day 2"

    def _steps(self) -> list[str]:
        quay = "quay" if self.old else self.crew[0]
        steps = [(at, f"restore: {{onto: SPARE-SQL-{n}}}") for n, at in enumerate(self.restores, 1)]
        steps += [(at, f"rename: {{server: RENAMED-SQL-{n}}}") for n, at in enumerate(self.renames, 1)]
        for text in self.trip.set_clocks:
            when, by, of = clock_set(text)
            steps.append((self.at(when, CLOCKS), f"set_clock: {{of: {of}, by: {by}}}"))
        steps += [(self.at(text, CODES), f"renew_by_code: {self.crew[0]}") for text in self.trip.codes]
        steps.append((self.at("day 1", QUAY), f"authenticate: {quay}"))
        if self.trip.extend:
            until = self.calendar.write(midnight(self.calendar, 1))
            steps.append((self.calendar.starts, f"extend: {{days: {self.trip.extend}, until: {until}}}"))
        lines = ["steps:"]
        for at, verb in sorted(steps, key=lambda step: step[0]):
            lines += [f"  - at: {self.calendar.write(at)}", f"    {verb}"]
        return lines

    def _expected(self, result: CaseResult) -> list[str]:
        tally = result.tally
        last = "none" if tally.last_good is None else self.calendar.write(tally.last_good)
        counts = f"refused_launches: {tally.refused}, launches: {tally.launches}"
        lines = ["  - at: end", f"    expect: {{last_good_launch: {last}, {counts}}}"]
        visited = ", ".join(state.value for state in State if state in result.visited)
        return [*lines, f"must_visit: [{visited}]"] if visited else lines
