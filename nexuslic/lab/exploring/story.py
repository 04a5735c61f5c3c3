"""A path through the explored world as a story, which `nexuslic run` can run: each move in a minute of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from nexuslic.lab import policies
from nexuslic.lab.exploring.moves import DECIDING, STATIONS, Move, Verb
from nexuslic.lab.exploring.physics import Told
from nexuslic.lab.exploring.values import DAY, EXTRA, TICK, How, Place
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.words import Reason, WhichClock
from nexuslic.scenario.calendar import Calendar

STARTS: Final = "2026-03-02 00:00 UTC"
CALENDAR: Final = Calendar.beginning(STARTS)
_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_ASKS_NOBODY: Final = frozenset({Reason.UNLICENSED, Reason.DAMAGED, Reason.BINDING, Reason.SUPERSEDED})
"""Why a launch is refused before it would contact the license server; a reply in its place would wait for the next."""


@attrs.frozen
class Telling:
    """What a story says beside its moves: its title, its question, what its last step expects, its `always` lines."""

    title: str
    why: str
    expects: tuple[tuple[str, str], ...] = ()
    always: tuple[str, ...] = ()


def at(seconds: int) -> str:
    """The story's time, so many seconds after its beginning."""
    return CALENDAR.write(CALENDAR.starts + seconds * _SECOND)


def ends_at(path: Sequence[Told]) -> int:
    """When the last decision of a path is made, in seconds since the story began."""
    now = decided = 0
    for move in (told.move for told in path):
        if move.verb in DECIDING:
            now += TICK
            decided = now
            now += TICK if move.verb is Verb.WORK else 0
        elif move.verb is Verb.WAIT:
            now += move.by or 0
    return decided


def write(path: Sequence[Told], policy: LabPolicy, telling: Telling) -> str:
    """The story of these moves."""
    return "\n".join(_written(path, policy).lines(telling)) + "\n"


def steps(path: Sequence[Told], policy: LabPolicy) -> int:
    """How many steps the story has."""
    return len(_written(path, policy).steps)


def _written(path: Sequence[Told], policy: LabPolicy) -> "_Writer":
    writer = _Writer(policy)
    for told in path:
        writer.add(told)
    return writer


