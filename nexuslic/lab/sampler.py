"""One trip of a model, drawn by its number: which class it is of, and what happens on it, as rows of a program.

What is drawn from which counter is fixed for good (what it is for, then the step or the day), so that trip 17 of a seed
is the same trip on every machine. Times are seconds since midnight (UTC) of day 1.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from nexuslic.lab.compiled import compiled
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.program import DAY, FOREVER, LAUNCHED, SERVED, STORED, WIDTH, Column, Kind
from nexuslic.lab.streams import HALF, WORD, fast_philox, key, philox, threshold
from nexuslic.rules.words import WhichBinding, WhichClock

KINDS, CONTACT, CREW_CHANGE, CODE, EVENT, DETAIL = range(6)
"""What a trip draws for: the purposes of its counters; of the bits of a day, the word stands above."""
WORD_STEP: Final = 256
RESTORE, RENAME, CLOCK, OWN_CLOCK = range(4)
"""What can happen to a database and the clocks on a day."""
QUAY, LAUNCHES, CLOCKS, CONTACTS = 27_000, 21_600, 18_000, 45_000
"""07:30, 06:00, 05:00 and 12:30, in seconds of the day."""


class Numbers(NamedTuple):
    """A model under a policy, as compiled code reads it.

    Chances are in 2**32nds, cumulated where one of several is drawn.
    """

    key: tuple[np.uint64, np.uint64]
    lengths: Any
    length_chances: Any
    contact: int
    crew_change: int
    crew_change_contact: int
    code: int
    event: int
    event_chances: Any
    spans: Any
    span_chances: Any
    windows_7: int
    extension: int
    extension_days: int
    workstations: int
    own_clock: bool
    identity: bool
    hotspot: int
    swept_first: bool
    fixed: int
    tolerance: int
    charge: int


def numbers(
    model: TripModel, policy: LabPolicy, seed: int, *, hotspot: int = 0, sweep_extension: bool = False
) -> Numbers:
    """The numbers of a model under a policy.

    `hotspot`: a day with an hour of contact on every trip (0: none). `sweep_extension`: what is swept is not the grace,
    which is the policy's, but the days by which the first grant is extended.
    """
    events = (model.restore, model.rename, model.clock_back, model.workstation_clock_back)
    any_event = sum(events)
    lengths = sorted(model.lengths)
    rules = policy.rules
    return Numbers(
        key(seed),
        np.array([days for days, _ in lengths], np.int64),
        _cumulated([weight for _, weight in lengths]),
        threshold(model.contact),
        model.crew_change,
        threshold(model.crew_change_contact),
        threshold(model.code),
        threshold(any_event),
        _cumulated(events if any_event else (1.0, 0, 0, 0)),
        np.array([span.total_seconds() for span, _ in model.clock_by], np.int64),
        _cumulated([weight for _, weight in model.clock_by]),
        threshold(model.windows_7),
        threshold(model.extension) if policy.extensions else 0,
        model.extension_days,
        model.workstations,
        rules.clock is WhichClock.WORKSTATION,
        rules.binding is WhichBinding.IDENTITY,
        hotspot,
        sweep_extension,
        policy.grace if sweep_extension else 0,
        int(rules.clock_tolerance.total_seconds()),
        int(rules.setback_charge.total_seconds()),
    )


def _cumulated(weights: Any) -> Any:
    """What a 32-bit draw has to be below, for each of several that exclude each other."""
    shares = np.cumsum(np.array(weights, float)) / sum(weights)
    return np.array([threshold(share) for share in shares], np.int64)


@compiled(within=True)
def one_of(draw: Any, chances: Any) -> Any:
    """Which of several a 32-bit draw means."""
    place = 0
    while place < chances.shape[0] - 1 and draw >= chances[place]:
        place += 1
    return place


@compiled()
def kind_of(trip: Any, n: Numbers) -> Any:
    """The class of a trip: four times the place of its length, 2 with Windows 7 aboard, 1 with an extension."""
    k0, k1 = n.key
    x0, x1, x2, _ = fast_philox(trip & WORD, trip >> HALF, np.uint64(0), np.uint64(KINDS), k0, k1)
    kind = 4 * one_of(np.int64(x0), n.length_chances)
    return kind + (2 if np.int64(x1) < n.windows_7 else 0) + (1 if np.int64(x2) < n.extension else 0)


def _kinds_of(start: int, count: int, n: Numbers, kinds: Any) -> None:
    trips = np.arange(start, start + count, dtype=np.uint64)
    length, old, extended, _ = philox(trips & WORD, trips >> HALF, np.uint64(0), np.uint64(KINDS), *n.key)
    kinds[:count] = 4 * np.searchsorted(n.length_chances[:-1], length.astype(np.int64), side="right")
    kinds[:count] += 2 * (old.astype(np.int64) < n.windows_7) + (extended.astype(np.int64) < n.extension)


@compiled(otherwise=_kinds_of)
def kinds_of(start: int, count: int, n: Numbers, kinds: Any) -> None:
    """The classes of the trips from `start` on."""
    for i in range(count):
        kinds[i] = kind_of(np.uint64(start + i), n)


@compiled(within=True)
def detail(trip: Any, day: int, n: Numbers) -> Any:
    """What happens on a day on which something does: what, by how many seconds, on which workstation."""
    k0, k1 = n.key
    x0, x1, x2, _ = fast_philox(trip & WORD, trip >> HALF, np.uint64(day), np.uint64(DETAIL), k0, k1)
    span = n.spans[one_of(np.int64(x1), n.span_chances)]
    return one_of(np.int64(x0), n.event_chances), span, np.int64(x2) % n.workstations


_KIND, _DAY, _MARK, _READING = int(Column.KIND), int(Column.DAY), int(Column.MARK), int(Column.READING)
_SERVER, _BASE, _SWEPT = int(Column.SERVER), int(Column.BASE), int(Column.SWEPT)
_ENDS, _FLAGS = int(Column.ENDS), int(Column.FLAGS)
_LAUNCH, _GRANT, _REFUSED = int(Kind.LAUNCH), int(Kind.GRANT), int(Kind.REFUSED)


@compiled(within=True)
def _row(rows: Any, at: int, kind: int, day: int, reading: int, flags: int) -> int:
    rows[at, :] = 0
    rows[at, _KIND], rows[at, _DAY], rows[at, _READING] = kind, day, reading
    rows[at, _MARK], rows[at, _ENDS], rows[at, _FLAGS] = -1, FOREVER, flags
    return at + 1


@compiled(within=True)
def _grant(rows: Any, at: int, day: int, when: int, error: int, flags: int, base: int, swept: int) -> int:
    _row(rows, at, _GRANT, day, when + error, flags)
    rows[at, _SERVER], rows[at, _BASE], rows[at, _SWEPT] = when, base, swept
    return at + 1


@compiled(allocates=True)
def rows_for(n: Numbers) -> Any:
    """Room for the rows of the longest trip."""
    return np.zeros((n.lengths[-1] * (2 * n.workstations + 2) + 2, WIDTH), np.int64)


@compiled(within=True)
def _is(bits: Any, at: int, day: int) -> Any:
    return (bits[(day - 2) // 64, at] >> np.uint64((day - 2) % 64)) & np.uint64(1) != np.uint64(0)


@compiled()
def trip_rows(n: Numbers, trip: Any, kind: int, drawn: Any, at: int, errors: Any, rows: Any) -> int:
    """Write the rows of a trip whose days are drawn (contact, code, event: words by trips, `at` its place); how many.

    `errors`: room for the clocks' errors (seconds), the database server's first, then the workstations'. With Windows 7
    aboard no contact can be made, and nobody launches for one.
    """
    contact, code, event = drawn
    days, old = n.lengths[kind // 4], kind & 2 != 0
    base = n.fixed + (n.extension_days if kind & 1 else 0)
    later, swept = n.fixed, 0 if n.swept_first else 1
    clocks = n.workstations if n.own_clock else 1
    errors[:] = 0
    moved = False
    many = _grant(rows, 0, 1, QUAY, 0, STORED | SERVED, base, 1)
    for day in range(2, days + 1):
        start = (day - 1) * DAY
        what, span, whose = -1, 0, 0
        if _is(event, at, day):
            what, span, whose = detail(trip, day, n)
        if what == CLOCK:
            errors[0] -= span
        if what == OWN_CLOCK:
            errors[1 + whose] -= span
        ask = _REFUSED if moved else _LAUNCH
        for clock in range(clocks):
            error = errors[1 + clock] if n.own_clock else errors[0]
            many = _row(rows, many, ask, day, start + LAUNCHES + error, LAUNCHED)
        if what == RESTORE:
            errors[0] = 0
        if what == RESTORE or (what == RENAME and not n.identity):
            moved = True
        if _is(contact, at, day) and not old:
            for clock in range(clocks):
                error = errors[1 + clock] if n.own_clock else errors[0]
                many = _grant(rows, many, day, start + CONTACTS, error, LAUNCHED, later, swept)
            moved = False
        if _is(code, at, day):
            error = errors[1] if n.own_clock else errors[0]
            many = _grant(rows, many, day, start + CONTACTS, error, STORED | SERVED, later, swept)
            moved = False
    return many
