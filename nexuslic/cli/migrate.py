"""`nexuslic migrate`."""

import os
from pathlib import Path

import click

from nexuslic.errors import InputError
from nexuslic.scenario import migration, suite
from nexuslic.scenario.source import MAX_BYTES


@click.command("migrate")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--check", is_flag=True, help="Write nothing, and exit with 1 where a file is of an older format.")
def command(paths: tuple[str, ...], check: bool) -> int:
    """Bring scenario files to the newest format; what they say, and their comments, stay as they are.

    Exit status: 0 all are of the newest format, 1 one is not (with --check), 2 one is wrong or cannot be written.
    """
    status = 0
    for file in suite.find(paths):
        try:
            status = max(status, _one(Path(file), check))
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            status = 2
    return status


def _one(path: Path, check: bool) -> int:
    done = migration.migrate(_bytes(path), str(path), migration.STEPS)
    if not done.changed:
        click.echo(f"{path}: already format {done.after}")
        return 0
    if check:
        click.echo(f"{path}: format {done.before}, not {done.after}: run nexuslic migrate")
        return 1
    _write(path, done.data)
    click.echo(f"{path}: format {done.before} -> {done.after}")
    return 0


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    """Put a whole file in the place of the old one, with its rights; a link stays one."""
    real = path.resolve()
    beside = real.with_name(f"{real.name}.{os.getpid()}.new")
    try:
        beside.touch(mode=real.stat().st_mode & 0o777, exist_ok=False)
        beside.write_bytes(data)
        beside.replace(real)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(f"{path}: the file cannot be written: {error.strerror}") from error
