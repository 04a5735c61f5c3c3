"""Which machine a name means."""

import threading
from datetime import timedelta

import pytest

from nexuslic.adapters import machines


def test_a_name_has_its_addresses():
    assert "127.0.0.1" in machines.addresses("localhost")


@pytest.mark.parametrize("name", ["license.invalid", "a..example", "a\0b"])
def test_a_name_that_is_not_found_has_none(name):
    assert machines.addresses(name) == frozenset()


def test_a_name_that_is_not_found_in_time_has_none(monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr(machines, "look_up", lambda *_: [str(asked.wait(30))])
    assert machines.addresses("slow.example", timedelta(seconds=0.05)) == frozenset()
    asked.set()


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("127.0.1.1", True),
        ("10.0.0.5", False),
        ("fe80::1%eth0", False),
        ("x", False),
    ],
)
def test_an_address_of_the_computer_itself_is_known(address, here):
    assert machines.is_loopback(address) is here
