"""Honest trips as words: a bit for each day, and the refusals of every grace from them at once.

The clock is right, the names stay, a launch a day at 06:00. Bit d - 2 stands for day d; `contact` says on which days
there was one (at noon: so the launch of that day came before it, and the key was entered on day 1). With m_0 all days
and m_1 those whose eve had no contact, m_{g+1} = m_1 & (m_g << 1) are the days more than g days after the last grant:
the refused days at grace g are the ones of m_g. Hundreds of trips stand side by side, for the vector unit. Trips of
more than 65 days take more words, the lowest days first.
"""

from typing import Any, Final

import numpy as np

from nexuslic.lab import bits_numpy
from nexuslic.lab.compiled import COMPILES, compiled
from nexuslic.lab.streams import ALL, HALF, NONE, ONE, WORD, fast_philox

BLOCK: Final = 512 if COMPILES else 1 << 14
"""Trips side by side; no answer depends on how many."""
_LINE: Final = 8
"""Words in a line of the cache."""
_STEPS: Final = 16
_TOP: Final = np.uint64(63)


def words_for(days: int) -> int:
    """How many words the launches of a trip take, from day 2 on."""
    return max(1, -(-(days - 1) // 64))


def mask_of(days: int) -> Any:
    """The bits of the days 2 to `days`, a word for each 64."""
    bits = (1 << (days - 1)) - 1
    return np.array([(bits >> (64 * word)) & 0xFFFFFFFFFFFFFFFF for word in range(words_for(days))], np.uint64)


def _compiled_popcount() -> Any:
    """The processor's own instruction, which Numba does not offer."""
    if not COMPILES:
        return bits_numpy.popcount
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def popcount(typingctx: Any, word: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.ctpop(args[0])

        return types.uint64(types.uint64), generate

    return popcount


popcount = _compiled_popcount()


@compiled()
def _two_steps(ids: Any, count: int, counter: Any, digits: Any, key: Any, won: Any, undecided: Any) -> None:
    """Two binary digits of every draw against those of the chance (each all ones, or none).

    What is known to have 32 bits is multiplied in one instruction.
    """
    step, purpose = counter[0] & WORD, counter[1] & WORD
    one, two = digits
    k0, k1 = key[0] & WORD, key[1] & WORD
    for i in range(count):
        x0, x1, x2, x3 = fast_philox(ids[i] & WORD, ids[i] >> HALF, step, purpose, k0, k1)
        drawn = x0 | (x1 << HALF)
        left = undecided[i]
        wins = won[i] | (left & ~drawn & one)
        left &= ~(drawn ^ one)
        drawn = x2 | (x3 << HALF)
        won[i] = wins | (left & ~drawn & two)
        undecided[i] = left & ~(drawn ^ two)


@compiled()
def _digits(threshold: int, step: int) -> Any:
    """The two binary digits of a chance (in 2**32nds) that a step looks at."""
    high, low = 31 - 2 * step, 30 - 2 * step
    return (ALL if (threshold >> high) & 1 else NONE), (ALL if (threshold >> low) & 1 else NONE)


@compiled(otherwise=bits_numpy.draw)
def draw(ids: Any, count: int, purpose: Any, threshold: int, key: Any, mask: Any, won: Any, work: Any) -> None:
    """A bit for each day of `mask`, won with a chance of `threshold` in 2**32.

    A draw is compared digit by digit, 64 days at once, until the first that differs: eight digits settle most (fewer,
    where there are few days); what is undecided then goes on by itself. Every trip draws from counters of its own, so
    neighbours do not matter.
    """
    undecided, few, few_won, few_left, where = work
    for i in range(count):
        won[i] = NONE
        undecided[i] = mask
    if threshold >= 1 << 32:
        for i in range(count):
            won[i] = mask
        return
    if threshold <= 0:
        return
    step, days = 0, np.int64(popcount(mask))
    while 3 * days > 1 << (2 * step):
        _two_steps(ids, count, (np.uint64(step), purpose), _digits(threshold, step), key, won, undecided)
        step += 1
    left = 0
    for i in range(count):
        where[left] = i
        left += undecided[i] != NONE
    for i in range(left):
        few[i], few_won[i], few_left[i] = ids[where[i]], won[where[i]], undecided[where[i]]
    while left > 0 and step < _STEPS:
        _two_steps(few, left, (np.uint64(step), purpose), _digits(threshold, step), key, few_won, few_left)
        kept = 0
        for i in range(left):
            won[where[i]] = few_won[i]
            where[kept], few[kept], few_won[kept], few_left[kept] = where[i], few[i], few_won[i], few_left[i]
            kept += few_left[i] != NONE
        left = kept
        step += 1


@compiled(allocates=True)
def side_by_side(rows: int) -> Any:
    """Rows of a word a trip, no bit set, from a line of the processor's cache on: the vector unit reads whole lines."""
    raw = np.zeros(rows * BLOCK + _LINE, np.uint64)
    at = -(raw.ctypes.data // 8) % _LINE
    return raw[at : at + rows * BLOCK].reshape((rows, BLOCK))


@compiled(allocates=True)
def drawing_room() -> Any:
    """Where `draw` works."""
    rows = side_by_side(4)
    return rows[0], rows[1], rows[2], rows[3], np.empty(BLOCK + 1, np.int64)


@compiled(within=True)
def _sought(earliest: Any, grace: int) -> Any:
    """Whether an earlier refused day can still be found: none comes before the day after grace after day 1."""
    return earliest[grace] != grace + 2


@compiled(within=True)
def _earlier(earliest: Any, grace: int, union: Any, word: int) -> None:
    """Note the lowest day of a word's union, where it is earlier than what is known (0: nothing is)."""
    if union != NONE:
        day = 64 * word + 2 + np.int64(popcount((union & (~union + ONE)) - ONE))
        if earliest[grace] == 0 or day < earliest[grace]:
            earliest[grace] = day


@compiled(within=True)
def _union(words: Any, count: int) -> Any:
    """The days that are set in any of them."""
    union = NONE
    for i in range(count):
        union |= words[i]
    return union


@compiled(otherwise=bits_numpy.count_one)
def count_one(contact: Any, count: int, mask: Any, graces: int, work: Any, out: Any) -> None:
    """Add up the graces 0 to `graces` - 1, for trips of one word each.

    `out`: by grace, the touched trips, the refused days and the earliest of them.
    """
    touched, refused, earliest = out
    eve, late = work
    for i in range(count):
        eve[i] = mask & ~((contact[i] << ONE) | ONE)
        late[i] = eve[i]
    refused[0] += count * np.int64(popcount(mask))
    touched[0] += count if mask != NONE else 0
    _earlier(earliest, 0, mask, 0)
    for grace in range(1, graces):
        if _sought(earliest, grace):
            _earlier(earliest, grace, _union(late, count), 0)
        days, trips = NONE, NONE
        for i in range(count):
            now = late[i]
            days += popcount(now)
            trips += np.uint64(now != NONE)
            late[i] = eve[i] & (now << ONE)
        if trips == NONE:
            break
        refused[grace] += np.int64(days)
        touched[grace] += np.int64(trips)


@compiled(otherwise=bits_numpy.count_two)
def count_two(contact: Any, count: int, mask: Any, graces: int, work: Any, out: Any) -> None:
    """The same for trips of two words each, 66 to 129 days: `contact` holds a row for each, the lower days first."""
    touched, refused, earliest = out
    (low_eve, high_eve), (low, high) = work
    lower, upper = contact[0], contact[1]
    for i in range(count):
        low_eve[i] = mask[0] & ~((lower[i] << ONE) | ONE)
        high_eve[i] = mask[1] & ~((upper[i] << ONE) | (lower[i] >> _TOP))
        low[i], high[i] = low_eve[i], high_eve[i]
    refused[0] += count * np.int64(popcount(mask[0]) + popcount(mask[1]))
    touched[0] += count
    _earlier(earliest, 0, mask[0], 0)
    for grace in range(1, graces):
        if _sought(earliest, grace):
            _earlier(earliest, grace, _union(high, count), 1)
            _earlier(earliest, grace, _union(low, count), 0)
        days, trips = NONE, NONE
        for i in range(count):
            now, then = low[i], high[i]
            days += popcount(now) + popcount(then)
            trips += np.uint64((now | then) != NONE)
            low[i] = low_eve[i] & (now << ONE)
            high[i] = high_eve[i] & ((then << ONE) | (now >> _TOP))
        if trips == NONE:
            break
        refused[grace] += np.int64(days)
        touched[grace] += np.int64(trips)


@compiled()
def _count_word(late: Any, below: Any, eve: Any, count: int, seen: Any) -> Any:
    """The refused days of one word of trips at one grace, which then goes on to the next; `below`: the lower word."""
    days = NONE
    for i in range(count):
        now = late[i]
        days += popcount(now)
        seen[i] |= now
        late[i] = eve[i] & ((now << ONE) | (below[i] >> _TOP))
    return days


@compiled(otherwise=bits_numpy.count_many)
def count_many(contact: Any, count: int, mask: Any, graces: int, work: Any, out: Any) -> None:
    """The same for trips of several words: `contact` holds a row of trips for each word, the lowest days first."""
    touched, refused, earliest = out
    eve, late, seen, nothing = work
    words = mask.shape[0]
    nothing[:] = NONE
    for word in range(words):
        for i in range(count):
            before = contact[word - 1, i] >> _TOP if word else ONE
            eve[word, i] = mask[word] & ~((contact[word, i] << ONE) | before)
            late[word, i] = eve[word, i]
        refused[0] += count * np.int64(popcount(mask[word]))
    touched[0] += count
    _earlier(earliest, 0, mask[0], 0)
    for grace in range(1, graces):
        days, trips = NONE, NONE
        seen[:] = NONE
        for word in range(words - 1, -1, -1):
            if _sought(earliest, grace):
                _earlier(earliest, grace, _union(late[word], count), word)
            below = late[word - 1] if word else nothing
            days += _count_word(late[word], below, eve[word], count, seen)
        for i in range(count):
            trips += np.uint64(seen[i] != NONE)
        if trips == NONE:
            break
        refused[grace] += np.int64(days)
        touched[grace] += np.int64(trips)


@compiled()
def note(worst: Any, trip: Any, days: int) -> None:
    """Keep a trip among the worst: most refused days first, then the lowest number. Columns: days, trip."""
    last = worst.shape[0] - 1
    if days == 0 or days < worst[last, 0] or (days == worst[last, 0] and trip > worst[last, 1]):
        return
    place = last
    while place > 0 and (days > worst[place - 1, 0] or (days == worst[place - 1, 0] and trip < worst[place - 1, 1])):
        worst[place, 0], worst[place, 1] = worst[place - 1, 0], worst[place - 1, 1]
        place -= 1
    worst[place, 0], worst[place, 1] = days, trip


@compiled()
def _without(days: Any, trip: int, day: int) -> Any:
    """Whether the bit of a day is not set."""
    return (days[(day - 2) // 64, trip] >> np.uint64((day - 2) % 64)) & ONE == NONE


@compiled(otherwise=bits_numpy.count_full)
def count_full(ids: Any, count: int, drawn: Any, days: int, old: bool, at: int, out: Any, gaps: Any) -> None:
    """Add all that is wanted of each trip, day by day: also the first refused days, the days left, the worst trips.

    `drawn`: contacts (none of them for `old` Windows) and codes. `out`: touched, refused, earliest, first, left and
    warned of this length, the worst trips at the grace `at`, and where each trip's refused days and first of them go,
    from the trip `start` on (no room: nowhere). `gaps`: room for a number a day.
    """
    contact, code = drawn
    touched, refused, earliest, first, left, warned, worst, each, start = out
    graces = touched.shape[0]
    gaps[:] = 0
    for i in range(count):
        gap, longest, late, since = 1, 0, 0, 0
        for day in range(2, days + 1):
            if day > 2:
                alone = (old or _without(contact, i, day - 1)) and _without(code, i, day - 1)
                gap = gap + 1 if alone else 1
            gaps[gap] += 1
            if gap > at:
                late += 1
                since = day if since == 0 else since
            if gap > longest:
                longest = gap
                if gap <= graces:
                    touched[gap - 1] += 1
                    first[gap - 1, day] += 1
                    if earliest[gap - 1] == 0 or day < earliest[gap - 1]:
                        earliest[gap - 1] = day
        for grace in range(longest, graces):
            first[grace, 0] += 1
        met = days == 1 or not _without(code, i, days) or (not old and not _without(contact, i, days))
        place = 1 + at if met else max(0, at - gap + 2) if gap <= at else 0
        left[min(place, left.shape[0] - 1)] += 1
        if longest and longest <= at:
            warned[min(at - longest + 2, left.shape[0] - 1)] += 1
        note(worst, np.int64(ids[i]), late)
        if each.shape[1]:
            each[0, np.int64(ids[i]) - start], each[1, np.int64(ids[i]) - start] = late, since
    more = 0
    for gap in range(days, 0, -1):
        more += gaps[gap]
        if gap <= graces:
            refused[gap - 1] += more
