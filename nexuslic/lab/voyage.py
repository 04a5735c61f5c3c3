"""One offshore trip: authenticated at the quay, a launch a day, and what would cover the rest of it.

A voyage is written as a story and run as one, so that what it answers is what the rules decide; the grace, the
extension and the hotspot that would cover the trip are found by running the changed trip, never by arithmetic.
"""

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import TypeVar

import attrs

from nexuslic.lab import policies
from nexuslic.lab.schedule import Schedule
from nexuslic.lab.trip import DAILY, MOST_GRACE, Trip, check, midnight, second_day
from nexuslic.rules.words import State
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, run_case
from nexuslic.scenario.stage import MakeStage


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
    answer = answered(trip, _run(trip, make_stage, traced=True))
    if answer.covered:
        return answer
    search = cures(trip, answer.refused_days[0])
    return with_cures(answer, _settled(search, lambda other: _run(other, make_stage).tally.refused == 0))


def answered(trip: Trip, result: CaseResult) -> Answer:
    """What a run of the trip, with its trace, comes to; nothing is said yet of what would cover it."""
    good = [h.decision for h in result.trace if h.decision is not None and h.decision.runs]
    until = good[-1].deadline if good else None
    return Answer(trip, result, until, refused_days(result), None, None, None, None)


Cures = tuple[int | None, int | None, tuple[int, int] | None, tuple[int, int] | None]
"""As an Answer has them: grace, extension, hotspots, codes."""

Found = TypeVar("Found")
Search = Generator[Trip, bool, Found]
"""It yields a trip to be run, and is sent whether that one is covered."""


def with_cures(answer: Answer, found: Cures) -> Answer:
    """The answer, with what would cover the trip."""
    grace, extension, hotspots, codes = found
    return attrs.evolve(answer, grace=grace, extension=extension, hotspots=hotspots, codes=codes)


def cures_of_day(trip: Trip, day: int, make_stage: MakeStage) -> Cures:
    """What would have let every launch of one refused day run, whatever the other days come to."""
    search = cures(trip, day)
    return _settled(search, lambda other: day not in refused_days(_run(other, make_stage, traced=True)))


def refused_days(result: CaseResult) -> tuple[int, ...]:
    """The days on which a launch was refused, of a result with its trace."""
    calendar = result.case.calendar
    return tuple(sorted({calendar.day(h.at) for h in result.trace if _refused(h.decision) and h.verb == "launch"}))


def cures(trip: Trip, refused: int) -> Search[Cures]:
    """The search for what would cover a trip whose first refused day is that one."""
    room = trip.days + 366
    grace = yield from _least(trip.grace, trip.grace + room, lambda days: attrs.evolve(trip, grace=days))
    extension = yield from _least(trip.extend, trip.extend + room, lambda days: attrs.evolve(trip, extend=days))
    contacts, codes = trip.contacts, trip.codes
    hotspots = yield from _single(refused, lambda day: attrs.evolve(trip, contacts=(*contacts, f"day {day}")))
    saving = yield from _single(refused, lambda day: attrs.evolve(trip, codes=(*codes, f"day {day}")))
    return grace, extension, hotspots, saving


def _settled(search: Search[Found], covers: Callable[[Trip], bool]) -> Found:
    """What a search finds, each trip run at once."""
    try:
        other = next(search)
        while True:
            other = search.send(covers(other))
    except StopIteration as done:
        found: Found = done.value
        return found


def _refused(decision: object) -> bool:
    return decision is not None and not getattr(decision, "runs", True)


def _least(low: int, high: int, changed: Callable[[int], Trip]) -> Search[int | None]:
    """The least number above `low` that covers the trip; None where even `high` does not."""
    high = min(high, MOST_GRACE)
    if not (yield changed(high)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if (yield changed(middle)) else (middle, high)
    return high


def _single(first_refused: int, changed: Callable[[int], Trip]) -> Search[tuple[int, int] | None]:
    """The first and the last day on which a single one covers the whole trip; None where none does."""
    last = None
    for day in (first_refused, first_refused - 1):
        if last is None and day >= 1 and (yield changed(day)):
            last = day
    if last is None:
        return None
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if (yield changed(middle)) else (middle, high)
    return high, last


def _run(trip: Trip, make_stage: MakeStage, *, traced: bool = False) -> CaseResult:
    story = read(write(trip).encode("utf-8"), "voyage")
    return run_case(story.cases[0], make_stage, traced=traced)


def write(trip: Trip, result: CaseResult | None = None) -> str:
    """The trip as a story; with what `result` found as what it expects."""
    return "\n".join(_Writer(trip).lines(result)) + "\n"


class _Writer(Schedule):
    """Writes one trip as the lines of a story."""

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
            *(self._window(at, to) for at, to, _, _ in self.windows),
            *self._every(),
            *self._steps(),
            *(self._expected(result) if result is not None else []),
        ]

    def _window(self, at: datetime, to: datetime) -> str:
        return f"  - {{from: {self.when(at)}, to: {self.when(to)}, by: phone hotspot}}"

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
        since = second_day(self.calendar)
        lines = [f"  - {{at: daily {DAILY}, from: {since}, launch: {everyone}}}"] if self.trip.days > 1 else []
        for _, _, act, key in self.windows:
            if key:
                why = "    # the names changed: the key again"
                lines.append(f"  - {{at: {self.when(act)}, authenticate: {self.crew[0]}}}{why}")
            lines.append(f"  - {{at: {self.when(act)}, launch: {everyone}}}")
        return ["every:", *lines] if lines else []

    def _steps(self) -> list[str]:
        """The steps in order of time; in one minute, clocks are set before anything else is done."""
        quay = "quay" if self.old else self.crew[0]
        steps = []
        if self.trip.extend:
            until = self.calendar.write(midnight(self.calendar, 1))
            steps.append((self.calendar.starts, f"extend: {{days: {self.trip.extend}, until: {until}}}"))
        for at, by, of in self.clocks:
            signed = f"-{policies.span(-by)}" if by < timedelta(0) else f"+{policies.span(by)}"
            steps.append((at, f"set_clock: {{of: {of}, by: {signed}}}"))
        steps += [(at, f"restore: {{onto: SPARE-SQL-{n}}}") for n, at in enumerate(self.restores, 1)]
        steps += [(at, f"rename: {{server: RENAMED-SQL-{n}}}") for n, at in enumerate(self.renames, 1)]
        steps += [(at, f"renew_by_code: {self.crew[0]}") for at in self.codes]
        steps.append((self.quay, f"authenticate: {quay}"))
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
