"""A session that runs holds no connection until its next renewal: a database server has few, and sessions last."""

import threading

import pytest
from sqlalchemy import create_engine

CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def aboard(make_customer, postgresql_url, key):
    """A customer on PostgreSQL whose license was requested."""
    customer = make_customer()
    customer.server = postgresql_url
    license = customer.open()
    assert license.authenticate(key).stored
    license.close()
    return customer


def at_rest(license, look):
    """What `look` sees while a session waits for its next renewal."""
    waits = threading.Event()

    def wait(ended):
        waits.set()
        return ended.wait()

    license.wait = wait
    with license.launch() as decision:
        assert decision.runs and waits.wait(60)
        return look()


def ever_alone(customer):
    """Whether the server comes to have no other connection; it notices somewhat later that one has gone."""
    return any(customer.run(CONNECTED) == [(0,)] for _ in range(1000))


def test_a_running_session_holds_none(aboard):
    assert at_rest(aboard.open(), lambda: ever_alone(aboard))


def test_a_session_that_rested_is_closed_and_gives_its_seat_back(aboard):
    license = aboard.open()
    assert at_rest(license, license.seats) != () == license.seats()


def test_an_engine_of_the_applications_own_keeps_what_it_keeps(aboard):
    engine = create_engine(aboard.server.replace("postgresql:", "postgresql+psycopg:"))
    assert at_rest(aboard.open(connection=engine, server="", database=""), engine.pool.checkedin) == 1
    engine.dispose()
