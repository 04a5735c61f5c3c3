"""Faults of the seats: how many, how long, whose, and who is told."""

from datetime import datetime, timedelta

import attrs

from nexuslic.rules.binding import fold
from nexuslic.rules.seats import Request, Seat, Seating, Seats
from nexuslic.scenario.decoration.fault import Fault

_RULE = "Seats and named users"
_TAKE = "nexuslic.rules.seats:take"
_LIVE = "nexuslic.rules.seats:live"


def _asking(request: Request, *sessions: str) -> Request:
    """The request, with only these sessions of its workstation said to run."""
    return attrs.evolve(request, running=frozenset(sessions))


def _standing(seating: Seating, request: Request, now: datetime) -> Seating:
    """A refused request that sits down all the same."""
    if seating.taken:
        return seating
    seat = Seat(request.session, request.user, request.workstation, now)
    return attrs.evolve(seating, seats=(*seating.seats, seat))


def _without_own(seats: Seats, session: str) -> Seats:
    return tuple(seat for seat in seats if seat.session != session)


def _of_others(seats: Seats, user: str) -> Seats:
    """The seats that a person would count who counts people."""
    return tuple(seat for seat in seats if fold(seat.user) != fold(user))


FAULTS = (
    Fault(
        "seat-one-too-many",
        "One session more than there are seats is let in.",
        _RULE,
        "as many sessions as there are seats, and one more",
        _TAKE,
        lambda real: lambda table, request, now, limit, timeout: real(table, request, now, limit + 1, timeout),
    ),
    Fault(
        "seat-one-too-few",
        "The last seat is never given.",
        _RULE,
        "as many sessions as there are seats",
        _TAKE,
        lambda real: lambda table, request, now, limit, timeout: real(table, request, now, limit - 1, timeout),
    ),
    Fault(
        "seat-timeout-excluded",
        "A seat that was renewed just the timeout ago is free.",
        _RULE,
        "a crash, and a launch at the last minute of the seat timeout that is refused",
        _LIVE,
        lambda real: lambda table, now, timeout: real(table, now, timeout - timedelta(seconds=1)),
    ),
    Fault(
        "seat-timeout-always-ten-minutes",
        "A seat lives for ten minutes, whatever the policy says.",
        _RULE,
        "a policy `seat_timeout`, and a crash",
        _LIVE,
        lambda real: lambda table, now, timeout: real(table, now, timedelta(minutes=10)),
    ),
    Fault(
        "seat-for-ever",
        "A session that crashed keeps its seat.",
        _RULE,
        "a crash, and a launch after the seat timeout",
        _LIVE,
        lambda real: lambda table, now, timeout: real(table, now, timedelta(days=36500)),
    ),
    Fault(
        "seat-of-the-future",
        "A seat that was renewed before the clock was set back lives until the clock has caught up.",
        _RULE,
        "a crash, a clock that is set back by an hour, and a launch after the seat timeout",
        _LIVE,
        lambda real: lambda table, now, timeout: tuple(seat for seat in table if now - seat.renewed_at <= timeout),
    ),
    Fault(
        "own-crash-waits",
        "A workstation waits for the seats of its own sessions that crashed.",
        _RULE,
        "a crash, and a launch of the same workstation at once",
        _TAKE,
        lambda real: (
            lambda table, request, *more: real(table, _asking(request, *(seat.session for seat in table)), *more)
        ),
    ),
    Fault(
        "own-sessions-thrown-out",
        "A workstation that launches takes the seats of all its sessions, also of those that run.",
        _RULE,
        "two sessions of one workstation, and `seats_in_use: 2`",
        _TAKE,
        lambda real: lambda table, request, *more: real(table, _asking(request), *more),
    ),
    Fault(
        "seat-not-given-back",
        "Closing the application gives no seat back.",
        _RULE,
        "a session that is closed, and `seats_in_use`",
        "nexuslic.rules.seats:give_back",
        lambda real: lambda table, session: table,
    ),
    Fault(
        "seat-never-renewed",
        "A session does not renew its seat.",
        _RULE,
        "a session that runs for longer than the seat timeout, and `seats_in_use`",
        "nexuslic.session:renew_seat",
        lambda real: lambda client, session: True,
    ),
    Fault(
        "seat-for-a-person",
        "All sessions of one user share a seat.",
        _RULE,
        "two sessions of one user, and `seats_in_use: 2`",
        _TAKE,
        lambda real: lambda table, request, *more: real(_of_others(table, request.user), request, *more),
    ),
    Fault(
        "fewer-seats-throw-out",
        "Where a grant brings fewer seats than are live, running sessions lose theirs.",
        _RULE,
        "a license that shrinks while sessions run",
        _TAKE,
        lambda real: lambda table, request, *more: real(_without_own(table, request.session), request, *more),
    ),
    Fault(
        "refused-sits-down",
        "A launch that finds no free seat takes one all the same.",
        _RULE,
        "a launch that is refused for seats, and `seats_in_use`",
        _TAKE,
        lambda real: lambda table, request, now, *more: _standing(real(table, request, now, *more), request, now),
    ),
    Fault(
        "holders-untold",
        "A refusal for seats does not name who holds them.",
        _RULE,
        "a launch that is refused for seats, and the message",
        _TAKE,
        lambda real: lambda *given: attrs.evolve(real(*given), holders=()),
    ),
    Fault(
        "holders-one-only",
        "A refusal for seats names only one of those who hold them.",
        _RULE,
        "a launch that is refused for seats by two others, and the message",
        _TAKE,
        lambda real: lambda *given: attrs.evolve(real(*given), holders=real(*given).holders[:1]),
    ),
)
