"""The questions of `nexuslic policy` as functions for a notebook: frames come back, or values that hold them.

Trips are named as on the command line (a model by its name, or the path of a list, of a model or of stories), or given
as a TripModel. A policy is the path of its file, or a LabPolicy; without one it is the documented one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from nexuslic.errors import InputError
from nexuslic.lab import comparing, finding, sweeping, told
from nexuslic.lab.comparing import Comparison
from nexuslic.lab.exact import Exact, exact
from nexuslic.lab.finding import Finder, Found, Knob, Measure, Target
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy, read_policy
from nexuslic.lab.source import trips_of
from nexuslic.lab.sweeping import DRAWN, GRACES, SEED, Sweep, Trips, check_graces
from nexuslic.lab.trip import Trip, check
from nexuslic.scenario import strip

Named = str | Path | TripModel
"""What trips are asked about."""
Ruled = str | Path | LabPolicy | None
"""Under which policy."""
CURVES: Final = (7, 14, 21, 30, 45)
_BY: Final = ("grace", "length", "vessel", "trip")


def sweep(
    of: Named,
    *,
    grace: range | tuple[int, int] = GRACES,
    by: str = "grace",
    trips: int | None = None,
    seed: int = SEED,
    policy: Ruled = None,
) -> pl.DataFrame:
    """Who is refused at every grace: the table of `nexuslic policy sweep`, all of its rows.

    `grace`: the first and the last, in days, or a range. `by`: "grace", "length", "vessel" or "trip" (of a list).
    `trips`: how many are drawn of a model; without, one that has no memory is answered exactly, any other by a million.
    Raises InputError.
    """
    if by not in _BY:
        raise InputError(f"by={by!r}: rows are by {', '.join(_BY)}")
    found, under, graces = _trips(of), _policy(policy), _graces(grace)
    answer = _answer(found, under, (min(graces), max(graces)), trips, seed)
    return _table(answer, by, graces).filter(pl.col("grace").is_in(graces))


def survival(
    of: Named,
    *,
    graces: Sequence[int] = CURVES,
    trips: int | None = None,
    seed: int = SEED,
    policy: Ruled = None,
) -> pl.DataFrame:
    """The share of trips without a refused day up to each day, a curve for each grace: grace, day, share.

    Where trips were drawn or listed, also how many there are, and how many of them still run. Raises InputError.
    """
    if not graces:
        raise InputError("graces: there is none: name one at least, such as (21, 30)")
    answer = _answer(_trips(of), _policy(policy), (min(graces), max(graces)), trips, seed, full=True)
    return answer.survival(tuple(graces))


def find(
    of: Named,
    *,
    refused_trips: float | None = None,
    refused_days: float | None = None,
    needless_warnings: float | None = None,
    by: str = "grace",
    within: range | tuple[int, int] | None = None,
    trips: int | None = None,
    seed: int = SEED,
    policy: Ruled = None,
) -> Found:
    """The least grace that keeps a target; or, `by` "extension", "hotspot" or "warn_from", what that command finds.

    One target: `refused_trips` and `needless_warnings` are shares (0.01), `refused_days` are days a trip. `within`:
    which settings are tried. Raises InputError.
    """
    bounds = {Measure.TRIPS: refused_trips, Measure.DAYS: refused_days, Measure.NEEDLESS: needless_warnings}
    given = [Target(measure, most) for measure, most in bounds.items() if most is not None]
    if len(given) != 1:
        raise InputError("give one target, such as refused_trips=0.01")
    if by not in {knob.value for knob in Knob}:
        raise InputError(f"by={by!r}: what is turned is one of {', '.join(knob.value for knob in Knob)}")
    found, under, knob = _trips(of), _policy(policy), Knob(by)
    tried = finding.usual(knob, found, under) if within is None else _graces(within)
    count = finding.drawn(knob, found, None if trips is None else _count(trips))
    return Finder(found, under, count, seed).find(knob, given[0], tried)


def compare(
    one: str | Path | LabPolicy,
    other: str | Path | LabPolicy,
    of: Named,
    *,
    trips: int = DRAWN,
    seed: int = SEED,
) -> Comparison:
    """The same trips under two policies: counts, a table `by_length`, and the five most telling. Raises InputError."""
    return comparing.compare(_policy(one), _policy(other), _trips(of), count=_count(trips), seed=seed)


def voyage_strip(trip: Trip, title: str = "") -> str:
    """One trip as its day strip, SVG text: a square a day, with its letter. Raises InputError."""
    check(trip)
    listed = Listed("", "", 1, trip.days, trip)
    return strip.svg(told.strip_of(listed, trip.grace), title or told.title_of(listed))


# -- what is asked about ----------------------------------------------------------------------------------------------


def _trips(of: Named) -> Trips:
    return of if isinstance(of, TripModel) else trips_of(str(of))


def _policy(policy: Ruled) -> LabPolicy:
    if policy is None or isinstance(policy, LabPolicy):
        return policy or LabPolicy()
    return read_policy(Path(policy))


def _graces(given: range | tuple[int, int]) -> range:
    """A range as Python has it (without its end), or the first and the last. Raises InputError."""
    if isinstance(given, range):
        if not given:
            raise InputError(f"{given}: there is no grace in it: a range ends before its second number")
        low, high = min(given), max(given)
    else:
        low, high = given
    check_graces(low, high)
    return given if isinstance(given, range) else range(low, high + 1)


def _count(trips: int) -> int:
    if trips < 1:
        raise InputError(f"trips={trips}: there has to be at least one")
    return trips


def _answer(
    found: Trips, policy: LabPolicy, graces: tuple[int, int], trips: int | None, seed: int, *, full: bool = False
) -> Sweep | Exact:
    check_graces(*graces)
    if isinstance(found, TripModel) and found.memoryless and trips is None:
        return exact(found, graces)
    count = _count(DRAWN if trips is None else trips)
    return sweeping.sweep(found, policy=policy, graces=graces, count=count, seed=seed, full=full)


def _table(answer: Sweep | Exact, by: str, graces: range) -> pl.DataFrame:
    if by in ("vessel", "trip") and (not isinstance(answer, Sweep) or answer.told is None):
        raise InputError(f"by={by!r}: a model has no list of trips: name a list, or stories")
    if by == "length":
        return answer.by_length()
    if isinstance(answer, Sweep) and by == "vessel":
        return answer.by_vessel()
    if isinstance(answer, Sweep) and by == "trip":
        return pl.concat(_of_trips(answer, grace) for grace in graces)
    return answer.by_grace()


def _of_trips(answer: Sweep, grace: int) -> pl.DataFrame:
    columns: list[Any] = [pl.lit(grace, pl.Int64).alias("grace"), pl.all()]
    return answer.by_trip(grace).select(columns)
