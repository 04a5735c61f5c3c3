"""The customer's own PostgreSQL server, set up as a customer may have set it up: the license goes on all the same."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import create_engine, make_url

from nexuslic.rules.words import Reason, State


def launched(license):
    with license.launch() as decision:
        return decision


def do(url, *statements):
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            found = connection.execute(statement)
        return found.fetchall() if found.description else None


def name_of(url):
    return make_url(url).database


@pytest.fixture
def ashore(make_customer, postgresql_url):
    """A customer of two seats whose database is on a server."""
    customer = make_customer()
    customer.server = postgresql_url
    return customer


@pytest.fixture
def licensed(ashore, key):
    """The same, once the license was requested; its database's own clock is read."""
    ashore.clock = None
    assert ashore.open().authenticate(key).stored
    return ashore


@contextmanager
def engine_of(url, **more):
    """An engine of the application's own."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), **more)
    yield engine
    engine.dispose()


def together(customer, count):
    """So many workstations launch at once, and all hold what they got until all have it."""
    begin, over = threading.Barrier(count), threading.Barrier(count)
    applications = [customer.open(f"ws{number}") for number in range(count)]

    def launch(license):
        begin.wait(30)
        with license.launch() as decision:
            over.wait(30)
            return decision

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(launch, applications))


@pytest.mark.parametrize("level", ["serializable", "repeatable read", "read uncommitted"])
def test_no_seat_too_many_is_given_whatever_isolation_is_the_server_s_default(licensed, level, postgresql_server):
    do(postgresql_server, f"ALTER DATABASE {name_of(licensed.server)} SET default_transaction_isolation = '{level}'")
    decisions = together(licensed, 6)
    assert sorted(decision.runs for decision in decisions) == [False] * 4 + [True] * 2
    assert not any(decision.store_failed for decision in decisions)


def test_an_engine_of_one_connection_is_enough(ashore, key):
    with engine_of(ashore.server, pool_size=1, max_overflow=0, pool_timeout=0.1) as engine:
        license = ashore.open(connection=engine)
        assert launched(license).reason is Reason.UNLICENSED
        assert license.authenticate(key).stored
        assert launched(license).runs


def test_who_holds_the_record_keeps_nobody_waiting_for_ever_over_the_application_s_own_engine(licensed):
    with engine_of(licensed.server) as engine, psycopg.connect(licensed.server) as other:
        other.execute("SELECT * FROM nexuslic_record FOR UPDATE")
        license = licensed.open(connection=engine)
        license.base.patience = 0.2
        decision = launched(license)
    assert (decision.runs, decision.store_failed) == (True, True)


def test_a_wait_of_the_license_s_does_not_shorten_the_application_s_own(licensed):
    with engine_of(licensed.server, pool_size=1) as engine:
        launched(licensed.open(connection=engine))
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "0"


def test_a_schema_that_the_url_names_holds_the_license(ashore, key):
    do(ashore.server, "CREATE SCHEMA licensing")
    ashore.server += "&options=-csearch_path%3Dlicensing"
    assert ashore.open().authenticate(key).stored
    found = do(ashore.server, "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'nexuslic%'")
    assert found == [("licensing",)]


def test_no_setting_is_asked_for_that_a_pooler_in_between_refuses(ashore):
    """PgBouncer refuses a connection that begins with `options`."""
    arguments = ashore.open().base.place.engine.dialect.create_connect_args(make_url(ashore.server))
    assert "options" not in arguments[1]


def test_tables_that_an_administrator_made_in_another_schema_of_the_path_are_seen(licensed, postgresql_server):
    path = f"ALTER DATABASE {name_of(licensed.server)} SET search_path = early, public"
    do(licensed.server, "CREATE SCHEMA early", path)
    license = licensed.open("ws2")
    assert launched(license).state is State.AUTHENTICATED
    assert license.base.tables()


def test_a_launch_reads_the_server_s_clock_and_no_time_zone_moves_it(licensed, postgresql_server):
    do(postgresql_server, f"ALTER DATABASE {name_of(licensed.server)} SET timezone = 'Pacific/Chatham'")
    before = do(licensed.server, "SELECT clock_timestamp()")[0][0]
    shown = launched(licensed.open()).clock
    assert before <= shown <= do(licensed.server, "SELECT clock_timestamp()")[0][0]


def test_an_outage_under_a_session_ends_neither_it_nor_its_seat(licensed, postgresql_outage):
    from nexuslic import client as app

    license = licensed.open()
    launch = app.launch(license.client())
    with postgresql_outage():
        assert app.renew_seat(license.client(), launch.session)
    assert app.renew_seat(license.client(), launch.session)
    assert [seat.session for seat in license.seats()] == [launch.session.id]
    app.close(license.client(), launch.session)


def test_a_server_that_went_away_and_came_back_is_found_by_the_next_launch(licensed, postgresql_outage):
    license = licensed.open()
    with postgresql_outage():
        assert launched(license).reason is Reason.DATABASE
    assert launched(license).state is State.AUTHENTICATED
