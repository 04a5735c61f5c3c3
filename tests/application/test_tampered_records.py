"""Whatever is done to a stored record, it is never accepted, and what is wrong is told as what it is."""

from contextlib import nullcontext
from datetime import UTC, datetime

import attrs
import pytest

from nexuslic import client as app
from nexuslic.issuing import rotation
from nexuslic.rules.words import Reason, State
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.vendor import first_keyring

DAMAGED = (State.UNLICENSED, False, Reason.DAMAGED)
DATABASE = (None, False, Reason.DATABASE)
TABLES = ("nexuslic_record", "nexuslic_seat", "nexuslic_user", "nexuslic_aside")


@attrs.frozen
class Holding:
    """A record store that holds these bytes."""

    blob: bytes

    def load(self):
        return self.blob

    def together(self):
        return nullcontext()

    def save(self, blob, instead_of):
        return instead_of == self.blob


def said(decision):
    return decision.state, decision.runs, decision.reason


def launched(license):
    """What a launch says."""
    with license.launch() as decision:
        return said(decision)


def held(license, blob):
    """What a launch says where the record is `blob`, in memory."""
    client = license.client()
    return said(app.launch(attrs.evolve(client, ports=attrs.evolve(client.ports, records=Holding(blob)))).decision)


def flipped(blob, bit):
    """`blob` with one bit turned round."""
    changed = bytearray(blob)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def replace(customer, blob):
    customer.run("UPDATE nexuslic_record SET sealed = ?", blob)


@pytest.fixture
def announced(customer, key):
    """A customer's record before whose seal announcements stand, and the application that knew none of them."""
    chance, now = SeededChance(b"vendor"), datetime(2026, 3, 2, tzinfo=UTC)
    keyring = rotation.rotate_sealing(rotation.rotate_signing(first_keyring(), chance, now), chance, now)
    told = rotation.bundle(keyring, customer.bundle.product, customer.bundle.address)
    customer.open(bundle=told)
    assert customer.opened[-1].authenticate(key).stored
    return customer.open(), customer.sealed()


def test_what_is_held_in_memory_is_accepted_as_it_is(customer, license):
    assert held(license, customer.sealed())[0] is not State.UNLICENSED


def test_any_one_bit_makes_a_record_damaged(customer, license):
    blob = customer.sealed()
    assert {held(license, flipped(blob, bit)) for bit in range(8 * len(blob))} == {DAMAGED}


def test_any_one_bit_makes_a_record_damaged_that_announces_keys(announced):
    license, blob = announced
    assert blob.count(b"~") == 2 and held(license, blob)[0] is not State.UNLICENSED
    assert {held(license, flipped(blob, bit)) for bit in range(8 * len(blob))} == {DAMAGED}


def test_a_record_that_is_cut_anywhere_is_damaged(customer, license):
    blob = customer.sealed()
    assert {held(license, blob[:length]) for length in range(len(blob))} == {DAMAGED}


def test_a_record_that_stands_there_twice_is_damaged(customer, license):
    blob = customer.sealed()
    assert {held(license, blob + blob), held(license, blob + b"~" + blob), held(license, blob + b".")} == {DAMAGED}


def test_every_300th_bit_makes_a_stored_record_damaged_and_is_left_as_it_is(either):
    license, blob = either.open(), either.sealed()
    for bit in range(0, 8 * len(blob), 300):
        replace(either, flipped(blob, bit))
        assert launched(license) == DAMAGED
        assert either.sealed() == flipped(blob, bit)


@pytest.mark.parametrize("blob", [b"", b"\0", b"no record"], ids=["empty", "zero", "words"])
def test_bytes_that_are_no_record_are_damaged(either, blob):
    replace(either, blob)
    assert launched(either.open()) == DAMAGED


def test_a_damaged_record_is_told_as_damaged_by_the_dialog_too(either):
    replace(either, b"")
    status = either.open().status()
    assert (status.state, status.reason) == (State.UNLICENSED, Reason.DAMAGED)


@pytest.mark.parametrize("value", ["text", 7, 10**15, 2.5], ids=["text", "number", "huge", "fraction"])
def test_a_value_of_another_type_is_damaged_where_a_file_lets_it_in(customer, license, value):
    replace(customer, value)
    assert launched(license) == DAMAGED


def test_a_record_that_was_removed_by_hand_is_no_license(either):
    replace(either, None)
    assert launched(either.open()) == (State.UNLICENSED, False, Reason.UNLICENSED)


def test_a_record_of_another_database_is_bound_to_that_one(either, key):
    other = either.open(database="another")
    assert launched(other) == (State.INVALID_BINDING, False, Reason.BINDING)


def test_a_record_of_another_product_is_damaged(either):
    chance = SeededChance(b"another vendor")
    theirs = rotation.bundle(rotation.begin(chance), "Another", "https://license.invalid")
    assert launched(either.open(bundle=theirs)) == DAMAGED


@pytest.mark.parametrize("text", ["soon", "0x2"])
def test_a_format_that_is_no_number_is_not_judged_where_a_file_lets_it_in(customer, license, text):
    customer.run("UPDATE nexuslic_record SET format = ?", text)
    assert launched(license) == DATABASE


def test_tables_of_a_newer_application_are_not_judged(either):
    blob = either.sealed()
    either.run("UPDATE nexuslic_record SET format = 2")
    with either.open().launch() as decision:
        assert (said(decision), "upgrade it" in decision.note) == (DATABASE, True)
    assert either.sealed() == blob


@pytest.mark.parametrize("table", ["nexuslic_record", "nexuslic_seat"])
def test_a_table_that_is_missing_is_a_broken_database_and_no_missing_license(either, table):
    either.run(f"DROP TABLE {table}")
    with either.open().launch() as decision:
        assert (said(decision), table in decision.note) == (DATABASE, True)


def test_a_row_that_is_missing_is_a_broken_database_and_no_missing_license(either):
    either.run("DELETE FROM nexuslic_record")
    assert launched(either.open()) == DATABASE


def test_a_key_brings_a_new_record_in_the_place_of_a_damaged_one_which_is_kept(either, key):
    replace(either, b"no record")
    assert either.open().authenticate(key).stored
    assert [bytes(blob) for (blob,) in either.run("SELECT sealed FROM nexuslic_aside")] == [b"no record"]


@pytest.mark.parametrize("table", ["nexuslic_seat", "nexuslic_user", "nexuslic_aside"])
def test_no_key_is_taken_for_good_where_a_table_is_missing(either, key, table):
    either.run(f"DROP TABLE {table}")
    blob = either.sealed()
    decision = either.open().authenticate(key)
    assert (decision.stored, either.sealed() == blob) in ((True, False), (False, True))
