"""The customer's database by its URL: who it is, how it is connected to, and what its own errors mean.

Connections commit by themselves; a store begins and ends its transactions in so many words, because when a lock is
taken decides who waits. A SQLite file is opened anew each time: one that is replaced by a backup is then the new one.
"""

import os
import platform
import sqlite3
from collections.abc import Callable
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import attrs
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

from nexuslic.adapters.sql_tables import Kind
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable, InputError
from nexuslic.rules.binding import Binding

PATIENCE_SECONDS = 5
"""How long a store waits for a lock that somebody else holds."""

_FRESH_SECONDS = 1
"""How long a connection that was used is taken to be there still: as long as a launch, so that it asks once."""

_SAMPLES = "sqlite:///PATH, postgresql://USER@SERVER/DATABASE or mssql+pyodbc://USER@SERVER/DATABASE"
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mssql": "mssql+pyodbc",
}
_CHECK = {
    Kind.SQLITE: "the path of its file",
    Kind.POSTGRESQL: "its URL, its password and whether its server runs",
    Kind.MSSQL: "its URL, its password and whether its server runs",
}
_ROOM = "make room there, ask for the right to write, or wait for whoever holds it"
_NO_WRITE_SQLITE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_AUTH,
}
_NO_WRITE_STATES = ("25006", "42501", "53", "55P03", "57014", "40", "54")
"""Beginnings of SQLSTATE: read-only, no right, no room, locked, took too long, rolled back for another, too big."""


@attrs.frozen
class Place:
    """A customer's database: its engine, and server and database as this client spells them."""

    kind: Kind
    engine: Engine
    server: str
    database: str
    own: bool = True
    """Whether the engine was made here, and is not the application's."""

    @property
    def binding(self) -> Binding:
        """The names, as they are compared."""
        return Binding(self.server, self.database)

    def __str__(self) -> str:
        return f"the database {self.database} on {self.server}"


def place(where: str | URL | Engine, *, server: str | None = None, database: str | None = None) -> Place:
    """The database at a URL, or behind an application's own engine, which stays the application's.

    `server` and `database` say how the client spells them where the URL does not. Raises InputError.
    """
    engine = where if isinstance(where, Engine) else _engine(_parsed(where))
    url = engine.url
    kind = _kind(url.get_backend_name())
    names = (server or _server(kind, url), database or _database(kind, url))
    own = not isinstance(where, Engine)
    return Place(kind, engine.execution_options(isolation_level="AUTOCOMMIT"), *names, own)


def _parsed(where: str | URL) -> URL:
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:
        raise InputError(f"the database's URL cannot be read: write {_SAMPLES}") from error
    driver = _DRIVERS.get(url.drivername, url.drivername)
    _kind(driver.partition("+")[0])
    if not url.database or url.database == ":memory:":
        raise InputError(f"the database's URL names no database: write {_SAMPLES}")
    return url.set(drivername=driver)


def _kind(backend: str) -> Kind:
    try:
        return Kind(backend)
    except ValueError as error:
        raise InputError(f"a license cannot lie in {backend!r}: write {_SAMPLES}") from error


def _server(kind: Kind, url: URL) -> str:
    """SQLite has no server: the computer stands in for it, so that a copy on another one is another database."""
    if kind is Kind.SQLITE:
        return platform.node() or "localhost"
    told = url.query.get("host", "localhost")
    host = url.host or (told if isinstance(told, str) else told[0])
    return f"{host}:{url.port}" if url.port else host


def _database(kind: Kind, url: URL) -> str:
    name = str(url.database)
    return os.path.abspath(name) if kind is Kind.SQLITE and not name.startswith("file:") else name


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return create_engine(url, creator=_file(url), poolclass=NullPool, hide_parameters=True)
        options: dict[str, Any] = {}
        if url.get_backend_name() == "postgresql":
            options = {"connect_args": {"connect_timeout": PATIENCE_SECONDS, "client_encoding": "UTF8"}}
        return _looked_after(create_engine(url, hide_parameters=True, pool_size=2, **options))
    except (SQLAlchemyError, ImportError) as error:
        missing = isinstance(error, NoSuchModuleError | ImportError)
        cure = "install that driver beside nexuslic" if missing else f"write {_SAMPLES}"
        raise InputError(f"the database's URL {url.drivername}://... cannot be used: {cure}") from error


def _looked_after(engine: Engine) -> Engine:
    """An engine whose connections are tried before they are used again, unless they were used just now."""

    @event.listens_for(engine, "checkin")
    def used(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def tried(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
        if monotonic() - record.info.get("used", inf) > _FRESH_SECONDS and not _answers(engine, connection):
            raise DisconnectionError

    return engine


def _answers(engine: Engine, connection: DBAPIConnection) -> bool:
    try:
        return bool(engine.dialect.do_ping(connection))
    except engine.dialect.loaded_dbapi.Error:
        return False


def _file(url: URL) -> Callable[[], sqlite3.Connection]:
    """Opens the file, and never makes one: a mistyped path is no empty database."""
    name = str(url.database)
    if name.startswith("file:"):
        target = name + "?" + "&".join(f"{key}={value}" for key, value in url.query.items() if key != "uri")
    else:
        target = f"{Path(name).absolute().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(target, uri=True, timeout=PATIENCE_SECONDS, check_same_thread=False)

    return connect


def unreachable(error: SQLAlchemyError, where: Place) -> DatabaseUnreachable:
    """What it means that a database could not be read."""
    return DatabaseUnreachable(f"{where} cannot be reached or read ({told(error)}): check {_CHECK[where.kind]}")


def trouble(error: SQLAlchemyError, where: Place) -> DatabaseUnreachable | DatabaseNotWritable:
    """What it means that a database did not store."""
    if forbids_writing(error):
        return DatabaseNotWritable(f"{where} does not store ({told(error)}): {_ROOM}")
    return unreachable(error, where)


def forbids_writing(error: SQLAlchemyError) -> bool:
    """Whether it may be read all the same: read-only, full, locked, or no right."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error) in _NO_WRITE_SQLITE
    return _state(error).startswith(_NO_WRITE_STATES)


def forbids_reading(error: SQLAlchemyError) -> bool:
    """Whether the tables are there and may not be looked at."""
    return is_busy(error) or has_no_right(error)


def has_no_right(error: SQLAlchemyError) -> bool:
    """Whether this user may not do it, and another one may."""
    return _state(error) == "42501"


def has_no_table(error: SQLAlchemyError) -> bool:
    """Whether a table was not there when it was asked; somebody may have made it since."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return str(original).startswith("no such table")
    return _state(error) == "42P01"


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether somebody else holds the lock of a SQLite file."""
    return _sqlite_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _sqlite_code(error: SQLAlchemyError) -> int:
    original = error.orig if isinstance(error, DBAPIError) else None
    return (getattr(original, "sqlite_errorcode", None) or 0) & 0xFF


def _state(error: SQLAlchemyError) -> str:
    """SQLSTATE, or `-` where there is none."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlstate", None) or "-"


def told(error: SQLAlchemyError) -> str:
    """The database's own words, in one line."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = [line.strip() for line in str(original).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(original).__name__
