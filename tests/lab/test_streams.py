"""The cipher is Philox4x32-10, and what is drawn from it has the chance asked for, whoever stands beside."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexuslic.lab import bits, bits_numpy
from nexuslic.lab.streams import ALL, fast_philox, key, philox, threshold

UNHURRIED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
"""However long the first call compiles."""
ALL_ONES, PI = "f" * 8, "243f6a88 85a308d3 13198a2e 03707344"
KNOWN = [
    (" ".join(["0" * 8] * 4), "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (" ".join([ALL_ONES] * 4), f"{ALL_ONES} {ALL_ONES}", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (PI, "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
"""Counter, key and answer, as Random123 publishes them."""
DRAWS = pytest.mark.parametrize("draw", [bits.draw, bits_numpy.draw], ids=["compiled", "numpy"])
CONTACT = np.uint64(1)
WORDS = st.integers(0, 2**64 - 1)
TRIPS = st.integers(0, 2**63)


def numbers(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def drawn(draw: Any, trips: list[int], chance: int, *, mask: int = 2**64 - 1, seed: int = 1) -> list[int]:
    won = bits.side_by_side(1)[0]
    ids = np.array(trips, np.uint64)
    draw(ids, len(trips), CONTACT, chance, key(seed), np.uint64(mask), won, bits.drawing_room())
    return won[: len(trips)].tolist()


def draw_of(trip: int, day: int, seed: int) -> int:
    """The 32 digits that the bit of a day is drawn from, two a call of the cipher."""
    digits = 0
    for step in range(16):
        low, high = np.uint64(trip & 0xFFFFFFFF), np.uint64(trip >> 32)
        words = [int(word) for word in philox(low, high, np.uint64(step), CONTACT, *key(seed))]
        for first, second in (words[:2], words[2:]):
            digits = digits << 1 | (first | second << 32) >> day & 1
    return digits


@pytest.mark.parametrize("counter, cipher_key, answer", KNOWN)
def test_the_cipher_gives_the_published_answers(counter: str, cipher_key: str, answer: str):
    words = map(np.uint64, [*numbers(counter), *numbers(cipher_key)])
    assert [int(word) for word in philox(*words)] == numbers(answer)


@pytest.mark.parametrize("counter, cipher_key, answer", KNOWN)
def test_the_compiled_cipher_gives_them_too(counter: str, cipher_key: str, answer: str):
    words = map(np.uint64, [*numbers(counter), *numbers(cipher_key)])
    assert [int(word) for word in fast_philox(*words)] == numbers(answer)


def test_over_many_counters_at_once_the_cipher_gives_them_too():
    counters = np.array([numbers(counter) for counter, _, _ in KNOWN], np.uint64).T
    keys = np.array([numbers(cipher_key) for _, cipher_key, _ in KNOWN], np.uint64).T
    assert np.array(philox(*counters, *keys)).T.tolist() == [numbers(answer) for _, _, answer in KNOWN]


def test_a_key_is_the_two_halves_of_a_seed():
    assert key(0x0123456789ABCDEF) == (0x89ABCDEF, 0x01234567)


@pytest.mark.parametrize("chance, wanted", [(0.0, 0), (1.0, 2**32), (0.5, 2**31), (1 / 3, 1431655765)])
def test_a_chance_is_the_nearest_of_as_many_as_32_digits_have(chance: float, wanted: int):
    assert threshold(chance) == wanted


@DRAWS
@UNHURRIED
@given(trip=TRIPS, chance=st.integers(1, 2**32 - 1), day=st.integers(0, 63), seed=WORDS)
def test_a_day_is_won_where_its_draw_is_below_the_chance(draw: Any, trip: int, chance: int, day: int, seed: int):
    won = drawn(draw, [trip], chance, seed=seed)[0]
    assert bool(won >> day & 1) == (draw_of(trip, day, seed) < chance)


@DRAWS
@UNHURRIED
@given(trip=TRIPS, day=st.integers(0, 63), by=st.integers(0, 1))
def test_to_the_last_digit(draw: Any, trip: int, day: int, by: int):
    number = draw_of(trip, day, 1)
    assert bool(drawn(draw, [trip], number + by)[0] >> day & 1) == bool(by)


@DRAWS
@pytest.mark.parametrize("chance", [0.0005, 0.02, 1 / 3, 0.5, 0.9])
def test_as_many_days_are_won_as_the_chance_says(draw: Any, chance: float):
    won = [
        word
        for first in range(0, 100 * 512, 512)
        for word in drawn(draw, [*range(first, first + 512)], threshold(chance))
    ]
    many, found = 64 * len(won), sum(word.bit_count() for word in won)
    assert abs(found - many * chance) < 4 * sqrt(many * chance * (1 - chance))


@DRAWS
@pytest.mark.parametrize("chance, won", [(0, 0), (2**32, 0xF0F)])
def test_what_is_certain_or_impossible_is_not_drawn(draw: Any, chance: int, won: int):
    assert drawn(draw, [1, 2, 3], chance, mask=0xF0F) == [won] * 3


@DRAWS
@UNHURRIED
@given(trips=st.lists(TRIPS, min_size=2, max_size=40), chance=st.integers(0, 2**32), mask=WORDS)
def test_a_trip_draws_the_same_whoever_stands_beside_it(draw: Any, trips: list[int], chance: int, mask: int):
    alone = [drawn(draw, [trip], chance, mask=mask)[0] for trip in trips]
    assert drawn(draw, trips, chance, mask=mask) == alone


@DRAWS
@UNHURRIED
@given(trip=TRIPS, chance=st.integers(0, 2**32), mask=WORDS)
def test_the_days_that_are_asked_for_draw_as_they_would_among_all(draw: Any, trip: int, chance: int, mask: int):
    assert drawn(draw, [trip], chance, mask=mask)[0] == drawn(draw, [trip], chance)[0] & mask


def test_other_purposes_draw_other_bits():
    won = bits.side_by_side(2)
    for row, purpose in enumerate((1, 2)):
        ids = np.arange(8, dtype=np.uint64)
        bits.draw(ids, 8, np.uint64(purpose), 2**31, key(1), ALL, won[row], bits.drawing_room())
    assert not set(won[0, :8].tolist()) & set(won[1, :8].tolist())
