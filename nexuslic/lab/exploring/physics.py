"""What moves do to the world, whoever decides: clocks, databases, backups, and what is stored of a decision."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, Protocol

from nexuslic.lab.exploring.moves import DECIDING, Move, Verb
from nexuslic.lab.exploring.values import (
    DAY,
    TICK,
    Base,
    How,
    Look,
    Outcome,
    Place,
    Record,
    Server,
    World,
    later,
    mark_of,
    numbered,
    with_mark,
)
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.words import WhichClock

_NEW: Final = 9
"""The number of a record that was made just now, until records are numbered again."""
_SILENT: Final = Server()
"""What a decision without contact knows of the license server."""


class Decides(Protocol):
    """Whoever decides: the product's rules, or the letter."""

    def launch(self, look: Look) -> Outcome:
        """One launch."""
        ...

    def authenticate(self, look: Look, new: int) -> Outcome:
        """The key is entered."""
        ...

    def work(self, look: Look, change: int) -> Outcome:
        """A launch and its session."""
        ...


class Asked(NamedTuple):
    """One decision that is asked for; `by`: the clock is moved so in the middle of a session.

    A renewal code asks for the same as a key that is entered, by another way.
    """

    verb: Verb
    look: Look
    by: int


Decide = Callable[[Asked], Outcome]


def decided(rules: Decides, asked: Asked) -> Outcome:
    """What somebody decides."""
    verb, look, by = asked
    if verb is Verb.LAUNCH:
        return rules.launch(look)
    return rules.work(look, by) if verb is Verb.WORK else rules.authenticate(look, _NEW)


class Told(NamedTuple):
    """What a move comes to: the world after it, and where it was a decision, what was asked and what came of it."""

    move: Move
    world: World
    asked: Asked | None = None
    outcome: Outcome | None = None


class Physics:
    """The world's side of every move; `cap`: up to which age (seconds) the story's time is counted."""

    def __init__(self, policy: LabPolicy, cap: int = 0) -> None:
        self.one_clock = policy.rules.clock is WhichClock.DATABASE
        self.cap = cap

    def each(self, world: World, moves: Iterable[Move], decide: Decide) -> Iterator[Told]:
        """What each of the moves comes to that can be made and changes something."""
        then: World | None = None
        for move in moves:
            if move.verb in DECIDING:
                then = then or later(world, TICK, self.cap)
                told = self._decide(then, move, decide)
            else:
                told = self._changed(world, move)
            if told is not None:
                yield told

    def after(self, world: World, move: Move, decide: Decide) -> Told | None:
        """What one move comes to; None where it cannot be made, or would change nothing."""
        return next(self.each(world, (move,), decide), None)

    # -- decisions --------------------------------------------------------------------------------------------------

    def _decide(self, world: World, move: Move, decide: Decide) -> Told | None:
        verb, station, place, how, guest, by = move
        base = world.there if place is Place.THERE else world.here
        if base is None:
            return None
        mark = mark_of(world.marks[station], base.record)
        mine = place is not Place.THERE if self.one_clock else station == 0
        look = Look(
            base,
            mark,
            place,
            world.error if mine else 0,
            how,
            guest,
            _SILENT if how is not How.ONLINE else world.server,
        )
        asked = Asked(Verb.AUTHENTICATE if verb is Verb.CODE else verb, look, by or 0)
        outcome = decide(asked)
        if verb is Verb.WORK:
            world = later(world, TICK, self.cap)
            if by:
                world = self._moved(world, world.error + by)
        return Told(move, self._stored(world, move, base, outcome), asked, outcome)

    def _stored(self, world: World, move: Move, base: Base, outcome: Outcome) -> World:
        """The world in which a decision was stored."""
        record, station = outcome.record, move.station
        fresh = record is not None and record.id == _NEW
        new = Base(record, base.damaged and record is None, self._clean(world, move, base, record))
        marks, server, here, there, backup = world.marks, world.server, world.here, world.there, world.backup
        if outcome.mark is not None:
            mine = with_mark(marks[station], outcome.mark)
            marks = (mine, marks[1]) if station == 0 else (marks[0], mine)
        if outcome.bound is not None:
            server = server._replace(bound=outcome.bound)
        if move.place is Place.THERE:
            there = new
        else:
            here, backup = new, record if fresh else backup
        world = World(here, there, marks, backup, world.error, server, world.age)
        return numbered(world) if fresh or record is None else world

    def _clean(self, world: World, move: Move, base: Base, record: Record | None) -> bool:
        """A grant begins anew: whatever constant its clock is off by then costs nothing."""
        if record is not None and record.granted == 0 and move.verb is not Verb.WORK:
            return self.one_clock or world.error == 0
        return base.clean and not (move.verb is Verb.WORK and move.by)

    # -- what takes no time -----------------------------------------------------------------------------------------

    def _changed(self, world: World, move: Move) -> Told | None:
        change = _CHANGES.get(move.verb, Physics._support)
        changed = change(self, world, move)
        return None if changed is None or changed == world else Told(move, changed)

    def _wait(self, world: World, move: Move) -> World | None:
        """Time passes."""
        return later(world, move.by or 0, self.cap)

    def _clock(self, world: World, move: Move) -> World | None:
        """The clock is moved, or set right."""
        error = 0 if move.by is None else world.error + move.by
        return None if error == world.error else self._moved(world, error)

    def _moved(self, world: World, error: int) -> World:
        there = world.there
        if there is not None and not self.one_clock:
            there = there._replace(clean=False)
        return world._replace(error=error, here=world.here._replace(clean=False), there=there)

    def _restore(self, world: World, move: Move) -> World | None:
        """The backup that was taken at the last authentication takes the database's place."""
        return None if world.backup is None else numbered(world._replace(here=Base(world.backup, False, False)))

    def _copy(self, world: World, move: Move) -> World | None:
        """A backup taken now is restored onto DB2; the old copy stays where it was."""
        if world.here.record is None:
            return None
        return numbered(world._replace(there=world.here._replace(clean=False)))

    def _damage(self, world: World, move: Move) -> World | None:
        """One bit of the record is flipped."""
        return None if world.here.record is None else numbered(world._replace(here=Base(None, True, False)))

    def _support(self, world: World, move: Move) -> World | None:
        """The license server's side; what was revoked stays so."""
        if world.server.revoked:
            return None
        return world._replace(server=world.server._replace(**_SUPPORTS[move.verb]))


_CHANGES: Final[dict[Verb, Callable[[Physics, World, Move], World | None]]] = {
    Verb.WAIT: Physics._wait,
    Verb.CLOCK: Physics._clock,
    Verb.RESTORE: Physics._restore,
    Verb.COPY: Physics._copy,
    Verb.DAMAGE: Physics._damage,
}
_SUPPORTS: Final[dict[Verb, dict[str, Any]]] = {
    Verb.SUSPEND: {"suspended": True},
    Verb.REINSTATE: {"suspended": False},
    Verb.REVOKE: {"revoked": True, "suspended": False, "until": None},
    Verb.EXTEND: {"until": DAY},
}
