"""The sweep: trips at every grace, as tables.

Trips are those of a model, drawn by their numbers, or those of a list. What comes out is counted, exact, and the same
however it was computed; what it says of trips that nobody made is as good as the model.
"""

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import polars as pl

from nexuslic.errors import InputError
from nexuslic.lab import counting, listed
from nexuslic.lab.counting import Counter, Job, Progress, silent
from nexuslic.lab.listed import Listed, Told
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.tally import Counts, Tally

Trips = TripModel | Sequence[Listed]
MOST_GRACE = 3650
SEED = 1
GRACES = (0, 90)
DRAWN = 1_000_000
"""How many trips of a model are drawn, where nobody says."""


@attrs.frozen(eq=False)
class Sweep:
    """What trips came to at the graces `low` to `high` under a policy.

    `told` holds the trips of a list, one by one; None where they are of a model.
    """

    policy: LabPolicy
    low: int
    high: int
    tally: Tally
    crew: int
    told: Told | None = None

    @property
    def trips(self) -> int:
        """How many there are."""
        return int(self.tally.trips.sum())

    @property
    def graces(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Every grace of the sweep, in days."""
        return np.arange(self.low, self.high + 1)

    def by_grace(self) -> pl.DataFrame:
        """A row for each grace.

        Columns: grace (days), trips, trips_touched (with a refused day), share_touched, days_refused,
        days_refused_per_trip, people_days_lost (refused days times the people aboard), first_refused_day (the earliest
        of any trip; null: none).
        """
        tally = self.tally
        return _table(
            self.graces,
            self.trips,
            self._of(tally.touched.sum(0)),
            self._of(tally.refused.sum(0)),
            self._people(),
            self._of(_earliest(tally.earliest)),
        )

    def by_length(self) -> pl.DataFrame:
        """The same for each length of trip: `length` (days) stands first; without people."""
        tally, tables = self.tally, []
        for at, length in enumerate(tally.lengths):
            parts = (tally.touched[at], tally.refused[at], tally.earliest[at])
            touched, refused, earliest = map(self._of, parts)
            table = _table(self.graces, int(tally.trips[at]), touched, refused, None, earliest)
            tables.append(table.select(pl.lit(length).alias("length"), pl.all()))
        return pl.concat(tables)

    def by_vessel(self) -> pl.DataFrame:
        """The same for each vessel of a list: `vessel` stands first. Empty for a model, which has none."""
        tables = []
        for vessel in sorted({trip.vessel for trip in self.told.trips}) if self.told else ():
            mine = [at for at, trip in enumerate(self.told.trips) if trip.vessel == vessel] if self.told else []
            tables.append(self._of_some(mine).select(pl.lit(vessel).alias("vessel"), pl.all()))
        return pl.concat(tables) if tables else self.by_grace().clear().select(pl.lit("").alias("vessel"), pl.all())

    def by_trip(self, grace: int) -> pl.DataFrame:
        """A row for each trip of a list at one grace: trip, vessel, days, days_refused, first_refused_day."""
        told = self.told
        if told is None:
            raise InputError("a model has no list of trips: ask for its worst ones")
        first = told.first[:, grace]
        return pl.DataFrame(
            {
                "trip": [trip.name for trip in told.trips],
                "vessel": [trip.vessel for trip in told.trips],
                "days": [trip.days for trip in told.trips],
                "days_refused": told.refused[:, grace],
                "first_refused_day": _or_none(first),
            }
        )

    def survival(self, graces: Sequence[int]) -> pl.DataFrame:
        """Trips without a refused day up to each day, those that are over as they ended: grace, day, trips, running,
        share.
        """
        tables, size = [], self.trips
        for grace in graces:
            stopped = np.cumsum(self.tally.first[:, grace, 1:].sum(0))
            running = [size - int(count) for count in stopped]
            tables += [(grace, day, size, count, count / size) for day, count in enumerate(running, 1)]
        names = ("grace", "day", "trips", "running", "share")
        return pl.DataFrame(tables, schema=dict(zip(names, _SURVIVAL, strict=True)), orient="row")

    def left(self) -> pl.DataFrame:
        """Trips by the days left at their end, at the policy's grace: days_left (null: refused), trips."""
        counts = self.tally.left.sum(0)
        days = [None, *range(len(counts) - 1)]
        table = pl.DataFrame({"days_left": days, "trips": counts}, schema={"days_left": pl.Int64, "trips": pl.Int64})
        return table.filter(pl.col("trips") > 0)

    def _of(self, counts: Counts) -> Counts:
        part: Counts = counts[self.low : self.high + 1]
        return part

    def _people(self) -> Counts:
        if self.told is None:
            return self._of(self.tally.refused.sum(0)) * self.crew
        crews = np.array([trip.crew for trip in self.told.trips], np.int64)
        return self._of(crews @ self.told.refused)

    def _of_some(self, places: list[int]) -> pl.DataFrame:
        assert self.told is not None
        refused, first = self.told.refused[places], self.told.first[places]
        crews = np.array([self.told.trips[at].crew for at in places], np.int64)
        return _table(
            self.graces,
            len(places),
            self._of((first > 0).sum(0)),
            self._of(refused.sum(0)),
            self._of(crews @ refused),
            self._of(_earliest(first)),
        )


_SURVIVAL = (pl.Int64, pl.Int64, pl.Int64, pl.Int64, pl.Float64)


def _earliest(days: Counts) -> Counts:
    """The least that is not 0, over the first axis."""
    large = np.iinfo(np.int64).max
    least = np.where(days == 0, large, days).min(axis=0)
    found: Counts = np.where(least == large, 0, least)
    return found


def _or_none(days: Counts) -> list[int | None]:
    return [int(day) or None for day in days]


def _table(
    graces: Any, trips: int, touched: Counts, refused: Counts, people: Counts | None, earliest: Counts
) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "grace": graces,
        "trips": np.full(len(graces), trips, np.int64),
        "trips_touched": touched,
        "share_touched": touched / trips if trips else np.zeros(len(graces)),
        "days_refused": refused,
        "days_refused_per_trip": refused / trips if trips else np.zeros(len(graces)),
    }
    if people is not None:
        columns["people_days_lost"] = people
    table = pl.DataFrame(columns)
    return table.with_columns(pl.Series("first_refused_day", _or_none(earliest), dtype=pl.Int64))


