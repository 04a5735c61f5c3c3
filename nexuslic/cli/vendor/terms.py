"""`nexuslic vendor extend` and `change`: other terms for the grants to come."""

from datetime import datetime
from typing import Any

import click

from nexuslic.cli import printing
from nexuslic.cli.plain import plain
from nexuslic.cli.vendor import show
from nexuslic.cli.vendor.options import (
    DATE,
    DATE_OR_NEVER,
    MOST_DAYS,
    MOST_SEATS,
    NAME,
    TYPES,
    VERSION,
    as_json,
    end_of_trip,
    key_argument,
    located,
    number,
    vendor,
)
from nexuslic.errors import InputError

RESERVE = 7
"""Days for the last contact before departure, and for a late return."""


@click.command("extend")
@key_argument
@click.argument("days", type=number(0, MOST_DAYS), required=False)
@click.option("--until", type=DATE, metavar="DATE", help="Grants until then carry the extra days.")
@click.option("--for-trip", "trip", type=number(1, MOST_DAYS), metavar="DAYS", help="A trip of so many days.")
@click.option("--departs", type=DATE, metavar="DATE", help="When the trip begins (default: today).")
@as_json
@located(hidden=True)
def extend(
    key: str, days: int | None, until: datetime | None, trip: int | None, departs: datetime | None, as_json: bool
) -> None:
    """Add DAYS of grace to the grants until a date; 0 takes an extension back.

    With --for-trip every grant until the end of that trip carries them, so that a contact on the way costs no day;
    without DAYS it adds what the trip is longer than the grace period, and a week for a last contact that was early
    and a return that is late.
    """
    if (until is None) == (trip is None) or (departs is not None and trip is None):
        raise click.UsageError("say until when, by either --until or --for-trip; --departs goes with --for-trip")
    if until is not None and days is None:
        raise click.UsageError("say how many DAYS; only --for-trip finds them by itself")
    with vendor() as link:
        if trip is not None:
            until = _end(departs, trip)
            days = _needed(link.get(f"/v1/licenses/{key}"), trip) if days is None else days
        assert until is not None
        form = {"days": days, "until": until.isoformat()}
        license = link.request("POST", f"/v1/licenses/{key}/extend", form)
    if as_json:
        printing.as_json(license)
    else:
        _told(license)


def _end(departs: datetime | None, trip: int) -> datetime:
    from nexuslic.adapters.clocks import SystemClock

    try:
        return end_of_trip(departs or SystemClock().read().wall, trip)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _needed(license: dict[str, Any], trip: int) -> int:
    missing: int = trip + RESERVE - license["grace_days"]
    if missing <= 0:
        raise InputError(
            f"{show.some(license['grace_days'], 'day')} of grace cover a trip of {show.some(trip, 'day')} and a week "
            "more: nothing was changed; give DAYS to extend it all the same"
        )
    return missing


def _told(license: dict[str, Any]) -> None:
    told, grace = license["extension"], license["grace_days"]
    click.echo(f"{license['key']}  {plain(license['organisation'])}")
    until = show.when(told["until"])
    days = told["days"]
    click.echo(f"a grant until {until} lasts {grace} + {days} = {show.some(grace + days, 'day')}")
    click.echo("It arrives with a contact: let them start the application with internet before they leave.")
    ends = license["ends"]
    if ends is not None and show.instant(ends) < show.instant(told["until"]):
        click.echo(f"warning: the license ends before, on {show.when(ends)}: `change --ends` moves that", err=True)
    if license["standing"] in ("suspended", "ended", "revoked"):
        click.echo(f"warning: the license is {license['standing']}, so nothing is granted at all", err=True)


@click.command("change")
@key_argument
@click.option("--organisation", type=NAME, metavar="NAME", help="Who the license is for.")
@click.option("--type", "kind", type=click.Choice(TYPES), help="How people are counted.")
@click.option("--seats", type=number(0, MOST_SEATS), metavar="N", help="How many.")
@click.option("--grace", type=number(0, MOST_DAYS), metavar="DAYS", help="Days without contact.")
@click.option("--minimum-version", type=VERSION, metavar="VERSION", help="The oldest version that may run.")
@click.option(
    "--ends", type=DATE_OR_NEVER, metavar="DATE", help="The last day, in UTC, a time with its zone, or `never`."
)
@as_json
@located(hidden=True)
def change(
    key: str,
    organisation: str | None,
    kind: str | None,
    seats: int | None,
    grace: int | None,
    minimum_version: str | None,
    ends: datetime | str | None,
    as_json: bool,
) -> None:
    """Change the terms of the grants to come; what is left out stays."""
    form: dict[str, Any] = {
        "organisation": organisation,
        "type": kind,
        "seats": seats,
        "grace_days": grace,
        "minimum_version": minimum_version,
        "ends": ends.isoformat() if isinstance(ends, datetime) else ends,
    }
    changes = {name: told for name, told in form.items() if told is not None}
    if ends == "never":
        changes["ends"] = None
    if not changes:
        raise click.UsageError("nothing to change: give at least one option, such as --seats")
    with vendor() as link:
        license = link.request("PATCH", f"/v1/licenses/{key}", changes)
    if as_json:
        printing.as_json(license)
    else:
        show.one_license(license)
