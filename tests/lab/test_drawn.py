"""Trips of a model: the same by their number however they are counted, and each is the voyage that it says."""

from collections import Counter
from datetime import timedelta

import attrs
import numpy as np
import pytest

from nexuslic.lab import counting, drawn, listed
from nexuslic.lab.counting import Job
from nexuslic.lab.drawn import voyage_of
from nexuslic.lab.model import TripModel, built_in, model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.rows import rows_of
from nexuslic.lab.trip import check
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock

EVERYTHING = TripModel(
    "everything",
    ((14, 1.0), (45, 1.0), (56, 2.0), (70, 1.0), (140, 1.0)),
    contact=0.03,
    crew_change=28,
    crew_change_contact=0.5,
    code=0.01,
    restore=0.01,
    rename=0.01,
    clock_back=0.02,
    workstation_clock_back=0.03,
    clock_by=((timedelta(days=3), 1.0), (timedelta(hours=5), 1.0), (timedelta(days=40), 1.0)),
    windows_7=0.2,
    extension=0.3,
    extension_days=9,
    workstations=3,
    crew=7,
)
CALM = TripModel(
    "calm",
    ((1, 1.0), (2, 1.0), (14, 1.0), (45, 1.0), (65, 1.0), (66, 1.0), (70, 1.0), (140, 1.0)),
    contact=0.03,
    crew_change=28,
    crew_change_contact=0.5,
    code=0.01,
    windows_7=0.2,
)
MODELS = {"everything": EVERYTHING, "calm": CALM}
POLICIES = {
    f"{clock.value} {binding.value}": LabPolicy(grace=30, rules=Policy(clock=clock, binding=binding))
    for clock in WhichClock
    for binding in WhichBinding
}
POLICIES["strict"] = LabPolicy(
    grace=21, extensions=False, rules=Policy(clock_tolerance=timedelta(hours=1), setback_charge=timedelta(days=4))
)
GRACES = 91
named = pytest.mark.parametrize("name", MODELS)
under = pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))


def job(name: str, policy: LabPolicy, seed: int = 5, *, full: bool = True) -> Job:
    return Job(MODELS[name], policy, seed, GRACES, full)


# -- a trip by its number -----------------------------------------------------------------------------------------


@named
@under
def test_a_drawn_trip_counts_as_what_its_voyage_comes_to(name: str, policy: LabPolicy):
    for number in range(60):
        trip = voyage_of(MODELS[name], policy, 5, number)
        refused, first, left = listed.told(rows_of(trip), policy.rules, GRACES, policy.grace)
        tally = job(name, policy).count(number, 1)
        place, last = tally.lengths.index(trip.days), tally.left.shape[1] - 1
        assert tally.trips[place] == 1
        assert tally.refused[place].tolist() == refused.tolist()
        assert tally.touched[place].tolist() == (first > 0).tolist()
        assert tally.earliest[place].tolist() == first.tolist()
        assert tally.first[place].argmax(1).tolist() == first.tolist()
        assert tally.left[place].argmax() == min(left[0], last)
        warned = 0 if first[policy.grace] else min(left[1], last)
        assert (tally.warned[place].sum(), tally.warned[place].argmax()) == (int(warned > 0), warned)


@named
def test_a_drawn_trip_is_one_that_can_be(name: str):
    trips = [voyage_of(MODELS[name], LabPolicy(), 5, number) for number in range(60)]
    assert [check(trip) for trip in trips] == [None] * 60
    assert {trip.days for trip in trips} <= {days for days, _ in MODELS[name].lengths}


@named
@under
def test_each_trip_is_the_same_wherever_its_chunk_begins(name: str, policy: LabPolicy):
    whole, lengths = job(name, policy).each(0, 5000), job(name, policy).days(0, 5000)
    for start, many in ((0, 1), (1, 511), (4095, 3), (513, 4000), (4999, 1)):
        assert np.array_equal(job(name, policy).each(start, many), whole[:, start : start + many])
        assert np.array_equal(job(name, policy).days(start, many), lengths[start : start + many])


