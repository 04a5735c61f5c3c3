"""`nexuslic license status`: what the License dialog shows."""

from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli import printing, told
from nexuslic.cli.customer import as_json, connected, license_of, when
from nexuslic.rules.explain import explain
from nexuslic.rules.words import LicenseType, Protection, State

if TYPE_CHECKING:
    from nexuslic.application.status import Status

Facts = list[tuple[str, str]]


@click.command("status")
@connected
@as_json
def status(as_json: bool, **given: Any) -> int:
    """How the license stands for this connection, and who sits where; nobody but the database is asked."""
    with license_of(given) as license:
        found = license.status()
    if as_json:
        printing.as_json(told.status(found))
        return 0
    printing.facts([*_names(found), *_terms(found), *_standing(found), *_people(found)])
    if found.protection is Protection.DONGLE:
        click.echo("\nNETHASP.ini is in place: the dongle protects this workstation, and the license is not asked.")
    elif not found.alone.runs:
        click.echo(f"\n{explain(found.alone, when)}")
    return 0


def _names(found: "Status") -> Facts:
    pairs = [
        ("Product", found.product),
        ("Server name", found.connected.server),
        ("Database name", found.connected.database),
    ]
    if found.recorded is not None and found.state is State.INVALID_BINDING:
        pairs.append(("Authenticated as", f"{found.recorded.server}, {found.recorded.database}"))
    return pairs


def _terms(found: "Status") -> Facts:
    terms = found.license
    if terms is None:
        return []
    extra = f", and {found.extra_days} extra" if found.extra_days else ""
    pairs = [
        ("Organisation", terms.organisation),
        ("License type", terms.type.value),
        ("Named licenses" if terms.type is LicenseType.NAMED else "Concurrent licenses", str(terms.seats)),
        ("Grace period", f"{terms.grace_days} {'day' if terms.grace_days == 1 else 'days'}{extra}"),
    ]
    return [*pairs, ("Ends", when(terms.ends))] if terms.ends is not None else pairs


def _standing(found: "Status") -> Facts:
    pairs = [("State", found.state.value if found.reason is None else f"{found.state.value} ({found.reason.value})")]
    if found.days_left is not None:
        pairs.append(("Days left", str(found.days_left)))
    if found.deadline is not None:
        pairs.append(("Deadline", when(found.deadline)))
    if found.last_validation is not None:
        pairs.append(("Last validation", when(found.last_validation)))
        pairs.append(("Last good launch", when(found.last_good) or "none yet"))
    return pairs


def _people(found: "Status") -> Facts:
    terms = found.license
    if terms is None:
        return []
    if terms.type is LicenseType.NAMED:
        who = ", ".join(found.users) or "nobody is assigned yet"
        return [("Named users", f"{len(found.users)} of {terms.seats}: {who}")]
    who = ", ".join(map(str, found.seats))
    return [("In use", f"{len(found.seats)} of {terms.seats}" + (f": {who}" if who else ""))]
