"""A sweep: what its tables say is what was counted."""

from collections.abc import Sequence
from pathlib import Path

import attrs
import numpy as np
import polars as pl
import pytest

from nexuslic.errors import InputError
from nexuslic.lab import source
from nexuslic.lab.counting import Job, Progress, silent
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel, model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.sweeping import MOST_GRACE, Sweep, check_graces, sweep
from nexuslic.lab.tally import Tally

EXAMPLE = Path(__file__).parents[2] / "nexuslic" / "lab" / "fleet" / "example.csv"
MODEL = attrs.evolve(model_called("north-sea"), restore=0.002, clock_back=0.002)
MANY = 4000
COLUMNS = [
    *("grace", "trips", "trips_touched", "share_touched", "days_refused", "days_refused_per_trip"),
    *("people_days_lost", "first_refused_day"),
]


@pytest.fixture(scope="module")
def drawn() -> Sweep:
    """Trips of a model at the graces 5 to 40."""
    return sweep(MODEL, graces=(5, 40), count=MANY, seed=3, full=True)


@pytest.fixture(scope="module")
def fleet() -> Sweep:
    """The example's trips at every grace up to 60."""
    return sweep(source.fleet(EXAMPLE), graces=(0, 60))


def each(grace: int) -> np.ndarray:
    return Job(MODEL, LabPolicy(grace=grace), 3, 91).each(0, MANY)


@pytest.mark.parametrize("grace", [5, 21, 30, 40])
def test_a_row_of_a_model_is_what_its_trips_come_to_one_by_one(drawn: Sweep, grace: int):
    table, (refused, first) = drawn.by_grace(), each(grace)
    assert table.columns == COLUMNS
    assert table.row(grace - 5) == (
        grace,
        MANY,
        np.count_nonzero(refused),
        np.count_nonzero(refused) / MANY,
        refused.sum(),
        refused.sum() / MANY,
        refused.sum() * MODEL.crew,
        first[first > 0].min(),
    )


def test_longer_grace_refuses_no_more_trips(drawn: Sweep):
    assert drawn.by_grace()["grace"].to_list() == list(range(5, 41)) == drawn.graces.tolist()
    assert (np.diff(drawn.by_grace()["trips_touched"]) <= 0).all()


def test_lengths_add_up_to_the_whole(drawn: Sweep):
    table, whole = drawn.by_length(), drawn.by_grace()
    assert table["length"].unique().sort().to_list() == [45, 56, 61, 70]
    for name in ("trips", "trips_touched", "days_refused"):
        summed = table.group_by("grace").agg(pl.col(name).sum())
        assert summed.sort("grace")[name].to_list() == whole[name].to_list()
    assert "people_days_lost" not in table.columns


def test_survival_falls_to_the_trips_that_are_never_refused(drawn: Sweep):
    curves = drawn.survival((7, 30))
    first = each(30)[1]
    running = [MANY - np.count_nonzero((first > 0) & (first <= day)) for day in range(1, 71)]
    assert curves.filter(grace=30)["running"].to_list() == running
    assert curves.filter(grace=30)["share"].to_list() == [one / MANY for one in running]
    assert curves.filter(grace=7)["day"].to_list() == list(range(1, 71))
    assert curves.filter(grace=30, day=70)["running"].item() == MANY - drawn.by_grace()["trips_touched"][25]


def test_the_days_left_are_of_all_trips_and_nobody_has_more_than_grace_and_extension(drawn: Sweep):
    left = drawn.left()
    assert left["trips"].sum() == MANY
    assert left["trips"].min() > 0
    assert left["days_left"].to_list()[0] is None
    assert left["days_left"].max() <= 30 + MODEL.extension_days


def test_a_model_has_no_list_and_no_vessels(drawn: Sweep):
    with pytest.raises(InputError, match="a model has no list of trips"):
        drawn.by_trip(30)
    assert drawn.by_vessel().is_empty()
    assert drawn.by_vessel().columns == ["vessel", *COLUMNS]


