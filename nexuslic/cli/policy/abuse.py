"""`nexuslic policy abuse`."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from nexuslic.cli.files import Target
from nexuslic.cli.printing import as_json as print_json
from nexuslic.cli.printing import table
from nexuslic.errors import InputError
from nexuslic.lab import abuse as searching
from nexuslic.lab.abuse import Cheat
from nexuslic.lab.policies import LabPolicy, read_policy
from nexuslic.lab.trip import MOST_GRACE


@click.command("abuse")
@click.argument("policy_file", required=False, metavar="[POLICY]")
@click.option("--grace", type=int, default=None, metavar="N", help="Another grace than the policy's.")
@click.option("--hours", type=int, default=8, show_default=True, metavar="H", help="Hours of work a day.")
@click.option("--save", default=None, metavar="FOLDER", help="Write the stories that show it.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="The answer as CSV; no number of days: without end.")
def abuse(policy_file: str | None, grace: int | None, hours: int, save: str | None, as_json: bool, as_csv: bool) -> int:
    """The most days that a cheat can work after the last grant, by searching all of its moves.

    The cheat works so many hours on every day. What it may do is stated with each row; what the rules answer is asked
    of the rules themselves.
    """
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other: give one of them")
    policy = LabPolicy() if policy_file is None else read_policy(Path(policy_file))
    if grace is not None:
        if not 0 <= grace <= MOST_GRACE:
            raise InputError(f"--grace {grace}: grace is 0 to {MOST_GRACE} days")
        policy = attrs.evolve(policy, grace=grace)
    found = searching.cheats(policy, hours)
    told = searching.answer(policy, hours, found)
    written = () if save is None else _save(Path(save), found)
    if as_json:
        print_json(_as_json(policy, hours, told, found))
    elif as_csv:
        click.echo(_as_csv(found), nl=False)
    else:
        _print(told, found, written)
    return 0


def _print(told: str, found: Sequence[Cheat], written: Sequence[Path]) -> None:
    click.echo(told)
    click.echo()
    table(["a cheat who", "days", "does this"], [[one.name, _days(one), one.moves] for one in found])
    if written:
        click.echo()
        click.echo(f"{len(written)} stories in {written[0].parent}: nexuslic run {written[0].parent}")


def _days(one: Cheat) -> str:
    return "without end" if one.days is None else str(one.days)


def _as_json(policy: LabPolicy, hours: int, told: str, found: Sequence[Cheat]) -> dict[str, Any]:
    return {
        "format": 1,
        "policy": policy.title,
        "grace": policy.grace,
        "hours": hours,
        "answer": told,
        "cheats": [
            {"name": one.name, "days": one.days, "moves": one.moves, "story": one.story or None} for one in found
        ],
    }


def _as_csv(found: Sequence[Cheat]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["cheat", "days", "moves"])
    rows.writerows(["" if cell is None else cell for cell in (one.name, one.days, one.moves)] for one in found)
    return text.getvalue()


def _save(folder: Path, found: Sequence[Cheat]) -> list[Path]:
    """Write the stories, one a file. Raises InputError, WorldError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--save {folder}: this cannot be made a folder: {error.strerror}") from error
    targets = [(Target("--save", folder / f"{_file(one.name)}.scenario.yaml"), one.story) for one in found if one.story]
    for target, _ in targets:
        target.check()
    for target, story in targets:
        target.write(story)
    return [target.path for target, _ in targets]


def _file(name: str) -> str:
    return name.replace(" ", "-")
