"""What a policy gives to a cheat: the most days of work after the last grant, by searching all moves of a grid.

One day of work is a launch and a session, decided by the rules themselves. Before it the cheat moves the clock, or puts
a backup in the record's place. Of all that it could have done up to a day, only the least license time counts for each
distance between the clock and the last reading: whoever has less of it can do all that the others can. As soon as
these least times repeat but for a constant, whole rounds are skipped; where they repeat exactly, there is no end.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import bounds, cheat_stories
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules import grace, license_time
from nexuslic.rules.binding import Binding, same, under_policy
from nexuslic.rules.decision import next_mark
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.license_time import Ledger, Mark
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Record
from nexuslic.rules.words import LicenseType, State
from nexuslic.scenario.formats.text import some

HOUR: Final = 3600
DAY: Final = 24 * HOUR
GRANTED: Final = datetime(2026, 3, 2, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
WIDEST: Final = 48
"""How many hours the grid of clock moves reaches, back and forward."""


@attrs.frozen
class Cheat:
    """What one kind of cheat gains: the most days it works after the last grant (None: without end), and its moves.

    `story` is a scenario in which it does so and still runs on that day; "" where the language cannot tell it.
    """

    name: str
    days: int | None
    moves: str
    story: str = ""


@attrs.frozen
class Kind:
    """One kind of cheat.

    `shifts` are the seconds by which it may move the clock before a day's launch: from where the clock stands, or,
    where it is `free`, from the record's last reading. `counts`: how many seconds of running time its sessions account
    for in a day. `restores`: it may put the backup of the day of the grant back; `marked`: on a workstation that keeps
    its mark.
    """

    shifts: tuple[int, ...]
    counts: int
    free: bool = False
    restores: bool = False
    marked: bool = True


@attrs.frozen
class Day:
    """One day of work: license time after it, where the clock stands next morning, and license time at the launch.

    In seconds: `seen` and `launched` since the grant, `gap` from the last reading.
    """

    seen: int
    gap: int
    launched: int


class Rules:
    """One day by the rules; times are whole seconds since the grant."""

    def __init__(self, policy: LabPolicy) -> None:
        self.policy = policy.rules
        terms = License("a cheat", LicenseType.CONCURRENT, 1, policy.grace, Version.parse("6.2"), None)
        key, binding = LicenseKey.from_number(123456789012), Binding("DB1", "nexus")
        self.certificate = Certificate(key, terms, binding, GRANTED, "grant", 0)
        self.last = grace.deadline(self.certificate)

    def runs(self, seen: int) -> bool:
        """Whether a launch runs at that license time."""
        return grace.within(GRANTED + seen * SECOND, self.last)

    def day(self, ledger: Ledger, mark: Mark | None, wall: datetime, kind: Kind) -> tuple[Ledger, Ledger, Mark]:
        """The ledger at the launch and after the session, and the mark then."""
        launched = self._heeded(license_time.observe(ledger, wall, self.policy).ledger, mark)
        if kind.counts == 0:
            return launched, launched, self._marked(mark, launched)
        ended = license_time.observe(launched, wall + kind.counts * SECOND, self.policy).ledger
        ended = self._heeded(ended, self._marked(mark, launched))
        ended = license_time.at_least(ended, launched.license_time + kind.counts * SECOND)
        return launched, ended, self._marked(mark, ended)

    def _heeded(self, ledger: Ledger, mark: Mark | None) -> Ledger:
        return license_time.heed_mark(ledger, mark, "record", GRANTED, "grant")

    def _marked(self, mark: Mark | None, ledger: Ledger) -> Mark:
        record = Record("record", self.certificate, "", State.GRACE, None, ledger, None)
        return next_mark(mark, record, ledger.license_time, mismatched=False)


Frontier = Mapping[int, int]
"""The least license time (seconds) for each distance of the clock from the last reading, when a day begins."""


class Search:
    """The most days of one kind of cheat."""

    def __init__(self, rules: Rules, kind: Kind) -> None:
        self.rules, self.kind = rules, kind
        self._known: dict[int, Day] = {}

    def most(self) -> int | None:
        """The number of days after the grant on which the last launch runs; None: without end.

        The day of the grant is day 0: its launch runs at the very license time of the grant.
        """
        frontier: Frontier = {0: 0}
        day, met = -1, dict[tuple[tuple[int, int], ...], tuple[int, int]]()
        while frontier:
            least = min(frontier.values())
            shape = tuple(sorted((gap, seen - least) for gap, seen in frontier.items()))
            then = met.setdefault(shape, (day, least))
            if then[0] < day:
                if then[1] == least:
                    return None
                day, frontier = self._skipped(day, frontier, day - then[0], least - then[1])
                met = {}
            frontier = self.after(frontier)
            day += 1
        return day - 1

    def _skipped(self, day: int, frontier: Frontier, days: int, rise: int) -> tuple[int, Frontier]:
        """As many whole rounds later as surely leave every launch within grace."""
        deadline = round((self.rules.last - GRANTED).total_seconds())
        room = deadline - max(frontier.values()) - 2 * max(rise, DAY) - 2 * WIDEST * HOUR
        rounds = max(0, room // rise)
        return day + rounds * days, {gap: seen + rounds * rise for gap, seen in frontier.items()}

    def after(self, frontier: Frontier) -> Frontier:
        """What is least after one more day whose launch runs; empty where no move lets it run."""
        found: dict[int, int] = {}
        for gap, seen in frontier.items():
            for one in self.days(seen, gap):
                if self.rules.runs(one.launched) and one.seen < found.get(one.gap, one.seen + 1):
                    found[one.gap] = one.seen
        return found

    def days(self, seen: int, gap: int) -> Iterable[Day]:
        """Every way to spend a day from here."""
        kind = self.kind
        for shift in kind.shifts:
            offset = shift if kind.free else gap + shift
            yield self._worked(seen, offset)
            if kind.restores:
                yield self._restored(seen, offset)

    def _worked(self, seen: int, offset: int) -> Day:
        """The rules look at differences alone, so a day costs the same whenever it comes."""
        known = self._known.get(offset)
        if known is None:
            known = self._known[offset] = self._decided(GRANTED, offset)
        return Day(known.seen + seen, known.gap, known.launched + seen)

    def _restored(self, seen: int, offset: int) -> Day:
        """The backup was taken at the grant: license time and the last reading were the grant's."""
        highest = GRANTED + seen * SECOND if self.kind.marked else None
        return self._decided(highest, offset)

    def _decided(self, highest: datetime | None, offset: int) -> Day:
        """A day on a record as it was at the grant, on a workstation whose mark has seen `highest`."""
        ledger = Ledger(GRANTED, GRANTED)
        mark = None if highest is None else Mark("record", GRANTED, highest, False, "grant")
        wall = ledger.last_reading + offset * SECOND
        launched, ended, _ = self.rules.day(ledger, mark, wall, self.kind)
        tomorrow = wall + DAY * SECOND
        gap = 0 if self.kind.free else _seconds(tomorrow - ended.last_reading)
        return Day(_seconds(ended.license_time - GRANTED), gap, _seconds(launched.license_time - GRANTED))


