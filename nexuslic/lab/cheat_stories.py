"""What a cheat does, in plain words and as a story that shows it still running on its last day."""

from datetime import timedelta
from typing import Final

from nexuslic.lab import policies
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.words import WhichClock

HONEST: Final = "leaves everything alone"
WITHIN: Final = "sets the clock back within the tolerance each day"
CLOCK: Final = "moves the clock as it likes"
RESTORE: Final = "restores the record and keeps the mark"
NEW_COMPUTER: Final = "restores the record on a new computer each time"
KILL: Final = "kills the application before it renews its seat"
COPY: Final = "copies the database to another server of the same name"
MACHINE: Final = "restores the whole machine with its clock"

LONGEST: Final = 3000
"""The most days that a story tells."""
_DAY: Final = timedelta(days=1)


class Teller:
    """Tells of a policy, with so many hours of work a day; `most`: the days of a cheat who moves the clock."""

    def __init__(self, policy: LabPolicy, hours: int, most: int) -> None:
        self.policy, self.hours, self.most = policy, hours, most
        tolerance = policy.rules.clock_tolerance
        self.rest = timedelta(hours=24 - hours)
        self.within = min(tolerance, self.rest)
        self.clock = "database" if policy.rules.clock is WhichClock.DATABASE else "bridge"
        self.whose = "the database server" if self.clock == "database" else "the workstation"

    def moves(self, name: str) -> str:
        """The moves in plain words."""
        back = policies.span(self.rest)
        return {
            HONEST: "works every day, and touches nothing",
            WITHIN: f"sets the clock of {self.whose} back by {policies.span(self.within)} before each day's work",
            CLOCK: f"sets the clock of {self.whose} back by {back} before each day's work, to where the last one ended",
            RESTORE: "puts the backup from the day of the grant back each morning, and the clock with it: the mark "
            "remembers the license time, so it is no better than the clock alone",
            NEW_COMPUTER: "puts the backup and the clock of the day of the grant back and works on a computer "
            "that keeps no mark of this record: nothing remembers",
            KILL: "ends the application by force within 2 minutes of each launch and sets the clock back by as much: "
            "no session lives long enough to account for its time",
            COPY: self._copy(),
            MACHINE: "puts the database, the marks and the clock of the day of the grant back at once, as a snapshot "
            "of a virtual machine does: nothing is left that could tell",
        }[name]

    def _copy(self) -> str:
        if self.policy.rules.binding.value == "identity":
            return "the copy finds another server's identity, and does not run (Invalid-Binding)"
        return "names alone are compared, so each copy of the day of the grant begins anew on a computer without a mark"

    def story(self, name: str, days: int | None) -> str:
        """A story of it; "" where the language cannot tell it, or where it would be longer than stories are."""
        tellers = {HONEST: self._honest, WITHIN: self._within, CLOCK: self._clock, RESTORE: self._restore}
        if name == NEW_COMPUTER:
            told = self.most > 0 and self.rest > timedelta(0) and 2 * self.most + 2 <= LONGEST
            return self._new_computer() if told else ""
        if name not in tellers or days is None or days > LONGEST:
            return ""
        return self._story(name, days, tellers[name]())

    def _honest(self) -> list[str]:
        return []

    def _within(self) -> list[str]:
        return self._set_back(self.within)

    def _clock(self) -> list[str]:
        return self._set_back(self.rest)

    def _restore(self) -> list[str]:
        return ["  - {at: daily 05:58, from: day 2, restore: {taken: day 1 06:00}}", *self._set_back(_DAY)]

    def _set_back(self, by: timedelta) -> list[str]:
        """The clock is set back every morning; there is nothing to say of no time at all."""
        if not by:
            return []
        return [f"  - {{at: daily 05:59, from: day 2, set_clock: {{of: {self.clock}, by: -{policies.span(by)}}}}}"]

    def _story(self, name: str, days: int, every: list[str]) -> str:
        last = days + 1
        return self._written(
            name,
            f"day {last + 1} 07:00",
            [
                "  - {at: day 1 06:00, authenticate: bridge}",
                *(every if days else []),
                f"  - {{at: daily 06:00, open: {{workstation: bridge, for: {self.hours}h}}}}",
            ],
            [
                f"  - at: day {last} 06:00",
                "    expect: {runs: yes}" if days else "    expect: {bridge: {runs: yes}}",
                f"  - at: day {last + 1} 06:00",
                "    expect: {state: Expired, runs: no}",
            ],
            "bridge: {}",
        )

    def _new_computer(self) -> str:
        """After the last day of the clock alone another computer takes over, and has as many days once more."""
        change, last = self.most + 2, 2 * self.most + 2
        clock = "database" if self.clock == "database" else "ws2"
        span = policies.span(self.rest)
        first, then = f"from: day 2, to: day {change} 00:00", f"from: day {change + 1}"
        back = [
            f"  - {{at: daily 05:59, {first}, set_clock: {{of: {self.clock}, by: -{span}}}}}",
            f"  - {{at: daily 05:59, {then}, set_clock: {{of: {clock}, by: -{span}}}}}",
        ]
        work = f"for: {self.hours}h"
        return self._written(
            NEW_COMPUTER,
            f"day {last} 07:00",
            [
                "  - {at: day 1 06:00, authenticate: bridge}",
                *(back if self.rest else []),
                f"  - {{at: daily 06:00, to: day {change} 00:00, open: {{workstation: bridge, {work}}}}}",
                f"  - {{at: daily 06:00, from: day {change}, open: {{workstation: ws2, {work}}}}}",
            ],
            [
                f"  - at: day {change} 05:58",
                "    restore: {taken: day 1 06:00}",
                f"  - at: day {change} 05:59",
                f"    set_clock: {{of: {clock}, to: day 1 05:59}}",
                f"  - at: day {last} 06:00",
                "    expect: {runs: yes}",
            ],
            "bridge: {}, ws2: {}",
        )

    def _written(self, name: str, ends: str, every: list[str], steps: list[str], stations: str) -> str:
        lines = [
            f"scenario: A cheat who {name}",
            "format: 1",
            f"why: How long does the application run after the last grant, with {self.hours} hours of work a day?",
            "starts: 2026-03-02 06:00 UTC",
            f"ends: {ends}",
            "world:",
            f"  license: {{grace: {self.policy.grace}}}",
            f"  workstations: {{{stations}}}",
            *policies.written(self.policy.rules),
            "online:",
            "  - {from: day 1 06:00, to: day 1 06:01}",
            "every:",
            *every,
            "steps:",
            *steps,
        ]
        return "\n".join(lines) + "\n"
