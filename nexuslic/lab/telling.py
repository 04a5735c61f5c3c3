"""What the lab found, in plain words."""

from typing import Any

import polars as pl

from nexuslic.lab import amounts
from nexuslic.lab.comparing import Comparison
from nexuslic.lab.exact import Exact
from nexuslic.lab.finding import Found, Knob, Measure, Point
from nexuslic.lab.sweeping import Sweep


def at_grace(by_grace: pl.DataFrame, grace: int) -> str:
    """One sentence on one grace."""
    row = by_grace.row(by_predicate=pl.col("grace") == grace, named=True)
    with_grace = f"With {amounts.days(grace)} of grace,"
    if not row["share_touched"]:
        return f"{with_grace} no trip has a refused day."
    touched, have = f"{amounts.share(row['share_touched'])} of trips", "have"
    if "trips" in row:
        have = "has" if row["trips_touched"] == 1 else "have"
        many = f"{amounts.count(row['trips_touched'])} of {amounts.count(row['trips'])} trips"
        touched = f"{many} ({amounts.share(row['share_touched'])})"
    refused, earliest = amounts.days(float(row["days_refused_per_trip"])), row["first_refused_day"]
    return f"{with_grace} {touched} {have} a refused day: {refused} a trip, the earliest on day {earliest}."


def rests_on(answer: Sweep | Exact, words: str, seed: int) -> str:
    """One sentence on what a sweep rests on."""
    if isinstance(answer, Exact):
        return f"This is exact: the {words} has no memory, and no trip was drawn."
    if answer.told is None:
        return f"It rests on {_trips(answer.trips)} of the {words}, drawn from seed {seed}."
    simulated = int(answer.tally.told[1])
    said = f"It rests on the {_trips(answer.trips)} of {words}"
    return f"{said}; {amounts.count(simulated)} of them went through the simulation." if simulated else f"{said}."


def _trips(count: int) -> str:
    return f"{amounts.count(count)} trip{'' if count == 1 else 's'}"


_KEEPS = {
    Knob.GRACE: "The least grace that keeps it is {} days",
    Knob.EXTENSION: "The least extension before departure that keeps it is {} days",
    Knob.HOTSPOT: "The latest day for one hotspot that keeps it is day {}",
    Knob.WARN_FROM: "The earliest warning that keeps it is at {} days left",
}
_NAMED = {
    Knob.GRACE: "a grace of {} days",
    Knob.EXTENSION: "an extension of {} days",
    Knob.HOTSPOT: "a hotspot on day {}",
    Knob.WARN_FROM: "a warning at {} days left",
}


def found(answer: Found, words: str, seed: int | None) -> list[str]:
    """What was found, in sentences; where nothing was, what comes nearest. `seed`: none for a list of trips."""
    said = []
    if answer.best is None:
        named = _with(_NAMED[answer.knob], answer.nearest)
        said.append(f"Nothing keeps {answer.target}: {named} comes nearest: {_measured(answer, answer.nearest)}.")
    else:
        keeps = _with(_KEEPS[answer.knob], answer.best)
        said.append(f"Target: {answer.target}. {keeps}: {_measured(answer, answer.best)}.")
        if answer.best.high > answer.target.most:
            said.append("The target lies within that interval: draw more trips to be sure.")
    if not answer.trips:
        said.append(f"This is exact: the {words} has no memory, and no trip was drawn.")
    elif seed is None:
        said.append(f"It rests on the {_trips(answer.trips)} of {words}.")
    else:
        said.append(f"It rests on {_trips(answer.trips)} of the {words}, drawn from seed {seed}.")
    return said


def _with(words: str, point: Point) -> str:
    return words.format(point.setting).replace(" 1 days", " 1 day")


def _measured(answer: Found, point: Point) -> str:
    if answer.target.measure is Measure.DAYS:
        said = f"{amounts.mean(point.value)} refused days a trip"
        if point.low == point.high:
            return said
        return f"{said} (between {point.low:.3g} and {point.high:.3g}, 95 times of 100)"
    what = "warned for nothing" if answer.target.measure is Measure.NEEDLESS else "refused"
    said = f"{amounts.share(point.value)} of trips are {what}"
    if point.low == point.high:
        return said
    return f"{said} (between {_fine(point.low)} and {_fine(point.high)}, 95 times of 100)"


def _fine(share: float) -> str:
    """A share that is told from another near it."""
    return f"{100 * share:.3g} %"


def compared(answer: Comparison) -> list[str]:
    """What changes from the first policy to the second, and for whom, in sentences."""
    one, other = (policy.title for policy in answer.policies)
    if not (answer.first or answer.second or answer.refused[0] != answer.refused[1]):
        return [f"Nothing changes on these {amounts.count(answer.trips)} trips: both refuse the same days."]
    lost = (amounts.count(days) for days in answer.people)
    return [
        f"Of {amounts.count(answer.trips)} trips, {amounts.count(answer.second)} "
        f"({amounts.share(answer.second / answer.trips)}) {'loses' if answer.second == 1 else 'lose'} days only under "
        f"{other}, and "
        f"{amounts.count(answer.first)} ({amounts.share(answer.first / answer.trips)}) only under {one}.",
        f"Refused days: {amounts.count(answer.refused[0])} under {one}, {amounts.count(answer.refused[1])} under "
        f"{other}; people-days lost: {next(lost)} and {next(lost)}.",
    ]


def cell(name: str, value: Any) -> str:
    """A cell of a table."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return value
    if name in ("share_low", "share_high"):
        return _fine(value)
    if name.startswith("share") or name in ("value", "low", "high"):
        return amounts.share(value)
    return f"{value:,}" if isinstance(value, int) else amounts.mean(value)
