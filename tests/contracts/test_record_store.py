"""The contract of RecordStore (nexuslic/ports.py)."""

import pytest

from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable

TROUBLES = ["read-only", "full", "locked"]
WRITES = {
    "save": lambda records: records.save(b"new", b"old"),
    "remove": lambda records: records.remove(b"old"),
    "set_aside": lambda records: records.set_aside(b"new"),
}
CALLS = {"load": lambda records: records.load(), **WRITES}


def put(records, blob: bytes) -> None:
    """Whatever stands there, `blob` stands there now."""
    assert records.save(blob, records.load())


def test_a_new_database_holds_no_record(site):
    assert site.connect().records.load() is None


@pytest.mark.parametrize("blob", [b"a", b"\0\xff\n'\"\\" * 9, bytes(range(256)) * 300], ids=["one", "odd", "77-kB"])
def test_what_is_saved_is_loaded_byte_for_byte_by_every_connection(site, blob):
    put(site.connect("ws1").records, blob)
    assert site.connect("ws1").records.load() == blob
    assert site.connect("ws2").records.load() == blob


def test_a_save_replaces_what_was_there(site):
    records = site.connect().records
    put(records, b"a much longer record that was there before")
    put(records, b"new")
    assert records.load() == b"new"


def test_a_removed_record_is_gone(site):
    records = site.connect().records
    put(records, b"old")
    assert records.remove(b"old")
    assert records.load() is None


def test_removing_where_there_is_none_changes_nothing(site):
    records = site.connect().records
    assert not records.remove(b"old")
    assert records.load() is None


@pytest.mark.parametrize("there", [None, b"somebody else's"])
def test_a_save_in_the_place_of_what_is_not_there_changes_nothing(site, there):
    records = site.connect("ws1").records
    if there is not None:
        put(site.connect("ws2").records, there)
    assert not records.save(b"new", b"old")
    assert records.load() == there


def test_a_first_save_does_not_replace_what_somebody_else_saved_first(site):
    put(site.connect("ws2").records, b"theirs")
    assert not site.connect("ws1").records.save(b"mine", None)
    assert site.connect("ws1").records.load() == b"theirs"


def test_what_somebody_else_saved_is_not_removed(site):
    put(site.connect("ws2").records, b"theirs")
    assert not site.connect("ws1").records.remove(b"mine")
    assert site.connect("ws1").records.load() == b"theirs"


def test_what_is_set_aside_is_kept_beside_the_record(site):
    records = site.connect().records
    put(records, b"record")
    records.set_aside(b"damaged")
    records.set_aside(b"damaged too")
    assert records.load() == b"record"
    assert site.set_aside() == [b"damaged", b"damaged too"]


@pytest.mark.parametrize("name", CALLS)
def test_every_method_says_that_the_database_cannot_be_reached(site, name):
    records = site.connect().records
    put(records, b"old")
    site.stop()
    with pytest.raises(DatabaseUnreachable):
        CALLS[name](records)
    site.start()
    assert (records.load(), site.set_aside()) == (b"old", [])


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_cannot_be_stored_says_so_and_changes_nothing(site, name, trouble):
    records = site.connect().records
    put(records, b"old")
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
        put(records, b"new")
    site.allow()
    put(records, b"new")
    assert records.load() == b"new"


def test_a_record_lives_with_seats_and_users_and_touches_neither(site, words):
    ports = site.connect()
    ports.users.update(lambda users: ("ann",))
    put(ports.records, b"record")
    ports.users.update(lambda users: (*users, "bob"))
    assert ports.records.load() == b"record"
    assert ports.records.remove(b"record")
    assert ports.users.assigned() == ("ann", "bob")
