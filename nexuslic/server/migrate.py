"""The registry's schema has a version; a program works on its own only, brings an older one up and refuses a newer.

Alembic runs the steps of `nexuslic/server/migrations/` in one transaction: all of them are done, or none.
"""

from enum import Enum
from pathlib import Path

import attrs
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from nexuslic.errors import WorldError
from nexuslic.server.database import Database

_LOCK = 0x6D69677261
_HERE = Path(__file__).parent / "migrations"


class WrongSchema(WorldError):
    """The registry's schema is not the one that this program works on."""


class Age(Enum):
    """How a schema stands to the one that the program was made for."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@attrs.frozen
class Schema:
    """A registry's schema: its version ("" where there is none), and its age."""

    version: str
    age: Age

    def refuse_unless_current(self, folder: str) -> None:
        """Raises WrongSchema, with what to do about the registry of that server folder."""
        if self.age is Age.NEWER:
            raise WrongSchema(
                f"the registry has schema {self.version}, this nexuslic knows {newest()} at most: install a newer one"
            )
        if self.age is not Age.CURRENT:
            told = f"schema {self.version}" if self.version else "no schema"
            raise WrongSchema(
                f"the registry has {told}, this nexuslic works on {newest()}: stop the server, make a backup, "
                f"and run `nexuslic server migrate {folder}`"
            )


def newest() -> str:
    """The version that this program works on."""
    return str(_scripts().get_current_head())


def schema(connection: Connection) -> Schema:
    """The schema that the registry has now."""
    version = MigrationContext.configure(connection).get_current_revision()
    if version is None:
        return Schema("", Age.EMPTY)
    known = _known()
    if version not in known:
        return Schema(version, Age.NEWER)
    return Schema(version, Age.CURRENT if version == known[0] else Age.OLDER)


def upgrade(database: Database) -> tuple[Schema, Schema]:
    """Bring the registry up: its schema before and after. Raises WrongSchema for a newer one."""
    with database.write() as connection:
        return upgrade_in(connection)


def upgrade_in(connection: Connection, version: str = "head") -> tuple[Schema, Schema]:
    """The same in a transaction that is open already, up to `version`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    before = schema(connection)
    if before.age is Age.NEWER:
        before.refuse_unless_current("")
    if version not in ("head", *_known()):
        Schema(version, Age.NEWER).refuse_unless_current("")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)
    return before, schema(connection)


def _known() -> list[str]:
    """All versions, the newest first."""
    return [step.revision for step in _scripts().walk_revisions()]


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
