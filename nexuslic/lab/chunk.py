"""A run of trips of a model, told at every grace and counted.

Trips of one class (length, Windows 7) stand side by side. Those on which nothing happens but contacts are counted as
words, all graces at once; each of the others is written as rows and told by the kernel. What is counted is whole
numbers, so chunks add up the same in any order.
"""

from typing import Any, Final

import numpy as np

from nexuslic.lab import kernel, sampler
from nexuslic.lab.bits import (
    BLOCK,
    count_full,
    count_many,
    count_one,
    count_two,
    draw,
    drawing_room,
    note,
    side_by_side,
)
from nexuslic.lab.compiled import compiled
from nexuslic.lab.places import added, busy, counted, gathered, joined, numbered, replaced, without
from nexuslic.lab.sampler import Numbers, kinds_of, rows_for, trip_rows
from nexuslic.lab.streams import NONE, ONE

_SORTED: Final = 8 * BLOCK
"""Trips that are sorted by their class at once."""


@compiled(allocates=True)
def bits_for(words: int) -> Any:
    """Room for the days of trips side by side: contacts, codes, events, and a word in passing."""
    return side_by_side(words), side_by_side(words), side_by_side(words), side_by_side(1)[0]


@compiled()
def days_of(ids: Any, count: int, n: Numbers, masks: Any, words: int, bits: Any, work: Any) -> None:
    """Draw what happens on the days of trips of one class: contacts, codes and events, a word for each 64 days."""
    contact, code, event, extra = bits
    for word in range(words):
        step = np.uint64(sampler.WORD_STEP * word)
        mask = masks[word]
        draw(ids, count, np.uint64(sampler.CONTACT) + step, n.contact, n.key, mask, contact[word], work)
        if n.code > 0:
            draw(ids, count, np.uint64(sampler.CODE) + step, n.code, n.key, mask, code[word], work)
        if n.event > 0:
            draw(ids, count, np.uint64(sampler.EVENT) + step, n.event, n.key, mask, event[word], work)
        if n.crew_change > 0 and n.crew_change_contact > 0:
            changes = mask & _each(word, n.crew_change)
            purpose = np.uint64(sampler.CREW_CHANGE) + step
            draw(ids, count, purpose, n.crew_change_contact, n.key, changes, extra, work)
            joined(contact[word], extra, count)
        if n.hotspot >= 2 and (n.hotspot - 2) // 64 == word:
            added(contact[word], mask & (ONE << np.uint64((n.hotspot - 2) % 64)), count)


@compiled()
def _each(word: int, step: int) -> Any:
    """The days that are a multiple of `step`, among those of a word."""
    bits = NONE
    for bit in range(64):
        if (64 * word + bit + 2) % step == 0:
            bits |= ONE << np.uint64(bit)
    return bits


