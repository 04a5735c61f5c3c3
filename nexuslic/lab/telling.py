"""What the lab found, in plain words."""

from typing import Any

import polars as pl

from nexuslic.lab.exact import Exact
from nexuslic.lab.sweeping import Sweep
from nexuslic.lab.words import days, number, share


def at_grace(by_grace: pl.DataFrame, grace: int) -> str:
    """One sentence on one grace."""
    row = by_grace.row(by_predicate=pl.col("grace") == grace, named=True)
    if not row["share_touched"]:
        return f"With {days(grace)} of grace no trip has a refused day."
    many = f"{number(row['trips_touched'])} of {number(row['trips'])} trips ({share(row['share_touched'])})"
    touched = many if "trips" in row else f"{share(row['share_touched'])} of trips"
    refused = days(row["days_refused_per_trip"])
    have = "has" if row.get("trips_touched") == 1 else "have"
    earliest = f"the earliest on day {row['first_refused_day']}"
    return f"With {days(grace)} of grace {touched} {have} a refused day: {refused} a trip, {earliest}."


def rests_on(answer: Sweep | Exact, words: str, seed: int) -> str:
    """One sentence on what the answer rests on."""
    if isinstance(answer, Exact):
        return f"This is exact: the {words} has no memory, and no trip was drawn."
    if answer.told is None:
        return f"It rests on {number(answer.trips)} trips of the {words}, drawn from seed {seed}."
    simulated = int(answer.tally.told[1])
    said = f"It rests on the {number(answer.trips)} trips of {words}"
    return f"{said}; {number(simulated)} of them went through the simulation." if simulated else f"{said}."


def cell(name: str, value: Any) -> str:
    """A cell of a table."""
    if value is None:
        return "none"
    if name.startswith("share"):
        return share(value)
    return value if isinstance(value, str) else number(value)
