"""The contract of RecordStore (nexuslic/ports.py)."""

import pytest

from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable

TROUBLES = ["read-only", "full", "locked"]
WRITES = {
    "save": lambda records: records.save(b"new"),
    "remove": lambda records: records.remove(),
    "set_aside": lambda records: records.set_aside(b"new"),
}
CALLS = {"load": lambda records: records.load(), **WRITES}


def test_a_new_database_holds_no_record(site):
    assert site.connect().records.load() is None


@pytest.mark.parametrize("blob", [b"a", b"\0\xff\n'\"\\" * 9, bytes(range(256)) * 300], ids=["one", "odd", "77-kB"])
def test_what_is_saved_is_loaded_byte_for_byte_by_every_connection(site, blob):
    site.connect("ws1").records.save(blob)
    assert site.connect("ws1").records.load() == blob
    assert site.connect("ws2").records.load() == blob


def test_a_save_replaces_what_was_there(site):
    records = site.connect().records
    records.save(b"a much longer record that was there before")
    records.save(b"new")
    assert records.load() == b"new"


def test_a_removed_record_is_gone(site):
    records = site.connect().records
    records.save(b"old")
    records.remove()
    assert records.load() is None


def test_removing_where_there_is_none_changes_nothing(site):
    records = site.connect().records
    records.remove()
    assert records.load() is None


def test_what_is_set_aside_is_kept_beside_the_record(site):
    records = site.connect().records
    records.save(b"record")
    records.set_aside(b"damaged")
    records.set_aside(b"damaged too")
    assert records.load() == b"record"
    assert site.set_aside() == [b"damaged", b"damaged too"]


@pytest.mark.parametrize("name", CALLS)
def test_every_method_says_that_the_database_cannot_be_reached(site, name):
    records = site.connect().records
    records.save(b"old")
    site.stop()
    with pytest.raises(DatabaseUnreachable):
        CALLS[name](records)
    site.start()
    assert (records.load(), site.set_aside()) == (b"old", [])


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_cannot_be_stored_says_so_and_changes_nothing(site, name, trouble):
    records = site.connect().records
    records.save(b"old")
    site.forbid(trouble)
    with pytest.raises(DatabaseNotWritable):
        WRITES[name](records)
    assert records.load() == b"old"
    site.allow()
    assert (records.load(), site.set_aside()) == (b"old", [])


def test_what_could_not_be_stored_can_be_stored_later(site):
    records = site.connect().records
    site.forbid("full")
    with pytest.raises(DatabaseNotWritable):
        records.save(b"new")
    site.allow()
    records.save(b"new")
    assert records.load() == b"new"


def test_a_record_lives_with_seats_and_users_and_touches_neither(site, words):
    ports = site.connect()
    ports.users.update(lambda users: ("ann",))
    ports.records.save(b"record")
    ports.users.update(lambda users: (*users, "bob"))
    assert ports.records.load() == b"record"
    ports.records.remove()
    assert ports.users.assigned() == ("ann", "bob")
