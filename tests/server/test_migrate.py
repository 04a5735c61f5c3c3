"""The schema: what the steps make is what the tables say, and no other one is worked on."""

from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from nexuslic.server import audit, migrate
from nexuslic.server.audit import Line
from nexuslic.server.database import Database, RegistryUnavailable
from nexuslic.server.migrate import Age, Schema, WrongSchema
from nexuslic.server.tables import METADATA

REFUSED = (RegistryUnavailable, IntegrityError)
LINE = Line(datetime(2026, 3, 2, tzinfo=UTC), "someone", "here", "issue", None, {})


def differences(database: Database) -> list[object]:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


@pytest.fixture
def database(empty: Database) -> Database:
    migrate.upgrade(empty)
    with empty.write() as connection:
        audit.append(connection, [LINE, LINE])
    return empty


def test_the_steps_lead_to_exactly_what_the_tables_say(database: Database):
    assert differences(database) == []


def test_a_column_more_is_a_difference(database: Database):
    with database.write() as connection:
        connection.execute(text("ALTER TABLE licenses ADD COLUMN colour TEXT"))
    assert differences(database) != []


def test_an_empty_database_becomes_current_and_stays_so(empty: Database):
    first, second = migrate.upgrade(empty), migrate.upgrade(empty)
    assert [one.age for one in first] == [Age.EMPTY, Age.CURRENT]
    assert [one.age for one in second] == [Age.CURRENT, Age.CURRENT]


@pytest.mark.parametrize("act", ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE seq = 2"])
def test_a_line_of_the_audit_trail_is_never_changed_or_removed(database: Database, act: str):
    with pytest.raises(REFUSED, match="never changed or removed"), database.write() as connection:
        connection.execute(text(act))
    with database.read() as connection:
        assert audit.verify(connection).seq == 2


def test_a_line_of_the_audit_trail_is_not_replaced_on_sqlite(sqlite_url: str):
    database = Database.at(sqlite_url)
    migrate.upgrade(database)
    with database.write() as connection:
        audit.append(connection, [LINE])
    with pytest.raises(REFUSED, match="never changed or removed"), database.write() as connection:
        connection.execute(text("REPLACE INTO audit SELECT seq, at, 'x', origin, act, key, detail, hash FROM audit"))
    database.close()


def test_the_audit_trail_is_not_truncated_on_postgresql(postgresql_url: str):
    database = Database.at(postgresql_url)
    migrate.upgrade(database)
    with pytest.raises(REFUSED, match="never changed or removed"), database.write() as connection:
        connection.execute(text("TRUNCATE audit"))
    database.close()


def test_a_newer_schema_is_refused(database: Database):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongSchema, match="install a newer one"):
        migrate.upgrade(database)


@pytest.mark.parametrize("schema", [Schema("", Age.EMPTY), Schema("0000", Age.OLDER)])
def test_an_older_schema_says_how_to_bring_it_up(schema: Schema):
    with pytest.raises(WrongSchema, match="nexuslic server migrate vendor"):
        schema.refuse_unless_current("vendor")


def test_a_step_that_fails_leaves_nothing_of_the_others(empty: Database):
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE guesses (id INTEGER)"))
    with pytest.raises(RegistryUnavailable):
        migrate.upgrade(empty)
    with empty.read() as connection:
        assert migrate.schema(connection).age is Age.EMPTY
