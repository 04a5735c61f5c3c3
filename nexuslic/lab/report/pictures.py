"""The part of a report that is measured: big numbers, then four charts, each with its finding and its table."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import polars as pl

from nexuslic.lab import amounts, charts
from nexuslic.lab.charts.curves import curves_of
from nexuslic.lab.charts.labels import some_of
from nexuslic.lab.report import findings
from nexuslic.lab.report.content import Content
from nexuslic.scenario.formats.letters import html
from nexuslic.scenario.formats.page import scrolling, table

_MOST_COLUMNS = 13
"""Of the table under the heat map: as many graces as can be read across."""


@attrs.frozen
class Section:
    """A part of the page: the name that links lead to, its heading, and its lines of HTML."""

    name: str
    title: str
    lines: tuple[str, ...]


def pictures(content: Content) -> tuple[Section, ...]:
    """The sections, in the order of the page."""
    return (
        Section("numbers", f"At {amounts.days(content.grace)} of grace", tuple(_numbers(content))),
        Section("lengths", "Refused days by trip length and grace", tuple(_lengths(content))),
        Section("running", "How long trips keep running", tuple(_running(content))),
        Section("left", "Days left at the last launch", tuple(_left(content))),
        Section("hotspot", "What one hotspot is worth", tuple(_hotspot(content))),
    )


def lead(sentence: str) -> str:
    """The sentence that a section begins with."""
    return f'<p class="lead">{html(sentence)}</p>'


def _figure(chart: charts.Chart, said: str, caption: str) -> str:
    shown = scrolling(said, charts.inside(chart))
    return f"<figure>{shown}\n<figcaption>{html(caption)}</figcaption></figure>"


def _in_numbers(summary: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return f"<details><summary>{html(summary)}</summary>\n{table(summary, heads, rows, 'counts')}</details>"


def _numbers(content: Content) -> Iterator[str]:
    row = findings.at_grace(content)
    touched, refused = int(row["trips_touched"] or 0), int(row["days_refused"] or 0)
    first = row["first_refused_day"]
    told = [
        (amounts.share(float(row["share_touched"] or 0)), "of trips have a day on which the application does not run"),
        (amounts.mean(refused / touched) if touched else "0", "days refused on each trip that is touched"),
        (amounts.count(int(row["people_days_lost"] or 0)), "people-days lost on all trips together"),
        ("never" if first is None else f"day {first}", "is the earliest that a launch is refused"),
    ]
    yield '<dl class="numbers">'
    yield from (f"<div><dt>{html(what)}</dt><dd>{_big(number)}</dd></div>" for number, what in told)
    yield "</dl>"
    yield _in_numbers("The same for every grace", _HEADS, [_of_grace(row) for row in content.by_grace.to_dicts()])


def _big(number: str) -> str:
    """A number large, and its unit small beside it."""
    value, space, unit = number.partition(amounts.SPACE)
    return html(value) + (f'<span class="unit">{space}{html(unit)}</span>' if unit else "")


_HEADS = ("grace, days", "trips", "trips touched", "share", "days refused", "people-days lost", "first refused day")


def _of_grace(row: dict[str, Any]) -> tuple[str, ...]:
    first = row["first_refused_day"]
    return (
        str(row["grace"]),
        *(f"{row[name]:,}" for name in ("trips", "trips_touched")),
        amounts.share(row["share_touched"]),
        *(f"{row[name]:,}" for name in ("days_refused", "people_days_lost")),
        "none" if first is None else str(first),
    )


def _lengths(content: Content) -> Iterator[str]:
    yield lead(findings.of_lengths(content))
    caption = "Means over all trips of a length. Each step of colour is a class; where it is blank, no day is refused."
    yield _figure(charts.heat_map(content.by_length, content.grace), "Map of refused days", caption)
    graces = some_of(content.by_length["grace"].to_list(), content.grace, _MOST_COLUMNS)
    rows = content.by_length.filter(pl.col("grace").is_in(graces))
    yield _in_numbers(
        "Refused days per trip, in numbers", *_across(rows, "length", "days_refused_per_trip", amounts.mean)
    )


def _across(rows: pl.DataFrame, down: str, value: str, said: Any) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a table with `down` down, grace across, and `value` in its cells."""
    wide = rows.sort(down, "grace").pivot("grace", index=down, values=value, maintain_order=True)
    heads = [f"{down}, days" if down == "length" else down, *(f"grace {grace}" for grace in wide.columns[1:])]
    return heads, [[str(first), *("" if v is None else said(v) for v in rest)] for first, *rest in wide.iter_rows()]


def _running(content: Content) -> Iterator[str]:
    yield lead(findings.of_survival(content))
    caption = (
        "Trips without a refused day up to that day; a curve for each grace. A trip that is over counts as it ended."
    )
    yield _figure(charts.survival_chart(content.survival, content.grace), "Survival curves", caption)
    rows = content.survival.filter(pl.col("grace").is_in(curves_of(content.survival, content.grace)))
    yield _in_numbers("Trips still running, in numbers", *_across(rows, "day", "share", amounts.share))


def _left(content: Content) -> Iterator[str]:
    yield lead(findings.of_left(content))
    caption = "How near to the end of grace trips come home. Each bar is a share of all trips."
    yield _figure(charts.left_chart(content.left), "Days left", caption)
    every = sum(content.left["trips"].to_list()) or 1
    rows = [
        ("refused" if days is None else str(days), f"{trips:,}", amounts.share(trips / every))
        for days, trips in content.left.select("days_left", "trips").iter_rows()
    ]
    yield _in_numbers("Days left, in numbers", ("days left", "trips", "share"), rows)


def _hotspot(content: Content) -> Iterator[str]:
    trips = max(content.hotspot["trips"].to_list(), default=0)
    if content.hotspot.filter(pl.col("day") > 0).is_empty():
        yield lead("No hotspot was tried.")
        return
    yield lead(findings.of_hotspot(content))
    caption = f"Trips with a refused day, by the day of one hour of contact more; from {amounts.count(trips)} trips."
    yield _figure(charts.hotspot_chart(content.hotspot), "One hotspot by day", caption)
    columns = ("day", "trips", "trips_touched", "share_touched", "days_refused")
    rows = [
        ("without" if day == 0 else str(day), f"{trips:,}", f"{touched:,}", amounts.share(share), f"{refused:,}")
        for day, trips, touched, share, refused in content.hotspot.select(columns).sort("day").iter_rows()
    ]
    heads = ("day of the hotspot", "trips", "trips touched", "share", "days refused")
    yield _in_numbers("One hotspot, in numbers", heads, rows)
