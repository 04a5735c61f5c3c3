"""How commands print for a person and for a program: aligned tables, names with what is so, JSON."""

import json
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

import click

from nexuslic.cli.plain import cut, plain, width

_GAP = 2
_NARROWEST = 12


def never_fail_to_print() -> None:
    """A letter that the terminal's encoding lacks is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def whether_read_or_not(text: str, *, err: bool) -> None:
    """Print what matters less than what comes after it: a reader who is gone is no error, now and later."""
    try:
        click.echo(text, err=err)
    except OSError:
        _silence(sys.stderr if err else sys.stdout)


def _silence(stream: TextIO) -> None:
    """Throw away what it still holds, and all that follows."""
    with suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def as_json(told: Any) -> None:
    """Print an answer for a program."""
    click.echo(json.dumps(told, indent=1, ensure_ascii=True))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads; on a terminal the widest columns give way until a row fits."""
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [max(width(row[place]) for row in (heads, *cells)) for place in range(len(heads))]
    if _on_terminal():
        widths = _fitted(widths, shutil.get_terminal_size().columns)
    for row in (heads, *cells):
        click.echo((" " * _GAP).join(_filled(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip())


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def _fitted(widths: list[int], columns: int) -> list[int]:
    found = list(widths)
    while sum(found) + _GAP * (len(found) - 1) > columns and max(found) > _NARROWEST:
        found[found.index(max(found))] -= 1
    return found


def _filled(cell: str, wide: int) -> str:
    shown = cut(cell, wide)
    return shown + " " * (wide - width(shown))


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Print lines of a name and what is so."""
    wide = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name:<{wide}}  {plain(value)}")
