"""The script that makes the license's tables, for each kind of database."""

import sqlite3

import psycopg
import pytest
import sqlglot
from sqlglot import exp

from nexuslic.adapters.sql import CustomerDatabase, Row
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_tables import NAMES, RIGHTS, Kind, script

GRAMMARS = {Kind.SQLITE: "sqlite", Kind.POSTGRESQL: "postgres", Kind.MSSQL: "tsql"}


def statements(kind, role=None):
    """The statements of a script, as another program reads that dialect; the error level makes no guesses."""
    text = script(kind, "0123", role).replace("SET XACT_ABORT ON;", "").replace(" WITHOUT ROWID", "")
    return [one for one in sqlglot.parse(text, dialect=GRAMMARS[kind], error_level=sqlglot.ErrorLevel.RAISE) if one]


@pytest.mark.parametrize("kind", Kind)
def test_a_script_makes_each_table_and_the_one_row_in_one_transaction(kind):
    told = statements(kind, "survey users")
    made = [one for one in told if isinstance(one, exp.Create)]
    assert {one.find(exp.Table).name for one in made} == NAMES
    assert [one.find(exp.Table).name for one in told if isinstance(one, exp.Insert)] == ["nexuslic_record"]
    assert (type(told[0]), type(told[-1])) == (exp.Transaction, exp.Commit)


@pytest.mark.parametrize("kind", [Kind.POSTGRESQL, Kind.MSSQL])
def test_a_script_gives_the_least_rights_to_a_role(kind):
    grants = [one for one in script(kind, "0123", "survey users").splitlines() if one.startswith("GRANT")]
    quoted = '"survey users"' if kind is Kind.POSTGRESQL else "[survey users]"
    assert grants == [f"GRANT {rights} ON {table.name} TO {quoted};" for table, rights in RIGHTS.items()]
    assert "GRANT" not in script(kind, "0123", None)


@pytest.mark.parametrize("role", ['x"; DROP TABLE survey; --', "x]; DROP TABLE survey; --"])
@pytest.mark.parametrize("kind", [Kind.POSTGRESQL, Kind.MSSQL])
def test_a_role_stays_a_name(kind, role):
    last = [line for line in script(kind, "0123", role).splitlines() if line.startswith("GRANT")][-1]
    opening, closing = ('"', '"') if kind is Kind.POSTGRESQL else ("[", "]")
    assert last.endswith(f"TO {opening}{role.replace(closing, closing * 2)}{closing};")


def test_sql_server_stores_what_is_sealed_without_a_limit_and_names_in_any_script():
    columns = {one.name: one for made in statements(Kind.MSSQL) for one in made.find_all(exp.ColumnDef)}
    assert columns["sealed"].kind.sql("tsql") == "VARBINARY(MAX)"
    assert columns["user_name"].kind.sql("tsql") == "NVARCHAR(1024)"


def test_the_script_for_sqlite_makes_what_the_application_makes(tmp_path):
    by_script, by_itself = tmp_path / "script.db", tmp_path / "itself.db"
    with sqlite3.connect(by_script) as raw:
        raw.executescript(script(Kind.SQLITE, "0123", None))
    raw.close()
    sqlite3.connect(by_itself).close()
    CustomerDatabase(place(f"sqlite:///{by_itself}")).prepare()
    assert columns_of(by_script) == columns_of(by_itself)
    assert CustomerDatabase(place(f"sqlite:///{by_script}")).row() == Row("0123", None)


def columns_of(file):
    raw = sqlite3.connect(file)
    found = {name: raw.execute(f"PRAGMA table_info({name})").fetchall() for name in sorted(NAMES)}
    raw.close()
    return found


def test_the_script_for_postgresql_is_all_that_a_role_without_rights_needs(postgresql_url, postgresql_server):
    role = "survey_user"
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        base = CustomerDatabase(place(postgresql_url.replace("postgres:@", f"{role}:@")))
        try:
            with pytest.raises(Exception, match="nexuslic license ddl --dialect postgresql"):
                base.prepare()
            owner.execute(script(Kind.POSTGRESQL, "0123", role))
            base.prepare()
            assert base.row() == Row("0123", None)
        finally:
            base.close()
            owner.execute(f"DROP OWNED BY {role}")
            owner.execute(f"DROP ROLE {role}")
