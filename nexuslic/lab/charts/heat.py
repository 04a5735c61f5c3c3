"""Refused days by trip length and grace, as a map: the darker, the more days of a trip are refused.

Cells of one class that stand side by side are one bar, so that seventy lengths by ninety graces stay small.
"""

from itertools import pairwise

import altair as alt
import attrs
import polars as pl

from nexuslic.lab.charts.drawing import Chart, finished
from nexuslic.lab.charts.labels import some_of

BREAKS = (0.1, 1.0, 3.0, 7.0, 14.0, 30.0)
NAMES = ("up to 0.1", "to 1", "to 3", "to 7", "to 14", "to 30", "more")
"""The classes of refused days a trip; none is no class, and stays paper."""


@attrs.frozen
class Classes:
    """What a map is of: a column of `by_length`, the classes of its values by their upper edges, and what it says."""

    column: str
    breaks: tuple[float, ...]
    names: tuple[str, ...]
    title: str


DAYS = Classes("days_refused_per_trip", BREAKS, NAMES, "refused days per trip")
TOUCHED = Classes(
    "share_touched",
    (0.001, 0.01, 0.05, 0.1, 0.25, 0.5),
    ("up to 0.1 %", "to 1 %", "to 5 %", "to 10 %", "to 25 %", "to 50 %", "more"),
    "share of trips with a refused day",
)
_WIDTH, _HEIGHT, _ROW = 770, 420, 26
_MOST_NAMED = 20


def heat_map(by_length: pl.DataFrame, grace: int | None = None, of: Classes = DAYS) -> Chart:
    """Refused days a trip by trip length (down) and grace (across), from a report's `by_length`; `grace` is marked.

    `of`: another column of it, in other classes.
    """
    lengths = sorted(by_length["length"].unique().to_list(), reverse=True)
    height = min(_HEIGHT, _ROW * len(lengths))
    runs = bars(by_length, of)
    edges = [min(runs["start"].to_list()), max(runs["end"].to_list())]
    x = alt.X("start:Q", title="grace, days", scale=alt.Scale(domain=edges, nice=False))
    y = alt.Y(
        "length:O",
        sort=lengths,
        title="trip length, days",
        axis=alt.Axis(values=_named(lengths)),
        scale=alt.Scale(padding=0.06 if len(lengths) <= _MOST_NAMED else 0),
    )
    legend = alt.Legend(
        title=f"{of.title} (blank: none)", columns=len(of.names), offset=34, columnPadding=16, titleLimit=400
    )
    colour = alt.Color("days:O", scale=alt.Scale(domain=list(of.names)), sort=list(of.names), legend=legend)
    shown = alt.Chart(runs).mark_rect(strokeWidth=0).encode(x=x, x2="end:Q", y=y, color=colour)
    layers: list[alt.Chart] = [shown.encode(tooltip=["length:O", "from:Q", "to:Q", "days:O"])]
    if grace is not None:
        at = alt.Chart(pl.DataFrame({"grace": [grace], "said": [f"grace {grace}"]})).encode(x="grace:Q")
        layers += [
            at.mark_rule(style="mark"),
            at.mark_text(style="words-strong", dy=-9).encode(text="said:N", y=alt.value(0)),
        ]
    layered = alt.layer(*layers).properties(width=_WIDTH, height=height)
    return finished(layered, f"{of.title[:1].upper()}{of.title[1:]}, by trip length and grace")


def _named(lengths: list[int]) -> list[int]:
    """The lengths that the axis names: all, or of many those that people count in."""
    fives = [length for length in lengths if length % 5 == 0]
    return lengths if len(lengths) <= _MOST_NAMED else some_of(fives or lengths, None, _MOST_NAMED)


def bars(by_length: pl.DataFrame, of: Classes = DAYS) -> pl.DataFrame:
    """Runs of one class in a row of the map: length, from and to (graces), start and end (places), days (the class)."""
    graces = sorted(by_length["grace"].unique().to_list())
    edges = _edges(graces)
    passed = pl.sum_horizontal(pl.col(of.column) > least for least in (0, *of.breaks))
    cells = by_length.sort("length", "grace").with_columns(
        passed.replace_strict(range(len(of.names) + 1), [None, *of.names], return_dtype=pl.String).alias("days"),
        pl.col("grace").replace_strict(graces, edges[:-1], return_dtype=pl.Float64).alias("start"),
        pl.col("grace").replace_strict(graces, edges[1:], return_dtype=pl.Float64).alias("end"),
    )
    numbered = cells.with_columns(pl.struct("length", "days").rle_id().alias("run"))
    runs = numbered.group_by("run", maintain_order=True).agg(
        pl.col("length").first(),
        pl.col("grace").first().alias("from"),
        pl.col("grace").last().alias("to"),
        pl.col("start").first(),
        pl.col("end").last(),
        pl.col("days").first(),
    )
    return runs.drop("run")


def _edges(graces: list[int]) -> list[float]:
    """Where cells end: half way between two graces, and as far outside the first and the last."""
    if len(graces) == 1:
        return [graces[0] - 0.5, graces[0] + 0.5]
    inner = [(one + two) / 2 for one, two in pairwise(graces)]
    return [graces[0] - (inner[0] - graces[0]), *inner, graces[-1] + (graces[-1] - inner[-1])]
