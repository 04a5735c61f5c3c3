"""Chance for stories is the same everywhere and for ever."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario.generating.chance import Dice


def test_a_seed_gives_the_same_numbers_for_ever():
    dice = Dice.thrown("7", 1)
    assert [dice.below(1000) for _ in range(8)] == [528, 96, 646, 185, 501, 643, 510, 906]


def test_each_name_makes_a_stream_of_its_own():
    streams = [Dice.thrown(*names) for names in (("7", 1), ("7", 2), ("8", 1), ("7", "like", 1))]
    assert len({tuple(dice.below(10**6) for _ in range(3)) for dice in streams}) == 4


@given(st.text(max_size=20), st.integers(1, 10**12))
def test_a_throw_is_below_its_sides(seed: str, sides: int):
    assert 0 <= Dice.thrown(seed).below(sides) < sides


@given(st.text(max_size=20), st.integers(-50, 50), st.integers(0, 50))
def test_both_ends_are_included(seed: str, low: int, more: int):
    dice = Dice.thrown(seed)
    assert {dice.between(low, low + more) for _ in range(40)} <= set(range(low, low + more + 1))
    assert dice.between(low, low) == low


def test_every_side_comes_up_about_as_often():
    dice = Dice.thrown("fair")
    counts = Counter(dice.below(6) for _ in range(6000))
    assert min(counts.values()) > 900 and max(counts.values()) < 1100


def test_no_side_of_very_many_comes_up_more_often():
    dice = Dice.thrown("fair")
    low = sum(dice.below(3 * 2**62) < 2**62 for _ in range(3000))
    assert 900 < low < 1100


def test_a_weight_says_how_often():
    dice = Dice.thrown("weights")
    counts = Counter(dice.weighted([(9, "often"), (0, "never"), (1, "seldom")]) for _ in range(2000))
    assert set(counts) == {"often", "seldom"} and 120 < counts["seldom"] < 280


@given(st.text(max_size=20), st.lists(st.integers(), unique=True, max_size=8), st.integers(0, 10))
def test_some_are_different_ones(seed: str, options: list[int], count: int):
    drawn = Dice.thrown(seed).some(options, count)
    assert len(drawn) == len(set(drawn)) == min(count, len(options)) and set(drawn) <= set(options)
