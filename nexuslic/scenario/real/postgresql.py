"""PostgreSQL as a real stage uses it: a server for each server of the story, databases with the story's names.

Backups are made by pg_dump and restored by pg_restore. Read-only is a database whose transactions are; locked, a
transaction that holds the record; full, the error that the server itself raises then, raised by a trigger, because to
fill a disk takes a disk of its own.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString

import attrs
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from nexuslic.adapters.sql import MAKING
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.engine import Handle
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.database import Trouble
from nexuslic.testing import postgresql

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
    """Servers of our own; they are kept from story to story, and their databases dropped."""

    servers: list[Any] = attrs.Factory(list)
    made: set[Handle] = attrs.Factory(set)
    refused: set[Handle] = attrs.Factory(set)
    """Databases that cannot be reached; a server all of whose databases are is stopped itself."""
    halted: set[int] = attrs.Factory(set)
    blockers: dict[Handle, psycopg.Connection[Any]] = attrs.Factory(dict)
    _stack: ExitStack = attrs.Factory(ExitStack)

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

    def _server(self, number: int) -> Any:
        while number > len(self.servers):
            try:
                self.servers.append(self._stack.enter_context(postgresql.running()))
            except ImportError as error:
                raise StageBroke(f"there is no PostgreSQL ({error}): pip install 'nexuslic[stages]'") from error
            except Exception as error:
                raise StageBroke(f"PostgreSQL does not start ({error}): free disk space, or give a URL") from error
        return self.servers[number - 1]

    def _run(self, number: int, *, stopped: bool) -> None:
        if stopped:
            self._server(number).stop()
            self.halted.add(number)
        else:
            self._server(number).ensure_postgres_running()
            self.halted.discard(number)

    def _where(self, number: int, name: str = "postgres") -> URL:
        return make_url(str(self._server(number).get_uri())).set(database=name)

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

    def _do(self, number: int, *statements: sql.Composed, name: str = "postgres") -> None:
        """Run statements as the server's administrator."""
        with self._up(number):
            where = self._where(number, name).render_as_string(hide_password=False)
            with psycopg.connect(where, autocommit=True) as connection:
                for one in statements:
                    connection.execute(one)

    def _settle(self, number: int) -> None:
        """Stop the server if none of its databases may be reached; else let those alone refuse that may not."""
        mine = sorted((one for one in self.made if one.server == number), key=lambda one: one.name)
        if mine and self.refused.issuperset(mine):
            if number not in self.halted:
                self._run(number, stopped=True)
            return
        if number in self.halted:
            self._run(number, stopped=False)
        for one in mine:
            refuses = one in self.refused
            allows = sql.SQL("ALLOW_CONNECTIONS false") if refuses else sql.SQL("ALLOW_CONNECTIONS true")
            self._do(number, _named("ALTER DATABASE {} ", one) + allows, *(_ends(one) if refuses else ()))

    # -- databases ------------------------------------------------------------------------------------------------

    def create(self, handle: Handle) -> None:
        """An empty database."""
        self._drop(handle)
        self._do(handle.server, _named("CREATE DATABASE {} TEMPLATE template0", handle))
        self.made.add(handle)
        if handle.server in self.halted:
            self._settle(handle.server)

    def _drop(self, handle: Handle) -> None:
        if handle in self.made:
            self._do(handle.server, _named("DROP DATABASE IF EXISTS {} WITH (FORCE)", handle))
            self.made.discard(handle)

    def url(self, handle: Handle) -> str:
        """The server's URL with the database's name."""
        return self._where(handle.server, handle.name).render_as_string(hide_password=False)

    def nowhere(self) -> str:
        """A database that the first server does not have."""
        return self._where(1, "nexuslic nowhere").render_as_string(hide_password=False)

    def rename(self, old: Handle, new: Handle) -> None:
        """ALTER DATABASE ... RENAME, once those who are connected are gone."""
        _fits(new.name)
        self._do(old.server, *_ends(old), _named("ALTER DATABASE {} RENAME TO {}", old, new))
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
            command = [str(postgresql.tools() / name), "--dbname", self.url(handle).replace("+psycopg", ""), *words]
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
            self._do(handle.server, _named("ALTER DATABASE {} SET default_transaction_read_only = on", handle))
        elif trouble is Trouble.LOCKED:
            self._lock(handle)
        else:
            self._do(handle.server, *map(_plain, _FULL), name=handle.name)

    def _lock(self, handle: Handle) -> None:
        where = self.url(handle)
        blocker = self.blockers[handle] = psycopg.connect(where, autocommit=False)
        with suppress(psycopg.errors.UndefinedTable):
            blocker.execute("SELECT * FROM nexuslic_record FOR UPDATE")
            return
        blocker.rollback()
        blocker.execute(f"SELECT pg_advisory_xact_lock({MAKING})")

    def allow(self, handle: Handle, trouble: Trouble) -> None:
        """That is over."""
        if trouble is Trouble.READ_ONLY:
            self._do(handle.server, _named("ALTER DATABASE {} RESET default_transaction_read_only", handle))
        elif trouble is Trouble.LOCKED:
            self.blockers.pop(handle).close()
        else:
            self._do(handle.server, _plain("DROP FUNCTION IF EXISTS nexuslic_no_room() CASCADE"), name=handle.name)

    def close(self) -> None:
        """Stop the servers and remove their folders."""
        for blocker in self.blockers.values():
            blocker.close()
        self._stack.close()


def _plain(text: LiteralString) -> sql.Composed:
    return sql.Composed([sql.SQL(text)])


def _named(text: LiteralString, *handles: Handle) -> sql.Composed:
    names = [sql.Identifier(_fits(handle.name)) for handle in handles]
    return sql.SQL(text).format(*names)


def _ends(handle: Handle) -> tuple[sql.Composed, ...]:
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
    return (sql.SQL(query).format(sql.Literal(handle.name)),)


def _fits(name: str) -> str:
    """A name that PostgreSQL takes. Raises NotOnThisStage."""
    if not name or len(name.encode("utf-8", "surrogatepass")) > _MOST_BYTES or "\0" in name:
        raise NotOnThisStage(f"no database can have the name {name[:40]!r} there: it has 1 to {_MOST_BYTES} bytes")
    return name
