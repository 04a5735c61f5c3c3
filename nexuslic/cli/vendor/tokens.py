"""`nexuslic vendor tokens`: who may use the license server."""

import contextlib
import os
import re
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from nexuslic.cli import printing
from nexuslic.cli.plain import plain
from nexuslic.cli.vendor import show
from nexuslic.cli.vendor.options import DATE, NAME, as_json, located, typed, vendor
from nexuslic.errors import InputError, WorldError


@click.group("tokens")
def tokens() -> None:
    """Tokens of the vendor's people; a token of scope `admin` is needed.

    Scope `support` issues, lists, extends, suspends, reinstates and answers codes; `admin` may also change and
    revoke, make tokens, and read the audit trail.
    """


@tokens.command("list")
@as_json
@located(hidden=True)
def list_tokens(as_json: bool) -> None:
    """List all tokens, without what is secret of them."""
    with vendor() as link:
        told = link.get("/v1/tokens")
    if as_json:
        printing.as_json(told)
        return
    rows = [
        (
            one["id"],
            one["name"],
            one["scope"],
            show.when(one["created_at"]),
            show.when(one["expires_at"]) or "never",
            show.when(one["revoked_at"]),
        )
        for one in told["items"]
    ]
    printing.table(("id", "name", "scope", "made", "expires", "revoked"), rows)


@tokens.command("make")
@click.argument("name", type=NAME, metavar="NAME")
@click.option("--scope", type=click.Choice(("support", "admin")), default="support", show_default=True)
@click.option("--expires", type=DATE, metavar="DATE", help="The last day, in UTC, or a time with its zone.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a new file of your own.")
@as_json
@located(hidden=True)
def make(name: str, scope: str, expires: datetime | None, output: Path | None, as_json: bool) -> None:
    """Make a token, named after who or what uses it. Its text is shown this once."""
    form = {"name": name, "scope": scope, "expires_at": expires and expires.isoformat()}
    file = None if output is None else _new(output)
    try:
        with vendor() as link:
            told = link.request("POST", "/v1/tokens", form)
        if not told["token"]:
            raise WorldError(
                f"token {told['id']} was made, and its text was lost on the way: revoke it, and make another"
            )
        if file is not None:
            _write(file, told)
    except BaseException:
        _drop(file, output)
        raise
    _made(told, output, as_json)


def _made(told: dict[str, Any], output: Path | None, as_json: bool) -> None:
    if as_json:
        printing.as_json(told)
    elif output is not None:
        click.echo(f"made token {told['id']} and wrote it to {output}, which only you can read")
    else:
        click.echo(told["token"])
        click.echo(f"made token {told['id']}; keep the line above, it is shown this once", err=True)


def _new(path: Path) -> IO[str]:
    """A new file that nobody else can read. Raises InputError where there is something already."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii")
    except FileExistsError as error:
        raise InputError(f"{path} exists already: it was left alone, choose another name") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): choose another place") from error


def _write(file: IO[str], told: dict[str, Any]) -> None:
    try:
        with file:
            file.write(told.pop("token") + "\n")
    except OSError as error:
        raise WorldError(
            f"token {told['id']} was made, and cannot be written ({error.strerror}): revoke it, and make another"
        ) from error


def _drop(file: IO[str] | None, path: Path | None) -> None:
    if file is not None and path is not None:
        with contextlib.suppress(OSError):
            file.close()
        path.unlink()


def _id(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{12}", text.strip(), re.ASCII):
        raise ValueError(f"{text!r} is no ID of a token, 12 digits and letters from a to f: `tokens list` shows them")
    return text.strip()


@tokens.command("revoke")
@click.argument("token_id", type=typed(_id), metavar="ID")
@as_json
@located(hidden=True)
def revoke(token_id: str, as_json: bool) -> None:
    """End a token at once; `tokens list` shows its ID."""
    with vendor() as link:
        told = link.request("DELETE", f"/v1/tokens/{token_id}")
    if as_json:
        printing.as_json(told)
    else:
        click.echo(f"token {told['id']} ({plain(told['name'])}) opens nothing any more")
