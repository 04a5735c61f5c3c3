"""The license's own tables in a customer's database, and the script that makes them.

`nexuslic_record` has exactly one row, from the day on which the tables are made: what is stored here is stored by
whoever holds that row. An empty record (`sealed` is NULL) is no license.
"""

from enum import Enum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Unicode,
    insert,
    make_url,
)
from sqlalchemy.schema import CreateTable

FORMAT = 1
"""The layout of the tables; the sealed record has a format of its own."""

PREFIX = "nexuslic_"
METADATA = MetaData()
NAME = Unicode(1024)
SEALED = LargeBinary()
INSTANT = Unicode(32)
"""ISO 8601 in UTC, with microseconds."""

record = Table(
    f"{PREFIX}record",
    METADATA,
    Column(
        "id",
        Integer,
        CheckConstraint("id = 1", name=f"{PREFIX}one_record"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("format", Integer, nullable=False),
    Column("identity", Unicode(64), nullable=False),
    Column("sealed", SEALED),
)
seat = Table(
    f"{PREFIX}seat",
    METADATA,
    Column("place", Integer, nullable=False),
    Column("session", Unicode(64), primary_key=True),
    Column("user_name", NAME, nullable=False),
    Column("workstation", NAME, nullable=False),
    Column("renewed_at", INSTANT, nullable=False),
    sqlite_with_rowid=False,
)
user = Table(
    f"{PREFIX}user",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", NAME, nullable=False),
)
aside = Table(
    f"{PREFIX}aside",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kept_at", INSTANT, nullable=False),
    Column("sealed", SEALED, nullable=False),
)
TABLES = (record, seat, user, aside)
NAMES = frozenset(table.name for table in TABLES)

RIGHTS = {
    record: "SELECT, UPDATE",
    seat: "SELECT, INSERT, UPDATE, DELETE",
    user: "SELECT, INSERT, DELETE",
    aside: "SELECT, INSERT",
}
"""The least that the application needs, once the tables are there."""


class Kind(Enum):
    """The databases that a license can lie in."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MSSQL = "mssql"


_AROUND = {Kind.MSSQL: ("SET XACT_ABORT ON;\nBEGIN TRANSACTION;", "COMMIT TRANSACTION;")}
_SINCE_2012: dict[Kind, dict[str, Any]] = {Kind.MSSQL: {"deprecate_large_types": True}}


def first_row(identity: str) -> Insert:
    """The one row of the record, without a license; `identity` is what a SQLite file is known by."""
    return insert(record).values(id=1, format=FORMAT, identity=identity)


def script(kind: Kind, identity: str, role: str | None) -> str:
    """What a database administrator runs to make the tables, with the least rights for `role`."""
    dialect: Dialect = make_url(f"{kind.value}://").get_dialect()(**_SINCE_2012.get(kind, {}))
    begin, commit = _AROUND.get(kind, ("BEGIN;", "COMMIT;"))
    row = first_row(identity).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    parts = [f"-- The license tables of nexuslic, format {FORMAT}, for {kind.value}.", begin]
    parts += [_table(table, dialect) for table in TABLES]
    parts.append(f"{row};")
    if role is not None and kind is not Kind.SQLITE:
        quoted = dialect.identifier_preparer.quote_identifier(role)
        parts += [f"GRANT {rights} ON {table.name} TO {quoted};" for table, rights in RIGHTS.items()]
    return "\n".join([*parts, commit])


def _table(table: Table, dialect: Dialect) -> str:
    lines = str(CreateTable(table).compile(dialect=dialect)).strip().splitlines()
    return "\n".join(line.rstrip().expandtabs(4) for line in lines) + ";"
