"""`nexuslic policy report`."""

import shlex
from pathlib import Path
from typing import Any

import click

from nexuslic.cli.files import Target
from nexuslic.cli.policy.options import asked, of_graces, of_trips, under


@click.command("report")
@of_trips
@of_graces
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The page, such as r.html.")
@under
def report(graces: tuple[int, int], out: Path, **plain: Any) -> None:
    """Write one page with pictures and tables on what the policy's grace does to the trips: to be mailed and printed.

    TRIPS: as for sweep. The page needs nothing else: no internet, no script, no file beside it.
    """
    target = Target("--out", out)
    target.check()
    what = asked(**plain)
    from nexuslic.cli.progress import ProgressLine
    from nexuslic.lab.report import page
    from nexuslic.lab.report.making import Wish, make
    from nexuslic.lab.sweeping import check_graces

    check_graces(*graces)
    command = _command(graces, out, plain)
    wish = Wish(what.trips, what.words, what.policy, graces, what.number, what.seed, command)
    with what.counter() as counter, ProgressLine() as progress:
        content = make(wish, counter, progress)
    text = page(content)
    target.write(text)
    click.echo(content.answer)
    click.echo(f"wrote {out} ({len(text.encode()) / 1000:.0f} kB)")


def _command(graces: tuple[int, int], out: Path, plain: dict[str, Any]) -> str:
    """The command that makes the report again."""
    words = ["nexuslic", "policy", "report"]
    words += [plain["trips"]] if plain["trips"] is not None else ["--model", plain["model"]]
    for setting in plain["settings"]:
        words += ["--set", setting]
    words += [] if plain["count"] is None else ["--trips", str(plain["count"])]
    words += ["--seed", str(plain["seed"])] if plain["model"] is not None else []
    words += [] if plain["policy_file"] is None else ["--policy", str(plain["policy_file"])]
    return shlex.join([*words, "--grace", f"{graces[0]}..{graces[1]}", "--out", str(out)])
