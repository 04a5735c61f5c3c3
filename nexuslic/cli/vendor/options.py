"""What the vendor's commands have in common: where the license server is, and what a person may type."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from nexuslic.cli.vendor.link import Vendor

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
MOST_DAYS = 36_500
MOST_SEATS = 100_000
PAGE = 1000
"""Items of one page; the license server gives no more."""

_GIVEN = "nexuslic.cli.vendor.given"


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """After the command counts before in front of it."""
    if value is not None:
        ctx.meta.setdefault(_GIVEN, {})[param.name] = value


def located(*, hidden: bool = False) -> Callable[[F], F]:
    """The options that say where the license server is."""
    path = click.Path(path_type=Path)
    about: tuple[tuple[str, Any, str, str], ...] = (
        ("--server", str, "URL", "The license server; else NEXUSLIC_SERVER."),
        ("--token-file", path, "FILE", "Your token is on its first line; else NEXUSLIC_TOKEN holds the token."),
        (
            "--authority",
            path,
            "FILE",
            "The server's authority.pem; else NEXUSLIC_AUTHORITY, else the operating system's trust.",
        ),
        ("--config", path, "FILE", "Another vendor.toml."),
        ("--timeout", number(1, 3600), "SECONDS", "How long to wait for an answer (default: 30)."),
        ("--folder", path, "DIR", "Work in this server's folder, without a token (needs the extra `server`)."),
        ("--passphrase-file", path, "FILE", "With --folder: what opens its keys; answer-code signs with them."),
    )

    def decorate(command: F) -> F:
        for name, kind, metavar, text in reversed(about):
            option = click.option(
                name, type=kind, metavar=metavar, help=text, hidden=hidden, expose_value=False, callback=_keep
            )
            command = option(command)
        return command

    return decorate


as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@contextmanager
def vendor(*, signs: bool = False) -> Iterator["Vendor"]:
    """The license server that was told. `signs`: with the keys at hand, where it is a folder."""
    from nexuslic.cli.extras import needing

    with needing("client"):
        from nexuslic.cli.vendor import config, link
    given = config.Given(**click.get_current_context().meta.get(_GIVEN, {}))
    with link.opened(given, signs=signs) as found:
        yield found


def typed(read: Callable[[str], T]) -> Callable[[Any], T]:
    """What a person may type for an option: a ValueError of `read` becomes click's own."""

    def value(told: Any) -> T:
        try:
            return read(str(told))
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return value


def number(least: int, most: int) -> Callable[[Any], int]:
    """For an option: a whole number between two bounds."""
    return typed(lambda text: count(text, least, most))


def count(text: str, least: int, most: int) -> int:
    """The whole number in `text`. Raises ValueError."""
    told = text.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", told, re.ASCII) or not least <= int(told) <= most:
        raise ValueError(f"{text!r} is not a whole number from {least} to {most}")
    return int(told)


def moment(text: str) -> datetime:
    """The moment in `text`, in UTC: a date is its last second. Raises ValueError."""
    told = text.strip()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", told, re.ASCII):
        told += "T23:59:59Z"
    try:
        found = datetime.fromisoformat(told)
        if found.tzinfo is None or not 2 <= found.year <= 9998:
            raise ValueError
    except ValueError as error:
        raise ValueError(
            f"{text!r} is no date such as 2026-12-31 (the end of that day in UTC) "
            "and no time with its zone such as 2026-12-31T18:00+01:00"
        ) from error
    return found.astimezone(UTC).replace(microsecond=0)


def moment_or_never(text: str) -> datetime | str:
    """The moment in `text`, or the word never. Raises ValueError."""
    return "never" if text.strip().lower() == "never" else moment(text)


def key(text: str) -> str:
    """The 13 digits of the license key in `text`. Raises ValueError."""
    from nexuslic.errors import MistypedKey
    from nexuslic.rules.license import LicenseKey

    try:
        return LicenseKey.parse(text).digits
    except MistypedKey as error:
        raise ValueError(str(error)) from error


def version(text: str) -> str:
    """The version in `text`. Raises ValueError."""
    from nexuslic.errors import InputError
    from nexuslic.rules.license import Version

    try:
        return str(Version.parse(text))
    except InputError as error:
        raise ValueError(str(error)) from error


def name(text: str) -> str:
    """The name in `text`, without the space around it. Raises ValueError."""
    told = text.strip()
    if not told or len(told) > 200 or any(ord(letter) < 32 or ord(letter) == 127 for letter in told):
        raise ValueError("a name has 1 to 200 characters, and no line breaks")
    return told


DATE, KEY, NAME, VERSION = typed(moment), typed(key), typed(name), typed(version)
DATE_OR_NEVER = typed(moment_or_never)
key_argument = click.argument("key", type=KEY, metavar="KEY")
TYPES = ("concurrent", "named")


def end_of_trip(departs: datetime, days: int) -> datetime:
    """The last second of a trip of that many days, in UTC. Raises ValueError where the calendar ends before."""
    try:
        return moment((departs + timedelta(days=days)).date().isoformat())
    except OverflowError as error:
        raise ValueError("this trip ends outside of the calendar") from error
