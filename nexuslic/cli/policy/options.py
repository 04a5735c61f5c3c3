"""What the commands of the policy lab share: which trips, under which policy, counted where, told how."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from nexuslic.cli import printing
from nexuslic.cli.extras import needing
from nexuslic.errors import InputError

if TYPE_CHECKING:
    from nexuslic.lab.counting import Counter
    from nexuslic.lab.listed import Listed
    from nexuslic.lab.model import TripModel
    from nexuslic.lab.policies import LabPolicy

Command = Callable[..., Any]
MOST_SEED = 2**63 - 1


def range_of_days(context: click.Context, option: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """A range of days, `0..90`, or one number; None where nobody says."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})(?:\.\.([0-9]{1,6}))?", value.strip())
    if found is None:
        raise click.BadParameter(f"`{value}` is no range of days: write 0..90, or one number such as 30")
    low = int(found[1])
    return low, int(found[2] or low)


@attrs.frozen
class Asked:
    """What a command of the lab was asked about; `words`: the trips, in a few words."""

    trips: "TripModel | tuple[Listed, ...]"
    policy: "LabPolicy"
    count: int | None
    seed: int
    words: str
    scheduler: str | None
    workers: int | None

    @property
    def number(self) -> int:
        """How many trips are drawn of a model, or how many the list has."""
        from nexuslic.lab.sweeping import DRAWN

        return len(self.trips) if isinstance(self.trips, tuple) else self.count or DRAWN

    @property
    def exactly(self) -> bool:
        """Whether the model needs no drawing: it has no memory, and nobody asked for a number of trips."""
        return not isinstance(self.trips, tuple) and self.trips.memoryless and self.count is None

    @contextmanager
    def counter(self) -> "Iterator[Counter]":
        """Whoever counts: this computer, workers of its own, or a cluster."""
        from nexuslic.lab.cluster import counter_for
        from nexuslic.lab.compiled import first_time

        if first_time() and sys.stderr.isatty():
            click.echo("compiling what counts the trips: this takes some seconds, once", err=True)
        with counter_for(self.scheduler, self.workers) as counter:
            yield counter


def _with(*options: Command) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


of_trips = _with(
    click.argument("trips", metavar="[TRIPS]", required=False),
    click.option("--model", metavar="NAME", help="Trips of a model: a built-in one, or its file."),
    click.option("--set", "settings", multiple=True, metavar="NUMBER=VALUE", help="Change a number of the model."),
    click.option("--trips", "count", type=int, metavar="N", help="How many trips are drawn of a model."),
    click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Another draws others."),
)
"""The options that say which trips."""

of_graces = click.option(
    "--grace",
    "graces",
    callback=range_of_days,
    default="0..90",
    show_default=True,
    metavar="LOW..HIGH",
    help="Days without contact.",
)
"""The option that says at which graces."""

under = _with(
    click.option("--policy", "policy_file", type=click.Path(path_type=Path), metavar="FILE", help="Under this policy."),
    click.option("--scheduler", metavar="ADDRESS", help="Count on a Dask cluster, such as tcp://host:8786."),
    click.option("--workers", type=int, metavar="N", help="Count by so many processes of this computer."),
)
"""The options that say under which policy, and who counts."""

told = _with(
    click.option("--json", "as_json", is_flag=True, help="The answer as JSON."),
    click.option("--csv", "as_csv", is_flag=True, help="The table as CSV."),
    click.option("--chart", type=click.Path(path_type=Path), metavar="FILE", help="A picture: .svg, .png or .html."),
)
"""The options that say how the answer is told."""


def asked(
    *,
    trips: str | None,
    model: str | None,
    settings: tuple[str, ...],
    count: int | None,
    seed: int,
    policy_file: Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Asked:
    """Read what the options name. Raises InputError."""
    from nexuslic.lab.policies import LabPolicy, read_policy

    with needing("lab"):
        from nexuslic.lab.model import TripModel, built_in, model_called, with_numbers
        from nexuslic.lab.source import trips_of
    if (trips is None) == (model is None):
        raise InputError(f"name either a list of trips or --model: the built-in models are {', '.join(built_in())}")
    found = trips_of(trips) if trips is not None else model_called(str(model))
    policy = LabPolicy() if policy_file is None else read_policy(policy_file)
    if count is not None and count < 1:
        raise InputError(f"--trips {count}: there has to be at least one")
    if not 0 <= seed <= MOST_SEED:
        raise InputError(f"--seed {seed}: a seed is 0 to {MOST_SEED}")
    if isinstance(found, TripModel):
        found = with_numbers(found, settings)
        return Asked(found, policy, count, seed, f"model {found.title}", scheduler, workers)
    if settings or count is not None:
        raise InputError("--set and --trips go with a model: a list of trips is told as it is")
    return Asked(found, policy, count, seed, str(trips), scheduler, workers)


def print_answer(sentences: Sequence[str], *, as_json: bool, as_csv: bool, table: Any, said: dict[str, Any]) -> bool:
    """Print the answer for a program where it is asked for so; whether that was it. Raises InputError."""
    if as_json:
        printing.as_json({"format": 1, "answer": " ".join(sentences), **said, "rows": table.to_dicts()})
    elif as_csv:
        click.echo(table.write_csv(), nl=False)
    return as_json or as_csv


def check_told(*, as_json: bool, as_csv: bool) -> None:
    """Refuse two answers at once. Raises InputError."""
    if as_json and as_csv:
        raise InputError("--json and --csv: choose one")


def print_for_people(sentences: Sequence[str], table: Any) -> None:
    """Print the sentences, and under them a table."""
    from nexuslic.lab.telling import cell

    for sentence in sentences:
        click.echo(sentence)
    click.echo()
    rows = [[cell(name, value) for name, value in row.items()] for row in table.iter_rows(named=True)]
    printing.table([name.replace("_", " ") for name in table.columns], rows)
