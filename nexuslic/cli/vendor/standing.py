"""`nexuslic vendor suspend`, `reinstate` and `revoke`: whether a key is granted anything."""

import sys
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli import printing
from nexuslic.cli.plain import plain
from nexuslic.cli.vendor import show
from nexuslic.cli.vendor.options import as_json, key_argument, located, vendor
from nexuslic.errors import InputError

if TYPE_CHECKING:
    from nexuslic.cli.vendor.link import Vendor

_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("suspend")
@key_argument
@_yes
@as_json
@located(hidden=True)
def suspend(key: str, yes: bool, as_json: bool) -> int:
    """Refuse every grant until the license is reinstated; aboard it counts from the next contact on."""
    return _end(key, "suspend", "Suspend this license?", yes, as_json)


@click.command("revoke")
@key_argument
@_yes
@as_json
@located(hidden=True)
def revoke(key: str, yes: bool, as_json: bool) -> int:
    """End a key for good: at the next contact its record is removed aboard. Nothing brings it back."""
    return _end(key, "revoke", "Revoke this key for good?", yes, as_json)


@click.command("reinstate")
@key_argument
@as_json
@located(hidden=True)
def reinstate(key: str, as_json: bool) -> None:
    """Lift a suspension; aboard it counts from the next contact on."""
    with vendor() as link:
        _told(link.request("POST", f"/v1/licenses/{key}/reinstate"), as_json)


def _end(key: str, act: str, question: str, yes: bool, as_json: bool) -> int:
    with vendor() as link:
        if not yes and not _agreed(link, key, question):
            click.echo("nothing was changed", err=True)
            return 1
        _told(link.request("POST", f"/v1/licenses/{key}/{act}"), as_json)
    return 0


def _agreed(link: "Vendor", key: str, question: str) -> bool:
    if not sys.stdin.isatty():
        raise InputError("nobody can be asked here, standard input is no terminal: nothing was changed; add --yes")
    license = link.get(f"/v1/licenses/{key}")
    click.echo(_summary(license), err=True)
    return click.confirm(question, err=True)


def _summary(license: dict[str, Any]) -> str:
    where = show.bound(license["binding"]) or "nothing yet"
    granted = show.when(license["last_grant"]) or "never"
    lines = [
        f"{license['key']}  {license['organisation']}",
        f"  standing {license['standing']}, bound to {where}, last granted {granted}",
    ]
    return "\n".join(plain(line) for line in lines)


def _told(license: dict[str, Any], as_json: bool) -> None:
    if as_json:
        printing.as_json(license)
    else:
        click.echo(f"{license['key']}  {plain(license['organisation'])}: {license['standing']} now")
