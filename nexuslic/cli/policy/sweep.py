"""`nexuslic policy sweep`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli.files import Target
from nexuslic.cli.policy import charting, options
from nexuslic.cli.policy.options import Asked, asked, of_graces, of_trips, told, under
from nexuslic.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from nexuslic.lab.exact import Exact
    from nexuslic.lab.sweeping import Sweep

_SHOWN = 15
_BY = ("grace", "length", "vessel")


@click.command("sweep")
@of_trips
@of_graces
@click.option("--by", type=click.Choice(_BY), default="grace", show_default=True, help="What the rows are for.")
@under
@told
@click.option("--parquet", type=click.Path(path_type=Path), metavar="FILE", help="Write the rows as Parquet.")
def sweep(
    graces: tuple[int, int],
    by: str,
    as_json: bool,
    as_csv: bool,
    chart: Path | None,
    parquet: Path | None,
    **plain: Any,
) -> None:
    """Say who is refused at every grace, of TRIPS: a list, stories, or a model, from which trips are drawn.

    A day is refused when a launch of that day is. A model that has no memory is answered exactly, unless --trips says
    how many to draw.
    """
    options.check_told(as_json=as_json, as_csv=as_csv)
    charting.check_files(chart, ("--parquet", parquet))
    what = asked(**plain)
    answer = _answer(what, graces)
    table = _table(answer, by)
    sentences = _sentences(what, answer, graces)
    said = _said(what, answer, graces)
    charting.write_chart(chart, lambda charts: charts.sweep_chart(answer.by_grace(), _marked(what, graces)))
    if parquet is not None:
        _write_parquet(parquet, table, what)
    if not options.print_answer(sentences, as_json=as_json, as_csv=as_csv, table=table, said=said):
        options.print_for_people(sentences, _shown(table, what.policy.grace, by))


def _marked(what: Asked, graces: tuple[int, int]) -> int | None:
    """The policy's grace, where it is among those asked for."""
    return what.policy.grace if graces[0] <= what.policy.grace <= graces[1] else None


def _write_parquet(path: Path, table: "pl.DataFrame", what: Asked) -> None:
    from nexuslic.lab.model import written
    from nexuslic.lab.results import Origin, policy_text, write_parquet

    model = "" if isinstance(what.trips, tuple) else written(what.trips)
    seed = None if isinstance(what.trips, tuple) else what.seed
    origin = Origin(policy_text(what.policy), 0 if what.exactly else what.number, model, seed)
    write_parquet(table, origin, Target("--parquet", path))


def _answer(what: Asked, graces: tuple[int, int]) -> "Sweep | Exact":
    from nexuslic.cli.progress import ProgressLine
    from nexuslic.lab.exact import exact
    from nexuslic.lab.sweeping import check_graces, sweep

    check_graces(*graces)
    if what.exactly and not isinstance(what.trips, tuple):
        return exact(what.trips, graces)
    with what.counter() as counter, ProgressLine() as progress:
        return sweep(
            what.trips,
            policy=what.policy,
            graces=graces,
            count=what.number,
            seed=what.seed,
            counter=counter,
            progress=progress,
        )


def _table(answer: "Sweep | Exact", by: str) -> "pl.DataFrame":
    from nexuslic.lab.sweeping import Sweep

    if by != "vessel":
        return answer.by_length() if by == "length" else answer.by_grace()
    if not isinstance(answer, Sweep) or answer.told is None:
        raise InputError("--by vessel: a model has no vessels: give a list of trips")
    return answer.by_vessel()


def _sentences(what: Asked, answer: "Sweep | Exact", graces: tuple[int, int]) -> list[str]:
    """The answer in plain words: at the policy's grace where it is among those asked for, else at the first."""
    from nexuslic.lab.telling import at_grace, rests_on

    marked = _marked(what, graces)
    grace = graces[0] if marked is None else marked
    return [at_grace(answer.by_grace(), grace), rests_on(answer, what.words, what.seed)]


def _said(what: Asked, answer: "Sweep | Exact", graces: tuple[int, int]) -> dict[str, Any]:
    from nexuslic.lab.sweeping import Sweep

    drawn = isinstance(answer, Sweep) and answer.told is None
    return {
        "trips": what.words,
        "count": answer.trips if isinstance(answer, Sweep) else None,
        "exact": not isinstance(answer, Sweep),
        "seed": what.seed if drawn else None,
        "policy": what.policy.title,
        "grace": list(graces),
        "simulated": int(answer.tally.told[1]) if isinstance(answer, Sweep) else 0,
    }


def _shown(table: "pl.DataFrame", grace: int, by: str) -> "pl.DataFrame":
    """Rows for a person: of many graces every week, of many tables every month, and the policy's own grace."""
    import polars as pl

    if table.height <= _SHOWN:
        return table
    step = 7 if by == "grace" else 30
    last = pl.col("grace") == pl.col("grace").max()
    return table.filter((pl.col("grace") % step == 0) | (pl.col("grace") == grace) | last)
