"""Shards are all cases, each once, and about the same work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.errors import InputError
from nexuslic.scenario.shards import Shard
from nexuslic.scenario.suite import Unit


def units(weights: list[int]) -> list[Unit]:
    return [Unit("file", "title", str(n), n, 1, 1, "simulation", weight) for n, weight in enumerate(weights)]


WEIGHTS = st.lists(st.integers(0, 10_000), max_size=60)


@given(WEIGHTS, st.integers(1, 12))
def test_together_they_are_all_cases_each_once(weights, of):
    every = units(weights)
    parts = [Shard(number, of).choose(every) for number in range(1, of + 1)]
    assert sorted(unit.number for part in parts for unit in part) == list(range(len(every)))


@given(WEIGHTS, st.integers(1, 12))
def test_each_keeps_the_order(weights, of):
    part = Shard(1, of).choose(units(weights))
    assert [unit.number for unit in part] == sorted(unit.number for unit in part)


@given(WEIGHTS, st.integers(1, 12))
def test_none_has_more_than_another_by_more_than_one_case(weights, of):
    every = units(weights)
    loads = [sum(max(1, unit.weight) for unit in Shard(n, of).choose(every)) for n in range(1, of + 1)]
    assert max(loads) - min(loads) <= max([1, *weights])


def test_the_heaviest_case_does_not_come_on_top_of_the_rest():
    every = units([1, 1, 1, 1, 4])
    assert sorted(sum(unit.weight for unit in Shard(number, 2).choose(every)) for number in (1, 2)) == [4, 4]


@given(WEIGHTS, st.integers(1, 12))
def test_one_comes_to_the_same_whenever_it_is_asked(weights, of):
    assert Shard(1, of).choose(units(weights)) == Shard(1, of).choose(units(weights))


@pytest.mark.parametrize("text", ["1/1", "1/3", "3/3", "0002/10"])
def test_a_part_is_read(text):
    assert Shard.parse(text) == Shard(*map(int, text.split("/")))


@pytest.mark.parametrize("text", ["3/2", "0/3", "1/0", "1", "/", "a/b", "1/2/3", "-1/2", "1.0/2", "", "1/99999"])
def test_what_is_no_part_is_refused_with_what_to_write(text):
    with pytest.raises(InputError, match="write 1/3, 2/3 or 3/3"):
        Shard.parse(text)
