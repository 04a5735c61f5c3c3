"""What the client needs of the world. Adapters are real, the simulation is in memory; both only deliver.

An adapter never judges what it carries: bytes go in and out, and a failure says why.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import attrs

from nexuslic.rules.license_time import Reading
from nexuslic.rules.record import NoContact
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users


class Clock(Protocol):
    """The clock that the license reads: the database server's, or the system's."""

    def read(self) -> Reading:
        """One look at it. Raises DatabaseUnreachable where it is the database server's."""
        ...


class Connectivity(Protocol):
    """One attempt to reach the license server."""

    def exchange(self, request: bytes) -> bytes | NoContact:
        """The reply to `request`, whatever it is, or the cause of no contact."""
        ...


class RecordStore(Protocol):
    """The record's place in the customer's database.

    Every method raises DatabaseUnreachable; the writing ones DatabaseNotWritable too, and then nothing changed.
    """

    def load(self) -> bytes | None:
        """The sealed record, or None."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """What is stored within, by any store of this database, is stored at once when it ends, or not at all.

        Nobody else stores meanwhile. Where it raises DatabaseNotWritable at its end, nothing was stored.
        """
        ...

    def save(self, blob: bytes, instead_of: bytes | None) -> bool:
        """Put `blob` in the place of `instead_of` (None: of nothing), at once or not at all.

        False, and nothing changed, where something else stands there by now.
        """
        ...

    def remove(self, instead_of: bytes) -> bool:
        """Remove the record `instead_of`. False, and nothing changed, where something else stands there by now."""
        ...

    def set_aside(self, blob: bytes) -> None:
        """Keep a damaged record for support."""
        ...


class SeatStore(Protocol):
    """The seat table in the customer's database."""

    def update(self, change: Callable[[Seats, datetime], Seats]) -> None:
        """Replace the table by `change(table, the database's clock)`, atomically.

        Raises DatabaseUnreachable, or DatabaseNotWritable after `change` was asked.
        """
        ...


class UserStore(Protocol):
    """The assigned users in the customer's database."""

    def assigned(self) -> Users:
        """Who is assigned, earliest first. Raises DatabaseUnreachable."""
        ...

    def update(self, change: Callable[[Users], Users]) -> None:
        """Replace them by `change(assigned)`, atomically. Raises DatabaseUnreachable, DatabaseNotWritable."""
        ...


PENDING = "request"
"""The name under which a workstation keeps what it has asked support for."""


class MarkStore(Protocol):
    """What a workstation keeps for itself, by name.

    Losing a mark costs nothing but evidence; losing what is PENDING costs a second call to support.
    """

    def load(self, name: str) -> bytes | None:
        """The blob kept under `name`, or None."""
        ...

    def save(self, name: str, blob: bytes) -> None:
        """Keep `blob` under `name`, at once or not at all."""
        ...

    def remove(self, name: str) -> None:
        """Forget `name`; nothing happens where there is none."""
        ...


class Chance(Protocol):
    """Where nonces come from."""

    def take(self, count: int) -> bytes:
        """`count` bytes that nobody can foretell."""
        ...


class Computer(Protocol):
    """What the client asks of the computer that it runs on."""

    def dongle(self) -> bool:
        """Whether NETHASP.ini stands beside the application."""
        ...

    def begin(self, session: str) -> None:
        """A session of this id is about to run here."""
        ...

    def end(self, session: str) -> None:
        """It is over; nothing happens where it never began."""
        ...

    def running(self, sessions: Collection[str]) -> frozenset[str]:
        """Which of these, that sat down from this workstation, run on: all but those that are known to have ended."""
        ...


@attrs.frozen
class Ports:
    """The world of one workstation."""

    clock: Clock
    connectivity: Connectivity
    records: RecordStore
    seats: SeatStore
    users: UserStore
    marks: MarkStore
    chance: Chance
    computer: Computer
