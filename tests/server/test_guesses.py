"""Guessing keys: limits by address, by key and in all, which hold across servers and spare honest customers."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey, Version
from nexuslic.server.database import Database
from nexuslic.server.guesses import Guesses, subject
from nexuslic.server.service import Limits
from nexuslic.server.tables import guesses
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Denial, Request

FEW = Limits(by_address=3, by_address_in_alarm=1, by_key=2, alarm_at=5)
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
WRONG = LicenseKey.from_number(123456789012)


@pytest.fixture
def guessed(open_bench, registry_url):
    """A license server, on each engine, that answers few wrong keys."""
    return open_bench(registry_url, limits=FEW)


def answered(bench, count, address, key=WRONG):
    """How many of so many wrong keys were answered."""
    return sum(isinstance(bench.contact(key, address=address), Denial) for _ in range(count))


def warnings(*benches):
    logged = [json.loads(line) for bench in benches for line in bench.log.getvalue().splitlines()]
    return [line for line in logged if line["event"] == "guessing"]


def alarm(bench):
    """Sets the alarm off from many addresses."""
    for n in range(FEW.alarm_at):
        assert answered(bench, 1, f"203.0.113.{n}") == 1


def test_an_address_is_answered_so_many_wrong_keys_an_hour(guessed):
    assert answered(guessed, 6, "192.0.2.1") == 3
    assert answered(guessed, 1, "192.0.2.2") == 1


def test_who_is_refused_is_told_when_to_come_back_and_nothing_is_written(guessed):
    answered(guessed, 3, "192.0.2.1")
    lines = len(guessed.trail())
    refused = guessed.contact(WRONG, address="192.0.2.1")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(guessed.trail()) == lines


def test_wrong_keys_that_come_at_the_same_time_are_counted_each(guessed):
    asked = [Request(Ask.AUTHENTICATE, WRONG, Binding("DB1", "x"), Version((6, 2)), f"{n:032x}") for n in range(12)]
    sent = guessed.together(*(guessed.sent(wire.encode(one)) for one in asked))
    assert sorted(one.status_code for one in sent) == [200] * 3 + [429] * 9


def test_all_of_an_ipv6_network_of_64_bits_count_as_one(guessed):
    assert [answered(guessed, 1, f"2001:db8:0:1::{n:x}") for n in range(1, 6)] == [1, 1, 1, 0, 0]
    assert answered(guessed, 1, "2001:db8:0:2::1") == 1


@pytest.mark.parametrize(
    "address, counted",
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 99, "x" * 64),
    ],
)
def test_what_an_address_counts_as(address, counted):
    assert subject(address) == counted


def test_limits_hold_across_servers_and_restarts(open_bench, registry_url):
    first = open_bench(registry_url, limits=FEW)
    assert answered(first, 2, "192.0.2.1") == 2
    second = open_bench(registry_url, limits=FEW, keys=first.keys, clock=first.clock)
    assert answered(second, 2, "192.0.2.1") == 1
    third = open_bench(registry_url, limits=FEW, keys=first.keys, clock=first.clock)
    assert answered(third, 1, "192.0.2.1") == answered(first, 1, "192.0.2.1") == 0


def test_a_new_hour_begins_anew(guessed):
    answered(guessed, 4, "192.0.2.1")
    guessed.clock.now = guessed.clock.now.replace(minute=59, second=59)
    assert answered(guessed, 1, "192.0.2.1") == 0
    guessed.clock.now += timedelta(seconds=1)
    assert answered(guessed, 4, "192.0.2.1") == 3


def test_counts_of_days_ago_are_forgotten(guessed):
    answered(guessed, 1, "192.0.2.1")
    guessed.clock.now += timedelta(days=3)
    answered(guessed, 1, "192.0.2.2")
    assert {row.since.date() for row in guessed.rows(guesses)} == {guessed.clock.now.date()}


def test_a_key_goes_to_so_many_new_databases_an_hour(guessed):
    key = guessed.issued()
    given = [guessed.contact(key, f"copy {n}", address=f"198.51.100.{n}") for n in range(6)]
    assert [isinstance(one, Certificate) for one in given] == [True, True, True, False, False, False]
    guessed.clock.now += timedelta(hours=1)
    assert isinstance(guessed.contact(key, "copy 9"), Certificate)


def test_a_database_that_a_key_was_bound_to_is_answered_while_limits_are_hit(guessed):
    key, suspended = guessed.issued(), guessed.issued()
    for one in (key, suspended):
        guessed.contact(one, address="192.0.2.1")
    guessed.vendor("POST", f"/v1/licenses/{suspended}/suspend")
    alarm(guessed)
    answered(guessed, 9, "192.0.2.1")
    for ask in ("authenticate", "confirm"):
        assert all(isinstance(guessed.contact(key, ask=ask, address="192.0.2.1"), Certificate) for _ in range(9))
    assert guessed.contact(suspended, ask="confirm", address="192.0.2.1").reason.value == "suspended"


def test_denials_of_a_proved_binding_count_as_no_guess(guessed):
    key = guessed.issued()
    guessed.contact(key)
    guessed.vendor("POST", f"/v1/licenses/{key}/suspend")
    for _ in range(9):
        guessed.contact(key, ask="confirm")
    assert guessed.rows(guesses) == []


def test_during_an_alarm_an_address_has_fewer_tries(guessed):
    alarm(guessed)
    assert answered(guessed, 3, "192.0.2.9") == 1


def test_during_an_alarm_a_first_authentication_from_a_fresh_address_is_granted(guessed):
    key = guessed.issued()
    alarm(guessed)
    assert isinstance(guessed.contact(key, address="192.0.2.9"), Certificate)


def gauge(bench):
    text = bench.ask("GET", "/metrics", address="127.0.0.1").text
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("nexuslic_guessing_alarm "))


def test_the_alarm_is_logged_once_an_hour(guessed):
    for hour in (1, 2):
        alarm(guessed)
        answered(guessed, 3, "192.0.2.9")
        assert len(warnings(guessed)) == hour
        guessed.clock.now += timedelta(hours=1)


def test_the_alarm_is_logged_once_by_two_servers_that_count_together(open_bench, registry_url):
    one = open_bench(registry_url, limits=FEW)
    other = open_bench(registry_url, limits=FEW, keys=one.keys, clock=one.clock)
    for n in range(FEW.alarm_at + 3):
        answered((one, other)[n % 2], 1, f"203.0.113.{n}")
    assert len(warnings(one, other)) == 1


def test_the_alarm_rings_where_two_servers_have_counted_at_the_same_time(postgresql_registry):
    database = Database.at(postgresql_registry)
    try:
        limits, rang = Limits(alarm_at=4), []
        with database.write() as first, database.read() as second:
            both = [Guesses.load(one, limits, NOW, ["a"], []) for one in (first, second)]
        for one in both:
            one.wrong("a")
            one.wrong("a")
            with database.write() as connection:
                one.save(connection)
            rang.append(one.rang)
        assert rang == [False, True]
    finally:
        database.close()


def test_the_alarm_shows_in_the_metrics_of_every_server_as_long_as_the_hour(open_bench, registry_url):
    one = open_bench(registry_url, limits=FEW)
    other = open_bench(registry_url, limits=FEW, keys=one.keys, clock=one.clock)
    assert (gauge(one), gauge(other)) == (0, 0)
    alarm(one)
    assert (gauge(one), gauge(other)) == (1, 1)
    one.clock.now += timedelta(hours=1)
    assert (gauge(one), gauge(other)) == (0, 0)
