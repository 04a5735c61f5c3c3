"""`nexuslic vendor issue`: a new key, and the mail that brings it to the customer."""

from datetime import datetime
from typing import Any

import click

from nexuslic.cli import printing
from nexuslic.cli.vendor.options import (
    DATE,
    MOST_DAYS,
    MOST_SEATS,
    NAME,
    TYPES,
    VERSION,
    as_json,
    located,
    number,
    vendor,
)


@click.command("issue")
@click.option("--organisation", type=NAME, required=True, metavar="NAME", help="Who the license is for.")
@click.option("--type", "kind", type=click.Choice(TYPES), help="How people are counted (default: concurrent).")
@click.option("--seats", type=number(0, MOST_SEATS), metavar="N", help="How many (default: 1).")
@click.option("--grace", type=number(0, MOST_DAYS), metavar="DAYS", help="Days without contact (default: 30).")
@click.option("--minimum-version", type=VERSION, metavar="VERSION", help="The oldest version that may run.")
@click.option("--ends", type=DATE, metavar="DATE", help="The last day, in UTC, or a time with its zone.")
@click.option("--extension", type=number(1, MOST_DAYS), metavar="DAYS", help="Extra days of grace, with --until.")
@click.option("--until", type=DATE, metavar="DATE", help="Grants until then carry the extra days.")
@as_json
@located(hidden=True)
def issue(
    organisation: str,
    kind: str | None,
    seats: int | None,
    grace: int | None,
    minimum_version: str | None,
    ends: datetime | None,
    extension: int | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Issue a license: print the mail that brings the new key to the customer."""
    if (extension is None) != (until is None):
        raise click.UsageError("--extension and --until belong together: give both or none")
    form: dict[str, Any] = {
        "organisation": organisation,
        "type": kind,
        "seats": seats,
        "grace_days": grace,
        "minimum_version": minimum_version,
        "ends": ends and ends.isoformat(),
        "extension": until and {"days": extension, "until": until.isoformat()},
    }
    with vendor() as link:
        license = link.request("POST", "/v1/licenses", {name: told for name, told in form.items() if told is not None})
    from nexuslic.cli.vendor import mail

    if as_json:
        printing.as_json(license)
    else:
        click.echo(mail.write(license), nl=False)
