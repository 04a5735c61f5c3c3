"""Backups by the database's own tools: what is restored is the license that was backed up, and no day more."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta

import attrs
import psycopg
import pytest
from sqlalchemy import make_url

from nexuslic.rules.words import Cause, LicenseType, Reason, State

DAYS_20 = timedelta(days=20)
SEAT_TABLE, RECORD_TABLE = "nexuslic_seat", "nexuslic_record"


class File:
    """A SQLite file: copied, backed up by SQLite's backup, or vacuumed into another file."""

    def __init__(self, customer, how):
        self.customer, self.how, self.folder = customer, how, customer.folder

    def backup(self):
        """A backup of the database as it is."""
        to = self.folder / f"backup-{len(list(self.folder.iterdir()))}.db"
        if self.how == "copied":
            shutil.copy(self.customer.path, to)
            return to
        with closing(sqlite3.connect(self.customer.path)) as base, closing(sqlite3.connect(to)) as other:
            if self.how == "backup":
                base.backup(other)
            else:
                base.execute("VACUUM INTO ?", (f"{to}",))
        return to

    def over(self, backup):
        """Restore it in the place of the database."""
        shutil.copy(backup, self.customer.path)

    def elsewhere(self, backup):
        """Restore it under another name: where a customer finds it."""
        shutil.copy(backup, self.folder / "restored.db")
        return attrs.evolve(self.customer, file="restored.db")

    def half(self, without=None):
        """Restore all tables but one, or (None) no rows, in the place of the database."""
        self.over(self.backup())
        tables = [without] if without else [name for (name,) in self.customer.run("SELECT name FROM sqlite_master")]
        for name in tables:
            if name.startswith("nexuslic_"):
                self.customer.run(f"DROP TABLE {name}" if without else f"DELETE FROM {name}")


