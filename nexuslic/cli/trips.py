"""`nexuslic trips`: a fleet's own list of trips, checked before it is judged."""

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli.lazy import Lazy

if TYPE_CHECKING:
    from nexuslic.lab.trip_files import Loaded

_SHOWN = 50


@click.group(
    "trips",
    cls=Lazy,
    lazy={
        "check": ("nexuslic.cli.trips:check", "Say what a list of trips holds, or all that is wrong with it."),
        "example": ("nexuslic.cli.trips:example", "A list of twelve trips to start from."),
    },
)
def command() -> None:
    """Trips as people list them: a CSV or Parquet file, a row a trip."""
    from nexuslic.cli.printing import never_fail_to_print

    never_fail_to_print()


@click.command("check")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
def check(file: Path, as_json: bool) -> int:
    """Read FILE, a CSV or Parquet file of trips (needs the extra `lab`), and say what was understood.

    Whatever is wrong is named by row and column, the first 50 of it; the header is row 1. Exit status 2 then.
    """
    from nexuslic.cli import printing
    from nexuslic.cli.extras import needing

    with needing("lab"):
        from nexuslic.lab import trip_files
        from nexuslic.lab.fleet import summary
    loaded = trip_files.load(file)
    if as_json:
        printing.as_json(_as_json(file, loaded, summary.as_json(loaded.trips, loaded.ignored)))
    elif loaded.count:
        _print_problems(loaded)
    else:
        printing.facts([("file", f"{file}: all right"), *summary.in_words(loaded.trips, loaded.ignored)])
    return 2 if loaded.count else 0


def _print_problems(loaded: "Loaded") -> None:
    from nexuslic.cli.plain import plain

    for one in loaded.problems[:_SHOWN]:
        click.echo(f"error: {plain(str(one))}", err=True)
    more = loaded.count - _SHOWN
    if more > 0:
        click.echo(f"and {more:,} more", err=True)


def _as_json(file: Path, loaded: "Loaded", held: dict[str, Any]) -> dict[str, Any]:
    problems = [
        {"row": one.row, "column": one.column, "what": one.what, "do": one.do} for one in loaded.problems[:_SHOWN]
    ]
    return {"format": 1, "file": str(file), **held, "problems": problems, "problem_count": loaded.count}


@click.command("example")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
def example(out: Path | None) -> None:
    """Print a list of twelve trips of vessels that do not exist: every column, and nothing wrong with it."""
    text = resources.files("nexuslic.lab.fleet").joinpath("example.csv").read_text("utf-8")
    if out is None:
        click.echo(text, nl=False)
        return
    from nexuslic.cli.files import Target

    target = Target("--out", out)
    target.check()
    target.write(text)
    click.echo(f"wrote {out}", err=True)
