"""What can be seen of a customer's database without storing anything: who it is, and whether a launch could store.

Whether it stores is asked as a launch asks: by the lock that every store begins with, which is given back at once. So
a disk that is full is not seen.
"""

import attrs
from sqlalchemy.exc import SQLAlchemyError

from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import unreachable
from nexuslic.adapters.sql_tables import Kind

_NAMES = {
    Kind.POSTGRESQL: "SELECT host(inet_server_addr())",
    Kind.MSSQL: "SELECT CONVERT(nvarchar(128), SERVERPROPERTY('ServerName'))",
}
_MAY_MAKE = {
    Kind.POSTGRESQL: "SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)",
    Kind.MSSQL: "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CREATE TABLE')",
}


@attrs.frozen
class Seen:
    """A database as it shows itself.

    `calls_itself` is the server's own name or address ("" where it knows none). `problem` is why it does not store (""
    where it does). `may_make`: this account may make the tables, where they are not there.
    """

    engine: str
    version: str
    calls_itself: str
    tables: bool
    problem: str
    may_make: bool


def look(base: CustomerDatabase) -> Seen:
    """The database as it is now. Raises DatabaseUnreachable, where only a part of the tables is there too."""
    kind = base.place.kind
    with base.reading() as connection:
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
    tables = bool(base.tables()) and base.row() is not None
    problem = _problem(base)
    may_make = tables or bool(_asked(base, _MAY_MAKE.get(kind), otherwise=not problem))
    name = _asked(base, _NAMES.get(kind), otherwise=base.place.server)
    return Seen(kind.value, version, str(name or ""), tables, problem, may_make)


class _Looked(Exception):
    """All that was to be seen of a transaction was."""


def _problem(base: CustomerDatabase) -> str:
    """Why a store that began now would store nothing; "" where it would."""
    problem = ""
    try:
        with base.transaction() as unit:
            problem = "" if unit.problem is None else str(unit.problem)
            # Ending it well would give an empty SQLite file its first page.
            raise _Looked
    except _Looked:
        return problem


def _asked(base: CustomerDatabase, query: str | None, otherwise: object) -> object:
    """The one answer to a query; `otherwise` where this kind of database knows none."""
    if query is None:
        return otherwise
    try:
        with base.reading() as connection:
            found: object = connection.exec_driver_sql(query).scalar_one()
            return found
    except SQLAlchemyError as error:
        raise unreachable(error, base.place) from error
