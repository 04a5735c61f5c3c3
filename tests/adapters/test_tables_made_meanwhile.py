"""Somebody else makes the license's tables between a look that does not find them and the look why.

Who stores in a SQLite file looks under its write lock, so that nobody can be in between there.
"""

import pytest
from sqlalchemy import event

from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_stores import Records
from nexuslic.errors import DatabaseUnreachable


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """An empty database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    (tmp_path / "survey.sqlite").touch()
    return f"sqlite:///{tmp_path / 'survey.sqlite'}"


@pytest.fixture
def base(url):
    """A connection of one workstation."""
    one = CustomerDatabase(place(url))
    yield one
    one.close()


@pytest.fixture
def somebody(url, base):
    """Somebody else does something, once, as soon as the first statement of `base` has failed."""
    other = CustomerDatabase(place(url))

    def does(act):
        def failed(context):
            if not done:
                done.append(context)
                act(other)

        done = []
        event.listen(base.place.engine, "handle_error", failed)

    yield does
    other.close()


def test_a_look_finds_no_record_and_nothing_wrong(base, somebody):
    somebody(CustomerDatabase.prepare)
    assert Records(base).load() is None


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_who_stores_finds_them_made(base, somebody):
    somebody(CustomerDatabase.prepare)
    base.prepare()
    assert base.row().sealed is None


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_somebody_has_stored_since_is_not_overwritten(base, somebody):
    somebody(lambda other: Records(other).save(b"theirs", None))
    assert (Records(base).save(b"mine", None), Records(base).load()) == (False, b"theirs")


def test_tables_that_cannot_be_read_are_no_tables_that_were_made_since(base):
    base.prepare()
    with base.place.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE nexuslic_record RENAME COLUMN sealed TO closed")
    with pytest.raises(DatabaseUnreachable):
        base.row()
