"""PostgreSQL as a real stage uses it: a server for each server of the story, databases with the story's names.

Backups are made by pg_dump and restored by pg_restore. Read-only is a database whose transactions are; locked, a
transaction that holds the record; full, the error that the server itself raises then, raised by a trigger, because to
fill a disk takes a disk of its own.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString

import attrs
import psycopg
from psycopg import sql
from sqlalchemy import URL

from nexuslic.adapters.sql import MAKING
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.engine import Handle
from nexuslic.scenario.real.postgresql_servers import OwnServers, Servers, for_libpq
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.database import Trouble

_MOST_BYTES = 63
_TABLES = ("record", "seat", "user", "aside")
_FULL: tuple[LiteralString, ...] = (
    "CREATE FUNCTION nexuslic_no_room() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
    *(
        f"CREATE TRIGGER nexuslic_no_room BEFORE INSERT OR UPDATE OR DELETE ON nexuslic_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION nexuslic_no_room()"
        for table in _TABLES
    ),
)


@attrs.define(eq=False)
class PostgresqlEngine:
    """Databases on PostgreSQL servers, which are kept from story to story."""

    servers: Servers = attrs.Factory(OwnServers)
    made: set[Handle] = attrs.Factory(set)
    refused: set[Handle] = attrs.Factory(set)
    """Databases that cannot be reached; a server all of whose databases are is stopped itself."""
    halted: set[int] = attrs.Factory(set)
    blockers: dict[Handle, psycopg.Connection[Any]] = attrs.Factory(dict)
    known_by_tables: bool = attrs.field(default=False, init=False)

    # -- servers --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Drop what the story before has left."""
        for blocker in self.blockers.values():
            blocker.close()
        self.blockers.clear()
        self.refused.clear()
        for server in sorted(self.halted):
            self._run(server, stopped=False)
        for handle in sorted(self.made, key=lambda one: (one.server, one.name)):
            self._drop(handle)

    @property
    def one_for_all(self) -> bool:
        """Whether one server stands for all of a story's."""
        return self.servers.one_for_all

    def _run(self, number: int, *, stopped: bool) -> None:
        self.servers.run(number, stopped=stopped)
        (self.halted.add if stopped else self.halted.discard)(number)

    def _where(self, handle: Handle) -> URL:
        return self.servers.where(handle.server).set(database=self._called(handle))

    def _called(self, handle: Handle) -> str:
        return _fits(self.servers.called(handle))

    @contextmanager
    def _up(self, number: int) -> Iterator[None]:
        """The server runs as long as this lasts, also where it is stopped for everybody else."""
        halted = number in self.halted
        if halted:
            self._run(number, stopped=False)
        try:
            yield
        finally:
            if halted:
                self._run(number, stopped=True)

    def _do(self, number: int, *statements: sql.Composed, within: Handle | None = None) -> None:
        """Run statements as the server's administrator, `within` a database where that matters."""
        with self._up(number):
            where = self.servers.where(number) if within is None else self._where(within)
            with psycopg.connect(for_libpq(where), autocommit=True) as connection:
                for one in statements:
                    connection.execute(one)

    def _settle(self, number: int) -> None:
        """Stop the server if none of its databases may be reached; else let those alone refuse that may not."""
        mine = sorted((one for one in self.made if one.server == number), key=lambda one: one.name)
        if mine and not self.one_for_all and self.refused.issuperset(mine):
            if number not in self.halted:
                self._run(number, stopped=True)
            return
        if number in self.halted:
            self._run(number, stopped=False)
        for one in mine:
            refuses = one in self.refused
            allows = sql.SQL("ALLOW_CONNECTIONS false") if refuses else sql.SQL("ALLOW_CONNECTIONS true")
            self._do(number, self._named("ALTER DATABASE {} ", one) + allows, *(self._ends(one) if refuses else ()))

    # -- databases ------------------------------------------------------------------------------------------------

    def create(self, handle: Handle) -> None:
        """An empty database."""
        self._drop(handle)
        self._do(handle.server, self._named("CREATE DATABASE {} TEMPLATE template0", handle))
        self.made.add(handle)
        if handle.server in self.halted:
            self._settle(handle.server)

    def _drop(self, handle: Handle) -> None:
        if handle in self.made:
            self._do(handle.server, self._named("DROP DATABASE IF EXISTS {} WITH (FORCE)", handle))
            self.made.discard(handle)

    def url(self, handle: Handle) -> str:
        """The server's URL with the database's name."""
        return self._where(handle).render_as_string(hide_password=False)

    def nowhere(self) -> str:
        """A database that the first server does not have."""
        return self.servers.where(1).set(database="nexuslic nowhere").render_as_string(hide_password=False)

    def rename(self, old: Handle, new: Handle) -> None:
        """ALTER DATABASE ... RENAME, once those who are connected are gone."""
        self._do(old.server, *self._ends(old), self._named("ALTER DATABASE {} RENAME TO {}", old, new))
        self.made.discard(old)
        self.made.add(new)

    def back_up(self, handle: Handle, file: Path) -> None:
        """pg_dump."""
        self._tool(handle, "pg_dump", "--format=custom", "--file", str(file))

    def restore(self, file: Path, handle: Handle) -> None:
        """A new database in the place of the old one, and pg_restore."""
        self.create(handle)
        self._tool(handle, "pg_restore", "--exit-on-error", str(file))

    def _tool(self, handle: Handle, name: str, *words: str) -> None:
        with self._up(handle.server):
            command = [str(self.servers.tools() / name), "--dbname", for_libpq(self._where(handle)), *words]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StageBroke(f"{name} failed: {done.stderr.strip()}")

    def stop(self, handle: Handle) -> None:
        """It takes no connections, and those that there are end; its server is stopped, if it has no other."""
        self.refused.add(handle)
        self._settle(handle.server)

    def start(self, handle: Handle) -> None:
        """It takes connections again."""
        self.refused.discard(handle)
        self._settle(handle.server)

    # -- troubles -------------------------------------------------------------------------------------------------

    def forbid(self, handle: Handle, trouble: Trouble) -> None:
        """From the next connection on it stores nothing."""
        if trouble is Trouble.READ_ONLY:
            self._do(handle.server, self._named("ALTER DATABASE {} SET default_transaction_read_only = on", handle))
        elif trouble is Trouble.LOCKED:
            self._lock(handle)
        else:
            self._do(handle.server, *map(_plain, _FULL), within=handle)

    def _lock(self, handle: Handle) -> None:
        blocker = self.blockers[handle] = psycopg.connect(for_libpq(self._where(handle)), autocommit=False)
        blocker.read_only = False
        with suppress(psycopg.errors.UndefinedTable):
            blocker.execute("SELECT * FROM nexuslic_record FOR UPDATE")
            return
        blocker.rollback()
        blocker.execute(f"SELECT pg_advisory_xact_lock({MAKING})")

    def allow(self, handle: Handle, trouble: Trouble) -> None:
        """That is over."""
        if trouble is Trouble.READ_ONLY:
            self._do(handle.server, self._named("ALTER DATABASE {} RESET default_transaction_read_only", handle))
        elif trouble is Trouble.LOCKED:
            self.blockers.pop(handle).close()
        else:
            self._do(handle.server, _plain("DROP FUNCTION IF EXISTS nexuslic_no_room() CASCADE"), within=handle)

    def check(self) -> None:
        """Raises StageBroke where a server ended that nobody stopped."""
        self.servers.check(self.halted)

    def close(self) -> None:
        """Drop what is left on a server that stays, and let go of the servers."""
        for blocker in self.blockers.values():
            blocker.close()
        self.blockers.clear()
        try:
            for server in sorted(self.halted):
                self._run(server, stopped=False)
            if self.one_for_all:
                self.begin()
        finally:
            self.servers.close()

    def _named(self, text: LiteralString, *handles: Handle) -> sql.Composed:
        return sql.SQL(text).format(*(sql.Identifier(self._called(handle)) for handle in handles))

    def _ends(self, handle: Handle) -> tuple[sql.Composed, ...]:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
        return (sql.SQL(query).format(sql.Literal(self._called(handle))),)


def _plain(text: LiteralString) -> sql.Composed:
    return sql.Composed([sql.SQL(text)])


def _fits(name: str) -> str:
    """A name that PostgreSQL takes. Raises NotOnThisStage."""
    if not name or len(name.encode("utf-8", "surrogatepass")) > _MOST_BYTES or "\0" in name:
        raise NotOnThisStage(f"no database can have the name {name[:40]!r} there: it has 1 to {_MOST_BYTES} bytes")
    return name
