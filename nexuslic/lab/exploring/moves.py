"""What may happen in the explored world: the verbs of the scenario language that the rules can feel.

A decision (launch, authenticate, code, work) comes `TICK` after the one before it; everything else takes no time.
"""

from enum import Enum
from typing import Final, NamedTuple

from nexuslic.lab.exploring.values import DAY, TICK, How, Place
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.words import WhichBinding

STATIONS: Final = ("bridge", "ws2")
YEAR: Final = 365 * DAY


class Verb(Enum):
    """What a move does."""

    LAUNCH = "launch"
    WORK = "open"
    AUTHENTICATE = "authenticate"
    CODE = "renew_by_code"
    WAIT = "wait"
    CLOCK = "set_clock"
    RESTORE = "restore"
    COPY = "restore onto another server"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    EXTEND = "extend"
    DAMAGE = "damage"

    __hash__ = object.__hash__


DECIDING: Final = frozenset({Verb.LAUNCH, Verb.WORK, Verb.AUTHENTICATE, Verb.CODE})
LAUNCHING: Final = frozenset({Verb.LAUNCH, Verb.WORK})


class Move(NamedTuple):
    """One move.

    Of a decision: on which workstation (0 or 1), under which spelling, with which contact, by a guest without a named
    license or not. `by`: how long to wait, or by how much a clock is moved (None: it is set right).
    """

    verb: Verb
    station: int = 0
    place: Place = Place.HERE
    how: How = How.ONLINE
    guest: bool = False
    by: int | None = 0


def _launches(policy: LabPolicy) -> list[Move]:
    """Under `identity` the other name of DB1 is DB1 and makes contact; under `spelling` it never does."""
    identity = policy.rules.binding is WhichBinding.IDENTITY
    return [
        Move(Verb.LAUNCH, 0, Place.HERE, How.OFFLINE),
        Move(Verb.LAUNCH, 0, Place.HERE, How.ONLINE),
        Move(Verb.LAUNCH, 0, Place.ALIAS, How.ONLINE if identity else How.OFFLINE),
        Move(Verb.LAUNCH, 0, Place.THERE, How.OFFLINE),
        Move(Verb.LAUNCH, 0, Place.THERE, How.ONLINE),
        Move(Verb.LAUNCH, 1, Place.HERE, How.OFFLINE),
        Move(Verb.LAUNCH, 1, Place.HERE, How.ONLINE),
        Move(Verb.LAUNCH, 0, Place.HERE, How.FORGED),
        Move(Verb.LAUNCH, 0, Place.HERE, How.OFFLINE, guest=True),
        Move(Verb.LAUNCH, 0, Place.HERE, How.ONLINE, guest=True),
    ]


_KEYS: Final = [
    Move(Verb.AUTHENTICATE, 0, Place.HERE),
    Move(Verb.AUTHENTICATE, 0, Place.ALIAS),
    Move(Verb.AUTHENTICATE, 0, Place.THERE),
    Move(Verb.AUTHENTICATE, 0, Place.HERE, How.OFFLINE),
    Move(Verb.CODE, 0, Place.HERE),
]


def _times(policy: LabPolicy) -> list[Move]:
    """Waits to the deadline itself and past it; clocks back by exactly the tolerance, by more, a year ahead, right."""
    tolerance, grace = round(policy.rules.clock_tolerance.total_seconds()), policy.grace * DAY
    waits = [Move(Verb.WAIT, by=by) for by in (grace - TICK, grace) if by > 0]
    clocks = [Move(Verb.CLOCK, by=by) for by in (-tolerance - TICK, -tolerance - TICK - DAY, YEAR, None, DAY)]
    work = [Move(Verb.WORK, how=How.OFFLINE)]
    work += [Move(Verb.WORK, how=How.OFFLINE, by=-tolerance)] if tolerance else []
    return [*waits, *clocks, *work]


def all_moves(policy: LabPolicy) -> tuple[Move, ...]:
    """Every move under a policy, the plain ones first: of two short stories the plainer one is told."""
    extensions = [Move(Verb.EXTEND)] if policy.extensions else []
    rest = [Verb.RESTORE, Verb.COPY, Verb.SUSPEND, Verb.REINSTATE, Verb.REVOKE, Verb.DAMAGE]
    return (*_KEYS, *_launches(policy), *_times(policy), *extensions, *(Move(verb) for verb in rest))


_PLAIN: Final = frozenset({(0, Place.HERE, How.OFFLINE, False), (0, Place.HERE, How.ONLINE, False)})


def _plain(move: Move) -> bool:
    return move[1:5] in _PLAIN


class Theme(NamedTuple):
    """Fewer moves, which are explored deeper; `deeper`: by how many moves."""

    moves: tuple[Move, ...]
    deeper: int


def themes(policy: LabPolicy) -> dict[str, Theme]:
    """What belongs together: names and copies, clocks and backups, and what support does."""
    every = all_moves(policy)
    plain = [move for move in every if move.verb in (Verb.AUTHENTICATE, Verb.LAUNCH) and _plain(move)]
    entered = [move for move in plain if move.verb is Verb.LAUNCH or move.how is How.ONLINE]
    names = [move for move in every if move.verb in (Verb.AUTHENTICATE, Verb.LAUNCH, Verb.COPY)]
    names = [m for m in names if not m.guest and m.how is not How.FORGED and (m.how, m.verb) != _VAIN]
    times = [move for move in every if move.verb in (Verb.WAIT, Verb.CLOCK, Verb.WORK, Verb.RESTORE)]
    support = [move for move in every if move.verb in _SUPPORT]
    return {
        "names": Theme(tuple(move for move in names if move.station == 0), 2),
        "clocks": Theme((*entered, *times), 1),
        "support": Theme((*entered, *(move for move in times if move.verb is Verb.WAIT), *support), 2),
    }


_VAIN: Final = (How.OFFLINE, Verb.AUTHENTICATE)
_SUPPORT: Final = (Verb.EXTEND, Verb.SUSPEND, Verb.REINSTATE, Verb.REVOKE)
