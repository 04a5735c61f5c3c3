"""The registry over SQL, beyond its contract: several servers at once, and what is read together."""

import threading
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from sqlalchemy import event

from nexuslic.issuing.registry import Bound, Issued
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Extension, License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.server import migrate
from nexuslic.server.database import Database
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.tables import bindings

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
KEY = LicenseKey.from_number(123456789012)
TERMS = License("Example Survey", LicenseType.NAMED, 5, 30, Version.parse("6.2"), NOW + timedelta(days=365))


def bound(name):
    return Bound(Binding("DB1", name), NOW, f"{name:>032}")


def whole(key=KEY, *names):
    return Issued(key, TERMS, Extension(20, NOW), True, True, tuple(bound(name) for name in names))


def with_binding(name):
    return lambda kept: attrs.evolve(kept, history=(*kept.history, bound(name)))


@pytest.fixture
def database(empty):
    """A registry on each engine, with one key."""
    migrate.upgrade(empty)
    with empty.write() as connection:
        assert SqlRegistry(connection, NOW).add(whole(KEY, "a", "b"))
    return empty


def again(database):
    """Another server's way to the same registry."""
    return Database.at(database.url.render_as_string(hide_password=False))


def test_two_servers_do_not_lose_each_other_s_change(database):
    def change(name):
        own = again(database)
        for number in range(10):
            with own.write() as connection:
                SqlRegistry(connection, NOW).change(KEY, with_binding(f"{name}{number}"))
        own.close()

    threads = [threading.Thread(target=change, args=(name,)) for name in ("x", "y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        names = [one.binding.database for one in SqlRegistry(connection, NOW).find(KEY).history]
    assert names[:2] == ["a", "b"] and len(names) == 22
    for name in ("x", "y"):
        assert [one for one in names if one[0] == name] == [f"{name}{number}" for number in range(10)]


def test_whoever_changes_a_key_waits_for_another_who_does(database):
    seen, began = threading.Event(), threading.Event()

    def second(kept):
        seen.set()
        return with_binding("second")(kept)

    def change():
        own = again(database)
        began.set()
        with own.write() as connection:
            SqlRegistry(connection, NOW).change(KEY, second)
        own.close()

    with database.write() as connection:
        SqlRegistry(connection, NOW).change(KEY, with_binding("first"))
        thread = threading.Thread(target=change)
        thread.start()
        assert began.wait(30) and not seen.wait(0.2)
    thread.join()
    with database.read() as connection:
        names = [one.binding.database for one in SqlRegistry(connection, NOW).find(KEY).history]
    assert names == ["a", "b", "first", "second"]


def test_a_change_sees_what_another_server_wrote_after_it_was_first_read(database):
    with database.read() as connection:
        registry = SqlRegistry(connection, NOW)
        registry.find(KEY)
        other = again(database)
        with other.write() as writing:
            SqlRegistry(writing, NOW).change(KEY, with_binding("c"))
        other.close()
    with database.write() as connection:
        registry = SqlRegistry(connection, NOW)
        changed = registry.change(KEY, with_binding("d"))
    assert [one.binding.database for one in changed.history] == ["a", "b", "c", "d"]


def test_a_transaction_that_breaks_changes_nothing(database):
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        registry = SqlRegistry(connection, NOW)
        registry.change(KEY, with_binding("c"))
        registry.add(whole(LicenseKey.from_number(1)))
        raise ZeroDivisionError
    with database.read() as connection:
        registry = SqlRegistry(connection, NOW)
        assert (registry.find(KEY), registry.find(LicenseKey.from_number(1))) == (whole(KEY, "a", "b"), None)


def test_what_is_loaded_for_a_confirmation_has_its_newest_binding(database):
    with database.read() as connection:
        registry = SqlRegistry(connection, NOW)
        registry.load([KEY, LicenseKey.from_number(1)])
        assert registry.find(KEY).binding == Binding("DB1", "b") and len(registry.find(KEY).history) == 1
        assert registry.find(LicenseKey.from_number(1)) is None
        registry.load_whole([KEY])
        assert registry.find(KEY) == whole(KEY, "a", "b")


def test_a_change_after_a_load_keeps_the_whole_history(database):
    with database.write() as connection:
        registry = SqlRegistry(connection, NOW)
        registry.load([KEY])
        registry.change(KEY, with_binding("c"))
        assert [one.binding.database for one in registry.find(KEY).history] == ["a", "b", "c"]
    with database.read() as connection:
        assert SqlRegistry(connection, NOW).find(KEY) == whole(KEY, "a", "b", "c")


def test_a_nonce_is_kept_with_its_binding(database):
    with database.read() as connection:
        assert [one.nonce for one in SqlRegistry(connection, NOW).find(KEY).history] == [
            bound("a").nonce,
            bound("b").nonce,
        ]


def test_keys_are_read_together(database):
    seen = []
    event.listen(database.reader, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with database.read() as connection:
        registry = SqlRegistry(connection, NOW)
        registry.load_whole(LicenseKey.from_number(number) for number in range(100))
        assert all(registry.find(LicenseKey.from_number(number)) is None for number in range(100))
    assert len([one for one in seen if one.startswith("SELECT") and "FROM" in one]) == 2


def test_a_change_that_changes_nothing_writes_nothing(database):
    seen = []
    with database.write() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2].split()[0]))
        SqlRegistry(connection, NOW).change(KEY, lambda kept: kept)
    assert set(seen) == {"SELECT"}


def test_a_key_that_exists_is_left_with_its_history(database):
    with database.write() as connection:
        assert SqlRegistry(connection, NOW).add(whole(KEY, "z")) is False
        assert len(connection.execute(bindings.select()).all()) == 2
