"""The record, the seats and the assigned users in the customer's own database.

Whoever stores holds the record's one row (SQLite: the file's write lock) from the first look to the end, so that no
update is lost, no seat is given twice, and nobody waits for two at once. Where nothing can be stored, everything can
still be read: a launch is decided all the same (rules: A launch, 9).
"""

import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

import attrs
from sqlalchemy import Connection, CursorResult, Select, func, inspect, select, text, type_coerce, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import NullType

from nexuslic.adapters import sql_tables as tables
from nexuslic.adapters.clocks import SystemClock
from nexuslic.adapters.sql_engines import (
    PATIENCE_SECONDS,
    Place,
    forbids_reading,
    has_no_right,
    has_no_table,
    is_busy,
    told,
    trouble,
    unreachable,
)
from nexuslic.adapters.sql_tables import Kind
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.ports import Clock
from nexuslic.rules.license_time import Reading

_LOOK_SECONDS = 0.002
_BEGIN = {
    Kind.SQLITE: "BEGIN IMMEDIATE",
    Kind.POSTGRESQL: "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {milliseconds}",
    Kind.MSSQL: "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCK_TIMEOUT {milliseconds}; BEGIN TRANSACTION",
}
"""Whatever the server's defaults are: who waited for the lock sees what was stored meanwhile, and waits so long."""
_RECORD = select(
    tables.record.c.format, tables.record.c.identity, type_coerce(tables.record.c.sealed, NullType()).label("sealed")
)
_SEEN = text("SELECT relname FROM pg_class WHERE relname = ANY(:names) AND pg_table_is_visible(oid)").bindparams(
    names=sorted(tables.NAMES)
)
"""In whichever schema of the path they are; what to_regclass has once not found it may go on not to find."""
MAKING = 0x6E657875736C6963
"""The number of the right to make the tables, for those who would make them at the same moment."""
_NOW = {Kind.POSTGRESQL: func.clock_timestamp(), Kind.MSSQL: func.sysutcdatetime()}
_CLOCKS = {kind: select(now) for kind, now in _NOW.items()}
_HELD = {
    kind: _RECORD.add_columns(now.label("now"))
    .with_for_update()
    .with_hint(tables.record, "WITH (UPDLOCK, HOLDLOCK)", "mssql")
    for kind, now in _NOW.items()
}
_IDENTITIES = {
    Kind.POSTGRESQL: "SELECT system_identifier FROM pg_control_system()",
    Kind.MSSQL: "SELECT CONVERT(nvarchar(128), SERVERPROPERTY('ServerName'))",
}


@attrs.frozen
class Row:
    """The record's row: `sealed` is None where there is no license."""

    identity: str
    sealed: bytes | None


@attrs.define
class Unit:
    """One transaction of a thread.

    `row` is the record's row as it stands in it, `now` what the server's clock showed when it was held (None: not
    asked), `problem` why nothing is stored.
    """

    connection: Connection
    now: datetime | None = None
    row: Row | None = None
    problem: DatabaseNotWritable | None = None


