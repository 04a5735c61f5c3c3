"""Charts of shares of trips: by grace, by day of the trip, by the day of a hotspot, and where a target is met.

What is looked at is thick and in the accent, all else thin and dim; curves are labelled where they end.
"""

from typing import Any

import altair as alt
import polars as pl

from nexuslic.lab import amounts
from nexuslic.lab.charts.drawing import Chart, finished
from nexuslic.lab.charts.labels import some_of, spread

_WIDTH, _HEIGHT = 750, 280
_PERCENT = "format(datum.value * 100, '~g') + ' %'"
_MOST_CURVES = 7
_LINE_OF_TEXT = 17 / _HEIGHT


def _x(field: str, title: str, **more: Any) -> alt.X:
    return alt.X(f"{field}:Q", title=title, scale=alt.Scale(nice=False, **more), axis=alt.Axis(tickMinStep=1))


def _share(field: str = "share", title: str = "share of trips", **more: Any) -> alt.Y:
    axis = alt.Axis(labelExpr=_PERCENT, tickCount=5)
    return alt.Y(f"{field}:Q", title=title, axis=axis, scale=alt.Scale(zero=True, **more))


def _at(x: float, said: str) -> list[alt.Chart]:
    """A line at a place of the x axis, with what it is above it."""
    place = alt.Chart(pl.DataFrame({"at": [x], "said": [said]})).encode(x="at:Q")
    words = place.mark_text(style="words-strong", align="left", dx=5, dy=-6).encode(text="said:N", y=alt.value(0))
    return [place.mark_rule(style="mark"), words]


def _level(y: float, said: str) -> list[alt.Chart]:
    """A line at a height of the y axis, with what it is at its right end."""
    place = alt.Chart(pl.DataFrame({"at": [y], "said": [said]})).encode(y="at:Q")
    words = place.mark_text(style="words", align="right", baseline="bottom", dy=-3).encode(
        text="said:N", x=alt.value(_WIDTH)
    )
    return [place.mark_rule(style="mark"), words]


def _sized(*layers: alt.Chart, height: int = _HEIGHT) -> Any:
    return alt.layer(*layers).properties(width=_WIDTH, height=height)


def sweep_chart(by_grace: pl.DataFrame, grace: int | None = None) -> Chart:
    """The share of trips touched, and the days refused, by grace; `grace` is marked.

    The days are those on all trips, or those of a trip where the answer is exact, and no trip was counted.
    """
    x = _x("grace", "grace, days")
    drawn = alt.Chart(by_grace).mark_line(style="looked-at", interpolate="linear")
    counted = "days_refused" in by_grace.columns
    field, title = ("days_refused", "days refused") if counted else ("days_refused_per_trip", "days refused a trip")
    days = alt.Y(f"{field}:Q", title=title, axis=alt.Axis(tickCount=4, format="~s"))
    marks = [] if grace is None else _at(grace, f"grace {grace}")
    upper = _sized(drawn.encode(x=x, y=_share("share_touched", "share of trips touched")), *marks, height=220)
    lower = _sized(drawn.encode(x=x, y=days), *([] if grace is None else [marks[0]]), height=140)
    return finished(alt.vconcat(upper, lower, spacing=30), "Share of trips touched and days refused, by grace")


def survival_chart(survival: pl.DataFrame, grace: int | None = None) -> Chart:
    """The share of trips still running on day d, a step curve for each grace (some, where there are many)."""
    shown = curves_of(survival, grace)
    curves = survival.filter(pl.col("grace").is_in(shown)).sort("grace", "day")
    last = max(curves["day"].to_list())
    ends = _ends(curves.filter(pl.col("day") == last))
    x, y = _x("day", "day of the trip", domain=[1, last]), _share(domain=[0, 1])
    looked = pl.col("grace") == pl.lit(grace, pl.Int64)
    layers = []
    for kind, rows in (("other", ~looked if grace is not None else True), ("looked-at", looked)):
        lines = alt.Chart(curves.filter(rows)).mark_line(style=kind, interpolate="step-after")
        layers += [lines.encode(x=x, y=y, detail="grace:N"), *_labels(ends.filter(rows), f"words-{kind}")]
    return finished(_sized(*layers), "Share of trips still running on each day, for each grace")


def curves_of(survival: pl.DataFrame, grace: int | None) -> list[int]:
    """The graces whose curves are drawn."""
    return some_of(survival["grace"].unique().to_list(), grace, _MOST_CURVES)


def _ends(ends: pl.DataFrame) -> pl.DataFrame:
    """Where curves end, with their labels (said) and where those stand (place)."""
    ordered = ends.sort("share", "grace", descending=True)
    places = spread(ordered["share"].to_list(), _LINE_OF_TEXT, 0, 1)
    said = [amounts.days(grace) for grace in ordered["grace"]]
    return ordered.with_columns(pl.Series("place", places, pl.Float64), pl.Series("said", said, pl.String))


