"""How answers are printed for a person: aligned tables, times in UTC, and lines about one license."""

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from nexuslic.cli.vendor.plain import cut, plain, width

_GAP = 2
_NARROWEST = 12


def never_fail_to_print() -> None:
    """A letter that the terminal's encoding lacks is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


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


def when(told: str | None) -> str:
    """A time of the license server, as a person reads it."""
    return "" if told is None else f"{instant(told):%Y-%m-%d %H:%M:%S} UTC"


def instant(told: str) -> datetime:
    """A time of the license server, in UTC."""
    return datetime.fromisoformat(told).astimezone(UTC)


def bound(binding: dict[str, Any] | None) -> str:
    """Where a key is bound."""
    return "" if binding is None else f"{binding['server'].strip()}/{binding['database'].strip()}"


def some(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def people(license: dict[str, Any]) -> str:
    """Whom a license is for: its type and its number."""
    return f"{license['type']}, {some(license['seats'], 'seat' if license['type'] == 'concurrent' else 'user')}"


def extension(license: dict[str, Any]) -> str:
    """The extension of a license: how many days, and for which grants."""
    told = license["extension"]
    return "" if told is None else f"{some(told['days'], 'day')}, for grants until {when(told['until'])}"


def one_license(license: dict[str, Any]) -> None:
    """Print everything that is so about one license."""
    binding = license["binding"]
    pairs = [
        ("license key", license["key"]),
        ("organisation", license["organisation"]),
        ("standing", license["standing"]),
        ("type", people(license)),
        ("grace", some(license["grace_days"], "day")),
        ("extension", extension(license)),
        ("minimum version", license["minimum_version"] if license["minimum_version"] != "0.0" else "any"),
        ("ends", when(license["ends"]) or "never"),
        ("issued", when(license["issued_at"])),
        ("bound to", bound(binding) or "nothing yet"),
        ("bound since", "" if binding is None else when(binding["since"])),
        ("bindings", str(license["bindings"])),
        ("last grant", when(license.get("last_grant"))),
        ("suspicious", license.get("suspicion", "")),
    ]
    facts([pair for pair in pairs if pair[1]])