@attrs.define(eq=False)
class CustomerDatabase:
    """A database that holds one license; threads may share one."""

    place: Place
    patience: float = PATIENCE_SECONDS
    """Seconds that a store waits for a lock."""
    clock: Clock | None = None
    """In the place of the database's own."""
    computer: str = attrs.Factory(lambda: platform.node())
    """The computer that a SQLite file lies on."""
    _system: SystemClock = attrs.Factory(SystemClock)
    _within: threading.local = attrs.Factory(threading.local)
    _texts: dict[Select[Any], str] = attrs.field(factory=dict, repr=False)
    _new_identity: str = attrs.field(factory=lambda: os.urandom(16).hex(), repr=False)

    def close(self) -> None:
        """Let go of all connections."""
        self.place.engine.dispose()

    def rest(self) -> None:
        """Keep no connection open that nobody uses: a server has few. An application's own engine keeps its own."""
        if self.place.own:
            self.close()

    # -- reading --------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to look with, that of the transaction where there is one. Raises DatabaseUnreachable."""
        unit = self.unit
        try:
            if unit is not None:
                yield unit.connection
                return
            with self.place.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise unreachable(error, self.place) from error

    def ask(self, connection: Connection, query: Select[Any]) -> CursorResult[Any]:
        """What a question of this module's or of the stores' answers; how it is put to this database is found once."""
        found = self._texts.get(query)
        if found is None:
            found = self._texts[query] = str(query.compile(dialect=self.place.engine.dialect))
        return connection.exec_driver_sql(found)

    def row(self) -> Row | None:
        """The record's row; None where the tables were not made. Raises DatabaseUnreachable."""
        if self.unit is not None and self.unit.problem is None:
            return self.unit.row
        with self.reading() as connection:
            return self._row(connection, _RECORD)

    def _row(self, connection: Connection, query: Select[Any], unit: Unit | None = None) -> Row | None:
        try:
            found = self.ask(connection, query).one_or_none()
        except DBAPIError as error:
            if error.connection_invalidated or forbids_reading(error):
                raise
            if self.place.kind is not Kind.SQLITE:
                _quietly(connection, "ROLLBACK")
            if self._there(connection) and not has_no_table(error):
                raise
            return None
        if found is None:
            raise DatabaseUnreachable(f"{self.place} was restored in part: its license record has no row; restore all")
        if type(found.format) is not int or found.format > tables.FORMAT:
            raise DatabaseUnreachable(
                f"{self.place} holds license tables of format {found.format}, newer than this application: upgrade it"
            )
        if unit is not None:
            unit.now = _utc(found.now)
        return Row(found.identity, None if found.sealed is None else _blob(found.sealed))

    def tables(self) -> frozenset[str]:
        """Which of the license's tables are there: all or none. Raises DatabaseUnreachable, where some are gone too."""
        with self.reading() as connection:
            return self._there(connection)

    def _there(self, connection: Connection) -> frozenset[str]:
        if self.place.kind is Kind.POSTGRESQL:
            there = frozenset(connection.execute(_SEEN).scalars())
        else:
            there = tables.NAMES.intersection(inspect(connection).get_table_names())
        if there and there != tables.NAMES:
            gone = ", ".join(sorted(tables.NAMES - there))
            raise DatabaseUnreachable(f"{self.place} was restored in part: {gone} is missing; restore all of it")
        return there

    # -- storing --------------------------------------------------------------------------------------------------

    @property
    def unit(self) -> Unit | None:
        """The transaction of this thread."""
        return getattr(self._within, "unit", None)

    @contextmanager
    def storing(self) -> Iterator[Unit]:
        """A transaction to store in, the current one or one of its own, in which the license's tables are there.

        Raises DatabaseNotWritable, DatabaseUnreachable; what the block raises undoes the transaction.
        """
        with self.transaction() as unit:
            if unit.problem is not None:
                raise unit.problem
            try:
                if unit.row is None:
                    self._make(unit)
                yield unit
            except SQLAlchemyError as error:
                problem = trouble(error, self.place)
                if isinstance(problem, DatabaseNotWritable):
                    self._give_up(unit, problem)
                raise problem from error

    def prepare(self) -> None:
        """Make the tables where there are none, and see whether they can be stored in: written there and back.

        Raises DatabaseNotWritable, DatabaseUnreachable.
        """
        with self.storing() as unit:
            self.write(unit)

    def write(self, unit: Unit) -> None:
        """Write, and write back: no database takes that for nothing to do."""
        for step in (1, -1):
            unit.connection.execute(update(tables.record).values(format=tables.record.c.format + step))

    def _give_up(self, unit: Unit, problem: DatabaseNotWritable) -> None:
        """Nothing of this transaction is stored; what is read from now on is what was there before."""
        _quietly(unit.connection, "ROLLBACK")
        unit.problem = problem

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """One transaction; the same one for what is nested in it (ports: RecordStore.together)."""
        if self.unit is not None:
            yield self.unit
            return
        try:
            with self.place.engine.connect() as connection:
                unit = self._within.unit = Unit(connection)
                self._begin(unit)
                try:
                    yield unit
                except BaseException:
                    _quietly(connection, "ROLLBACK")
                    raise
                self._commit(unit)
        except SQLAlchemyError as error:
            raise unreachable(error, self.place) from error
        finally:
            self._within.unit = None

    def _begin(self, unit: Unit) -> None:
        """Begin, with the lock; where nothing can be stored, go on without."""
        try:
            if self.place.kind is Kind.SQLITE:
                self._take(unit.connection)
                unit.row = self._row(unit.connection, _RECORD)
            else:
                self._hold(unit)
        except SQLAlchemyError as error:
            problem = trouble(error, self.place)
            if not isinstance(problem, DatabaseNotWritable):
                raise problem from error
            self._give_up(unit, problem)

    def _hold(self, unit: Unit) -> None:
        """Hold the record's row, or where the tables were not made, the right to make them."""
        connection = unit.connection
        begin = _BEGIN[self.place.kind].format(milliseconds=int(self.patience * 1000))
        connection.exec_driver_sql(begin)
        unit.row = self._row(connection, _HELD[self.place.kind], unit)
        if unit.row is None:
            _quietly(connection, "ROLLBACK")
            connection.exec_driver_sql(begin)
            if self.place.kind is Kind.POSTGRESQL:
                connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
            unit.row = self._row(connection, _HELD[self.place.kind], unit) if self._there(connection) else None

    def _take(self, connection: Connection) -> None:
        """SQLite's write lock, looked for often: by itself SQLite looks seldom, and one who waits may starve."""
        until = monotonic() + self.patience
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        while not self._taken(connection, last=monotonic() > until):
            sleep(_LOOK_SECONDS)
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")

    def _taken(self, connection: Connection, *, last: bool) -> bool:
        try:
            connection.exec_driver_sql(_BEGIN[Kind.SQLITE])
        except DBAPIError as error:
            if last or not is_busy(error):
                raise
            return False
        return True

    def _commit(self, unit: Unit) -> None:
        if unit.problem is not None:
            return
        try:
            unit.connection.exec_driver_sql("COMMIT")
        except SQLAlchemyError as error:
            _quietly(unit.connection, "ROLLBACK")
            raise trouble(error, self.place) from error

    def _make(self, unit: Unit) -> None:
        """Make the tables. Raises DatabaseNotWritable, which says who can where this user may not."""
        row = Row(self._new_identity, None)
        try:
            tables.METADATA.create_all(unit.connection, checkfirst=False)
            unit.connection.execute(tables.first_row(row.identity))
        except SQLAlchemyError as error:
            problem = trouble(error, self.place)
            if not isinstance(problem, DatabaseNotWritable):
                raise
            if has_no_right(error):
                problem = self._no_tables(told(error))
            self._give_up(unit, problem)
            raise problem from error
        unit.row = row

    def _no_tables(self, why: str) -> DatabaseNotWritable:
        cure = f"ask its administrator to run what `nexuslic license ddl --dialect {self.place.kind.value}` prints"
        return DatabaseNotWritable(f"the license's tables cannot be made in {self.place} ({why}): {cure}")

    @property
    def identity(self) -> str:
        """What the database server itself is known by, whatever it is called (policy `binding: identity`).

        A SQLite file is known by a number of its own, and by this computer. Raises DatabaseUnreachable.
        """
        asked = _IDENTITIES.get(self.place.kind)
        if asked is None:
            row = self.row()
            return f"{self._new_identity if row is None else row.identity}@{self.computer}"
        with self.reading() as connection:
            return str(connection.exec_driver_sql(asked).scalar_one())

    # -- the clock ------------------------------------------------------------------------------------------------

    def read(self) -> Reading:
        """The database server's clock; the system's for SQLite (rules: License time). Raises DatabaseUnreachable."""
        if self.clock is not None:
            return self.clock.read()
        here = self._system.read()
        asked = _CLOCKS.get(self.place.kind)
        if asked is None:
            return here
        with self.reading() as connection:
            return Reading(_utc(self.ask(connection, asked).scalar_one()), here.running)

    def now(self) -> datetime:
        """What that clock shows, or in a transaction showed when it began (UTC). Raises DatabaseUnreachable."""
        unit = self.unit
        held = None if unit is None or self.clock is not None else unit.now
        return held or self.read().wall


def _utc(shown: datetime) -> datetime:
    return shown.replace(tzinfo=UTC) if shown.tzinfo is None else shown.astimezone(UTC)


def _blob(value: object) -> bytes:
    """What lies in the record's column: a SQLite file lets in text and numbers too, which are damage."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else str(value).encode()


def _quietly(connection: Connection, statement: str) -> None:
    """End a transaction that may have ended by itself."""
    try:
        connection.exec_driver_sql(statement)
    except SQLAlchemyError:
        return
