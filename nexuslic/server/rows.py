"""The registry as lines of JSON: for each table its name and columns, then a list for each row.

Moments are ISO 8601 in UTC, so a line says the same whichever engine it came from. The tables are read as they are in
the database, so a registry with an older schema can be written out as well.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any

from sqlalchemy import Column, Connection, DateTime, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from nexuslic.errors import InputError
from nexuslic.server.database import Database

_VERSIONS = "alembic_version"
_AT_ONCE = 500
_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True)


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A transaction that sees one moment of the registry, however long it takes."""
    with database.read() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def export(connection: Connection, file: IO[bytes]) -> None:
    """Write every table to `file`."""
    for table in _tables(connection):
        file.write(_line({"table": table.name, "columns": [column.name for column in table.columns]}))
        query = select(table).order_by(*table.primary_key.columns)
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
            file.write(_line([_told(value) for value in row]))


def restore(connection: Connection, file: IO[bytes]) -> None:
    """Put the lines in `file` into tables that are empty. Raises InputError where they do not fit."""
    tables = {table.name: table for table in _tables(connection)}
    try:
        for head, batch in _batches(file):
            table = tables[head["table"]]
            read = [_reader(connection, table.columns[name]) for name in head["columns"]]
            told = [
                {name: one(value) for name, one, value in zip(head["columns"], read, row, strict=True)} for row in batch
            ]
            connection.execute(insert(table), told)
    except (ValueError, TypeError, KeyError, AttributeError, IntegrityError, DataError) as error:
        raise InputError("the registry's rows do not fit its schema: take another backup") from error
    _count_on(connection, tables.values())


def _batches(file: IO[bytes]) -> Iterator[tuple[dict[str, Any], list[list[Any]]]]:
    head: dict[str, Any] = {}
    batch: list[list[Any]] = []
    for line in file:
        found = json.loads(line)
        if batch and (isinstance(found, dict) or len(batch) == _AT_ONCE):
            yield head, batch
            batch = []
        if isinstance(found, dict):
            head = found
        else:
            batch.append(found)
    if batch:
        yield head, batch


def _reader(connection: Connection, column: Column[Any]) -> Callable[[Any], Any]:
    if not isinstance(column.type, DateTime):
        return lambda told: told
    naive = connection.dialect.name == "sqlite"

    def moment(told: str | None) -> datetime | None:
        if told is None:
            return None
        found = datetime.fromisoformat(told).astimezone(UTC)
        return found.replace(tzinfo=None) if naive else found

    return moment


def _count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL counts its ids by itself, and has to begin behind those that were put in."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            place = {"table": table.name, "column": column.name}
            if connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), place):
                last = connection.scalar(select(func.max(column)))
                told = text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)")
                connection.execute(told, {**place, "next": (last or 0) + 1})


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSIONS]


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat()
    return value


def _line(told: Any) -> bytes:
    return (_JSON.encode(told) + "\n").encode("ascii")