class Server:
    """A database of a PostgreSQL server: dumped and restored by its own programs."""

    def __init__(self, customer, how, tools):
        self.customer, self.tools, self.folder = customer, tools, customer.folder
        self.plain = how == "plain"
        self.name = make_url(customer.server).database

    def tool(self, name, *words):
        subprocess.run([str(self.tools / name), *words], check=True, capture_output=True)

    def administer(self, *statements):
        with psycopg.connect(self.named("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def named(self, name):
        """The URL of another database of that server."""
        return self.customer.server.replace(f"/{self.name}?", f"/{name}?")

    def backup(self, *words):
        """A backup of the database as it is."""
        to = self.folder / f"backup-{len(list(self.folder.iterdir()))}.dump"
        form = "plain" if self.plain else "custom"
        self.tool("pg_dump", f"--dbname={self.customer.server}", f"--format={form}", f"--file={to}", *words)
        return to

    def over(self, backup):
        """Restore it in the place of the database."""
        for application in self.customer.opened:
            application.close()
        self.administer(f"DROP DATABASE {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")
        self.restore(backup, self.customer.server)

    def elsewhere(self, backup):
        """Restore it under another name: where a customer finds it."""
        self.administer(f"CREATE DATABASE {self.name}_restored")
        self.restore(backup, self.named(f"{self.name}_restored"))
        return attrs.evolve(self.customer, server=self.named(f"{self.name}_restored"))

    def restore(self, backup, url):
        if self.plain:
            self.tool("psql", "--quiet", f"--dbname={url}", "--set=ON_ERROR_STOP=1", f"--file={backup}")
        else:
            self.tool("pg_restore", f"--dbname={url}", "--exit-on-error", str(backup))

    def half(self, without=None):
        """Restore all tables but one, or (None) no rows, in the place of the database."""
        self.over(self.backup(f"--exclude-table={without}" if without else "--schema-only"))

    def close(self):
        self.administer(f"DROP DATABASE IF EXISTS {self.name}_restored WITH (FORCE)")


@pytest.fixture(params=["copied", "backup", "vacuumed", "custom", "plain"])
def made_by(request, make_customer):
    """Makes a customer with a database and the tools that back it up."""
    made = []

    def make(**terms):
        customer = make_customer(**terms)
        if request.param in ("copied", "backup", "vacuumed"):
            return customer, File(customer, request.param)
        customer.server = request.getfixturevalue("postgresql_url")
        made.append(Server(customer, request.param, request.getfixturevalue("postgresql_tools")))
        return customer, made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def aboard(made_by, key):
    """A customer whose license was requested, and the tools."""
    customer, tools = made_by()
    assert customer.open().authenticate(key).stored
    return customer, tools


def launched(customer, workstation="ws1"):
    """What a launch without contact says there."""
    customer.vendor.cause = Cause.OFFLINE
    with customer.open(workstation).launch() as decision:
        return decision


def test_a_restored_record_is_the_one_that_was_backed_up_byte_for_byte(aboard):
    customer, tools = aboard
    blob, backup = customer.sealed(), tools.backup()
    customer.run("UPDATE nexuslic_record SET sealed = NULL")
    tools.over(backup)
    assert customer.sealed() == blob


def test_what_is_restored_over_the_database_runs(aboard):
    customer, tools = aboard
    tools.over(tools.backup())
    assert launched(customer).state is State.GRACE


def test_what_is_restored_under_another_name_asks_to_authenticate_again(aboard):
    customer, tools = aboard
    restored = tools.elsewhere(tools.backup())
    decision = launched(restored)
    assert (decision.state, decision.reason, decision.runs) == (State.INVALID_BINDING, Reason.BINDING, False)
    assert restored.sealed() == customer.sealed()


def test_a_key_licenses_what_was_restored_under_another_name(aboard, key):
    _, tools = aboard
    restored = tools.elsewhere(tools.backup())
    assert restored.open().authenticate(key).stored
    assert launched(restored).runs


def test_going_back_to_the_recorded_name_costs_no_day(aboard):
    customer, tools = aboard
    customer.clock.sail(days=10)
    assert launched(customer).days_left == 20
    restored = tools.elsewhere(tools.backup())
    assert launched(restored).state is State.INVALID_BINDING
    customer.clock.sail(days=5)
    assert launched(customer).days_left == 15


def test_an_older_backup_does_not_turn_license_time_back_where_it_was_seen(aboard):
    customer, tools = aboard
    backup = tools.backup()
    customer.clock.sail(days=20)
    assert launched(customer).days_left == 10
    tools.over(backup)
    customer.clock.wall -= DAYS_20
    assert (launched(customer, "ws1").days_left, launched(customer, "ws2").days_left) == (10, 10)


def test_a_workstation_that_saw_nothing_cannot_tell_an_older_backup(aboard):
    customer, tools = aboard
    backup = tools.backup()
    customer.clock.sail(days=20)
    launched(customer)
    tools.over(backup)
    customer.clock.wall -= DAYS_20
    assert launched(customer, "ws2").days_left == 30


def test_an_older_backup_brings_no_day_where_the_clock_is_right(aboard):
    customer, tools = aboard
    backup = tools.backup()
    customer.clock.sail(days=20)
    launched(customer)
    tools.over(backup)
    assert launched(customer, "ws2").days_left == 10


def test_assigned_users_come_along(made_by, key):
    customer, tools = made_by(type=LicenseType.NAMED, seats=3)
    license = customer.open()
    license.authenticate(key)
    license.users.assign("ann", "Åsa O'Hara")
    restored = tools.elsewhere(tools.backup())
    assert restored.open().users.assigned() == ("ann", "Åsa O'Hara")


def test_seats_come_along(aboard):
    customer, tools = aboard
    with customer.open().launch():
        before, restored = customer.open().seats(), tools.elsewhere(tools.backup())
    assert restored.open().seats() == before != ()


def test_a_backup_of_a_running_session_is_whole(aboard):
    customer, tools = aboard
    with customer.open().launch():
        backup = tools.backup()
    tools.over(backup)
    assert launched(customer).runs


@pytest.mark.parametrize("without", [None, RECORD_TABLE, SEAT_TABLE], ids=["schema-only", "no-record", "no-seats"])
def test_what_was_restored_in_part_is_a_broken_database_and_no_missing_license(aboard, without):
    customer, tools = aboard
    tools.half(without)
    decision = launched(customer)
    assert (decision.state, decision.reason, decision.runs) == (None, Reason.DATABASE, False)


@pytest.mark.parametrize("without", [None, RECORD_TABLE], ids=["schema-only", "no-record"])
def test_what_was_restored_in_part_is_named_so(aboard, without):
    customer, tools = aboard
    tools.half(without)
    assert "restored in part" in launched(customer).note
