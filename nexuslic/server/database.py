"""The registry's database: SQLite in the server's folder, or PostgreSQL by URL.

One transaction writes at a time in a process; SQLite takes its write lock at the beginning, so that no transaction
finds out at its end that it came too late. What is committed is durable (WAL with full synchronisation).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from os import stat
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError

from nexuslic.errors import InputError, WorldError

PATIENCE_SECONDS = 2
"""How long a transaction waits for a lock before the registry counts as busy."""

_WRITE = "BEGIN IMMEDIATE"
_LOOK_SECONDS = 0.002
_PAUSE = threading.Event()


class RegistryUnavailable(WorldError):
    """The registry cannot be reached, read or written now; nothing was changed."""


def parsed(url: str) -> URL:
    """The URL of a registry: `sqlite:///PATH` or `postgresql://...`. Raises InputError."""
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise InputError(
            "the registry's URL cannot be read: write sqlite:///PATH or postgresql://USER@HOST/NAME"
        ) from error
    if found.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername in ("sqlite", "sqlite+pysqlite") and found.database:
        return found.set(drivername="sqlite+pysqlite")
    raise InputError(f"a registry lies in SQLite or PostgreSQL, not in {found.drivername!r}")


@attrs.frozen
class Database:
    """One registry: `write` for transactions that change it, `read` for those that look."""

    url: URL
    writer: Engine
    reader: Engine

    @classmethod
    def at(cls, url: str) -> "Database":
        """The registry at `url`; nothing is opened yet. Raises InputError."""
        found = parsed(url)
        if found.get_backend_name() == "sqlite":
            return cls(found, _sqlite(found, "IMMEDIATE"), _sqlite(found, "DEFERRED"))
        engine = _postgresql(found)
        return cls(found, engine, engine)

    @property
    def file(self) -> Path | None:
        """The file that it lies in, for SQLite."""
        return Path(str(self.url.database)) if self.url.get_backend_name() == "sqlite" else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, durable once this ends without an error. Raises RegistryUnavailable."""
        with self._connected(self.writer) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only looks. Raises RegistryUnavailable."""
        with self._connected(self.reader) as connection:
            yield connection

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.connect() as connection:
                if self.file is not None:
                    _still_there(self.file, connection)
                with connection.begin():
                    yield connection
        except (DataError, IntegrityError):
            raise
        except SQLAlchemyError as error:
            raise unavailable(error) from error

    def close(self) -> None:
        """Let go of all connections."""
        self.writer.dispose()
        self.reader.dispose()


def unavailable(error: SQLAlchemyError) -> RegistryUnavailable:
    """What a database's own error means to a person."""
    told = str(error.orig).splitlines()[0] if isinstance(error, DBAPIError) and error.orig else type(error).__name__
    return RegistryUnavailable(f"the registry cannot be used now ({told}): see to its database, then try again")


def _still_there(file: Path, connection: Connection) -> None:
    """A file that was removed or replaced behind an open connection would take what nobody finds again."""
    opened = connection.info.get("file")
    if opened is None or opened != _place(file):
        connection.invalidate()
        connection.close()
        raise RegistryUnavailable(f"the registry {file.name} is gone or was replaced: put it back, then try again")


def _place(file: Path) -> tuple[int, int] | None:
    """Which file it is; None where there is none."""
    try:
        found = stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _sqlite(url: URL, begin: str) -> Engine:
    def connect() -> sqlite3.Connection:
        found = sqlite3.connect(
            f"file:{Path(str(url.database)).absolute().as_posix()}?mode=rw",
            uri=True,
            timeout=PATIENCE_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=FULL")
        return found

    engine = create_engine(url, creator=connect, pool_timeout=PATIENCE_SECONDS, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _opened(raw: Any, record: Any) -> None:
        record.info["file"] = _place(Path(str(url.database)))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if begin == "IMMEDIATE":
            _take(connection)
        else:
            connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


def _take(connection: Connection) -> None:
    """Begin with the write lock.

    SQLite by itself looks again after a tenth of a second, and another process that writes on and on lets go of the
    lock for a moment only; so it is looked for more often here.
    """
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        if not any(_taken(raw) for _ in range(int(PATIENCE_SECONDS / _LOOK_SECONDS))):
            connection.exec_driver_sql(_WRITE)
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(PATIENCE_SECONDS * 1000)}")


def _taken(raw: sqlite3.Connection) -> bool:
    try:
        raw.execute(_WRITE)
    except sqlite3.Error:
        _PAUSE.wait(_LOOK_SECONDS)
        return False
    return True


def _postgresql(url: URL) -> Engine:
    milliseconds = PATIENCE_SECONDS * 1000
    options = (
        f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} -c synchronous_commit=on -c timezone=UTC"
    )
    return create_engine(
        url,
        connect_args={"connect_timeout": PATIENCE_SECONDS, "options": options},
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=PATIENCE_SECONDS,
    )
