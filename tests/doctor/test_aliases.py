"""Names that mean one machine."""

import pytest

from nexuslic.doctor.aliases import Machines, Server

KNOWN = {
    "localhost": {"127.0.0.1", "::1"},
    "127.0.0.1": {"127.0.0.1"},
    "bridge": {"10.0.0.5"},
    "db1": {"10.0.0.5"},
    "db1.fleet": {"10.0.0.5"},
    "10.0.0.5": {"10.0.0.5"},
    "db2": {"10.0.0.6"},
}


def machines(here="office", usual="5432"):
    return Machines(lambda name: frozenset(KNOWN.get(name, ())), here, usual)


@pytest.mark.parametrize(
    ("spelled", "host", "which"),
    [
        ("DB1", "DB1", ""),
        (" DB1 ", "DB1", ""),
        ("DB1:5433", "DB1", "5433"),
        ("DB1,1433", "DB1", "1433"),
        (r"DB1\SURVEY", "DB1", "survey"),
        (r".\SURVEY", "localhost", "survey"),
        ("(local)", "localhost", ""),
        ("::1", "::1", ""),
        ("[::1]:5432", "::1", "5432"),
        ("a,b,c", "a,b,c", ""),
        ("", "", ""),
    ],
)
def test_a_server_is_read_as_its_host_and_its_port_or_instance(spelled, host, which):
    assert Server.of(spelled) == Server(host, which)


@pytest.mark.parametrize(
    ("one", "other"), [("db1", "db1.fleet"), ("db1", "10.0.0.5"), ("db1:5432", "db1.fleet"), (".", "localhost")]
)
def test_names_with_an_address_in_common_mean_one_machine(one, other):
    assert machines().same(one, other) and machines().same(other, one)


@pytest.mark.parametrize(("one", "other"), [("db1", "db2"), ("db1", "db1:5433"), ("db1", "nobody"), ("no", "nobody")])
def test_other_addresses_ports_and_unknown_names_do_not(one, other):
    assert not machines().same(one, other)


@pytest.mark.parametrize("name", ["localhost", ".", "127.0.0.1", "bridge", "10.0.0.5"])
def test_this_computer_is_one_machine_by_its_name_and_as_itself(name):
    assert machines(here="bridge").same(name, "db1")


def test_this_computer_is_not_the_server_on_another():
    assert not machines(here="office").same("localhost", "db1")


def test_other_names_of_a_machine_are_told_without_the_one_that_is_spelled():
    assert machines().others("db1") == ("10.0.0.5",)


def test_of_this_computer_its_own_names_are_told_too():
    assert machines(here="bridge").others("localhost") == ("bridge", "10.0.0.5", "127.0.0.1", "::1")


def test_a_name_that_is_not_found_has_no_others():
    assert machines().others("nobody") == ()
