"""Policies side by side: a bar for each, by each measure, with its number at its end."""

from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl

from nexuslic.lab import amounts
from nexuslic.lab.charts.drawing import Chart, finished

_MEASURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "share_touched": ("share of trips touched", amounts.share),
    "days_refused": ("days refused", lambda value: amounts.count(round(value))),
    "people_days_lost": ("people-days lost", lambda value: amounts.count(round(value))),
    "first_refused_day": ("first refused day", lambda value: f"day {value:g}"),
}
_WIDTH, _ROW, _NAME = 520, 30, 240


def compare_chart(frame: pl.DataFrame) -> Chart:
    """The same trips under several policies; the first stands dim, as what is now, and the others in the accent.

    Columns: `policy` (its title, one row each) and any of `share_touched`, `days_refused`, `people_days_lost` and
    `first_refused_day`, as in a report's `by_grace`.
    """
    measures = [name for name in _MEASURES if name in frame.columns]
    return finished(
        alt.vconcat(*(_bars(frame, name) for name in measures), spacing=22), "The same trips under several policies"
    )


def _bars(frame: pl.DataFrame, name: str) -> Any:
    title, said = _MEASURES[name]
    policies = frame["policy"].to_list()
    told = [said(value) if value is not None else "none" for value in frame[name]]
    rows = frame.select("policy", pl.col(name).fill_null(0).alias("value")).with_columns(
        pl.Series("said", told, pl.String), pl.Series("first", [place == 0 for place in range(len(policies))])
    )
    most = max(rows["value"].to_list()) or 1
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.25], nice=False))
    wide = min(_NAME, 7 * max(map(len, policies)))
    y = alt.Y(
        "policy:N",
        sort=policies,
        title=title,
        axis=alt.Axis(labelLimit=_NAME, minExtent=wide),
        scale=alt.Scale(padding=0.2),
    )
    bars = [
        alt.Chart(rows.filter(pl.col("first") == first)).mark_bar(style=style).encode(x=x, y=y)
        for style, first in (("other-filled", True), ("filled", False))
    ]
    words = alt.Chart(rows).mark_text(style="words-strong", align="left", dx=6).encode(x=x, y=y, text="said:N")
    return alt.layer(*bars, words).properties(width=_WIDTH, height=_ROW * len(policies))
