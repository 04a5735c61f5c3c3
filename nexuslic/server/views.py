"""From what the registry keeps to the forms of the vendor's routes, and back."""

import json
from datetime import UTC, datetime
from typing import Any

import attrs
from msgspec import UNSET
from sqlalchemy import Row

from nexuslic.errors import InputError
from nexuslic.issuing.registry import Bound, Issued
from nexuslic.issuing.wandering import suspicion
from nexuslic.rules.grace import within
from nexuslic.rules.license import Extension, License, LicenseKey, Version
from nexuslic.server import forms
from nexuslic.server.tokens import Token


def terms_of(form: forms.NewLicense) -> License:
    """The terms in a form."""
    version = Version.parse(form.minimum_version)
    ends = None if form.ends is None else utc(form.ends)
    return License(name(form.organisation), form.type, form.seats, form.grace_days, version, ends)


def extension_of(form: forms.ExtensionForm | None) -> Extension | None:
    """The extension in a form."""
    return None if form is None else Extension(form.days, utc(form.until))


def changed(terms: License, form: forms.Changes) -> License:
    """The terms with the changes of a form."""
    given = {name: value for name in form.__struct_fields__ if (value := getattr(form, name)) is not UNSET}
    if "organisation" in given:
        given["organisation"] = name(given["organisation"])
    if "minimum_version" in given:
        given["minimum_version"] = Version.parse(given["minimum_version"])
    if given.get("ends") is not None:
        given["ends"] = utc(given["ends"])
    return attrs.evolve(terms, **given)


def name(text: str) -> str:
    """The name with single spaces and none around it. Raises InputError where a person could not read it."""
    found = " ".join(text.split())
    if not found or not found.isprintable():
        raise InputError(f"{text!r} is no name: give one that can be read")
    return found


def utc(moment: datetime) -> datetime:
    """The moment in UTC, in whole seconds. Raises InputError where the calendar ends before it."""
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise InputError(f"{moment.isoformat()} is outside the calendar: give a year from 2 to 9998") from error


def license_view(issued: Issued, issued_at: datetime, bindings: int, now: datetime) -> forms.LicenseView:
    """One key as it is listed."""
    return forms.LicenseView(**_fields(issued, issued_at, bindings, now))


def license_detail(
    issued: Issued, issued_at: datetime, last_grant: datetime | None, now: datetime
) -> forms.LicenseDetail:
    """One key as it is shown alone."""
    fields = _fields(issued, issued_at, len(issued.history), now)
    return forms.LicenseDetail(**fields, last_grant=last_grant, suspicion=suspicion(issued))


def _fields(issued: Issued, issued_at: datetime, bindings: int, now: datetime) -> dict[str, Any]:
    terms, extension = issued.license, issued.extension
    return {
        "key": str(issued.key),
        "organisation": terms.organisation,
        "type": terms.type,
        "seats": terms.seats,
        "grace_days": terms.grace_days,
        "minimum_version": str(terms.minimum_version),
        "ends": terms.ends,
        "extension": None if extension is None else forms.ExtensionView(days=extension.days, until=extension.until),
        "standing": standing(issued, now),
        "issued_at": issued_at,
        "binding": binding_view(issued.history[-1]) if issued.history else None,
        "bindings": bindings,
    }


def standing(issued: Issued, now: datetime) -> str:
    """What a client would be told, in a word."""
    if issued.revoked:
        return "revoked"
    if issued.suspended:
        return "suspended"
    if issued.license.ends is not None and not within(now, issued.license.ends):
        return "ended"
    return "active" if issued.history else "unused"


def binding_view(bound: Bound) -> forms.BindingView:
    """One line of a history."""
    return forms.BindingView(server=bound.binding.server, database=bound.binding.database, since=bound.since)


def history(issued: Issued) -> forms.History:
    """All bindings of a key."""
    items = [binding_view(bound) for bound in issued.history]
    return forms.History(key=str(issued.key), items=items, suspicion=suspicion(issued))


def token_view(token: Token) -> forms.TokenView:
    """A token as it is listed."""
    return forms.TokenView(**token_fields(token))


def token_fields(token: Token) -> dict[str, Any]:
    """What is shown of a token."""
    return {**attrs.asdict(token, recurse=False), "scope": token.scope.value}


def audit_line(row: Row[Any]) -> forms.AuditLine:
    """One line of the audit trail."""
    key = None if row.key is None else _shown(row.key)
    detail = json.loads(row.detail)
    return forms.AuditLine(
        seq=row.seq, at=row.at, who=row.who, origin=row.origin, act=row.act, key=key, detail=detail, hash=row.hash
    )


def _shown(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def key_of(text: str) -> LicenseKey:
    """The license key in a path. Raises MistypedKey."""
    return LicenseKey.parse(text)