def _seconds(span: timedelta) -> int:
    return span // SECOND


def hours_back(most: int) -> tuple[int, ...]:
    """Every whole hour back, up to `most` seconds or a day: going back a day each day, a clock stands still."""
    reach = min(most, DAY)
    return tuple(sorted({-reach, *(-hour * HOUR for hour in range(reach // HOUR + 1))}))


def anywhere(policy: Policy) -> tuple[int, ...]:
    """Every whole hour around the last reading, and where the tolerance ends."""
    tolerance = _seconds(policy.clock_tolerance)
    hours = {hour * HOUR for hour in range(-WIDEST, WIDEST + 1)}
    return tuple(sorted({*hours, -tolerance, -tolerance - 1}))


def kinds(policy: LabPolicy, hours: int) -> dict[str, Kind]:
    """The kinds of cheat that the search tells apart, by name."""
    tolerance, work, free = _seconds(policy.rules.clock_tolerance), hours * HOUR, anywhere(policy.rules)
    return {
        cheat_stories.HONEST: Kind((0,), work),
        cheat_stories.WITHIN: Kind(hours_back(tolerance), work),
        cheat_stories.CLOCK: Kind(free, work, free=True),
        cheat_stories.RESTORE: Kind(free, work, free=True, restores=True),
        cheat_stories.NEW_COMPUTER: Kind(free, work, free=True, restores=True, marked=False),
        cheat_stories.KILL: Kind(free, 0, free=True),
    }


def cheats(policy: LabPolicy, hours: int) -> tuple[Cheat, ...]:
    """What each kind of cheat gains with `hours` of work a day. Raises InputError."""
    if not 1 <= hours <= 24:
        raise InputError(f"--hours {hours}: a day of work has 1 to 24 hours")
    bounds.check(policy)
    rules = Rules(policy)
    most = {name: Search(rules, kind).most() for name, kind in kinds(policy, hours).items()}
    most[cheat_stories.COPY] = None if _copy_runs(policy.rules) else 0
    most[cheat_stories.MACHINE] = None
    tell = cheat_stories.Teller(policy, hours, most[cheat_stories.CLOCK] or 0)
    return tuple(Cheat(name, days, tell.moves(name), tell.story(name, days)) for name, days in most.items())


def _copy_runs(policy: Policy) -> bool:
    """Whether a copy runs that lies on another server of the same name."""
    one, other = (under_policy(Binding("DB1", "nexus", f"server-{n}"), policy.binding) for n in (1, 2))
    return same(one, other)


def answer(policy: LabPolicy, hours: int, found: Iterable[Cheat]) -> str:
    """The answer in a sentence."""
    days = next(one.days for one in found if one.name == cheat_stories.CLOCK)
    work = some(hours, "hour")
    begin = f"With {some(policy.grace, 'day')} of grace and {work} of work a day, a cheat who moves the clock"
    if days is None:
        return f"{begin} runs without end."
    return f"{begin} runs at most {some(days, 'day')} after the last grant{_times(days, policy.grace)}."


_TIMES: Final = {
    1: "no more than the grace",
    2: "twice the grace",
    3: "three times the grace",
    4: "four times the grace",
}


def _times(days: int, allowed: int) -> str:
    if allowed == 0:
        return ""
    if days % allowed == 0:
        times = days // allowed
        return f": {_TIMES.get(times, f'{times} times the grace')}"
    return f": {days / allowed:.1f} times the grace"
