"""The doctor's walk over a real database and a real license server: what it says, and that it does nothing."""

import sqlite3
from datetime import timedelta

import attrs
import psycopg
import pytest

from nexuslic.doctor.findings import Level
from nexuslic.doctor.walk import walk_of
from nexuslic.rules.words import LicenseType, Reason, State
from nexuslic.testing.faults import WireFault
from nexuslic.trust.keys import SealingKey

DAY = timedelta(days=1)
STEPS = ["folder", "bundle", "database", "record", "version", "binding", "clock"]
STEPS += ["network", "proxy", "dns", "tcp", "tls", "certificate", "reply", "seat"]


@pytest.fixture
def on_postgresql(ship, postgresql_url):
    """The ship with a PostgreSQL database, which its application knows as DB1."""
    ship.url = postgresql_url
    ship.given = {**ship.given, "server": "DB1", "database": "survey"}
    return ship


def everything(folder):
    """What lies in a folder, byte for byte."""
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# -- all is well ------------------------------------------------------------------------------------------------------


def test_every_step_of_a_launch_that_runs_is_good(licensed):
    report = licensed.walk()
    assert [one.step.value for one in report.findings] == STEPS
    assert ({one.level for one in report.findings}, report.runs, report.first_bad) == ({Level.GOOD}, True, None)


def test_nothing_is_written_anywhere(licensed, tmp_path):
    before = everything(tmp_path)
    licensed.walk()
    assert everything(tmp_path) == before


def test_nothing_is_written_where_nothing_is_there_yet(ship, tmp_path):
    before = everything(tmp_path)
    ship.walk()
    assert everything(tmp_path) == before


def test_nothing_is_written_to_a_database_server(on_postgresql, vendor):
    on_postgresql.authenticate(vendor.key)
    query = "SELECT xmin::text, * FROM {}"

    def rows():
        with psycopg.connect(on_postgresql.url) as connection:
            names = [f"nexuslic_{name}" for name in ("record", "seat", "user", "aside")]
            return [connection.execute(query.format(name)).fetchall() for name in names]

    before = rows()
    assert on_postgresql.walk().runs and rows() == before


def test_grace_is_not_renewed(licensed, vendor):
    licensed.clock.now += 10 * DAY
    vendor.now += 10 * DAY
    assert licensed.walk().decision.state is State.AUTHENTICATED
    with licensed.open() as license:
        assert license.status().last_validation == licensed.clock.now - 10 * DAY


def test_no_seat_is_taken(licensed):
    licensed.walk()
    with licensed.open() as license:
        assert license.seats() == ()


def test_the_license_server_is_asked_once(licensed, server):
    before = len(server.asked)
    licensed.walk()
    assert len(server.asked) == before + 1


# -- the verdict ------------------------------------------------------------------------------------------------------


def offline(ship, vendor, server, proxy):
    proxy.fault = WireFault.REFUSES


def expired(ship, vendor, server, proxy):
    proxy.fault = WireFault.TLS_1_0
    ship.clock.now += 31 * DAY


def suspended(ship, vendor, server, proxy):
    vendor.change(suspended=True)


def revoked(ship, vendor, server, proxy):
    vendor.change(revoked=True)


def superseded(ship, vendor, server, proxy):
    ship.authenticate(vendor.key, server="DB2")
    vendor.registry.change(vendor.key, lambda kept: attrs.evolve(kept, history=kept.history[::-1]))


def remembered(ship, vendor, server, proxy):
    vendor.change(suspended=True)
    ship.launch()
    proxy.fault = WireFault.UNAVAILABLE


def too_old(ship, vendor, server, proxy):
    ship.given["version"] = "6.1"


def ended(ship, vendor, server, proxy):
    vendor.change(ends=vendor.now + DAY)
    ship.launch()
    proxy.fault = WireFault.RESETS_AFTER_REQUEST
    ship.clock.now += 2 * DAY


def renamed(ship, vendor, server, proxy):
    ship.given["server"] = "DB2"


