"""Honest trips as words without Numba: what `bits` does word by word, here by NumPy over all trips at once.

The signatures and the answers are those of the functions of `bits` with the same names; a test holds the two together.
"""

from typing import Any, Final

import numpy as np

from nexuslic.lab.streams import ALL, HALF, NONE, ONE, WORD, philox

_STEPS: Final = 16
_TOP: Final = np.uint64(63)
_BITS: Final = np.arange(64, dtype=np.uint64)


def popcount(words: Any) -> Any:
    """How many bits are set in each word."""
    return np.bitwise_count(words).astype(np.uint64)


def draw(ids: Any, count: int, purpose: Any, threshold: int, key: Any, mask: Any, won: Any, work: Any) -> None:
    """A bit for each day of `mask`, won with a chance of `threshold` in 2**32."""
    won[:count] = mask if threshold >= 1 << 32 else NONE
    if not 0 < threshold < 1 << 32:
        return
    left = np.full(count, mask, np.uint64)
    where = np.flatnonzero(left)
    for step in range(_STEPS):
        if not where.size:
            return
        few = ids[where]
        words = philox(few & WORD, few >> HALF, np.uint64(step), purpose, *key)
        for place, (low, high) in enumerate((words[:2], words[2:])):
            drawn, digit = low | (high << HALF), ALL if (threshold >> (31 - 2 * step - place)) & 1 else NONE
            won[where] |= left & ~drawn & digit
            left = left & ~(drawn ^ digit)
        kept = left != NONE
        where, left = where[kept], left[kept]


def _earlier(earliest: Any, grace: int, late: Any) -> None:
    """Note the lowest day that is set in any trip; a row of `late` for each word, the lowest days first."""
    for word, union in enumerate(np.bitwise_or.reduce(late, axis=1)):
        if union != NONE:
            day = 64 * word + 2 + int(popcount((union & (~union + ONE)) - ONE))
            earliest[grace] = day if earliest[grace] == 0 else min(day, earliest[grace])
            return


def _next(words: Any, carry: Any) -> Any:
    """Every bit a day later, over the words of a trip; `carry` stands on the first."""
    later = words << ONE
    later[1:] |= words[:-1] >> _TOP
    later[0] |= carry
    return later


def count_many(contact: Any, count: int, mask: Any, graces: int, work: Any, out: Any) -> None:
    """Add up the graces 0 to `graces` - 1, for trips of any number of words."""
    touched, refused, earliest = out
    late = np.repeat(mask[:, None], count, axis=1)
    eve = late & ~_next(contact[: len(mask), :count], ONE)
    for grace in range(graces):
        seen = np.bitwise_or.reduce(late, axis=0) != NONE
        if not seen.any():
            return
        refused[grace] += int(np.bitwise_count(late).sum(dtype=np.int64))
        touched[grace] += int(np.count_nonzero(seen))
        _earlier(earliest, grace, late)
        late = eve[:, seen] & (_next(late[:, seen], NONE) if grace else ALL)
        eve = eve[:, seen]


def count_one(contact: Any, count: int, mask: Any, graces: int, work: Any, out: Any) -> None:
    """The same for trips of one word each."""
    count_many(contact[None], count, np.array([mask], np.uint64), graces, work, out)


def count_two(contact: Any, count: int, mask: Any, graces: int, work: Any, out: Any) -> None:
    """The same for trips of two."""
    count_many(contact, count, mask[:2], graces, work, out)


def count_full(ids: Any, count: int, drawn: Any, days: int, old: bool, at: int, out: Any, gaps: Any) -> None:
    """Add all that is wanted of each trip: the days one after another, all trips at once."""
    touched, refused, earliest, first, left, warned, worst, each, start = out
    graces = touched.shape[0]
    gap, longest, late, since = np.ones(count, np.int64), *np.zeros((3, count), np.int64)
    met = np.ones(count, bool)
    sums = np.zeros(days + 2, np.int64)
    for day in range(2, days + 1):
        gap = np.where(met, 1, gap + 1)
        sums += np.bincount(gap, minlength=days + 2)
        late += gap > at
        since[(gap > at) & (since == 0)] = day
        reached = np.bincount(gap[gap > longest], minlength=graces + 1)[1 : graces + 1]
        touched += reached
        first[:, day] += reached
        earliest[(reached > 0) & ((earliest == 0) | (earliest > day))] = day
        longest = np.maximum(longest, gap)
        met = _met(drawn, count, day, old)
    refused += _or_more(sums, graces)
    first[:, 0] += np.cumsum(np.bincount(longest, minlength=graces))[:graces]
    place = np.where(met, 1 + at, np.where(gap <= at, np.maximum(0, at - gap + 2), 0))
    left += _by_place(place, left)
    warned += _by_place(at - longest[(longest > 0) & (longest <= at)] + 2, left)
    trips = ids[:count].astype(np.int64)
    _note(worst, trips, late)
    if each.shape[1]:
        each[:, trips - start] = late, since


def _by_place(places: Any, left: Any) -> Any:
    """How many there are at each place; the last stands for all behind it."""
    return np.bincount(np.minimum(places, len(left) - 1), minlength=len(left))


def _met(drawn: Any, count: int, day: int, old: bool) -> Any:
    """Whether there was a contact or a code on a day; `old` Windows makes no contact."""
    contact, code = drawn
    word, bit = divmod(day - 2, 64)
    words = code[word, :count] if old else contact[word, :count] | code[word, :count]
    return (words >> _BITS[bit]) & ONE != NONE


def _or_more(gaps: Any, graces: int) -> Any:
    """The refused days by grace, from the number of launches by days since the last grant."""
    more = np.zeros(graces, np.int64)
    found = np.cumsum(gaps[::-1])[::-1][1 : graces + 1]
    more[: len(found)] = found
    return more


def _note(worst: Any, trips: Any, days: Any) -> None:
    """Keep the worst trips: most refused days first, then the lowest number."""
    some = days > 0
    both = np.concatenate([worst, np.column_stack([days[some], trips[some]])])
    worst[:] = both[np.lexsort((both[:, 1], -both[:, 0]))][: len(worst)]
