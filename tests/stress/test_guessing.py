"""Somebody who guesses keys gets what the limits say and no more, however they go about it."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import update

from nexuslic.rules.words import Reason
from nexuslic.server.service import Limits
from nexuslic.server.tables import licenses
from nexuslic.trust.wire import Ask

LIMITS = Limits()


@pytest.mark.parametrize("addresses", ["1", "100"])
def test_two_thousand_guesses_find_nothing_and_disturb_nobody(root: Path, addresses: str):
    words = [sys.executable, str(root / "tests" / "stress" / "guessing.py"), "--seed", "1"]
    done = subprocess.run([*words, "--addresses", addresses], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_guesses_of_one_group_are_counted_one_after_the_other(desk):
    assert desk.answered(desk.wrong(256, "192.0.2.1")) == LIMITS.by_address


@pytest.mark.parametrize("ask", list(Ask))
def test_a_confirmation_is_a_guess_too(desk, guessed, ask: Ask):
    assert desk.answered([guessed("192.0.2.1", ask=ask) for _ in range(40)]) == LIMITS.by_address


def test_malformed_keys_are_guesses_too(desk, guessed):
    assert desk.answered([guessed("192.0.2.1", "1234567890123") for _ in range(40)]) == LIMITS.by_address


def test_the_right_key_is_refused_to_who_has_guessed_too_often(desk, guessed):
    key = desk.issue()
    desk.settle(desk.wrong(LIMITS.by_address, "192.0.2.1"))
    assert desk.answered([guessed("192.0.2.1", key)]) == 0


def test_an_ipv6_network_of_64_bits_is_one_address(desk):
    group = desk.wrong(1, *(f"2001:db8:1:1::{number:x}" for number in range(1, 200)))
    assert desk.answered(group) == LIMITS.by_address


def test_an_ipv6_network_of_48_bits_is_ten_addresses(desk):
    group = desk.wrong(1, *(f"2001:db8:1:{number:x}::1" for number in range(1, 250)))
    assert desk.answered(group) == 10 * LIMITS.by_address


def test_networks_of_48_bits_are_counted_apart(desk):
    desk.settle(desk.wrong(1, *(f"2001:db8:1:{number:x}::1" for number in range(1, 250))))
    assert desk.answered(desk.wrong(1, "2001:db8:2:1::1")) == 1


def test_an_ipv4_address_is_the_same_over_ipv6(desk):
    assert desk.answered(desk.wrong(LIMITS.by_address, "192.0.2.1", "::ffff:192.0.2.1")) == LIMITS.by_address


def test_ipv4_addresses_are_no_network_together(desk):
    group = desk.wrong(LIMITS.by_address, *(f"192.0.2.{number}" for number in range(1, 21)))
    assert desk.answered(group) == 20 * LIMITS.by_address


def test_the_alarm_leaves_five_to_an_address(desk):
    desk.settle(desk.wrong(20, *(f"192.0.2.{number}" for number in range(1, 51))))
    assert desk.answered(desk.wrong(30, "198.51.100.1")) == LIMITS.by_address_in_alarm


def test_around_the_hour_it_is_twice_the_limit_and_no_more(desk):
    got = 0
    for _ in range(40):
        desk.clock.now += timedelta(minutes=1)
        got += desk.answered(desk.wrong(20, "192.0.2.1"))
    assert got == 2 * LIMITS.by_address


def test_a_key_that_is_bound_is_granted_ten_times_an_hour_to_strangers(desk, guessed, granted):
    key = desk.issue()
    desk.settle([guessed("192.0.2.1", key)])
    strangers = [elsewhere(guessed(f"198.51.100.{number}", key), number) for number in range(1, 30)]
    assert sum(map(granted, desk.settle(strangers))) == LIMITS.by_key


def elsewhere(contact, number: int):
    binding = evolve(contact.request.binding, database=f"nexus {number}")
    return evolve(contact, request=evolve(contact.request, binding=binding))


def test_a_customer_who_has_proved_the_binding_is_served_from_the_guessers_address(desk, guessed, granted):
    key = desk.issue()
    desk.settle([guessed("192.0.2.1", key)])
    desk.settle(desk.wrong(1000, "192.0.2.1"))
    assert all(map(granted, desk.settle([guessed("192.0.2.1", key, Ask.CONFIRM)])))


def test_unknown_malformed_and_revoked_keys_take_the_same_statements_and_get_the_same_answer(desk, guessed):
    revoked = desk.issue()
    with desk.service.database.write() as connection:
        connection.execute(update(licenses).values(revoked=True))
    desk.settle([guessed("192.0.2.1")])
    taken = []
    for key in ("", "1234567890123", revoked):
        (answer,) = desk.settle([guessed("192.0.2.1", key)])
        taken.append((answer.reason, list(desk.statements)))
    assert taken[0] == taken[1] == taken[2] and taken[0][0] is Reason.UNKNOWN
