"""The least that keeps a target: every knob, against what turning it by hand comes to."""

from pathlib import Path

import attrs
import pytest

from nexuslic.errors import InputError
from nexuslic.lab import listed, source
from nexuslic.lab.counting import Job
from nexuslic.lab.exact import exact
from nexuslic.lab.finding import Finder, Found, Knob, Measure, Point, Target, chosen, wilson
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel, model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.trip import Trip

EXAMPLE = Path(__file__).parents[2] / "nexuslic" / "lab" / "fleet" / "example.csv"
MODEL = attrs.evolve(model_called("north-sea"), contact=0.1)
CALM = model_called("hotspots")
MANY = 3000
TRIPS = {"model": MODEL, "list": source.fleet(EXAMPLE)}


def find(trips: object, knob: Knob, target: Target, settings: range, *, grace: int = 21, count: int = MANY) -> Found:
    return Finder(trips, LabPolicy(grace=grace), count, 4).find(knob, target, settings)  # type: ignore[arg-type]


def of_trips(most: float) -> Target:
    return Target(Measure.TRIPS, most)


# -- intervals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "trips", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_the_published_ones(hits: int, trips: int, low: float, high: float):
    """The last four stand in Newcombe (1998), table I."""
    assert wilson(hits, trips) == pytest.approx((low, high), abs=6e-5)


def test_of_no_trip_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)


# -- each knob ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [0.5, 0.25, 0.15])
def test_the_least_grace_is_the_first_that_keeps_the_target(most: float):
    found = find(MODEL, Knob.GRACE, of_trips(most), range(71))
    touched = Job(MODEL, LabPolicy(), 4, 71).count(0, MANY).touched.sum(0) / MANY
    assert [point.value for point in found.points] == touched.tolist()
    least = min(grace for grace in range(71) if all(touched[grace:] <= most))
    assert found.best is not None and found.best.setting == least
    assert found.best.low < found.best.value < found.best.high
    assert found.trips == MANY


@pytest.mark.parametrize("trips", TRIPS.values(), ids=list(TRIPS))
def test_refused_days_are_counted_a_trip(trips: object):
    found = find(trips, Knob.GRACE, Target(Measure.DAYS, 4.0), range(71))
    assert found.best is not None
    assert found.best.value <= 4 < found.points[found.best.setting - 1].value
    drawn = isinstance(trips, TripModel)
    assert (found.best.low < found.best.value < found.best.high) is drawn


def test_the_least_extension_is_what_support_would_hand_out():
    found = find(TRIPS["list"], Knob.EXTENSION, of_trips(0.6), range(60))
    trips = [one for one in source.fleet(EXAMPLE) if one.trip is not None]
    for extra in (0, 10, 24):
        changed = [
            attrs.evolve(one, trip=attrs.evolve(one.trip, extend=one.trip.extend + extra))
            for one in trips
            if one.trip is not None
        ]
        refused = listed.tell(changed, LabPolicy(), 22).refused[:, 21]
        assert found.points[extra].value == (refused > 0).mean()
    assert found.best is not None and found.best.value <= 0.6


def test_the_least_extension_of_a_model_lowers_the_share_of_trips():
    found = find(MODEL, Knob.EXTENSION, of_trips(0.3), range(50))
    values = [point.value for point in found.points]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(Job(MODEL, LabPolicy(grace=21), 4, 22).count(0, MANY).touched[:, 21].sum() / MANY)


def test_the_latest_hotspot_is_the_last_day_that_keeps_the_target():
    trip = Listed("alone", "", 1, 40, Trip(days=40, start="2026-03-02 06:00 UTC"))
    found = find((trip,), Knob.HOTSPOT, of_trips(0.0), range(2, 41))
    kept = [point.setting for point in found.points if point.value == 0]
    assert kept == list(range(19, 23))
    assert found.best is not None and found.best.setting == 22


def test_a_hotspot_of_a_model_is_on_every_trip():
    found = find(MODEL, Knob.HOTSPOT, of_trips(0.2), range(2, 71))
    for day in (2, 20, 66):
        job = Job(MODEL, LabPolicy(grace=21), 4, 22, hotspot=day)
        assert found.points[day - 2].value == job.count(0, MANY).touched[:, 21].sum() / MANY


def test_the_earliest_warning_is_the_most_days_left_that_warn_few_for_nothing():
    found = find(MODEL, Knob.WARN_FROM, Target(Measure.NEEDLESS, 0.1), range(22))
    values = [point.value for point in found.points]
    assert values == sorted(values)
    assert found.best is not None and found.best.value <= 0.1 < values[found.best.setting + 1]