def check_graces(low: int, high: int) -> None:
    """Refuse a range that is none. Raises InputError."""
    if low > high:
        raise InputError(f"grace {low}..{high}: this range runs backwards: write {high}..{low}")
    if low < 0 or high > MOST_GRACE:
        raise InputError(f"grace {low}..{high}: a grace has 0 to {MOST_GRACE} days")


def sweep(
    trips: Trips,
    *,
    policy: LabPolicy | None = None,
    graces: tuple[int, int] = GRACES,
    count: int = DRAWN,
    seed: int = SEED,
    full: bool = False,
    counter: Counter = counting.here,
    progress: Progress = silent,
) -> Sweep:
    """Sweep trips over the graces from the first to the second, both included.

    `count` trips are drawn of a model; a list is told whole. `full`: with first refused days and days left, for
    `survival` and `left`; a list always has them. Raises InputError.
    """
    policy, (low, high) = policy or LabPolicy(), graces
    check_graces(low, high)
    width = max(high, policy.grace) + 1
    if isinstance(trips, TripModel):
        if count < 1:
            raise InputError(f"--trips {count}: a sweep needs at least one trip")
        job = Job(trips, policy, seed, width, full)
        return Sweep(policy, low, high, counter(job, count, progress), trips.crew)
    if not trips:
        raise InputError("there is no trip: a list needs at least one")
    told = listed.tell(trips, policy, width, progress)
    return Sweep(policy, low, high, told.tally(policy.grace), 0, told)