@compiled()
def _irregular(
    ids: Any, count: int, kind: int, n: Numbers, words: int, bits: Any, told: Any, room: Any, out: Any
) -> int:
    """Tell the trips that are more than contacts, and leave the others in front; how many these are."""
    contact, code, event, _ = bits
    rows, work, errors, (graces, at, _), (_, _, _, _, where) = room
    many = busy(event, count, words, kind & 1 != 0 or n.swept_first, where)
    for one in range(many):
        place = where[one]
        size = trip_rows(n, ids[place], kind, (contact, code, event), place, errors, rows)
        left = kernel.tell(rows, size, (1, 0, graces), (n.tolerance, n.charge, at), work, told)
        _add(ids[place], kind // 4, left, told, room[3], out)
    return without(ids, count, contact, code, words, where[:many])


@compiled()
def _add(trip: Any, place: int, days_left: Any, told: Any, sizes: Any, out: Any) -> None:
    """Count a trip that was told; the days left are those at its end, and the fewest before."""
    _, touched, refused, earliest, first, left, warned, worst, told_one, each, start = out
    graces, at, full = sizes
    at_end, fewest = days_left
    told_one[0] += 1
    for grace in range(graces):
        refused[place, grace] += told[0][grace]
        day = told[1][grace]
        touched[place, grace] += 1 if day else 0
        if day and (earliest[place, grace] == 0 or day < earliest[place, grace]):
            earliest[place, grace] = day
    if full:
        for grace in range(graces):
            first[place, grace, told[1][grace]] += 1
        left[place, min(at_end, left.shape[1] - 1)] += 1
        if fewest and not told[1][at]:
            warned[place, min(fewest, left.shape[1] - 1)] += 1
        note(worst, np.int64(trip), told[0][at])
        if each.shape[1]:
            each[0, np.int64(trip) - start], each[1, np.int64(trip) - start] = told[0][at], told[1][at]


@compiled()
def _block(ids: Any, count: int, kind: int, n: Numbers, masks: Any, bits: Any, told: Any, room: Any, out: Any) -> None:
    """Count trips of one class that stand side by side."""
    contact, code, _, _ = bits
    trips, touched, refused, earliest, first, left, warned, worst, _, each, start = out
    graces, at, full = room[3]
    place, old = kind // 4, kind & 2 != 0
    days = n.lengths[place]
    words = max(1, (days + 62) // 64)
    trips[place] += count
    days_of(ids, count, n, masks[place], words, bits, room[4])
    kept = count
    if n.event > 0 or n.swept_first or kind & 1 != 0:
        kept = _irregular(ids, count, kind, n, words, bits, told, room[:5], out)
    if kept == 0:
        return
    if full:
        by_trip = (worst, each, start)
        counts = (touched[place], refused[place], earliest[place], first[place], left[place], warned[place], *by_trip)
        count_full(ids, kept, (contact, code), days, old, at, counts, room[6])
        return
    for word in range(words):
        if old:
            replaced(contact[word], code[word], kept)
        elif n.code > 0:
            joined(contact[word], code[word], kept)
    results = (touched[place], refused[place], earliest[place])
    eve, late, seen, nothing = room[5]
    if words == 1:
        count_one(contact[0], kept, masks[place, 0], graces, (eve[0], late[0]), results)
    elif words == 2:
        work = ((eve[0], eve[1]), (late[0], late[1]))
        count_two(contact, kept, masks[place], graces, work, results)
    else:
        count_many(contact, kept, masks[place, :words], graces, (eve, late, seen, nothing), results)


@compiled(allocates=True)
def count_chunk(start: int, count: int, n: Numbers, graces: int, at: int, full: bool, masks: Any, out: Any) -> None:
    """Count the trips `start` to `start + count` - 1 at the graces 0 to `graces` - 1.

    `out`: trips, touched, refused, earliest, first, left, warned, worst and told, as in a Tally, and (2, `count`) for
    each trip its refused days at the grace `at` and the first of them, or no room for that; the last is `start`.
    `full`: also the first refused days, the days left at the grace `at`, the worst trips there, and each trip.
    """
    longest = masks.shape[1]
    bits = bits_for(longest)
    told = (
        np.zeros(graces, np.int64),
        np.zeros(graces, np.int64),
        np.zeros(graces, np.int64),
        np.zeros((0, graces), np.int8),
    )
    rows = rows_for(n)
    room = (
        rows,
        kernel.room(1, 0, graces, rows.shape[0]),
        np.zeros(1 + n.workstations, np.int64),
        (graces, at, full),
        drawing_room(),
        (side_by_side(longest), side_by_side(longest), side_by_side(1)[0], side_by_side(1)[0]),
        np.zeros(n.lengths[-1] + 1, np.int64),
    )
    kinds = np.zeros(_SORTED, np.int64)
    members = np.zeros(4 * n.lengths.shape[0], np.int64)
    ids = side_by_side(1)[0]
    alike = n.lengths.shape[0] == 1 and n.windows_7 == 0 and n.extension == 0
    for base in range(start, start + count, _SORTED):
        many = min(_SORTED, start + count - base)
        if alike:
            members[0] = many
        else:
            kinds_of(base, many, n, kinds)
            counted(kinds, many, members)
        for kind in range(members.shape[0]):
            behind = 0
            while members[kind] > 0:
                wanted = min(BLOCK, members[kind])
                if alike:
                    numbered(ids, base + behind, wanted)
                    behind += wanted
                else:
                    behind = gathered(kinds, kind, base, behind, wanted, ids)
                _block(ids, wanted, kind, n, masks, bits, told, room, out)
                members[kind] -= wanted
