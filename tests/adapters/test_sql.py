"""A customer's database: whether it stores is seen before anybody is asked."""

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
