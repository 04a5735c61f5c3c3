"""`nexuslic license users`, `assign`, `unassign`: named users."""

from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli import printing
from nexuslic.cli.customer import as_json, connected, license_of
from nexuslic.cli.plain import plain

if TYPE_CHECKING:
    from nexuslic.application.assigned import AssignedUsers
    from nexuslic.rules.users import Users


@click.command("users")
@connected
@as_json
def users(as_json: bool, **given: Any) -> int:
    """The users that licenses are assigned to, earliest first."""
    with license_of(given) as license:
        _show(license.users.assigned(), (), as_json)
    return 0


@click.command("assign")
@connected
@as_json
@click.argument("names", nargs=-1, required=True, metavar="USER ...")
def assign(names: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Assign a license to each USER; where there are too few, the earliest keep theirs, and the rest is named."""
    from nexuslic.application.opening import named

    wanted = tuple(named("user", name) for name in names)
    with license_of(given) as license:
        dropped = license.users.assign(*wanted)
        _show(license.users.assigned(), dropped, as_json)
    return 1 if dropped else 0


@click.command("unassign")
@connected
@as_json
@click.argument("names", nargs=-1, required=True, metavar="USER ...")
def unassign(names: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Take the license of each USER back."""
    with license_of(given) as license:
        strangers = _strangers(license.users, names)
        license.users.unassign(*names)
        _show(license.users.assigned(), (), as_json)
    for name in strangers:
        click.echo(
            f"error: {plain(name)}: no license is assigned to this user; `nexuslic license users` names them", err=True
        )
    return 1 if strangers else 0


def _strangers(there: "AssignedUsers", names: tuple[str, ...]) -> list[str]:
    from nexuslic.rules.users import is_assigned

    return [name for name in names if not is_assigned(there.assigned(), name)]


def _show(assigned: "Users", dropped: "Users", as_json: bool) -> None:
    if as_json:
        printing.as_json({"users": list(assigned), "dropped": list(dropped)})
        return
    for name in assigned:
        click.echo(plain(name))
    if not assigned:
        click.echo("nobody is assigned yet: nexuslic license assign USER", err=True)
    if dropped:
        names = ", ".join(map(plain, dropped))
        click.echo(f"error: fewer licenses than users: no license for {names}", err=True)
