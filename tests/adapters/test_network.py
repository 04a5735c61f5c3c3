"""Looking up, trying addresses, and whether any way leads out."""

import errno
import threading
from datetime import timedelta

import httpcore
import pytest

from nexuslic.adapters import network
from nexuslic.adapters.network import Network, to_try
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause

ERRORS = {
    Cause.OFFLINE: OSError(errno.ENETUNREACH, "no way"),
    Cause.REFUSED: ConnectionRefusedError(),
    Cause.TIMEOUT: httpcore.ConnectTimeout(),
}


def outcome(link, addresses, errors):
    """What a contact ends as whose addresses fail like this, and which were tried with how many seconds."""
    tried = []

    def dial(address, port, seconds):
        tried.append((address, seconds))
        raise errors[address]

    there = link("https://license.example", network=Network(lambda host, port: addresses, dial, lambda: True))
    return there.exchange(b"request"), tried


@pytest.mark.parametrize(
    "addresses, tried",
    [
        (["192.0.2.1"], ["192.0.2.1"]),
        (["192.0.2.1", "192.0.2.2", "192.0.2.3"], ["192.0.2.1", "192.0.2.2"]),
        (["2001:db8::1", "2001:db8::2", "192.0.2.1"], ["2001:db8::1", "192.0.2.1"]),
        (["192.0.2.1", "192.0.2.2", "2001:db8::1"], ["192.0.2.1", "2001:db8::1"]),
    ],
)
def test_at_most_two_addresses_are_tried_of_both_families_where_there_are_both(addresses, tried):
    assert to_try(addresses) == tried


@pytest.mark.parametrize("first", ERRORS, ids=str)
@pytest.mark.parametrize("second", ERRORS, ids=str)
def test_of_two_addresses_the_one_that_got_furthest_is_told(link, first, second):
    errors = {"2001:db8::1": ERRORS[first], "192.0.2.1": ERRORS[second]}
    expected = max(first, second, key=list(Cause).index)
    assert outcome(link, list(errors), errors)[0] == NoContact(expected)


def test_the_first_of_two_addresses_gets_half_of_the_time_and_the_second_the_rest(link):
    errors = dict.fromkeys(("2001:db8::1", "192.0.2.1"), ERRORS[Cause.REFUSED])
    _, ((_, first), (_, second)) = outcome(link, list(errors), errors)
    assert 14 < first <= 15 < second <= 30


def test_a_dead_address_does_not_keep_the_other_from_answering(link, server):
    def dial(address, port, seconds):
        if address == "2001:db8::1":
            raise ERRORS[Cause.TIMEOUT]
        return network.dial(address, port, seconds)

    both = Network(lambda host, port: ["2001:db8::1", "127.0.0.1"], dial)
    assert link(server.address, network=both).exchange(b"request") == b"reply"


def test_no_connection_is_tried_when_the_time_is_over(link):
    tried, looked_up = [], threading.Event()

    def slowly(host, port):
        looked_up.wait(0.1)
        return ["192.0.2.1"]

    there = link("https://license.example", network=Network(slowly, tried.append), span=timedelta(microseconds=1))
    assert isinstance(there.exchange(b"request"), NoContact)
    for thread in threading.enumerate():
        if thread.name == "nexuslic contact":
            thread.join(30)
    assert tried == []
