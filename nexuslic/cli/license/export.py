"""`nexuslic license export-for-support`: all that support needs, and no key, seal or password."""

import json
from pathlib import Path
from typing import Any

import click

from nexuslic.cli.customer import connected, license_of
from nexuslic.errors import InputError


@click.command("export-for-support")
@connected
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Into this new file.")
def export_for_support(output: Path | None, **given: Any) -> int:
    """How the license stands, in one JSON file to send to support.

    It holds names of computers, databases and users. It holds no license key, nothing sealed and no password.
    """
    with license_of(given) as license:
        from nexuslic.application.support_file import support_file

        text = json.dumps(support_file(license), indent=1, ensure_ascii=True)
    if output is None:
        click.echo(text)
        return 0
    try:
        with output.open("x", encoding="ascii", newline="\n") as file:
            file.write(text + "\n")
    except OSError as error:
        raise InputError(f"{output}: {(error.strerror or 'cannot be written').lower()}; give another file") from error
    click.echo(f"written to {output}: look through it, then send it to support", err=True)
    return 0
