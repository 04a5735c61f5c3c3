"""`nexuslic lint`."""

import click

from nexuslic.errors import InputError
from nexuslic.scenario import suite


@click.command("lint")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def command(paths: tuple[str, ...]) -> int:
    """Check scenario files without running them (default: the folder scenarios).

    Exit status: 0 all are right, 2 one is wrong or unreadable, 5 one checks nothing.
    """
    status = cases = 0
    files = suite.find(paths or ("scenarios",))
    for file in files:
        try:
            story = suite.load(file)
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            status = 2
            continue
        cases += len(story.cases)
        if any(not case.checks for case in story.cases):
            click.echo(f"error: {story.place}: this story checks nothing: add an `expect`", err=True)
            status = status or 5
    if status == 0:
        click.echo(f"{len(files)} files, {cases} cases: all right")
    return status
