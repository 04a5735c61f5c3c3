"""`nexuslic hasp`: whether a dongle protects the application on this computer, and the switch to the license."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nexuslic.adapters.nethasp import Dongle


_APPLICATION = click.option(
    "--application",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder of integritycentre.exe, or that file.",
)
_DONGLE = "the dongle protects the application here, and the license is not asked"
_LICENSE = "the license protects the application here, and the dongle is out of service"


@click.group("hasp")
def command() -> None:
    """Switch the application from the dongle to the license, and back.

    The dongle protects it as long as NETHASP.ini stands beside integritycentre.exe, in any letter case. The file is
    renamed to NETHASP.ini.disabled and back; no file is ever written over.

    Exit status: 0 it is as asked, 1 the system refused it, 2 what was given is wrong. After 1 and 2 nothing was
    renamed.
    """
    from nexuslic.cli.printing import never_fail_to_print

    never_fail_to_print()


@command.command("status", short_help="Say what protects the application.")
@_APPLICATION
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(application: Path, as_json: bool) -> None:
    """Say what protects the application; nothing is changed."""
    from nexuslic.adapters import nethasp

    found = nethasp.look(application)
    click.echo(json.dumps(_as_json(found), indent=1) if as_json else _told(found))


@command.command("disable", short_help="From the dongle to the license.")
@_APPLICATION
def disable(application: Path) -> None:
    """Rename NETHASP.ini to NETHASP.ini.disabled: from the next launch on, the license protects the application."""
    from nexuslic.adapters import nethasp

    found, was = nethasp.disable(application)
    if was is None:
        click.echo(f"Nothing was done: {_told(found)}")
    else:
        click.echo(f"{was} is now {found.disabled}, in {found.folder}.\nFrom the next launch on, {_LICENSE}.")


@command.command("enable", short_help="From the license back to the dongle.")
@_APPLICATION
def enable(application: Path) -> None:
    """Rename NETHASP.ini.disabled to NETHASP.ini: from the next launch on, the dongle protects the application."""
    from nexuslic.adapters import nethasp

    found, was = nethasp.enable(application)
    if was is None:
        click.echo(f"Nothing was done: {_told(found)}")
    else:
        click.echo(f"{was} is now {found.enabled}, in {found.folder}.\nFrom the next launch on, {_DONGLE}.")


def _told(found: "Dongle") -> str:
    if found.enabled is not None and found.disabled is not None:
        return (
            f"{found.enabled} stands in {found.folder}, and {found.disabled} beside it: {_DONGLE}. Move one of the two "
            "out of the folder before you switch."
        )
    if found.enabled is not None:
        return f"{found.enabled} stands in {found.folder}: {_DONGLE}."
    if found.disabled is not None:
        return f"{found.disabled} stands in {found.folder}: {_LICENSE}."
    return f"No NETHASP.ini stands in {found.folder}, and none that was renamed: the license protects the application."


def _as_json(found: "Dongle") -> dict[str, object]:
    names = {"enabled": found.enabled, "disabled": found.disabled}
    return {"format": 1, "folder": str(found.folder), "protection": found.protection.value, **names}
