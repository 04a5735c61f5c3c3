"""What the customer's commands have in common: which database, which bundle, who asks, and how errors end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nexuslic.errors import InputError

if TYPE_CHECKING:
    from nexuslic.application.application import Application

F = TypeVar("F", bound=Callable[..., Any])

REFUSED = 77
"""The exit status of a launch that the license does not let run (EX_NOPERM of sysexits)."""

_MOST_LETTERS = 100_000
_DATABASE = "NEXUSLIC_DATABASE"
_BUNDLE = "NEXUSLIC_BUNDLE"


def connected(command: F) -> F:
    """The options that say over which database the license is asked."""
    path = click.Path(path_type=Path)
    for option in reversed(
        (
            click.option(
                "--database",
                metavar="URL",
                required=True,
                envvar=_DATABASE,
                help=f"sqlite:///PATH or postgresql://USER@SERVER/DATABASE; else {_DATABASE}. "
                "Leave the password to PGPASSWORD or to ~/.pgpass.",
            ),
            click.option(
                "--bundle",
                metavar="FILE",
                type=path,
                default="bundle.json",
                envvar=_BUNDLE,
                help=f"The vendor's bundle; else {_BUNDLE} (default: bundle.json).",
            ),
            click.option("--user", metavar="NAME", help="Who works with the application (default: your account)."),
            click.option("--app-version", metavar="VERSION", default="6.2", help="The application's (default: 6.2)."),
            click.option(
                "--application",
                metavar="DIR",
                type=path,
                help="The application's folder, beside which NETHASP.ini may stand.",
            ),
        )
    ):
        command = option(command)
    return command


as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")


def opened(database: str, bundle: Path, user: str | None, app_version: str, application: Path | None) -> "Application":
    """The license of these options. Raises InputError."""
    from nexuslic.cli.extras import needing

    with needing("client"):
        from nexuslic.application.opening import open
    return open(bundle, database, user=user, version=app_version, application=application)


@contextmanager
def license_of(given: dict[str, Any]) -> Iterator["Application"]:
    """The license of the options in `given`, which are taken out of it."""
    names = ("database", "bundle", "user", "app_version", "application")
    with opened(**{name: given.pop(name) for name in names}) as found:
        yield found


def typed_or_read(text: str | None, prompt: str, *, hidden: bool = False) -> str:
    """What was given; `-` is standard input, and nothing is asked for on a terminal. Raises InputError."""
    if text == "-" or (text is None and not sys.stdin.isatty()):
        text = sys.stdin.read(_MOST_LETTERS).strip()
        if not text:
            raise InputError(f"{prompt.lower()}: nothing was given; write it behind the command, or to standard input")
    return str(click.prompt(prompt, hide_input=hidden, err=True)) if text is None else text


def when(at: datetime | None) -> str:
    """A time (UTC) as a person aboard reads it: by this computer's clock, and in UTC where that differs."""
    if at is None:
        return ""
    try:
        here = at.astimezone()
    except (OverflowError, OSError):
        here = at
    told = f"{at:%Y-%m-%d %H:%M} UTC"
    return told if here.utcoffset() == at.utcoffset() else f"{here:%Y-%m-%d %H:%M} ({told})"
