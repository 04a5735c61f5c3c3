"""A customer's database: who makes its tables first, and whether it stores, is seen before anybody is asked."""

import sqlite3

import pytest

from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.errors import DatabaseNotWritable


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "survey.db"
    sqlite3.connect(path).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, file):
    """An empty database on each."""
    return f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


@pytest.fixture
def opened():
    """Opens databases that are closed at the end."""
    bases = []

    def open(url):
        bases.append(CustomerDatabase(place(url)))
        return bases[-1]

    yield open
    for base in bases:
        base.close()


@pytest.fixture
def made_meanwhile(opened, monkeypatch):
    """Lets somebody else make the tables just after they were missed; who it was, once it has happened."""

    def watch(url):
        look, other, made = CustomerDatabase.tables, opened(url), []

        def tables(base):
            if base is not other and not made:
                made.append(other)
                other.prepare()
            return look(base)

        monkeypatch.setattr(CustomerDatabase, "tables", tables)
        return made

    return watch


def test_tables_that_were_made_just_after_they_were_missed_were_not_there(url, opened, made_meanwhile):
    made = made_meanwhile(url)
    assert opened(url).row() is None and made


def test_tables_that_two_make_at_the_same_moment_are_made_once(postgresql_url, opened, made_meanwhile):
    made, base = made_meanwhile(postgresql_url), opened(postgresql_url)
    base.prepare()
    assert made and base.row() == made[0].row()


def test_whether_a_database_stores_is_seen_before_anybody_is_asked(file, opened):
    opened(f"sqlite:///{file}").prepare()
    before = file.read_bytes()
    with pytest.raises(DatabaseNotWritable, match=r"does not store .*: make room there"):
        opened(f"sqlite:///file:{file}?mode=ro&uri=true").prepare()
    assert file.read_bytes() == before


def test_what_is_written_there_and_back_changes_nothing(url, opened):
    base = opened(url)
    base.prepare()
    before = base.row()
    base.prepare()
    assert base.row() == before
