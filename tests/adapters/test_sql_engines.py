"""The customer's database by its URL, and what its own errors mean."""

import platform
import sqlite3

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import forbids_writing, place, told, trouble
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable, InputError
from nexuslic.rules.binding import Binding


@pytest.mark.parametrize(
    ("url", "server", "database"),
    [
        ("postgresql://ann@db1/survey", "db1", "survey"),
        ("postgres://ann@DB1.example/survey", "DB1.example", "survey"),
        ("postgresql+psycopg://ann@127.0.0.1:5433/survey", "127.0.0.1:5433", "survey"),
        ("postgresql:///survey", "localhost", "survey"),
        ("postgresql:///survey?host=/run/postgresql", "/run/postgresql", "survey"),
    ],
)
def test_a_server_and_its_database_are_spelled_as_the_url_does(url, server, database):
    assert place(url).binding == Binding(server, database)


def test_a_file_is_bound_to_this_computer_and_to_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place("sqlite:///survey.db").binding == Binding(platform.node(), str(tmp_path / "survey.db"))


def test_an_application_may_spell_its_server_and_database_otherwise():
    assert place("postgresql://db1/survey", server=".", database="Survey").binding == Binding(".", "Survey")


def test_an_engine_of_the_application_says_where_it_leads():
    engine = create_engine("postgresql+psycopg://ann@db1/survey")
    assert place(engine).binding == Binding("db1", "survey")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("survey", "cannot be read: write sqlite:///PATH, postgresql://"),
        ("", "cannot be read"),
        ("postgresql://db1:x/survey", "cannot be read"),
        ("mysql://db1/survey", "cannot lie in 'mysql'"),
        ("sqlite://", "names no database"),
        ("sqlite:///:memory:", "names no database"),
        ("postgresql://db1", "names no database"),
        ("mssql://db1/survey", "install that driver"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_with_what_to_write(url, told):
    with pytest.raises(InputError, match=told):
        place(url)


def test_a_password_is_in_no_message(tmp_path):
    with pytest.raises(InputError) as refused:
        place("mysql://ann:topsecret@db1/survey")
    assert "topsecret" not in str(refused.value)
    base = CustomerDatabase(place("postgresql://ann:topsecret@127.0.0.1:1/survey"))
    with pytest.raises(DatabaseUnreachable) as failed:
        base.row()
    assert "topsecret" not in str(failed.value) + repr(base)


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    base = CustomerDatabase(place(f"sqlite:///{tmp_path / 'none.db'}"))
    with pytest.raises(DatabaseUnreachable, match=r"none\.db"):
        base.row()
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    file = tmp_path / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100)
    base = CustomerDatabase(place(f"sqlite:///{file}"))
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        base.prepare()
    assert file.read_text() == "Dear Sir or Madam, " * 100


def test_sqlites_own_url_may_say_how_a_file_is_opened(tmp_path):
    file = tmp_path / "survey.db"
    sqlite3.connect(file).close()
    base = CustomerDatabase(place(f"sqlite:///file:{file}?mode=ro&uri=true"))
    assert base.row() is None
    with pytest.raises(DatabaseNotWritable):
        base.prepare()


def failed(state):
    original = Exception("the database's own words.\nand more of them")
    original.sqlstate = state
    return OperationalError("", None, original)


@pytest.mark.parametrize("state", ["25006", "42501", "53100", "53200", "55P03", "57014", "40001", "40P01", "54000"])
def test_what_keeps_from_storing_leaves_reading(state):
    assert isinstance(trouble(failed(state), place("postgresql://db1/survey")), DatabaseNotWritable)


@pytest.mark.parametrize("state", ["08006", "57P01", "28P01", "3D000", "42P01", "22021"])
def test_what_keeps_from_reading_is_unreachable(state):
    assert isinstance(trouble(failed(state), place("postgresql://db1/survey")), DatabaseUnreachable)


def test_an_error_without_a_state_keeps_from_reading():
    assert not forbids_writing(OperationalError("", None, Exception("gone")))
    assert told(OperationalError("", None, Exception("gone.\nreally"))) == "gone"
