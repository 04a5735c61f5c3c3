"""Seats: at most so many live sessions per database, counted in the database, so it works at sea.

A seat is live while it was renewed within the seat timeout by the database's clock. A workstation that launches
again first gives back the seats of its own sessions that crashed. Exactly one of two takes the last seat, because
these functions run inside one atomic change of the seat table (rules: Seats and named users).
"""

from datetime import datetime, timedelta

import attrs

Seats = tuple["Seat", ...]


@attrs.frozen
class Seat:
    """One session's seat: who sits there, and when it was last renewed by the database's clock (UTC)."""

    session: str
    user: str
    workstation: str
    renewed_at: datetime

    def __str__(self) -> str:
        return f"{self.user} at {self.workstation}"


@attrs.frozen
class Request:
    """Who wants to sit down: its session, and which sessions of its workstation are still running."""

    session: str
    user: str
    workstation: str
    running: frozenset[str]


@attrs.frozen
class Seating:
    """The table after a request; `taken` says whether a seat was given, `holders` who holds the others."""

    seats: Seats
    taken: bool
    holders: Seats


def live(seats: Seats, now: datetime, timeout: timedelta) -> Seats:
    """The seats that count at `now`: renewed within the timeout.

    One that was renewed before the clock was set back counts as renewed now: its session loses nothing by that, and
    where it crashed, its seat is free after one timeout and not only when the clock has caught up.
    """
    there = (seat if seat.renewed_at <= now else attrs.evolve(seat, renewed_at=now) for seat in seats)
    return tuple(seat for seat in there if now - seat.renewed_at <= timeout)


def take(seats: Seats, request: Request, now: datetime, limit: int, timeout: timedelta) -> Seating:
    """Give `request` a seat if fewer than `limit` others are live, or renew the one that it has."""
    others = tuple(
        seat
        for seat in live(seats, now, timeout)
        if seat.session != request.session
        and (seat.workstation != request.workstation or seat.session in request.running)
    )
    had = any(seat.session == request.session for seat in live(seats, now, timeout))
    if len(others) >= limit and not had:
        return Seating(others, False, others)
    seat = Seat(request.session, request.user, request.workstation, now)
    return Seating((*others, seat), True, others)


def give_back(seats: Seats, session: str) -> Seats:
    """The table without the seat of `session`."""
    return tuple(seat for seat in seats if seat.session != session)
