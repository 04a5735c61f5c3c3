"""A registry in trouble: whoever asks gets an answer or a clean refusal, nothing is half done, and it heals."""

import asyncio
import shutil
import subprocess
import sys
import threading
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event, text

from nexuslic.issuing import grant
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, Version
from nexuslic.server import database, migrate
from nexuslic.server.database import PATIENCE_SECONDS, RegistryUnavailable
from nexuslic.server.tables import audit, bindings, licenses
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Request

HERE = Binding("DB1", "nexus")
TERMS = {"organisation": "Example Survey"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Whoever waits for a lock waits for a short while."""
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.1)


def refused(bench):
    """Whether a contact and an act are refused cleanly, and change nothing."""
    token = f"Bearer {bench.token()}"
    key = next(iter(bench.known))
    answers = [
        bench.contact(key, ask="authenticate", database="another"),
        bench.vendor("POST", "/v1/licenses", TERMS, authorization=token),
    ]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60"), answer.text
        assert answer.json()["type"] == "urn:nexuslic:problem:registry"
    return True


def heals(bench):
    """Whether all is as it was, and goes on."""
    key = next(iter(bench.known))
    assert (len(bench.rows(licenses)), len(bench.rows(bindings))) == (1, 1)
    assert isinstance(bench.contact(key), Certificate)
    assert bench.vendor("POST", "/v1/licenses", TERMS).status_code == 201
    return len(bench.trail()) == 4


def known(bench):
    """The server, with a key that is bound and that `refused` and `heals` ask about."""
    bench.known = [bench.issued()]
    assert isinstance(bench.contact(bench.known[0]), Certificate)
    return bench


@pytest.fixture
def sqlite(bench):
    return known(bench)


@pytest.fixture
def postgresql(open_bench, postgresql_registry):
    return known(open_bench(postgresql_registry))


# -- locked -----------------------------------------------------------------------------------------------------------

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_sqlite_that_another_process_has_locked(sqlite):
    words = [sys.executable, "-c", HOLD, str(sqlite.database.file)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        assert refused(sqlite)
        assert sqlite.ask("GET", "/ready").status_code == 200
        process.stdin.close()
    assert heals(sqlite)


def test_postgresql_of_which_somebody_has_locked_the_audit_trail(postgresql, postgresql_registry):
    with psycopg.connect(postgresql_registry) as other:
        other.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE")
        assert refused(postgresql)
    assert heals(postgresql)


# -- full and read-only -----------------------------------------------------------------------------------------------


def pragma(bench, told):
    """Every connection is told this before it is used."""

    def tell(raw, record, proxy):
        raw.execute(f"PRAGMA {told}")

    event.listen(bench.database.writer, "checkout", tell)
    return lambda: event.remove(bench.database.writer, "checkout", tell)


def test_sqlite_that_is_full(sqlite):
    sqlite.token()
    with sqlite.database.read() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    pragma(sqlite, f"max_page_count={pages}")
    body = {"licenses": [{"organisation": "A" * 200}] * 100}
    answer = sqlite.vendor("POST", "/v1/licenses/import", body)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "full" in answer.json()["detail"]
    pragma(sqlite, "max_page_count=1000000")
    assert heals(sqlite)


def test_sqlite_that_can_only_be_read(sqlite):
    sqlite.token()
    allow = pragma(sqlite, "query_only=1")
    assert refused(sqlite)
    allow()
    pragma(sqlite, "query_only=0")
    assert heals(sqlite)


def test_postgresql_that_can_only_be_read(postgresql, postgresql_registry):
    postgresql.token()
    with psycopg.connect(postgresql_registry, autocommit=True) as other:
        name = other.info.dbname
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        kill_all(other)
        assert refused(postgresql)
        other.execute("SET default_transaction_read_only = off")
        other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        kill_all(other)
    assert heals(postgresql)


# -- gone and replaced ------------------------------------------------------------------------------------------------


def test_sqlite_that_is_gone_for_a_while(sqlite):
    file = sqlite.database.file
    sqlite.token()
    file.rename(file.with_name("gone"))
    answer = sqlite.contact(sqlite.known[0])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert sqlite.vendor("GET", "/v1/licenses").status_code == 503 and not file.exists()
    file.with_name("gone").rename(file)
    assert heals(sqlite)


def test_sqlite_that_was_replaced_is_noticed_and_taken(sqlite):
    file = sqlite.database.file
    sqlite.database.writer.dispose()
    sqlite.database.reader.dispose()
    older = shutil.copy(file, file.with_name("older"))
    sqlite.contact(sqlite.known[0])
    file.with_name("older").replace(file)
    answers = [sqlite.contact(sqlite.known[0]) for _ in range(2)]
    assert answers[0].status_code == 503 and "gone or was replaced" in answers[0].json()["detail"]
    assert isinstance(answers[1], Certificate) and older


def test_what_is_no_database_any_more(sqlite):
    file = sqlite.database.file
    sqlite.token()
    good = file.with_name("good")
    sqlite.database.writer.dispose()
    sqlite.database.reader.dispose()
    file.rename(good)
    file.write_bytes(b"no database, whatever it is called" * 100)
    assert sqlite.contact(sqlite.known[0]).status_code == sqlite.ask("GET", "/ready").status_code == 503
    file.unlink()
    good.rename(file)
    assert heals(sqlite)


def test_a_registry_without_tables_is_refused_until_it_has_them(open_bench, empty):
    bench = open_bench(empty.url.render_as_string(hide_password=False))
    assert [bench.ask("GET", path).status_code for path in ("/health", "/ready")] == [200, 503]
    answer = bench.vendor("GET", "/v1/licenses", authorization=f"Bearer nexuslic_{'0' * 12}_{'0' * 64}")
    assert answer.status_code == 503
    migrate.upgrade(empty)
    assert bench.ask("GET", "/ready").status_code == 200
    assert heals(known(bench))


def test_a_registry_that_lost_a_column_is_refused(both):
    key, told = both.issued(), f"Bearer {both.token()}"
    with both.database.write() as connection:
        connection.execute(text("ALTER TABLE licenses RENAME COLUMN seats TO places"))
    assert both.contact(key).status_code == both.vendor("GET", "/v1/licenses", authorization=told).status_code == 503
    with both.database.write() as connection:
        connection.execute(text("ALTER TABLE licenses RENAME COLUMN places TO seats"))
    assert isinstance(both.contact(key), Certificate)


# -- connections ------------------------------------------------------------------------------------------------------


def kill_all(other):
    """End every connection to the same database but this one, and wait until they are gone."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    other.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")