def test_who_is_warned_for_nothing_is_who_is_never_refused():
    trips = [
        Listed(str(contact), "", 1, 30, Trip(days=30, start="2026-03-02 06:00 UTC", contacts=(f"day {contact}",)))
        for contact in (5, 15, 20)
    ]
    found = find(tuple(trips), Knob.WARN_FROM, Target(Measure.NEEDLESS, 1.0), range(22))
    assert [point.value for point in found.points] == pytest.approx([0.0] * 3 + [1 / 3] * 4 + [2 / 3] * 15, abs=1e-12)


# -- which one ----------------------------------------------------------------------------------------------------


def points(*values: float) -> list[Point]:
    return [Point(setting, value, value, value) for setting, value in enumerate(values)]


def test_a_grace_that_keeps_the_target_by_chance_is_not_taken():
    found = chosen(Knob.GRACE, of_trips(0.5), points(0.9, 0.4, 0.6, 0.5, 0.2), 10)
    assert found.best == Point(3, 0.5, 0.5, 0.5)


@pytest.mark.parametrize("knob", [Knob.HOTSPOT, Knob.WARN_FROM])
def test_of_days_and_warnings_the_last_that_keeps_the_target_is_taken(knob: Knob):
    found = chosen(knob, of_trips(0.5), points(0.9, 0.4, 0.6, 0.5, 0.9), 10)
    assert found.best == Point(3, 0.5, 0.5, 0.5)


@pytest.mark.parametrize("knob", Knob)
def test_where_nothing_keeps_the_target_the_nearest_is_told(knob: Knob):
    found = chosen(knob, of_trips(0.1), points(0.9, 0.4, 0.6, 0.4), 10)
    assert found.best is None
    assert found.nearest == Point(1, 0.4, 0.4, 0.4)


def test_a_target_that_no_grace_keeps_has_its_nearest():
    found = find(TRIPS["list"], Knob.GRACE, of_trips(0.0), range(46))
    assert found.best is None
    assert (found.nearest.setting, found.nearest.value) == (44, 4 / 12)


# -- exact --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "name"),
    [(of_trips(0.01), "share_touched"), (Target(Measure.DAYS, 0.5), "days_refused_per_trip")],
    ids=["trips", "days"],
)
def test_a_model_without_memory_is_answered_exactly(target: Target, name: str):
    found = find(CALM, Knob.GRACE, target, range(46), count=0)
    values = exact(CALM, (0, 45)).by_grace()[name].to_list()
    assert [point.value for point in found.points] == values
    assert found.best is not None and found.trips == 0
    assert found.best.setting == min(grace for grace in range(46) if values[grace] <= target.most)


def test_drawn_trips_hold_the_exact_share_in_their_interval():
    found = find(CALM, Knob.GRACE, of_trips(0.3), range(46), count=20_000)
    values = exact(CALM, (0, 45)).by_grace()["share_touched"].to_list()
    assert sum(point.low <= value <= point.high for point, value in zip(found.points, values, strict=True)) >= 40


@pytest.mark.parametrize(
    ("knob", "measure", "words"),
    [
        (Knob.WARN_FROM, Measure.TRIPS, "--by warn_from takes --needless-warnings"),
        (Knob.GRACE, Measure.NEEDLESS, "--needless-warnings goes with --by warn_from"),
    ],
)
def test_a_knob_that_does_not_turn_the_target_is_refused(knob: Knob, measure: Measure, words: str):
    with pytest.raises(InputError, match=words):
        find(CALM, knob, Target(measure, 0.1), range(10))


def test_a_story_has_its_own_hotspots(tmp_path: Path):
    story = Path(__file__).parents[2] / "scenarios" / "offshore" / "14-day-crew-change.scenario.yaml"
    with pytest.raises(InputError, match="a story has its own contacts"):
        find(source.stories(story), Knob.HOTSPOT, of_trips(0.1), range(2, 5))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (of_trips(0.01), "at most 1\u00a0% of trips refused"),
        (Target(Measure.NEEDLESS, 0.2), "at most 20\u00a0% of trips warned for nothing"),
        (Target(Measure.DAYS, 0.5), "at most 0.5 refused days a trip"),
    ],
)
def test_a_target_is_said_in_words(target: Target, words: str):
    assert str(target) == words


def test_a_model_of_one_day_needs_no_grace():
    found = find(TripModel("one day", ((1, 1.0),)), Knob.GRACE, of_trips(0.0), range(5))
    assert found.best is not None and found.best.setting == 0
