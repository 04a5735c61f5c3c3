"""Files that are given: understood as the commands understand them, or refused by the name that the person gave."""

from importlib import resources

import pytest

from nexuslic.errors import InputError
from nexuslic.lab.model import TripModel, text_of_model
from nexuslic.web.lab import giving

EXAMPLE = resources.files("nexuslic.lab.fleet").joinpath("example.csv").read_bytes()


def test_a_list_is_known_by_its_kind_wherever_it_came_from():
    assert len(giving.read("C:\\fleet\\trips.csv", EXAMPLE).trips) == 12
    assert giving.read("C:\\fleet\\trips.csv", EXAMPLE).name == "trips.csv"


def test_a_list_without_a_kind_is_taken_as_one():
    assert len(giving.read("trips", EXAMPLE).trips) == 12


def test_a_model_is_a_model():
    given = giving.read("mine.yaml", text_of_model("platform").encode())
    assert isinstance(given.trips, TripModel) and given.trips.title == "Hitches on a platform"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"a,b\n1,2\n"),
        ("a.csv", b""),
        ("a.parquet", b"PAR1"),
        ("a", b"\0\1\2"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.yaml", b"model: [x\n"),
        ("a.scenario.yaml", b"scenario: x\n"),
    ],
)
def test_what_is_none_is_named_and_never_where_it_was_kept(name: str, data: bytes):
    with pytest.raises(InputError) as refused:
        giving.read(name, data)
    assert str(refused.value).startswith(name) and "nexuslic-" not in str(refused.value)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(InputError, match="split it"):
        giving.read("a.csv", b"x" * (giving.MOST_MB * 1_000_000 + 1))


def test_no_file_is_said():
    with pytest.raises(InputError, match="choose one"):
        giving.read("", b"")
