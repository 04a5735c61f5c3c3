"""Trips side by side: which of them stand in a block, and which of these are told one by one.

Each function has a twin by NumPy, for where Numba is not.
"""

from typing import Any

import numpy as np

from nexuslic.lab.compiled import compiled
from nexuslic.lab.streams import NONE


def _numbered(ids: Any, first: int, count: int) -> None:
    ids[:count] = np.arange(first, first + count, dtype=np.uint64)


@compiled(otherwise=_numbered)
def numbered(ids: Any, first: int, count: int) -> None:
    """The trips from `first` on."""
    for i in range(count):
        ids[i] = np.uint64(first + i)


def _counted(kinds: Any, count: int, members: Any) -> None:
    members[:] = np.bincount(kinds[:count], minlength=len(members))


@compiled(otherwise=_counted)
def counted(kinds: Any, count: int, members: Any) -> None:
    """How many trips there are of each class."""
    members[:] = 0
    for i in range(count):
        members[kinds[i]] += 1


def _gathered(kinds: Any, kind: int, first: int, at: int, wanted: int, ids: Any) -> int:
    places = np.flatnonzero(kinds[at:] == kind)[:wanted] + at
    ids[:wanted] = (places + first).astype(np.uint64)
    return int(places[-1]) + 1


@compiled(otherwise=_gathered)
def gathered(kinds: Any, kind: int, first: int, at: int, wanted: int, ids: Any) -> int:
    """The next trips of a class, from the place `at` on, where the trip `first` stands at place 0; the place behind."""
    found = 0
    while found < wanted:
        ids[found] = np.uint64(first + at)
        found += kinds[at] == kind
        at += 1
    return at


def _joined(words: Any, others: Any, count: int) -> None:
    words[:count] |= others[:count]


@compiled(otherwise=_joined)
def joined(words: Any, others: Any, count: int) -> None:
    """Also the days of others."""
    for i in range(count):
        words[i] |= others[i]


def _added(words: Any, days: Any, count: int) -> None:
    words[:count] |= days


@compiled(otherwise=_added)
def added(words: Any, days: Any, count: int) -> None:
    """Also these days, on every trip."""
    for i in range(count):
        words[i] |= days


def _replaced(words: Any, others: Any, count: int) -> None:
    words[:count] = others[:count]


@compiled(otherwise=_replaced)
def replaced(words: Any, others: Any, count: int) -> None:
    """The days of others instead."""
    for i in range(count):
        words[i] = others[i]


def _busy(event: Any, count: int, words: int, every: bool, where: Any) -> int:
    found = np.arange(count) if every else np.flatnonzero(np.bitwise_or.reduce(event[:words, :count], axis=0))
    where[: len(found)] = found
    return len(found)


@compiled(otherwise=_busy)
def busy(event: Any, count: int, words: int, every: bool, where: Any) -> int:
    """How many trips are more than contacts, and `where` these are; `every`: all of them."""
    many = 0
    for i in range(count):
        is_busy = every
        for word in range(words):
            is_busy = is_busy or event[word, i] != NONE
        where[many] = i
        many += 1 if is_busy else 0
    return many


def _without(ids: Any, count: int, contact: Any, code: Any, words: int, where: Any) -> int:
    kept = count - len(where)
    for row in (ids, *contact[:words], *code[:words]):
        row[:kept] = np.delete(row[:count], where)
    return kept


@compiled(otherwise=_without)
def without(ids: Any, count: int, contact: Any, code: Any, words: int, where: Any) -> int:
    """Leave in front the trips that do not stand `where`; how many these are."""
    kept, next_one = 0, 0
    for i in range(count):
        if next_one < where.shape[0] and where[next_one] == i:
            next_one += 1
            continue
        ids[kept] = ids[i]
        for word in range(words):
            contact[word, kept], code[word, kept] = contact[word, i], code[word, i]
        kept += 1
    return kept
