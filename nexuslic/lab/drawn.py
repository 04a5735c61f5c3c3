"""One trip of a model, drawn by its number, as a voyage: to be told, run as a story, or looked at day by day."""

from datetime import timedelta
from typing import Any, Final

import numpy as np

from nexuslic.lab import policies
from nexuslic.lab.bits import drawing_room, mask_of
from nexuslic.lab.chunk import bits_for, days_of
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.sampler import CLOCK, OWN_CLOCK, RENAME, RESTORE, Numbers, detail, kind_of, numbers
from nexuslic.lab.trip import Trip, crew

START: Final = "2026-03-02 06:00 UTC"


def voyage_of(model: TripModel, policy: LabPolicy, seed: int, trip: int, *, hotspot: int = 0) -> Trip:
    """The trip of that number under the policy."""
    n = numbers(model, policy, seed, hotspot=hotspot)
    kind = int(kind_of(np.uint64(trip), n))
    days = int(n.lengths[kind // 4])
    contact, code, event = _days_drawn(n, trip, days)
    happened = {day: detail(np.uint64(trip), day, n) for day in event}
    names = crew(model.workstations)
    clocks = [
        f"day {day} -{policies.span(timedelta(seconds=int(span)))}" + (f" {names[whose]}" if what == OWN_CLOCK else "")
        for day, (what, span, whose) in happened.items()
        if what in (CLOCK, OWN_CLOCK)
    ]
    return Trip(
        days=days,
        grace=policy.grace,
        start=START,
        os="windows-7" if kind & 2 else "windows-10",
        workstations=model.workstations,
        contacts=() if kind & 2 else tuple(f"day {day}" for day in contact),
        restores=tuple(f"day {day}" for day, (what, _, _) in happened.items() if what == RESTORE),
        renames=tuple(f"day {day}" for day, (what, _, _) in happened.items() if what == RENAME),
        codes=tuple(f"day {day}" for day in code),
        set_clocks=tuple(clocks),
        extend=model.extension_days if kind & 1 else 0,
        rules=policy.rules,
    )


def listed_of(model: TripModel, policy: LabPolicy, seed: int, trip: int) -> Listed:
    """The trip of that number, as one of a list."""
    voyage = voyage_of(model, policy, seed, trip)
    return Listed(f"trip {trip} of seed {seed}", "", model.crew, voyage.days, voyage)


def _days_drawn(n: Numbers, trip: int, days: int) -> tuple[list[int], list[int], list[int]]:
    """The days with a contact, with a code, and on which something happens to the database or a clock."""
    mask = mask_of(days)
    bits = bits_for(len(mask))
    ids = np.array([trip], np.uint64)
    days_of(ids, 1, n, mask, len(mask), bits, drawing_room())
    contact, code, event, _ = bits
    return _days(contact[:, 0]), _days(code[:, 0]), _days(event[:, 0])


def _days(words: Any) -> list[int]:
    bits = sum(int(word) << (64 * place) for place, word in enumerate(words))
    return [place + 2 for place in range(bits.bit_length()) if bits >> place & 1]
