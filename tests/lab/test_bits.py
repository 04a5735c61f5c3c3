"""Trips as words come to what their days come to one after another, compiled and by NumPy."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexuslic.lab import bits, bits_numpy

UNHURRIED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
"""However long the first call compiles."""
GRACES = 70
BY = pytest.mark.parametrize("module", [bits, bits_numpy], ids=["compiled", "numpy"])
LENGTHS = st.sampled_from([1, 2, 3, 45, 64, 65, 66, 67, 128, 129, 130, 193, 200])


@attrs.frozen
class Days:
    """Trips of one length: the days on which each had a contact, and a code."""

    length: int
    contact: list[int]
    code: list[int]


@st.composite
def trips(draw: st.DrawFn, lengths: st.SearchStrategy[int] = LENGTHS) -> Days:
    length = draw(lengths)
    some = st.sets(st.integers(2, max(2, length)), max_size=8).map(
        lambda days: sum(1 << (day - 2) for day in days if day <= length)
    )
    many = draw(st.integers(1, 5))
    lists = st.lists(some, min_size=many, max_size=many)
    return Days(length, draw(lists), draw(lists))


def gaps(length: int, met: int) -> dict[int, int]:
    """By day from 2 on, how many days ago the last grant was at its launch."""
    granted, found = 1, {}
    for day in range(2, length + 1):
        found[day] = day - granted
        granted = day if met >> (day - 2) & 1 else granted
    return found


def refused(length: int, met: int, grace: int) -> list[int]:
    return [day for day, gap in gaps(length, met).items() if gap > grace]


def words(days: list[int], length: int) -> Any:
    rows = bits.side_by_side(bits.words_for(length))
    for trip, met in enumerate(days):
        for word in range(len(rows)):
            rows[word, trip] = met >> (64 * word) & 0xFFFFFFFFFFFFFFFF
    return rows


def wanted(days: Days) -> list[list[int]]:
    """Touched trips, refused days and the earliest of them, by grace."""
    found = []
    for grace in range(GRACES):
        late = [refused(days.length, met, grace) for met in days.contact]
        found.append(
            [sum(map(bool, late)), sum(map(len, late)), min((day for some in late for day in some), default=0)]
        )
    return found


def counted(days: Days, count: Callable[..., None], work: Any, contact: Any, mask: Any) -> list[list[int]]:
    out = np.zeros((3, GRACES), np.int64)
    count(contact, len(days.contact), mask, GRACES, work, tuple(out))
    return out.T.tolist()


@BY
@UNHURRIED
@given(days=trips(st.sampled_from([1, 2, 3, 45, 64, 65])))
def test_trips_of_one_word(module: ModuleType, days: Days):
    work = (bits.side_by_side(1)[0], bits.side_by_side(1)[0])
    contact, mask = words(days.contact, days.length), bits.mask_of(days.length)
    assert counted(days, module.count_one, work, contact[0], mask[0]) == wanted(days)


@BY
@UNHURRIED
@given(days=trips(st.sampled_from([66, 67, 100, 128, 129])))
def test_trips_of_two_words(module: ModuleType, days: Days):
    eve, late = bits.side_by_side(2), bits.side_by_side(2)
    work = ((eve[0], eve[1]), (late[0], late[1]))
    contact, mask = words(days.contact, days.length), bits.mask_of(days.length)
    assert counted(days, module.count_two, work, contact, mask) == wanted(days)


@BY
@UNHURRIED
@given(days=trips(st.sampled_from([2, 64, 65, 66, 129, 130, 193, 200])))
def test_trips_of_any_number_of_words(module: ModuleType, days: Days):
    size = bits.words_for(days.length)
    work = (bits.side_by_side(size), bits.side_by_side(size), *bits.side_by_side(2))
    contact, mask = words(days.contact, days.length), bits.mask_of(days.length)
    assert counted(days, module.count_many, work, contact, mask) == wanted(days)


@attrs.frozen
class Full:
    """What `count_full` counts."""

    touched: Any
    refused: Any
    earliest: Any
    first: Any
    left: Any
    warned: Any
    worst: Any
    each: Any


def full(days: Days, count: Callable[..., None], *, old: bool = False, at: int = 30, first_trip: int = 7) -> Full:
    many, length = len(days.contact), days.length
    out = Full(
        *np.zeros((3, GRACES), np.int64),
        np.zeros((GRACES, length + 1), np.int64),
        *np.zeros((2, length + 2), np.int64),
        np.zeros((3, 2), np.int64),
        np.zeros((2, many), np.int64),
    )
    ids = np.arange(first_trip, first_trip + many, dtype=np.uint64)
    drawn = (words(days.contact, length), words(days.code, length))
    result = (*(getattr(out, field.name) for field in attrs.fields(Full)), first_trip)
    count(ids, many, drawn, length, old, at, result, np.zeros(length + 1, np.int64))
    return out


def met(days: Days, *, old: bool) -> list[int]:
    return [code if old else contact | code for contact, code in zip(days.contact, days.code, strict=True)]


@BY
@UNHURRIED
@given(days=trips(), old=st.booleans())
def test_day_by_day_the_counts_are_those_of_the_words(module: ModuleType, days: Days, old: bool):
    found = full(days, module.count_full, old=old)
    counts = np.array([found.touched, found.refused, found.earliest]).T.tolist()
    assert counts == wanted(Days(days.length, met(days, old=old), []))


@BY
@UNHURRIED
@given(days=trips(), old=st.booleans())
def test_every_trip_has_a_first_refused_day_or_none(module: ModuleType, days: Days, old: bool):
    first = np.zeros((GRACES, days.length + 1), np.int64)
    for days_met in met(days, old=old):
        for grace in range(GRACES):
            first[grace, (refused(days.length, days_met, grace) or [0])[0]] += 1
    assert full(days, module.count_full, old=old).first.tolist() == first.tolist()


@BY
@UNHURRIED
@given(days=trips(), at=st.integers(0, 60))
def test_each_trip_is_told_at_one_grace(module: ModuleType, days: Days, at: int):
    late = [refused(days.length, some, at) for some in met(days, old=False)]
    assert full(days, module.count_full, at=at).each.T.tolist() == [[len(some), (some or [0])[0]] for some in late]


@BY
@UNHURRIED
@given(days=trips(), at=st.integers(0, 60))
def test_the_worst_are_those_with_most_refused_days(module: ModuleType, days: Days, at: int):
    late = [len(refused(days.length, some, at)) for some in met(days, old=False)]
    worst = sorted((-many, 7 + trip) for trip, many in enumerate(late) if many)[:3]
    rows = [[-many, trip] for many, trip in worst] + [[0, 0]] * (3 - len(worst))
    assert full(days, module.count_full, at=at).worst.tolist() == rows


@UNHURRIED
@given(days=trips(), old=st.booleans(), at=st.integers(0, 60))
def test_by_numpy_all_of_it_is_the_same(days: Days, old: bool, at: int):
    one, other = (full(days, module.count_full, old=old, at=at) for module in (bits, bits_numpy))
    assert [getattr(one, field.name).tolist() for field in attrs.fields(Full)] == [
        getattr(other, field.name).tolist() for field in attrs.fields(Full)
    ]


@pytest.mark.parametrize("length, size", [(1, 1), (2, 1), (65, 1), (66, 2), (129, 2), (130, 3)])
def test_a_word_holds_64_launches(length: int, size: int):
    assert (bits.words_for(length), len(bits.mask_of(length))) == (size, size)


@pytest.mark.parametrize("length", [1, 2, 65, 66, 129])
def test_the_mask_has_a_bit_for_each_launch(length: int):
    assert sum(int(word).bit_count() for word in bits.mask_of(length)) == length - 1


def test_words_begin_at_a_line_of_the_cache():
    assert [bits.side_by_side(rows).ctypes.data % 64 for rows in (1, 2, 3)] == [0, 0, 0]
