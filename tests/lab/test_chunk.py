"""Trips that stand side by side in a chunk do not change each other's counts."""

import attrs
import pytest

from nexuslic.lab.counting import Job
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy

EXTENDED = TripModel("all extended", ((45, 1.0),), extension=1.0, extension_days=14)
MIXED = TripModel(
    "mixed", ((14, 1.0), (70, 1.0), (140, 1.0)), contact=0.05, code=0.01, clock_back=0.01, windows_7=0.2, extension=0.1
)


def job(model: TripModel, *, full: bool = False) -> Job:
    return Job(model, LabPolicy(), 3, 91, full)


def test_where_all_are_extended_none_is_refused_before_the_extension_ends():
    assert job(EXTENDED).count(0, 1).earliest[0, 0] == 16


@pytest.mark.parametrize("full", [False, True])
def test_trips_add_up_the_same_one_by_one(full: bool):
    wish = job(MIXED, full=full)
    total = wish.nothing()
    for trip in range(40):
        total += wish.count(trip, 1)
    assert total.same(wish.count(0, 40))


def test_more_than_one_block_adds_up_the_same():
    wish = job(MIXED)
    parts = wish.count(0, 4_097) + wish.count(4_097, 5_001)
    assert parts.same(wish.count(0, 9_098))


def test_day_by_day_trips_come_to_what_their_words_come_to():
    short, full = (job(MIXED, full=full).count(0, 3_000) for full in (False, True))
    names = ("trips", "touched", "refused", "earliest", "told")
    assert [attrs.asdict(short)[name].tolist() for name in names] == [
        attrs.asdict(full)[name].tolist() for name in names
    ]