def test_graces_beyond_those_of_the_sweep_leave_its_rows_as_they_are(drawn: Sweep):
    alone = sweep(MODEL, policy=LabPolicy(grace=80), graces=(5, 40), count=MANY, seed=3)
    assert alone.by_grace().equals(drawn.by_grace())


def test_whoever_counts_is_told_the_job(drawn: Sweep):
    asked: list[tuple[Job, int]] = []

    def counter(job: Job, trips: int, progress: Progress = silent) -> Tally:
        asked.append((job, trips))
        return job.count(0, trips)

    policy = LabPolicy(grace=12)
    sweep(MODEL, policy=policy, graces=(0, 9), count=50, seed=8, counter=counter)
    assert asked == [(Job(MODEL, policy, 8, 13), 50)]


# -- a list --------------------------------------------------------------------------------------------------------


def test_a_row_of_a_list_adds_up_its_trips(fleet: Sweep):
    by_trip, row = fleet.by_trip(7), fleet.by_grace().row(7, named=True)
    crews = {trip.name: trip.crew for trip in source.fleet(EXAMPLE)}
    lost = sum(crews[name] * days for name, days in by_trip.select("trip", "days_refused").iter_rows())
    assert (row["trips"], row["trips_touched"], row["days_refused"]) == (12, 11, 298)
    assert (row["people_days_lost"], row["first_refused_day"]) == (lost, 9)
    assert by_trip["days_refused"].sum() == 298
    assert by_trip["first_refused_day"].min() == 9


def test_a_trip_without_a_refused_day_has_no_first_one(fleet: Sweep):
    row = fleet.by_trip(30).filter(trip="Gulf hitch").row(0)
    assert row == ("Gulf hitch", "Cassia Dawn", 28, 0, None)


def test_vessels_add_up_to_the_whole(fleet: Sweep):
    table, whole = fleet.by_vessel(), fleet.by_grace()
    assert table["vessel"].unique().sort().to_list() == sorted({trip.vessel for trip in source.fleet(EXAMPLE)})
    for grace in (0, 7, 21, 30, 60):
        rows = table.filter(grace=grace)
        for name in ("trips", "trips_touched", "days_refused", "people_days_lost"):
            assert rows[name].sum() == whole[name][grace], (grace, name)
        assert rows["first_refused_day"].min() == whole["first_refused_day"][grace]


def test_a_list_is_told_whole_with_its_days_left(fleet: Sweep):
    assert fleet.trips == 12
    assert fleet.left()["trips"].sum() == 12
    assert fleet.survival((30,)).filter(day=70)["running"].item() == 12 - 9


@pytest.mark.parametrize("trips", [(), []])
def test_a_list_without_a_trip_is_refused(trips: Sequence[Listed]):
    with pytest.raises(InputError, match="there is no trip"):
        sweep(trips)


# -- what cannot be asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, -1])
def test_no_trips_are_no_sweep(count: int):
    with pytest.raises(InputError, match=rf"--trips {count}: a sweep needs at least one trip"):
        sweep(MODEL, count=count)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (40, 5, r"grace 40\.\.5: this range runs backwards: write 5\.\.40"),
        (-1, 5, r"a grace has 0 to 3650 days"),
        (0, MOST_GRACE + 1, r"a grace has 0 to 3650 days"),
    ],
)
def test_a_range_that_is_none_is_refused(low: int, high: int, words: str):
    with pytest.raises(InputError, match=words):
        check_graces(low, high)
    with pytest.raises(InputError, match=words):
        sweep(MODEL, graces=(low, high), count=10)


def test_one_grace_is_a_range():
    assert sweep(MODEL, graces=(30, 30), count=10).by_grace().height == 1


def test_a_model_is_told_for_one_trip_too():
    model = TripModel("one day", ((1, 1.0),))
    assert sweep(model, graces=(0, 2), count=1).by_grace()["trips_touched"].to_list() == [0, 0, 0]
