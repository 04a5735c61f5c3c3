"""`nexuslic book`."""

from pathlib import Path

import click

from nexuslic.cli import files
from nexuslic.cli.files import Target
from nexuslic.cli.printing import never_fail_to_print
from nexuslic.errors import InputError
from nexuslic.scenario import suite
from nexuslic.scenario.book import making, page, text
from nexuslic.scenario.formats.text import some
from nexuslic.scenario.results import SIMULATION
from nexuslic.scenario.running import Runner
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, Shelf


@click.command("book")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="One page that prints well.")
@click.option("-k", "words", default="", metavar="WORDS", help="Only stories that hold all these words.")
@click.option("--tag", "tags", multiple=True, help="Only stories with this tag.")
def command(paths: tuple[str, ...], html: Path | None, words: str, tags: tuple[str, ...]) -> int:
    """All stories as prose, with what came of them and a place to sign (default: the folder scenarios).

    Exit status as of `nexuslic run`: 0 all hold, 1 one does not; see there for the others.
    """
    never_fail_to_print()
    target = None if html is None else Target("--html", html)
    files.check([target] if target is not None else [])
    shelf, choices = Shelf(), Choices(words, tags)
    units = suite.plan(suite.find(paths or ("scenarios",)), choices, [SIMULATION], shelf)
    unreadable = next((unit.error for unit in units if unit.error), "")
    if unreadable:
        raise InputError(unreadable)
    if not units:
        click.echo("no story fits this choice", err=True)
        return 5
    book = making.make(units, Runner(shelf, choices, {SIMULATION: SimulatedStage}))
    if target is None:
        click.echo(text.write(book), nl=False)
    else:
        target.write(page.write(book))
        click.echo(f"{html}: {some(len(book.chapters), 'story')}, SHA-256 {book.digest}")
    return book.summary.outcome.status
