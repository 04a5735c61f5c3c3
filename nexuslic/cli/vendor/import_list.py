"""`nexuslic vendor import`: licenses for a whole list of customers, all or none."""

import sys
from pathlib import Path
from typing import IO

import click

from nexuslic.cli import printing
from nexuslic.cli.vendor import show
from nexuslic.cli.vendor.options import as_json, located, vendor
from nexuslic.errors import InputError, WorldError


@click.command("import")
@click.argument("file", metavar="FILE.csv")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the keys to a new file.")
@click.option("--check", is_flag=True, help="Only read the list, and say whether it is right.")
@as_json
@located(hidden=True)
def import_list(file: str, output: Path | None, check: bool, as_json: bool) -> None:
    """Issue a license for each line of a list, all of them or none; print the list with the keys.

    FILE.csv (- for standard input) is UTF-8 with commas, semicolons or tabs. Its first line names the columns:
    organisation, and where you like type, seats, grace_days, minimum_version, ends. A cell may be empty. Every
    mistake is named as file:line:column, by the number of the column.
    """
    from nexuslic.cli.vendor import customers

    found = customers.read(_read(file), "<stdin>" if file == "-" else file)
    if check:
        click.echo(f"{show.some(len(found.licenses), 'license')}: all right, nothing was issued")
        return
    target = None if output is None else _new(output)
    try:
        with vendor() as link:
            told = link.request("POST", "/v1/licenses/import", {"licenses": found.licenses})
    except BaseException:
        if target is not None and output is not None:
            target.close()
            output.unlink()
        raise
    written = found.write(told["items"])
    if target is not None:
        _write(target, written, f"{show.some(len(told['items']), 'license')} were issued, and {output}")
        click.echo(f"issued {show.some(len(told['items']), 'license')} and wrote {output}", err=True)
    if as_json:
        printing.as_json(told)
    elif target is None:
        click.echo(written.replace("\r\n", "\n").removeprefix("\ufeff"), nl=False)


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): see to its path") from error


def _write(file: IO[str], text: str, what: str) -> None:
    try:
        with file:
            file.write(text)
    except OSError as error:
        raise WorldError(f"{what} cannot be written ({error.strerror}): `list` shows the keys") from error


def _new(path: Path) -> IO[str]:
    try:
        return path.open("x", encoding="utf-8", newline="")
    except FileExistsError as error:
        raise InputError(f"{path} exists already: it was left alone and nothing was issued, choose another") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): nothing was issued") from error