def set_back(ship, vendor, server, proxy):
    proxy.fault = WireFault.ANOTHER_AUTHORITY
    ship.clock.now -= 3 * DAY


def nobody_assigned(ship, vendor, server, proxy):
    vendor.change(type=LicenseType.NAMED)


def assigned(ship, vendor, server, proxy):
    vendor.change(type=LicenseType.NAMED)
    with ship.open() as license:
        license.users.assign("Anna")


def no_seats(ship, vendor, server, proxy):
    vendor.change(seats=0)


def damaged(ship, vendor, server, proxy):
    with sqlite3.connect(ship.url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE nexuslic_record SET sealed = x'00'")
    connection.close()


def emptied(ship, vendor, server, proxy):
    with sqlite3.connect(ship.url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE nexuslic_record SET sealed = NULL")
    connection.close()


def restored_in_part(ship, vendor, server, proxy):
    with sqlite3.connect(ship.url.removeprefix("sqlite:///")) as connection:
        connection.execute("DROP TABLE nexuslic_seat")
    connection.close()


SITUATIONS = {
    offline: (True, None),
    expired: (False, "tls"),
    suspended: (False, "reply"),
    revoked: (False, "reply"),
    superseded: (False, "binding"),
    remembered: (False, "reply"),
    too_old: (False, "version"),
    ended: (False, "reply"),
    renamed: (False, "binding"),
    set_back: (True, "clock"),
    nobody_assigned: (False, "seat"),
    assigned: (True, None),
    no_seats: (False, "seat"),
    damaged: (False, "record"),
    emptied: (False, "record"),
    restored_in_part: (False, "database"),
}
"""What happened to a ship, whether it runs, and where it is to be cured."""


@pytest.mark.parametrize("happened", SITUATIONS, ids=lambda one: one.__name__)
def test_the_verdict_is_the_one_of_a_launch(licensed, vendor, server, proxy, happened):
    happened(licensed, vendor, server, proxy)
    said, launched = licensed.walk().decision, licensed.launch()
    told = [(one.state, one.runs, one.reason, one.cause, one.days_left, one.deadline) for one in (said, launched)]
    assert told[0] == told[1] and launched.runs is SITUATIONS[happened][0]


@pytest.mark.parametrize("happened", [one for one in SITUATIONS if SITUATIONS[one][1]], ids=lambda one: one.__name__)
def test_the_step_to_cure_first_is_told(licensed, vendor, server, proxy, happened):
    happened(licensed, vendor, server, proxy)
    bad = licensed.walk().first_bad
    assert (bad.step.value, bool(bad.cures), bool(bad.why)) == (SITUATIONS[happened][1], True, True)


def test_what_cannot_be_reached_because_of_an_earlier_step_is_told_so(licensed):
    found = licensed.found(server="DB2")
    assert (found["binding"].level, found["seat"].level) == (Level.BAD, Level.NOT_REACHED)
    assert found["reply"].level is Level.GOOD


def test_where_a_launch_makes_no_contact_no_license_key_is_sent(licensed, server, vendor):
    before = len(server.asked)
    licensed.walk(server="DB2")
    assert [vendor.key.digits.encode() in raw for raw in server.asked[before:]] == [False]


# -- the places -------------------------------------------------------------------------------------------------------


def test_a_dongle_lets_it_run_and_nothing_else_is_asked(licensed, tmp_path, server):
    (tmp_path / "application").mkdir()
    (tmp_path / "application" / "nethasp.INI").touch()
    before = server.accepted
    report = licensed.walk(application=tmp_path / "application")
    assert (report.runs, report.decision.protection.value) == (True, "dongle")
    assert [one.level for one in report.findings[1:]] == [Level.NOT_REACHED] * 14
    assert server.accepted == before


def test_a_folder_without_a_dongle_is_good(licensed, tmp_path):
    assert licensed.found(application=tmp_path)["folder"].text.startswith(f"no NETHASP.ini in {tmp_path}")


def test_a_folder_that_is_not_there_is_bad_and_a_launch_goes_on(licensed, tmp_path):
    report = licensed.walk(application=tmp_path / "none")
    assert (report.first_bad.step.value, report.runs) == ("folder", True)


def test_the_bundle_is_told_by_its_product_and_license_server(licensed, proxy):
    assert licensed.found()["bundle"].text == (
        f"for Survey, license server {proxy.address}, trusted by an authority of its own"
    )


def test_a_bundle_that_is_not_there_is_bad_and_the_database_is_looked_at(licensed, tmp_path):
    report = licensed.walk(bundle=tmp_path / "none.json")
    found = {one.step.value: one.level for one in report.findings}
    assert (report.first_bad.step.value, found["database"], found["dns"]) == (
        "bundle",
        Level.GOOD,
        Level.NOT_REACHED,
    )
    assert (report.runs, report.decision) == (False, None)


@pytest.mark.parametrize("wrong", [{"address": "http://license.example"}, {"authority": "none"}], ids=list)
def test_a_bundle_that_no_contact_can_be_made_with_is_bad(licensed, bundle, wrong):
    assert licensed.walk(bundle=attrs.evolve(bundle, **wrong)).first_bad.step.value == "bundle"


def test_a_bundle_of_another_product_does_not_open_the_record(licensed, bundle):
    other = attrs.evolve(bundle, sealing_keys=(SealingKey("other", bytes(range(32))),))
    bad = licensed.walk(bundle=other).first_bad
    assert (bad.reason, bad.cures[0].startswith("Use the vendor bundle")) == (Reason.DAMAGED, True)


def test_a_database_that_is_not_there_is_bad_and_the_network_is_looked_at(ship, tmp_path):
    ship.url = f"sqlite:///{tmp_path / 'none.sqlite'}"
    found = ship.found()
    assert (found["database"].reason, found["record"].level) == (Reason.DATABASE, Level.NOT_REACHED)
    assert (found["reply"].level, (tmp_path / "none.sqlite").exists()) == (Level.GOOD, False)


def test_a_database_is_told_with_its_engine_and_version(licensed):
    assert licensed.found()["database"].text.startswith(f"sqlite {sqlite3.sqlite_version}, ")


def test_a_database_without_tables_is_no_fault_of_its_own(ship):
    assert ship.found()["database"].text.endswith("the license's tables will be made with the first license")


def test_a_database_that_does_not_store_is_bad_and_a_launch_runs(on_postgresql, vendor, postgresql_server):
    on_postgresql.authenticate(vendor.key)
    name = on_postgresql.url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    report = on_postgresql.walk()
    assert (report.first_bad.step.value, report.runs) == ("database", True)
    assert "read-only" in report.first_bad.text


def test_an_account_that_cannot_make_the_tables_is_told_who_can(on_postgresql, postgresql_server):
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS deckhand")
        connection.execute("CREATE ROLE deckhand LOGIN")
    on_postgresql.url = on_postgresql.url.replace("postgres:", "deckhand:", 1)
    bad = on_postgresql.walk().first_bad
    assert bad.step.value == "database" and "cannot make them" in bad.text
    assert "nexuslic license ddl --dialect postgresql" in bad.cures[0]


def test_a_password_in_the_databases_url_is_never_told(ship):
    ship.url = "postgresql://anna:secret@127.0.0.1:1/survey"
    report = ship.walk()
    assert report.first_bad.step.value == "database" and "secret" not in str(report)


def test_neither_a_key_nor_a_seal_is_ever_told(licensed, vendor, bundle):
    said = str(licensed.walk())
    secrets = [vendor.key.digits, str(vendor.key), bundle.sealing_keys[0].key.hex(), "eyJ"]
    assert [one for one in secrets if one in said] == []


# -- names ------------------------------------------------------------------------------------------------------------


def test_two_names_of_one_machine_are_told_with_the_spelling_to_use(on_postgresql, vendor):
    on_postgresql.authenticate(vendor.key)
    on_postgresql.addresses = {"DB1": frozenset({"10.0.0.5"}), "db1.fleet": frozenset({"10.0.0.5"})}
    bad = on_postgresql.walk(server="db1.fleet", workstation="bridge").first_bad
    assert bad.reason is Reason.BINDING
    assert bad.cures[0].startswith(
        "db1.fleet and DB1 are one machine. On bridge, write the server as 'DB1' and the database as 'survey'"
    )


def test_another_machine_is_told_as_a_database_that_was_moved(on_postgresql, vendor):
    on_postgresql.authenticate(vendor.key)
    on_postgresql.addresses = {"DB1": frozenset({"10.0.0.5"}), "DB2": frozenset({"10.0.0.6"})}
    assert on_postgresql.walk(server="DB2").first_bad.cures[0].startswith("If this database was restored, moved")


def test_another_database_on_the_same_machine_is_another_one(on_postgresql, vendor):
    on_postgresql.authenticate(vendor.key)
    on_postgresql.addresses = {"DB1": frozenset({"10.0.0.5"})}
    assert on_postgresql.walk(database="copy").first_bad.cures[0].startswith("If this database was restored")


def test_other_names_of_the_machine_are_told_before_they_do_harm(on_postgresql, vendor):
    on_postgresql.authenticate(vendor.key)
    on_postgresql.addresses = {"DB1": frozenset({"10.0.0.5"})}
    assert on_postgresql.found()["binding"].text.endswith(
        "10.0.0.5 means the same machine, and would be another binding"
    )


# -- clock, users, seats ----------------------------------------------------------------------------------------------


def test_the_clocks_stand_side_by_side(licensed, server):
    server.headers = {"Date": "Mon, 02 Mar 2026 10:00:00 GMT"}
    assert licensed.found(bundle=attrs.evolve(licensed.bundle, address=server.address))["clock"].text == (
        "this computer shows 2026-03-02 08:30 UTC, the license server 1 h 30 min ahead, "
        "license time is 2026-03-02 08:30 UTC"
    )


def test_a_clock_that_is_days_off_is_bad(licensed, server):
    server.headers = {"Date": "Thu, 05 Mar 2026 08:30:00 GMT"}
    report = licensed.walk(bundle=attrs.evolve(licensed.bundle, address=server.address))
    assert (report.first_bad.step.value, report.runs) == ("clock", True)


def test_a_database_servers_clock_is_told_as_its_own(on_postgresql):
    assert on_postgresql.found()["clock"].text.startswith("the database server shows")


def test_a_seat_that_is_free_is_told_with_who_sits_there(licensed):
    with licensed.open(user="bob", workstation="bridge") as license, license.launch():
        assert licensed.found()["seat"].text == "1 of 2 seats are taken by bob at bridge"


def test_no_free_seat_is_the_first_bad_step_and_names_who_sits_there(licensed, vendor):
    vendor.change(seats=1)
    with licensed.open(user="bob", workstation="bridge") as license, license.launch():
        report = licensed.walk()
    assert (report.first_bad.reason, report.decision.holders) == (Reason.SEATS, ("bob at bridge",))


def test_a_user_without_a_named_license_is_told_by_name(licensed, vendor):
    vendor.change(type=LicenseType.NAMED)
    assert licensed.found()["seat"].text == "anna has no named license; 0 of 2 licenses are assigned"


def test_a_user_whom_a_smaller_license_drops_is_told_why(licensed, vendor):
    vendor.change(type=LicenseType.NAMED)
    with licensed.open() as license:
        license.users.assign("bob", "anna")
    vendor.change(seats=1)
    assert licensed.found()["seat"].text.startswith(
        "anna has no named license, and there are fewer licenses than users; 1 of 1"
    )


def test_each_step_is_told_in_its_order_as_soon_as_it_is_known(licensed, server):
    asked, told = len(server.asked), []
    with licensed.open() as license:
        report = walk_of(license, told=lambda one: told.append((one, len(server.asked) - asked)))
    assert tuple(one for one, _ in told) == report.findings
    assert {one.step.value: contacts for one, contacts in told}["binding"] == 0
    assert {one.step.value: contacts for one, contacts in told}["clock"] == 1
