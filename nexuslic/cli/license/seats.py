"""`nexuslic license seats` and `release`: who sits where, and the seat of a session that crashed."""

from typing import Any

import click

from nexuslic.cli import printing, told
from nexuslic.cli.customer import as_json, connected, license_of, when
from nexuslic.cli.plain import plain

_RISK = (
    "A session that crashed gives its seat back by itself within 10 minutes. Where it still runs, it takes another "
    "seat at its next renewal, and where none is free it is told so and ends: its user may lose work."
)


@click.command("seats")
@connected
@as_json
def seats(as_json: bool, **given: Any) -> int:
    """Who holds a seat now, by the database's clock."""
    with license_of(given) as license:
        held = license.seats()
    if as_json:
        printing.as_json([told.seat(one) for one in held])
    elif held:
        rows = [(one.session, one.user, one.workstation, when(one.renewed_at)) for one in held]
        printing.table(("session", "user", "workstation", "renewed"), rows)
    else:
        click.echo("nobody holds a seat now")
    return 0


@click.command("release")
@connected
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.argument("session", metavar="SESSION")
def release(session: str, yes: bool, **given: Any) -> int:
    """Give back the seat of SESSION, which crashed; `nexuslic license seats` names the sessions."""
    with license_of(given) as license:
        if not yes:
            click.echo(_RISK, err=True)
            click.confirm("Give its seat back?", abort=True, err=True)
        seat = license.release(session)
    click.echo(f"the seat of {plain(str(seat))} is free")
    return 0