def test_connections_that_were_killed_are_made_anew(postgresql, postgresql_registry):
    with psycopg.connect(postgresql_registry, autocommit=True) as other:
        kill_all(other)
    assert heals(postgresql)


@pytest.mark.parametrize("statement", ["UPDATE licenses", "INSERT INTO bindings", "INSERT INTO audit"])
def test_a_connection_that_is_killed_in_the_middle_leaves_nothing_half_done(postgresql, postgresql_registry, statement):
    killed = []

    def kill(connection, cursor, executed, *_):
        if executed.startswith(statement) and not killed:
            killed.append(executed)
            with psycopg.connect(postgresql_registry, autocommit=True) as other:
                kill_all(other)

    event.listen(postgresql.database.writer, "after_cursor_execute", kill)
    answer = postgresql.contact(postgresql.known[0], "another")
    assert killed and (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert heals(postgresql)


def test_postgresql_that_is_stopped_and_started_again(postgresql, postgresql_outage):
    postgresql.token()
    with postgresql_outage():
        assert postgresql.ask("GET", "/ready").status_code == 503
        assert postgresql.contact(postgresql.known[0]).status_code == 503
        assert postgresql.vendor("POST", "/v1/licenses", TERMS).status_code == 503
    assert heals(postgresql)


# -- busy -------------------------------------------------------------------------------------------------------------


class Held:
    """Something that holds the one writer until it is let go."""

    def __init__(self):
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, connection):
        self.begun.set()
        assert self.go.wait(30)


async def behind(bench, *waiting):
    """What came of those who waited behind a writer that was held for longer than they may wait."""
    writer, held = bench.app.state.writer, Held()
    first = asyncio.ensure_future(writer.act(held))
    await asyncio.to_thread(held.begun.wait)
    others = [asyncio.ensure_future(one) for one in waiting]
    await asyncio.sleep(0)
    bench.clock.running += timedelta(seconds=PATIENCE_SECONDS + 1)
    held.go.set()
    await first
    return await asyncio.gather(*others, return_exceptions=True)


def test_who_waited_too_long_is_told_so_and_nothing_is_done(bench):
    writer, done = bench.app.state.writer, []
    told = bench.run(behind(bench, writer.act(done.append), writer.act(done.append)))
    assert [type(one) for one in told] == [RegistryUnavailable] * 2 and "too busy" in str(told[0])
    assert done == []


def test_an_act_that_waited_for_another_of_its_group_is_told_so(bench):
    writer, done, held = bench.app.state.writer, [], Held()

    def slow(connection):
        bench.clock.running += timedelta(seconds=PATIENCE_SECONDS + 1)
        return "slow"

    async def asked():
        first = asyncio.ensure_future(writer.act(held))
        await asyncio.to_thread(held.begun.wait)
        others = [asyncio.ensure_future(writer.act(one)) for one in (slow, done.append)]
        await asyncio.sleep(0)
        held.go.set()
        await first
        return await asyncio.gather(*others, return_exceptions=True)

    told = bench.run(asked())
    assert told[0] == "slow" and isinstance(told[1], RegistryUnavailable) and done == []


def test_one_contact_that_breaks_does_not_cost_the_others_of_its_group_their_answer(bench, monkeypatch):
    good, bad, decide = bench.issued(), bench.issued(), grant.decide
    keys = (good, bad, good)

    def breaks(request, *args, **options):
        if request.key == bad:
            raise ZeroDivisionError
        return decide(request, *args, **options)

    monkeypatch.setattr(grant, "decide", breaks)

    async def grouped():
        held, writer = Held(), bench.app.state.writer
        first = asyncio.ensure_future(writer.act(held))
        await asyncio.to_thread(held.begun.wait)
        asked = [Request(Ask.AUTHENTICATE, key, HERE, Version((6, 2)), f"{n:032x}") for n, key in enumerate(keys)]
        others = [asyncio.ensure_future(bench.sent(wire.encode(one))) for one in asked]
        while writer._queue.qsize() < 3:
            await asyncio.sleep(0)
        held.go.set()
        await first
        return await asyncio.gather(*others)

    assert [one.status_code for one in bench.run(grouped())] == [200, 500, 200]
    assert [line.key for line in bench.rows(audit) if line.act == "grant"] == [good.digits] * 2
