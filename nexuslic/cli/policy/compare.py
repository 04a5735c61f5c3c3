"""`nexuslic policy compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli.files import Target
from nexuslic.cli.policy import charting, options
from nexuslic.cli.policy.options import Asked, asked, of_trips, told
from nexuslic.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from nexuslic.lab.comparing import Comparison, Telling


@click.command("compare")
@click.argument("first", metavar="A.yaml", type=click.Path(path_type=Path))
@click.argument("second", metavar="B.yaml", type=click.Path(path_type=Path))
@of_trips
@told
@click.option("--stories", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the telling trips there.")
def compare(
    first: Path, second: Path, as_json: bool, as_csv: bool, chart: Path | None, stories: Path | None, **plain: Any
) -> None:
    """Tell the same trips under two policies: what changes, for whom, and the five most telling trips.

    TRIPS: as for sweep. Each of these trips is a story for either policy, and --stories writes them down: they pass in
    `nexuslic run`.
    """
    options.check_told(as_json=as_json, as_csv=as_csv)
    charting.check_files(chart)
    if stories is not None and stories.exists() and not stories.is_dir():
        raise InputError(f"--stories {stories}: this is a file: name a folder")
    what = asked(**plain)
    answer = _compare(what, first, second)
    from nexuslic.lab import telling

    sentences = telling.compared(answer)
    charting.write_chart(chart, lambda charts: charts.compare_chart(_policies(answer)))
    if stories is not None:
        _write_stories(stories, answer)
    said = _said(answer, what)
    if not options.print_answer(sentences, as_json=as_json, as_csv=as_csv, table=answer.by_length, said=said):
        options.print_for_people(sentences, answer.by_length)
        _print_telling(answer)
        if stories is not None and answer.telling:
            click.echo(f"\n{2 * len(answer.telling)} stories in {stories}: nexuslic run {stories}")


def _compare(what: Asked, first: Path, second: Path) -> "Comparison":
    from nexuslic.cli.progress import ProgressLine
    from nexuslic.lab.comparing import compare
    from nexuslic.lab.policies import read_policy

    one, other = read_policy(first), read_policy(second)
    with ProgressLine() as progress:
        return compare(one, other, what.trips, count=what.number, seed=what.seed, progress=progress)


def _policies(answer: "Comparison") -> "pl.DataFrame":
    import polars as pl

    touched = (answer.both + answer.first, answer.both + answer.second)
    return pl.DataFrame(
        {
            "policy": [policy.title for policy in answer.policies],
            "share_touched": [trips / answer.trips for trips in touched],
            "days_refused": list(answer.refused),
            "people_days_lost": list(answer.people),
        }
    )


def _print_telling(answer: "Comparison") -> None:
    """The most telling trips: a strip under each policy."""
    from nexuslic.lab.told import strip_of, title_of
    from nexuslic.scenario.report import legend

    if answer.telling:
        click.echo("\nThe most telling trips:")
    wide, seen = max(len(policy.title) for policy in answer.policies), ""
    for one in answer.telling:
        click.echo(f"\n{one.name}: {title_of(one.trips[0])}")
        for policy, trip, days in zip(answer.policies, one.trips, one.days, strict=True):
            strip = strip_of(trip, policy.grace)
            click.echo(f"  {policy.title:<{wide}}  {days:>3} refused  {strip}")
            seen += strip
    if answer.telling:
        click.echo(f"\n{legend(seen)}")


def _write_stories(folder: Path, answer: "Comparison") -> None:
    from nexuslic.lab.told import story_of

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--stories {folder}: it cannot be made: {error.strerror}") from error
    for number, one in enumerate(answer.telling, 1):
        for letter, policy, trip in zip("ab", answer.policies, one.trips, strict=True):
            name = f"telling-{number}-{letter}.scenario.yaml"
            Target("--stories", folder / name).write(story_of(trip, policy.grace))


def _said(answer: "Comparison", what: Asked) -> dict[str, Any]:
    return {
        "trips": what.words,
        "count": answer.trips,
        "policies": [policy.title for policy in answer.policies],
        "refused_in_both": answer.both,
        "only_in_first": answer.first,
        "only_in_second": answer.second,
        "in_neither": answer.neither,
        "days_refused": list(answer.refused),
        "people_days_lost": list(answer.people),
        "telling": [_telling(one) for one in answer.telling],
    }


def _telling(one: "Telling") -> dict[str, Any]:
    return {"trip": one.name, "days_refused": list(one.days)}
