"""Ways out of this computer, as the operating system knows them."""

import socket

import pytest

from nexuslic.adapters import routes
from nexuslic.adapters.routes import has_route, leads_to, look_up


def test_a_host_is_looked_up_by_the_system():
    assert "127.0.0.1" in look_up("localhost", 443)
    assert look_up("127.0.0.1", 443) == ["127.0.0.1"]


def test_a_host_that_nobody_knows_is_not_found():
    with pytest.raises(socket.gaierror):
        look_up("::1::", 443)


def test_the_system_knows_a_way_to_this_computer_itself(monkeypatch):
    monkeypatch.setattr(routes, "_FAR", ((socket.AF_INET, "127.0.0.1"),))
    assert has_route()


def test_where_the_system_knows_no_way_there_is_none(monkeypatch):
    """The address of all computers: no system leads there without being told to."""
    monkeypatch.setattr(routes, "_FAR", ((socket.AF_INET, "255.255.255.255"),))
    assert not has_route()


def test_a_way_leads_to_this_computer_itself():
    assert leads_to(["127.0.0.1"], 443)


def test_one_address_with_a_way_is_enough():
    assert leads_to(["240.0.0.1", "127.0.0.1"], 443)


def test_what_the_system_answers_oddly_is_left_to_the_contact_itself():
    assert leads_to(["255.255.255.255"], 443)


def test_without_addresses_there_is_no_way():
    assert not leads_to([], 443)
