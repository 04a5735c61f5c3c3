"""The databases of a story on a real stage: which is which, what is wrong with them, and a look inside.

What is wrong with a database does not stop the stage itself, which backs up, restores, renames and damages it: troubles
are lifted as long as it works there or it is stopped, and a database that is stopped is started.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
from sqlalchemy import update

from nexuslic.adapters import sql_tables
from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_stores import Records, SeatTable, UserTable
from nexuslic.errors import DatabaseUnreachable
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.scenario.real.engine import Engine, Handle
from nexuslic.simulation.atlas import Atlas
from nexuslic.simulation.database import Database, Trouble

_ORDER = (Trouble.FULL, Trouble.READ_ONLY, Trouble.LOCKED)
"""What is done to the tables can be done only while they can be written."""


@attrs.define(eq=False)
class Databases:
    """The real databases behind those of an atlas."""

    engine: Engine
    atlas: Atlas
    stopped: list[Database] = attrs.Factory(list)
    _handles: dict[Database, Handle] = attrs.Factory(dict)
    _troubles: dict[Database, list[Trouble]] = attrs.Factory(dict)
    _bases: dict[tuple[str, str, str], CustomerDatabase] = attrs.Factory(dict)
    """Kept from story to story."""

    # -- which is which -------------------------------------------------------------------------------------------

    def url(self, database: Database) -> str:
        """Where it really is."""
        return self.engine.url(self._handles[database])

    def machine(self, database: Database) -> str:
        """The computer that it is on, whatever that is called."""
        return f"server {self._number(database)}"

    def troubles_of(self, database: Database) -> list[Trouble]:
        """What is wrong with it, in the order in which that can be brought about."""
        return sorted(set(self._troubles.get(database, [])), key=_ORDER.index)

    def _number(self, database: Database) -> int:
        return self.atlas.servers.index(database.server) + 1

    def _handle(self, database: Database) -> Handle:
        return Handle(self._number(database), database.name.strip())

    # -- what happens to them -------------------------------------------------------------------------------------

    def create(self, database: Database, assigned: Users) -> None:
        """A new one, in which these users are assigned."""
        handle = self._handles[database] = self._handle(database)
        self.engine.create(handle)
        if assigned:
            with self._base(database) as base:
                UserTable(base).update(lambda _: assigned)

    def stop(self, database: Database, *, stopped: bool) -> None:
        """Stop it, or start it again; nothing happens where it is so already."""
        if stopped == (database in self.stopped):
            return
        with self._at_ease(database):
            (self.stopped.append if stopped else self.stopped.remove)(database)

    def trouble(self, database: Database, trouble: Trouble, *, begins: bool) -> None:
        """It stores nothing from now on, or does again."""
        with self._at_ease(database):
            there = self._troubles.setdefault(database, [])
            (there.append if begins else there.remove)(trouble)

    def back_up(self, database: Database, file: Path) -> None:
        """By the engine's own tool."""
        with self._at_ease(database):
            self.engine.back_up(self._handles[database], file)

    def restore(self, file: Path, database: Database) -> None:
        """By the engine's own tool, in the place of what is there."""
        with self._at_ease(database):
            self.engine.restore(file, self._handles.setdefault(database, self._handle(database)))

    def rename(self, database: Database) -> None:
        """It is called by now as the atlas says."""
        old, new = self._handles[database], self._handle(database)
        if old == new:
            return
        with self._at_ease(database):
            self.engine.rename(old, new)
            self._handles[database] = new

    @contextmanager
    def _at_ease(self, database: Database) -> Iterator[None]:
        """As long as this lasts it can be reached and written."""
        handle = self._handles.get(database)
        if handle is None:
            yield
            return
        if database in self.stopped:
            self.engine.start(handle)
        else:
            for trouble in reversed(self.troubles_of(database)):
                self.engine.allow(handle, trouble)
        yield
        if database in self.stopped:
            self.engine.stop(self._handles[database])
        else:
            for trouble in self.troubles_of(database):
                self._forbid(database, trouble)

    def _forbid(self, database: Database, trouble: Trouble) -> None:
        if trouble is Trouble.FULL:
            with self._base(database) as base:
                base.prepare()
        self.engine.forbid(self._handles[database], trouble)

    # -- a look inside --------------------------------------------------------------------------------------------

    @contextmanager
    def _base(self, database: Database) -> Iterator[CustomerDatabase]:
        """The stage's own connection to it; none stays open."""
        where = (self.url(database), database.server.name, database.name)
        base = self._bases.get(where)
        if base is None:
            base = self._bases[where] = CustomerDatabase(place(where[0], server=where[1], database=where[2]))
        try:
            yield base
        finally:
            base.rest()

    def sealed(self, database: Database) -> bytes | None:
        """The record as it lies there. Raises DatabaseUnreachable."""
        if database in self.stopped:
            raise DatabaseUnreachable("the database is stopped")
        with self._base(database) as base:
            return Records(base).load()

    def has_tables(self, database: Database) -> bool:
        """Whether the license's tables were made there."""
        with self._at_ease(database), self._base(database) as base:
            return bool(base.tables())

    def seats(self, database: Database) -> Seats:
        """Its seat table, also where it is stopped."""
        with self._at_ease(database), self._base(database) as base:
            return SeatTable(base).look()

    def change_record(self, database: Database, act: Callable[[bytes], bytes]) -> bool:
        """Put other bytes in the place of the record; False where there is none."""
        with self._at_ease(database), self._base(database) as base:
            sealed = Records(base).load()
            if sealed is not None:
                with base.place.engine.begin() as connection:
                    connection.execute(update(sql_tables.record).values(sealed=act(sealed)))
        return sealed is not None