@named
def test_each_trip_is_what_its_voyage_comes_to(name: str):
    policy = POLICIES["strict"]
    each, lengths = job(name, policy).each(700, 40), job(name, policy).days(700, 40)
    voyages = [drawn.listed_of(MODELS[name], policy, 5, 700 + number) for number in range(40)]
    told = listed.tell(voyages, policy, GRACES)
    assert each[0].tolist() == told.refused[:, policy.grace].tolist()
    assert each[1].tolist() == told.first[:, policy.grace].tolist()
    assert lengths.tolist() == [trip.days for trip in voyages]


def test_a_drawn_trip_has_its_number_and_its_seed_for_a_name():
    trip = drawn.listed_of(EVERYTHING, LabPolicy(), 5, 12)
    assert (trip.name, trip.vessel, trip.crew) == ("trip 12 of seed 5", "", 7)


# -- counting ------------------------------------------------------------------------------------------------------


@named
@pytest.mark.parametrize("full", [False, True], ids=["short", "full"])
def test_chunks_add_up_to_the_whole_in_any_order(name: str, full: bool):
    one = job(name, LabPolicy(), full=full)
    whole = one.count(0, 9001)
    parts = [one.count(start, many) for start, many in ((5000, 4001), (0, 1), (4097, 903), (1, 4096))]
    assert sum(parts, one.nothing()).same(whole)
    assert sum(reversed(parts), one.nothing()).same(whole)


@named
def test_threads_come_to_what_one_comes_to(name: str, monkeypatch: pytest.MonkeyPatch):
    one, heard = job(name, LabPolicy()), []
    whole = one.count(0, 9001)
    monkeypatch.setattr(counting, "CHUNK", 700)
    assert counting.here(one, 9001, lambda done, of: heard.append((done, of))).same(whole)
    assert (len(heard), heard[-1]) == (13, (9001, 9001))


def test_no_trip_is_nothing():
    one = job("calm", LabPolicy())
    assert counting.here(one, 0).same(one.nothing())


@named
def test_another_seed_draws_other_trips(name: str):
    one, other = (job(name, LabPolicy(), seed) for seed in (5, 6))
    assert not one.count(0, 3000).same(other.count(0, 3000))
    large = [job(name, LabPolicy(), seed).count(0, 3000) for seed in (5 + 2**32, 5)]
    assert not large[0].same(large[1])


@named
@under
def test_the_short_count_is_the_full_one_without_what_nobody_asked_for(name: str, policy: LabPolicy):
    short, full = (job(name, policy, full=full).count(0, 4000) for full in (False, True))
    for counts in ("trips", "touched", "refused", "earliest", "told"):
        assert np.array_equal(getattr(short, counts), getattr(full, counts)), counts
    assert not short.first.any() and not short.left.any() and not short.worst.any()


@named
def test_a_full_count_adds_up(name: str):
    policy = LabPolicy()
    tally, each = job(name, policy).count(0, 4000), job(name, policy).each(0, 4000)
    assert tally.first.sum((0, 2)).tolist() == [4000] * GRACES
    assert (tally.first[:, :, 1:].sum(2) == tally.touched).all()
    assert tally.left.sum() == 4000
    assert tally.refused[:, 30].sum() == each[0].sum()
    assert tally.warned.sum() <= 4000 - tally.touched[:, 30].sum()
    order = np.lexsort((np.arange(4000), -each[0]))[:10]
    assert tally.worst.tolist() == [[each[0, number], number] for number in order]


def test_only_trips_on_which_something_happens_are_told_one_by_one():
    calm, busy = (job(name, LabPolicy()).count(0, 1000) for name in ("calm", "everything"))
    assert calm.told.tolist() == [0, 0]
    assert 500 < busy.told[0] < 1000 and busy.told[1] == 0


# -- other questions of the same trips ----------------------------------------------------------------------------


@named
@pytest.mark.parametrize("day", [2, 13, 64, 65, 66, 130])
def test_a_hotspot_is_a_contact_more_on_the_same_trips(name: str, day: int):
    policy = LabPolicy()
    counted = attrs.evolve(job(name, policy), hotspot=day).each(0, 30)
    without = [drawn.listed_of(MODELS[name], policy, 5, number) for number in range(30)]
    told = listed.tell([trip.with_contact(day) for trip in without], policy, GRACES)
    assert counted.tolist() == [told.refused[:, 30].tolist(), told.first[:, 30].tolist()]
    with_one = voyage_of(MODELS[name], policy, 5, 3, hotspot=day)
    assert set(with_one.contacts) >= set(voyage_of(MODELS[name], policy, 5, 3).contacts)


