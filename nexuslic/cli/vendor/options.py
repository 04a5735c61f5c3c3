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
        ("--timeout", Count(1, 3600), "SECONDS", "How long to wait for an answer (default: 30)."),
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
    from nexuslic.cli.vendor.extras import needing

    with needing("client"):
        from nexuslic.cli.vendor import config, link
    given = config.Given(**click.get_current_context().meta.get(_GIVEN, {}))
    with link.opened(given, signs=signs) as found:
        yield found


class Count(click.ParamType):
    """A whole number between two bounds."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return count(str(value), self.least, self.most)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def count(text: str, least: int, most: int) -> int:
    """The whole number in `text`. Raises ValueError."""
    told = text.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", told, re.ASCII) or not least <= int(told) <= most:
        raise ValueError(f"{text!r} is not a whole number from {least} to {most}")
    return int(told)


class Moment(click.ParamType):
    """A date, which means its last second in UTC, or a time with its zone."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else moment(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


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


class Key(click.ParamType):
    """A license key, as its 13 digits."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from nexuslic.errors import MistypedKey
        from nexuslic.rules.license import LicenseKey

        try:
            return LicenseKey.parse(str(value)).digits
        except MistypedKey as error:
            self.fail(str(error), param, ctx)


class VersionText(click.ParamType):
    """A version of the application."""

    name = "version"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return version(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def version(text: str) -> str:
    """The version in `text`. Raises ValueError."""
    from nexuslic.errors import InputError
    from nexuslic.rules.license import Version

    try:
        return str(Version.parse(text))
    except InputError as error:
        raise ValueError(str(error)) from error


class Name(click.ParamType):
    """A name of somebody: what a license or a token is called."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return name(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def name(text: str) -> str:
    """The name in `text`, without the space around it. Raises ValueError."""
    told = text.strip()
    if not told or len(told) > 200 or any(ord(letter) < 32 or ord(letter) == 127 for letter in told):
        raise ValueError("a name has 1 to 200 characters, and no line breaks")
    return told


key_argument = click.argument("key", type=Key(), metavar="KEY")
TYPES = ("concurrent", "named")


def end_of_trip(departs: datetime, days: int) -> datetime:
    """The last second of a trip of that many days, in UTC. Raises ValueError where the calendar ends before."""
    try:
        return moment((departs + timedelta(days=days)).date().isoformat())
    except OverflowError as error:
        raise ValueError("this trip ends outside of the calendar") from error