class _Writer:
    """Keeps the time of the story, and how each workstation spells the server by now."""

    def __init__(self, policy: LabPolicy) -> None:
        self.policy = policy
        self.now = CALENDAR.starts
        self.free = CALENDAR.starts
        """The next minute in which nothing happens yet."""
        self.backup: datetime | None = None
        self.error = timedelta(0)
        self.spelled = [Place.HERE, Place.HERE]
        self.online: list[str] = []
        self.steps: list[tuple[str, str]] = []
        self.used: set[int] = set()
        """Which workstations the story needs; with the second one, its database stays DB1 wherever the bridge goes."""
        self.alias = self.guest = False

    def add(self, told: Told) -> None:
        """One move."""
        move, outcome = told.move, told.outcome
        if outcome is not None:
            self._decide(move, asks=outcome.answer.reason not in _ASKS_NOBODY)
            if outcome.bound is not None and move.place is not Place.THERE:
                self.backup = self.now
        elif move.verb is Verb.WAIT:
            self.now += (move.by or 0) * _SECOND
            self.free = max(self.free, self.now)
        else:
            self._say(self._change(move))

    def _say(self, verb: str, when: datetime | None = None) -> None:
        """A step at that time, or as soon as there is a minute for it."""
        self.free = max(self.free, self.now) + _MINUTE if when is None else when
        self.steps.append((CALENDAR.write(self.free), verb))

    def _decide(self, move: Move, *, asks: bool) -> None:
        name = STATIONS[move.station]
        self.used.add(move.station)
        if self.spelled[move.station] is not move.place:
            self._say(f"connects_to: {{workstation: {name}, server: {move.place.value}}}")
            self.spelled[move.station] = move.place
            self.alias = self.alias or move.place is Place.ALIAS
        if move.how is How.FORGED and asks:
            self._say("reply: {tamper: forged}")
        self.now += TICK * _SECOND
        if move.how is not How.OFFLINE and move.verb is not Verb.CODE:
            self._contact()
        self._say(self._deciding(move, name), self.now)
        if move.verb is Verb.WORK:
            self._work(move)

    def _contact(self) -> None:
        self.online.append(f"{{from: {CALENDAR.write(self.now)}, to: {CALENDAR.write(self.now + _MINUTE)}}}")

    def _deciding(self, move: Move, name: str) -> str:
        if move.verb is Verb.WORK:
            return f"open: {{workstation: {name}, for: {policies.span(TICK * _SECOND)}}}"
        if move.guest:
            self.guest = True
            return f"{move.verb.value}: {{workstation: {name}, user: guest}}"
        return f"{move.verb.value}: {name}"

    def _work(self, move: Move) -> None:
        """The session runs on; half-way its clock is moved."""
        if move.by:
            self._set_clock(move.by * _SECOND, self.now + TICK * _SECOND / 2)
        self.now += TICK * _SECOND

    def _set_clock(self, by: timedelta, when: datetime | None = None) -> None:
        self.error += by
        self._say(self._clock_set(by), when)

    def _clock_set(self, by: timedelta) -> str:
        of = "DB1" if self.policy.rules.clock is WhichClock.DATABASE else STATIONS[0]
        sign = "-" if by < timedelta(0) else "+"
        return f"set_clock: {{of: {of}, by: {sign}{policies.span(abs(by))}}}"

    def _change(self, move: Move) -> str:
        match move.verb:
            case Verb.CLOCK:
                by = -self.error if move.by is None else move.by * _SECOND
                self.error += by
                return self._clock_set(by)
            case Verb.RESTORE:
                self.spelled = [Place.HERE if one is Place.THERE else one for one in self.spelled]
                return f"restore: {{taken: {'' if self.backup is None else CALENDAR.write(self.backup)}}}"
            case Verb.COPY:
                self.spelled[0] = Place.THERE
                self.used.add(1)
                return f"restore: {{onto: {Place.THERE.value}, workstations: [{STATIONS[0]}]}}"
            case Verb.EXTEND:
                until = CALENDAR.write(self.now + timedelta(seconds=DAY))
                return f"extend: {{days: {EXTRA}, until: {until}}}"
            case Verb.DAMAGE:
                return "damage: record"
            case _:
                return f"{move.verb.value}: license"

    # -- the file ---------------------------------------------------------------------------------------------------

    def lines(self, telling: Telling) -> list[str]:
        """All lines of the file."""
        last = len(self.steps) - 1
        steps: list[str] = []
        for place, (when, verb) in enumerate(self.steps):
            steps += [f"  - at: {when}", f"    {verb}"]
            if place == last and telling.expects:
                steps.append("    expect: {" + ", ".join(f"{key}: {value}" for key, value in telling.expects) + "}")
        return [
            f"scenario: {telling.title}",
            "format: 1",
            f"why: {telling.why}",
            f"starts: {STARTS}",
            *self._world(),
            *(["online:", *(f"  - {window}" for window in self.online)] if self.online else []),
            "steps:",
            *steps,
            *(["always:", *(f"  - {{{line}}}" for line in telling.always)] if telling.always else []),
        ]

    def _world(self) -> list[str]:
        named = "type: named, seats: 1, " if self.guest else ""
        user = "user: mate" if self.guest else ""
        names = [name for place, name in enumerate(STATIONS) if place == 0 or place in self.used]
        lines = ["world:", f"  license: {{{named}grace: {self.policy.grace}}}"]
        lines += [f"  servers: {{DB1: {{names: [{Place.ALIAS.value}]}}}}"] if self.alias else []
        lines.append("  workstations: {" + ", ".join(f"{name}: {{{user}}}" for name in names) + "}")
        lines += ["  users: [mate, guest]", "  assigned: [mate]"] if self.guest else []
        return [*lines, *policies.written(self.policy.rules)]