@named
@pytest.mark.parametrize("grace", [7, 30])
def test_extensions_are_swept_on_the_same_trips(name: str, grace: int):
    policy = LabPolicy(grace=grace)
    counted = attrs.evolve(job(name, policy), sweeps_extension=True)
    trips = [drawn.listed_of(MODELS[name], policy, 5, number) for number in range(40)]
    told = listed.tell(trips, policy, GRACES, extension=True)
    tally = counted.count(0, 40)
    assert tally.refused.sum(0).tolist() == told.refused.sum(0).tolist()
    assert tally.touched.sum(0).tolist() == (told.first > 0).sum(0).tolist()


def test_a_policy_without_extensions_extends_nothing():
    trips = [voyage_of(EVERYTHING, POLICIES["strict"], 5, number) for number in range(200)]
    assert {trip.extend for trip in trips} == {0}
    assert {voyage_of(EVERYTHING, LabPolicy(), 5, number).extend for number in range(200)} == {0, 9}


# -- chances -------------------------------------------------------------------------------------------------------


def test_what_is_drawn_is_as_frequent_as_the_model_says():
    """Of 3,000 trips of one seed; within four standard deviations, for what was fixed once does not change."""
    many, found, chances = 3000, Counter[str](), {}
    days_at_sea = 0
    for number in range(many):
        trip = voyage_of(EVERYTHING, LabPolicy(), 11, number)
        days_at_sea += trip.days - 1
        found[f"{trip.days} days"] += 1
        found["windows_7"] += trip.os == "windows-7"
        found["extension"] += trip.extend > 0
        for what in ("codes", "restores", "renames"):
            found[what] += len(getattr(trip, what))
        found["workstations' clocks"] += sum("ws" in text or "bridge" in text for text in trip.set_clocks)
        found["clocks"] += sum("ws" not in text and "bridge" not in text for text in trip.set_clocks)
        found["5 hours"] += sum("-5h" in text for text in trip.set_clocks)
    for days, weight in EVERYTHING.lengths:
        chances[f"{days} days"] = weight / 6, many
    chances |= {"windows_7": (0.2, many), "extension": (0.3, many)}
    chances |= {"codes": (0.01, days_at_sea), "restores": (0.01, days_at_sea), "renames": (0.01, days_at_sea)}
    chances |= {"clocks": (0.02, days_at_sea), "workstations' clocks": (0.03, days_at_sea)}
    chances["5 hours"] = 1 / 3, found["clocks"] + found["workstations' clocks"]
    assert set(chances) == set(found)
    for what, (chance, of) in chances.items():
        assert abs(found[what] - chance * of) < 4 * (of * chance * (1 - chance)) ** 0.5, what


def test_a_crew_change_adds_its_own_chance_of_a_contact():
    contacts = Counter[str]()
    modern = attrs.evolve(CALM, windows_7=0.0, lengths=((140, 1.0),))
    for number in range(2000):
        contacts.update(voyage_of(modern, LabPolicy(), 11, number).contacts)
    for day in (28, 56, 84, 112, 140):
        assert abs(contacts[f"day {day}"] - 2000 * (1 - 0.5 * 0.97)) < 4 * (2000 * 0.515 * 0.485) ** 0.5
    others = sum(many for day, many in contacts.items() if int(day[4:]) % 28)
    assert abs(others - 134 * 2000 * 0.03) < 4 * (134 * 2000 * 0.03 * 0.97) ** 0.5


@pytest.mark.parametrize("name", built_in())
def test_the_models_that_come_with_nexuslic_can_be_counted(name: str):
    tally = Job(model_called(name), LabPolicy(), 1, 61).count(0, 2000)
    assert tally.trips.sum() == 2000
    assert (np.diff(tally.touched.sum(0)) <= 0).all()
