"""`nexuslic policy find`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from nexuslic.cli.policy import charting, options
from nexuslic.cli.policy.options import Asked, asked, of_trips, range_of_days, told, under
from nexuslic.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from nexuslic.lab.finding import Found, Target

_KNOBS = ("grace", "extension", "hotspot", "warn_from")
_WITHIN = "Which settings are tried: all days of a trip or of grace, or 0..365, where nobody says."


@click.command("find")
@of_trips
@click.option("--refused-trips", metavar="BOUND", help='Of trips with a refused day, such as "<= 1%".')
@click.option("--refused-days", metavar="BOUND", help='Of refused days a trip, such as "<= 0.5".')
@click.option("--needless-warnings", metavar="BOUND", help="Of trips warned and never refused (--by warn_from).")
@click.option("--by", type=click.Choice(_KNOBS), default="grace", show_default=True, help="What is turned.")
@click.option("--within", callback=range_of_days, default=None, metavar="LOW..HIGH", help=_WITHIN)
@under
@told
def find(by: str, within: tuple[int, int] | None, as_json: bool, as_csv: bool, chart: Path | None, **plain: Any) -> int:
    """Find the least grace that keeps a target; or the least extension, the latest hotspot, the earliest warning.

    TRIPS: as for sweep. A share of drawn trips comes with the interval that holds it 95 times of 100. Exit status 1:
    nothing keeps it.
    """
    options.check_told(as_json=as_json, as_csv=as_csv)
    charting.check_files(chart)
    target = _target({name: plain.pop(name) for name in ("refused_trips", "refused_days", "needless_warnings")})
    what = asked(**plain)
    answer = _find(what, by, target, within)
    from nexuslic.lab import telling

    seed = None if isinstance(what.trips, tuple) else what.seed
    sentences, table = telling.found(answer, what.words, seed), _table(answer)
    charting.write_chart(chart, lambda charts: _chart(charts, answer, table))
    if options.print_answer(sentences, as_json=as_json, as_csv=as_csv, table=table, said=_said(answer, what)):
        return 0 if answer.best is not None else 1
    if answer.best is None:
        click.echo(f"error: {' '.join(sentences)}", err=True)
        return 1
    options.print_for_people(sentences, _shown(answer, table))
    return 0


def _target(bounds: dict[str, str | None]) -> "Target":
    """The one target that was given. Raises InputError."""
    given = {name: text for name, text in bounds.items() if text is not None}
    if len(given) != 1:
        raise InputError('give one target, such as --refused-trips "<= 1%"')
    from nexuslic.cli.extras import needing

    with needing("lab"):
        from nexuslic.lab.finding import Measure, Target
    [(name, text)] = given.items()
    measure = Measure(name.replace("_", " "))
    found = re.fullmatch(r"(?:<=)? *([0-9]{1,9}(?:\.[0-9]{1,9})?) *(%)?", text.strip())
    option = f"--{name.replace('_', '-')} {text!r}"
    if found is None:
        raise InputError(f'{option}: write a bound, such as "<= 1%" or "<= 0.5"')
    most = float(found[1]) / (100 if found[2] else 1)
    if measure is Measure.DAYS and found[2]:
        raise InputError(f'{option}: these are days a trip, and no share: write a number, such as "<= 0.5"')
    if measure is not Measure.DAYS and most > 1:
        raise InputError(f'{option}: a share of trips is at most 100 %: write "<= {found[1]}%"')
    return Target(measure, most)


def _find(what: Asked, by: str, target: "Target", within: tuple[int, int] | None) -> "Found":
    from nexuslic.cli.progress import ProgressLine
    from nexuslic.lab.finding import Finder, Knob, drawn, usual
    from nexuslic.lab.sweeping import check_graces

    knob = Knob(by)
    tried = usual(knob, what.trips, what.policy)
    low, high = within or (tried[0], tried[-1])
    check_graces(low, high)
    if by == "hotspot" and low < 2:
        low = 2
    with what.counter() as counter, ProgressLine() as progress:
        count = drawn(knob, what.trips, what.count)
        finder = Finder(what.trips, what.policy, count, what.seed, counter, progress)
        return finder.find(knob, target, range(low, high + 1))


def _table(answer: "Found") -> "pl.DataFrame":
    """What each setting comes to."""
    import polars as pl

    points = answer.points
    columns = {
        answer.knob.value: [point.setting for point in points],
        "value": [point.value for point in points],
        "low": [point.low for point in points],
        "high": [point.high for point in points],
    }
    return pl.DataFrame(columns)


def _shown(answer: "Found", table: "pl.DataFrame") -> "pl.DataFrame":
    """The settings around the one that was found."""
    import polars as pl

    from nexuslic.lab.finding import Measure

    at = answer.best.setting if answer.best is not None else 0
    near = table.filter((pl.col(answer.knob.value) - at).abs() <= 3)
    if answer.target.measure is Measure.DAYS:
        return near.drop("low", "high").rename({"value": "refused_days"})
    near = near.rename({"value": f"share_{answer.target.measure.value.replace(' ', '_')}"})
    if all(point.low == point.high for point in answer.points):
        return near.drop("low", "high")
    return near.rename({"low": "share_low", "high": "share_high"})


def _chart(charts: Any, answer: "Found", table: "pl.DataFrame") -> Any:
    from nexuslic.lab.finding import Measure

    if answer.target.measure is Measure.DAYS:
        raise InputError("--chart: a picture is drawn of shares of trips: take --refused-trips")
    knob = answer.knob.value
    tried = table.rename({knob: "value", "value": "share"})
    met = None if answer.best is None else answer.best.setting
    words = {"grace": "grace, days", "extension": "extension, days", "hotspot": "day of the hotspot"}
    return charts.find_chart(tried, answer.target.most, met, words.get(knob, "days left at the first warning"))


def _said(answer: "Found", what: Asked) -> dict[str, Any]:
    best = answer.best
    return {
        "trips": what.words,
        "count": answer.trips or None,
        "exact": not answer.trips,
        "policy": what.policy.title,
        "by": answer.knob.value,
        "target": {"of": answer.target.measure.value, "most": answer.target.most},
        "best": None if best is None else attrs.asdict(best),
        "nearest": attrs.asdict(answer.nearest),
    }
