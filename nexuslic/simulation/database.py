"""Database servers and databases: backed up, restored, copied, renamed, stopped, full, locked, damaged."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from enum import Enum

import attrs

from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.rules.binding import fold
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.simulation.time import MachineClock


class Trouble(Enum):
    """What keeps a database from storing."""

    READ_ONLY = "read-only"
    FULL = "full"
    LOCKED = "locked"


@attrs.frozen
class Contents:
    """Everything of the license that a backup holds."""

    record: bytes | None = None
    seats: Seats = ()
    users: Users = ()
    aside: tuple[bytes, ...] = ()


@attrs.define(eq=False)
class Server:
    """A database server: its name, the other names that it is known by, its identity and its clock."""

    name: str
    identity: str
    clock: MachineClock
    names: tuple[str, ...] = ()
    databases: list["Database"] = attrs.Factory(list)

    def find(self, name: str) -> "Database | None":
        """Its database of that name."""
        return next((one for one in self.databases if fold(one.name) == fold(name)), None)


@attrs.define(eq=False)
class Database:
    """One database on one server, and what is wrong with it now."""

    name: str
    server: Server
    contents: Contents = Contents()
    stopped: bool = False
    troubles: list[Trouble] = attrs.Factory(list)

    def read(self) -> Contents:
        """What it holds. Raises DatabaseUnreachable."""
        if self.stopped:
            raise DatabaseUnreachable("the database is stopped")
        return self.contents

    def write(self, contents: Contents) -> None:
        """Put `contents` in the place of what it holds. Raises DatabaseNotWritable."""
        if self.troubles:
            raise DatabaseNotWritable(f"the database is {self.troubles[0].value}")
        self.contents = contents


Locate = Callable[[], Database]
"""Finds the database that a workstation connects to now. Raises DatabaseUnreachable."""


@attrs.frozen
class Records:
    """The record store of one workstation's connection."""

    locate: Locate

    def load(self) -> bytes | None:
        """The sealed record."""
        return self.locate().read().record

    def together(self) -> AbstractContextManager[None]:
        """One thing happens after the other here, so that nobody is in between."""
        return nullcontext()

    def save(self, blob: bytes, instead_of: bytes | None) -> bool:
        """Replace it, unless it is another one by now."""
        return self._replace(blob, instead_of)

    def remove(self, instead_of: bytes) -> bool:
        """Remove it, unless it is another one by now."""
        return self._replace(None, instead_of)

    def _replace(self, blob: bytes | None, instead_of: bytes | None) -> bool:
        base = self.locate()
        held = base.read()
        if held.record != instead_of:
            return False
        base.write(Contents(blob, held.seats, held.users, held.aside))
        return True

    def set_aside(self, blob: bytes) -> None:
        """Keep a damaged one."""
        base = self.locate()
        held = base.read()
        base.write(attrs.evolve(held, aside=(*held.aside, blob)))


@attrs.frozen
class SeatTable:
    """The seats of one workstation's connection."""

    locate: Locate

    def update(self, change: Callable[[Seats, datetime], Seats]) -> None:
        """Replace the table."""
        base = self.locate()
        held = base.read()
        seats = change(held.seats, base.server.clock.wall)
        base.write(Contents(held.record, seats, held.users, held.aside))


@attrs.frozen
class UserTable:
    """The assigned users of one workstation's connection."""

    locate: Locate

    def assigned(self) -> Users:
        """Who is assigned."""
        return self.locate().read().users

    def update(self, change: Callable[[Users], Users]) -> None:
        """Replace them."""
        base = self.locate()
        held = base.read()
        base.write(attrs.evolve(held, users=change(held.users)))
