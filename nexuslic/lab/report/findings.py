"""What each chart of a report shows, as a sentence: read off its frame, so that words and picture cannot differ."""

import polars as pl

from nexuslic.errors import InputError
from nexuslic.lab import amounts
from nexuslic.lab.charts.curves import best_days
from nexuslic.lab.report.content import Content


def at_grace(content: Content) -> dict[str, int | float | None]:
    """The row of the grace that is looked at. Raises InputError where it was not among those tried."""
    rows = content.by_grace.filter(pl.col("grace") == content.grace).to_dicts()
    if not rows:
        raise InputError(f"a report on grace {content.grace}: that is not among the graces tried: sweep over it too")
    return rows[0]


def of_lengths(content: Content) -> str:
    """Which trips lose no day, and what the longest lose."""
    rows = content.by_length.filter(pl.col("grace") == content.grace).sort("length")
    losing = rows.filter(pl.col("days_refused") > 0)["length"].to_list()
    longest, lost = rows["length"].to_list()[-1], rows["days_refused_per_trip"].to_list()[-1]
    most = f"a trip of {amounts.days(longest)} loses {amounts.days(float(lost))} on average"
    if not losing:
        return f"With {_grace(content)}, no trip loses a day, up to the longest of {amounts.days(longest)}."
    free = [length for length in rows["length"].to_list() if length < losing[0]]
    if not free:
        return f"With {_grace(content)}, trips of every length lose days: {most}."
    return f"With {_grace(content)}, trips of up to {amounts.days(free[-1])} lose no day; {most}."


def of_survival(content: Content) -> str:
    """Up to which day all trips run, and how many run to the end."""
    rows = content.survival.filter(pl.col("grace") == content.grace).sort("day")
    days, shares = rows["day"].to_list(), rows["share"].to_list()
    stopped = [day for day, share in zip(days, shares, strict=True) if share < 1]
    if not stopped:
        return f"With {_grace(content)}, every trip runs to its end."
    start = "some trips stop on day 1" if stopped[0] == 1 else f"every trip runs up to day {stopped[0] - 1}"
    return (
        f"With {_grace(content)}, {start}; {amounts.share(shares[-1])} of trips reach their end without a refused day."
    )


def of_left(content: Content) -> str:
    """How many last launches were refused, and how many days the others had left."""
    refused = sum(content.left.filter(pl.col("days_left").is_null())["trips"].to_list())
    ran = content.left.drop_nulls("days_left").sort("days_left", descending=True)
    every = refused + sum(ran["trips"].to_list())
    said = f"On {amounts.share(refused / max(1, every))} of trips the last launch was refused"
    middle = ran.filter(pl.col("trips").cum_sum() * 2 >= pl.col("trips").sum())["days_left"].to_list()
    return f"{said}; half of the others had {amounts.days(middle[0])} or more left." if middle else f"{said}."


def of_hotspot(content: Content) -> str:
    """The best day for one hotspot, and what it is worth."""
    best, least = best_days(content.hotspot)
    without = content.hotspot.filter(pl.col("day") == 0)["share_touched"].to_list()
    against = f", against {amounts.share(without[0])} without it" if without else ""
    if without and least >= without[0]:
        return (
            f"One hour of contact more helps on no day: {amounts.share(least)} of trips lose days with it or without."
        )
    named = f"day {best[0]}" if len(best) == 1 else f"one of the days {amounts.spans(best)}"
    return f"One hour of contact on {named} is worth most: {amounts.share(least)} of trips lose days{against}."


def _grace(content: Content) -> str:
    return f"{amounts.days(content.grace)} of grace"