def _labels(ends: pl.DataFrame, style: str) -> list[alt.Chart]:
    """The labels of curves, each led to from its curve's end."""
    left, right = alt.value(_WIDTH + 2), alt.value(_WIDTH + 14)
    leader = alt.Chart(ends).mark_rule(style="leader").encode(x=left, x2=right, y="share:Q", y2="place:Q")
    words = alt.Chart(ends).mark_text(style=style, align="left")
    return [leader, words.encode(x=alt.value(_WIDTH + 18), y="place:Q", text="said:N")]


def left_chart(left: pl.DataFrame) -> Chart:
    """How many days were left at the last launch, as shares of the trips; refused launches stand apart."""
    every = sum(left["trips"].to_list()) or 1
    shares = left.with_columns((pl.col("trips") / every).alias("share"))
    ran = shares.drop_nulls("days_left")
    most = max(ran["days_left"].to_list(), default=1) or 1
    refused = sum(shares.filter(pl.col("days_left").is_null())["share"].to_list())
    thick = min(24.0, max(1.5, 0.7 * _WIDTH / most))
    axis = alt.Axis(tickMinStep=1, labelExpr="datum.value < 0 ? '' : datum.label")
    scale = alt.Scale(domain=[-0.1 * most, most + 0.5], nice=False)
    x = alt.X("days_left:Q", title="days left at the last launch", scale=scale, axis=axis)
    bars = alt.Chart(ran).mark_bar(style="filled", size=thick).encode(x=x, y=_share())
    row = {"days_left": [-0.06 * most], "share": [refused], "said": [f"refused: {amounts.share(refused)}"]}
    apart = alt.Chart(pl.DataFrame(row)).encode(x=x, y=_share())
    words = apart.mark_text(style="words-strong", align="left", dx=-9, dy=-8).encode(text="said:N")
    layers = [bars, apart.mark_bar(style="refused", size=18), words]
    return finished(_sized(*layers, height=220), "Days left at the last launch of a trip, as shares of trips")


def hotspot_chart(hotspot: pl.DataFrame) -> Chart:
    """The share of trips touched with one hour of contact more on day d, against none (the row of day 0)."""
    without = hotspot.filter(pl.col("day") == 0)["share_touched"].to_list()
    days = hotspot.filter(pl.col("day") > 0).sort("day")
    best, least = best_days(hotspot)
    x = _x("day", "day of the hotspot")
    drawn = alt.Chart(days).mark_line(style="looked-at", interpolate="step").encode(x=x, y=_share("share_touched"))
    named = f"day {best[0]}" if len(best) == 1 else f"days {amounts.spans(best)}"
    point = pl.DataFrame({"day": [best[0]], "at": [least], "said": [f"{named}: {amounts.share(least)}"]})
    at = alt.Chart(point).encode(x="day:Q", y="at:Q")
    marks = [
        at.mark_circle(style="filled", size=70),
        at.mark_text(style="words-looked-at", align="left", dx=-4, dy=17).encode(text="said:N"),
    ]
    levels = _level(without[0], f"without: {amounts.share(without[0])}") if without else []
    return finished(_sized(*levels, drawn, *marks), "Share of trips touched, by the day of one hotspot more")


def best_days(hotspot: pl.DataFrame) -> tuple[list[int], float]:
    """The days of one hotspot that leave the fewest trips touched, and what share that is."""
    days = hotspot.filter(pl.col("day") > 0).sort("day")
    least = days.filter(pl.col("share_touched") == days["share_touched"].min())
    return least["day"].to_list(), float(least["share_touched"][0])


def find_chart(tried: pl.DataFrame, target: float, met: int | None, knob: str = "grace, days") -> Chart:
    """A measure by what was turned, the target as a line, and where it is met (None: nowhere).

    Columns: `value` (what was turned, a whole number), `share` (of trips), and, if known, `low` and `high`, the ends
    of its confidence interval. `knob` says what was turned, with its unit.
    """
    base = alt.Chart(tried.sort("value"))
    x, y = _x("value", knob), _share()
    layers = []
    if {"low", "high"} <= set(tried.columns):
        layers.append(base.mark_area(style="band").encode(x=x, y=_share("low"), y2="high:Q"))
    layers.append(base.mark_line(style="looked-at").encode(x=x, y=y))
    layers += _level(target, f"target: {amounts.share(target)}")
    layers += [] if met is None else _at(met, f"met at {met}")
    return finished(_sized(*layers), f"Share of trips by {knob}, and where the target is met")
