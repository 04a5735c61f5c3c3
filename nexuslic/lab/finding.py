"""The least that keeps a target: a grace, an extension, the latest day for a hotspot, when to warn.

A share of drawn trips is known within an interval (Wilson's, at 95 of 100); an exact answer and a list have none.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from math import sqrt
from statistics import stdev
from typing import Final

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import amounts, counting, listed
from nexuslic.lab.counting import Counter, Job, Progress, silent
from nexuslic.lab.exact import exact
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.sweeping import DRAWN, Trips
from nexuslic.lab.tally import Tally

Z: Final = 1.959964
"""Half of the interval that holds 95 of 100, in standard deviations."""
HOTSPOT_TRIPS: Final = 200_000
"""How many trips are drawn for each day of a hotspot, where nobody says."""
MOST_TRIED: Final = 365
"""The most days of grace, or of an extension, that are tried where nobody says."""
_BATCHES: Final = 20
"""Batches of trips whose means tell how far refused days spread."""
_SPREAD: Final = 200_000
"""The most trips that are told once more for that."""
_STUDENT: Final = 2.093
"""Half of the interval that holds 95 of 100, by that many batches, in standard deviations of the mean."""


class Knob(Enum):
    """What is turned to keep a target."""

    GRACE = "grace"
    EXTENSION = "extension"
    HOTSPOT = "hotspot"
    WARN_FROM = "warn_from"


class Measure(Enum):
    """What a target is of: trips with a refused day, refused days a trip, or trips that are warned for nothing."""

    TRIPS = "refused trips"
    DAYS = "refused days"
    NEEDLESS = "needless warnings"


@attrs.frozen
class Target:
    """A bound that is not to be passed: a share of trips (0 to 1), or days a trip."""

    measure: Measure
    most: float

    def __str__(self) -> str:
        if self.measure is Measure.TRIPS:
            return f"at most {amounts.share(self.most)} of trips refused"
        if self.measure is Measure.NEEDLESS:
            return f"at most {amounts.share(self.most)} of trips warned for nothing"
        return f"at most {self.most:g} refused day{'' if self.most == 1 else 's'} a trip"


@attrs.frozen
class Point:
    """What one setting comes to: the measured value, and its interval where trips were drawn."""

    setting: int
    value: float
    low: float
    high: float


@attrs.frozen
class Found:
    """What was found: the setting that keeps the target (None: none does), all that were looked at, how many trips.

    `nearest` comes nearest where none does. `trips` is 0 where the answer is exact.
    """

    knob: Knob
    target: Target
    best: Point | None
    nearest: Point
    points: tuple[Point, ...]
    trips: int


def wilson(hits: float, trips: int) -> tuple[float, float]:
    """The interval of a share that was `hits` of `trips`, at 95 of 100."""
    if trips == 0:
        return 0.0, 1.0
    p, z = hits / trips, Z * Z / trips
    middle, half = p + z / 2, Z * sqrt(p * (1 - p) / trips + z / (4 * trips))
    return max(0.0, (middle - half) / (1 + z)), min(1.0, (middle + half) / (1 + z))


def chosen(knob: Knob, target: Target, points: Sequence[Point], trips: int) -> Found:
    """The setting that keeps the target.

    Of graces and extensions the least from which on every larger one keeps it; of hotspots the latest day; of warnings
    the earliest, that is the most days left.
    """
    kept = [point for point in points if point.value <= target.most]
    if knob in (Knob.HOTSPOT, Knob.WARN_FROM):
        best = max(kept, key=_setting, default=None)
    else:
        passed = max((point.setting for point in points if point.value > target.most), default=-1)
        best = min((point for point in kept if point.setting > passed), key=_setting, default=None)
    nearest = min(points, key=lambda point: (point.value, point.setting))
    return Found(knob, target, best, nearest, tuple(points), trips)


def _setting(point: Point) -> int:
    return point.setting


@attrs.frozen
class Finder:
    """Looks for a setting over trips under a policy; `count` and `seed` are for models."""

    trips: Trips
    policy: LabPolicy
    count: int
    seed: int
    counter: Counter = counting.here
    progress: Progress = silent

    def find(self, knob: Knob, target: Target, settings: range) -> Found:
        """Look through all `settings` of the knob. Raises InputError."""
        check(knob, target)
        if isinstance(self.trips, TripModel) and self.trips.memoryless and knob is Knob.GRACE and not self.count:
            return self._exactly(target, settings)
        tallies = list(self._tallies(knob, settings))
        points = [self._point(setting, tally, at, target.measure) for setting, tally, at in tallies]
        found = chosen(knob, target, points, self._number)
        drawn = isinstance(self.trips, TripModel) and self.count >= _BATCHES
        if found.best is None or target.measure is not Measure.DAYS or not drawn:
            return found
        return attrs.evolve(found, best=self._between(knob, found.best))

    @property
    def _number(self) -> int:
        return self.count if isinstance(self.trips, TripModel) else len(self.trips)

    def _exactly(self, target: Target, settings: range) -> Found:
        assert isinstance(self.trips, TripModel)
        table = exact(self.trips, (settings[0], settings[-1])).by_grace()
        name = "share_touched" if target.measure is Measure.TRIPS else "days_refused_per_trip"
        values = zip(table["grace"].to_list(), table[name].to_list(), strict=True)
        return chosen(Knob.GRACE, target, [Point(grace, value, value, value) for grace, value in values], 0)

    def _tallies(self, knob: Knob, settings: range) -> Iterator[tuple[int, Tally, int]]:
        """Each setting, the tally that tells of it, and at which place (a grace, an extension, days left)."""
        grace, most = self.policy.grace, settings[-1]
        if knob is Knob.HOTSPOT:
            for day in settings:
                yield day, self._tally(grace + 1, hotspot=day), grace
            return
        if knob is Knob.WARN_FROM:
            tally = self._tally(grace + 1, full=True)
        else:
            tally = self._tally(most + 1, extension=knob is Knob.EXTENSION)
        yield from ((setting, tally, setting) for setting in settings)

    def _tally(self, graces: int, *, hotspot: int = 0, extension: bool = False, full: bool = False) -> Tally:
        if isinstance(self.trips, TripModel):
            job = Job(self.trips, self.policy, self.seed, graces, full, hotspot, extension)
            return self.counter(job, self.count, self.progress)
        trips = [one.with_contact(hotspot) for one in self.trips] if hotspot else self.trips
        told = listed.tell(trips, self.policy, graces, self.progress, extension=extension)
        return told.tally(min(self.policy.grace, graces - 1))

    def _between(self, knob: Knob, point: Point) -> Point:
        """A mean of refused days with its interval, by the means of batches of the first trips."""
        assert isinstance(self.trips, TripModel)
        grace, at = self.policy.grace, self.policy.grace if knob is Knob.HOTSPOT else point.setting
        hotspot = point.setting if knob is Knob.HOTSPOT else 0
        job = Job(
            self.trips,
            self.policy,
            self.seed,
            max(grace, at) + 1,
            hotspot=hotspot,
            sweeps_extension=knob is Knob.EXTENSION,
        )
        size = min(self.count, _SPREAD) // _BATCHES
        tallies = (job.count(start * size, size) for start in range(_BATCHES))
        means = [float(tally.refused[:, at].sum()) / size for tally in tallies]
        half = _STUDENT * stdev(means) * sqrt(size / self.count)
        return attrs.evolve(point, low=max(0.0, point.value - half), high=point.value + half)

    def _point(self, setting: int, tally: Tally, at: int, measure: Measure) -> Point:
        number = self._number
        if measure is Measure.DAYS:
            value = float(tally.refused[:, at].sum()) / number
            return Point(setting, value, value, value)
        needless = measure is Measure.NEEDLESS
        hits = float(tally.warned[:, 1 : at + 2].sum() if needless else tally.touched[:, at].sum())
        low, high = wilson(hits, number) if isinstance(self.trips, TripModel) else (hits / number,) * 2
        return Point(setting, hits / number, low, high)


def usual(knob: Knob, trips: Trips, policy: LabPolicy) -> range:
    """The settings that are tried where nobody says."""
    if knob is Knob.HOTSPOT:
        return range(2, 1 + (trips.days if isinstance(trips, TripModel) else max(one.days for one in trips)))
    return range(1 + (policy.grace if knob is Knob.WARN_FROM else MOST_TRIED))


def drawn(knob: Knob, trips: Trips, count: int | None) -> int:
    """How many trips are drawn: `count`, where somebody says; none of a list, and none where the answer is exact."""
    if not isinstance(trips, TripModel):
        return 0
    if count is not None:
        return count
    if knob is Knob.GRACE and trips.memoryless:
        return 0
    return HOTSPOT_TRIPS if knob is Knob.HOTSPOT else DRAWN


def check(knob: Knob, target: Target) -> None:
    """Refuse a target that the knob does not turn. Raises InputError."""
    needless = target.measure is Measure.NEEDLESS
    if needless != (knob is Knob.WARN_FROM):
        said = (
            "--by warn_from takes --needless-warnings"
            if not needless
            else "--needless-warnings goes with --by warn_from"
        )
        raise InputError(f"{said}: when people are warned changes nothing about who is refused")
