"""The lab's frames as tables of the page, their numbers as the reader writes them."""

from collections.abc import Callable, Sequence
from math import floor, log10
from typing import Any

import attrs
import polars as pl

from nexuslic.lab.charts.curves import curves_of
from nexuslic.web.lab import texts
from nexuslic.web.speech import Speech

_MEANS = ("days_refused_per_trip", "people_days_lost_per_trip")
_DIGITS = 3
_LEAST = 0.001


@attrs.frozen
class Row:
    """A row: its cells, whether it is the one that is looked at, and the length and the grace of its trips, if any."""

    cells: tuple[str, ...]
    looked_at: bool = False
    length: int | None = None
    grace: int | None = None


@attrs.frozen
class Table:
    """A table: what it is of, its heads, its rows."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def cell(say: Speech, name: str, value: Any) -> str:
    """A cell of the column of that name."""
    if value is None:
        return texts.NEVER
    if isinstance(value, str):
        return value
    if name.startswith("share"):
        return share(say, float(value))
    return mean(say, value) if isinstance(value, float) else say.number(value)


def share(say: Speech, value: float) -> str:
    """A share of 1 with the digits that count."""
    return f"{mean(say, 100 * value)}\u00a0%"


def mean(say: Speech, value: float) -> str:
    """A number with three digits that count; one that is less than a thousandth is said to be."""
    if not value:
        return say.number(0)
    if 0 < value < _LEAST:
        return f"< {say.number(_LEAST)}"
    return say.number(round(value, max(0, _DIGITS - 1 - floor(log10(abs(value))))))


def plain(say: Speech, caption: str, frame: pl.DataFrame, named: Callable[[str], str] | None = None) -> Table:
    """A frame as it is."""
    called = named or (lambda name: name)
    rows = [
        Row(tuple(cell(say, called(name), value) for name, value in row.items())) for row in frame.iter_rows(named=True)
    ]
    return Table(caption, _heads(frame.columns), tuple(rows))


def by_length(say: Speech, caption: str, frame: pl.DataFrame, grace: int) -> Table:
    """A row for each length of trip, at a grace; each leads to its trips."""
    mine = frame.filter(pl.col("grace") == grace).drop("grace")
    rows = [
        Row(tuple(cell(say, name, value) for name, value in row.items()), length=row["length"], grace=grace)
        for row in mine.iter_rows(named=True)
    ]
    return Table(caption, _heads(mine.columns), tuple(rows))


def by_grace(say: Speech, caption: str, frame: pl.DataFrame, grace: int) -> Table:
    """A row for each grace; each leads to its trips."""
    rows = [
        Row(tuple(cell(say, n, v) for n, v in row.items()), row["grace"] == grace, 0, row["grace"])
        for row in frame.iter_rows(named=True)
    ]
    return Table(caption, _heads(frame.columns), tuple(rows))


def survival(say: Speech, caption: str, frame: pl.DataFrame, grace: int) -> Table:
    """The curves that are drawn: a row for each day, a column for each grace."""
    shown = frame.filter(pl.col("grace").is_in(curves_of(frame, grace))).sort("day", "grace")
    wide = shown.pivot("grace", index="day", values="share", maintain_order=True)
    heads = (texts.COLUMNS["day"], *(f"{texts.COLUMNS['grace']}: {name}" for name in wide.columns[1:]))
    rows = (Row((str(day), *(share(say, value) for value in values))) for day, *values in wide.iter_rows())
    return Table(caption, heads, tuple(rows))


def _heads(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(texts.COLUMNS.get(name, name.replace("_", " ")) for name in names)
