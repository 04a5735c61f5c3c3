"""`nexuslic new`."""

from importlib import resources
from pathlib import Path

import click

from nexuslic.errors import InputError

_LIKE = ("voyage", "restore", "windows-7", "clock", "named-users", "seats", "renewal-code")


@click.command("new")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--like", type=click.Choice(_LIKE), default="voyage", show_default=True, help="What it is about.")
def command(file: str, like: str) -> int:
    """Write a commented story to start from; it passes."""
    path = Path(file)
    if not file.endswith(".scenario.yaml"):
        raise InputError(f"{file}: the name of a story ends in .scenario.yaml")
    text = resources.files("nexuslic.scenario").joinpath("templates", f"{like}.scenario.yaml").read_text("utf-8")
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise InputError(f"{file} exists already: it was left alone, choose another name") from error
    except OSError as error:
        raise InputError(f"{file}: it cannot be written: {error.strerror}") from error
    click.echo(f"wrote {file}; now: nexuslic run {file}")
    return 0
