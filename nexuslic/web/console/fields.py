"""What is typed into a form: read as the license server's own forms read it, and told field by field."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

import attrs
import msgspec

from nexuslic.errors import InputError
from nexuslic.rules.words import LicenseType
from nexuslic.server import forms, views
from nexuslic.web.console import texts

END_OF_DAY: Final = time(23, 59, 59, tzinfo=UTC)
TERMS: Final[Mapping[str, Any]] = {
    "organisation": forms.Name,
    "type": LicenseType,
    "seats": forms.Seats,
    "grace_days": forms.Days,
    "minimum_version": forms.VersionText,
    "ends": forms.Moment | None,
}
EXTENSION: Final[Mapping[str, Any]] = {"days": forms.Days, "until": forms.Moment}
NEW: Final[Mapping[str, str]] = {
    "organisation": "",
    "type": LicenseType.CONCURRENT.value,
    "seats": "1",
    "grace_days": "30",
    "minimum_version": "0.0",
    "ends": "",
}
"""What a new license's form begins with."""

_DAYS = ("ends", "until")


@attrs.frozen
class Typed:
    """A form as it was typed: `values` as texts, `read` as they are meant, and what is `wrong`, by field."""

    values: Mapping[str, str]
    read: Mapping[str, Any] = attrs.Factory(dict)
    wrong: Mapping[str, str] = attrs.Factory(dict)


def of(form: Mapping[str, str], fields: Mapping[str, Any]) -> Typed:
    """The fields of a form that was sent."""
    values = {name: form.get(name, "") for name in fields}
    read: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, kind in fields.items():
        try:
            read[name] = _converted(name, values[name].strip(), kind)
        except (ValueError, InputError, msgspec.ValidationError):
            wrong[name] = texts.WRONG[name]
    return Typed(values, read, wrong)


def extension(form: Mapping[str, str], now: datetime) -> Typed:
    """An extension; one that no grant could carry any more is wrong."""
    typed = of(form, EXTENSION)
    if not typed.wrong and typed.read["days"] and typed.read["until"] < now:
        return attrs.evolve(typed, wrong={"until": texts.IS_PAST})
    return typed


def shown(license: forms.LicenseView) -> dict[str, str]:
    """The terms of a license as a form shows them."""
    ends = "" if license.ends is None else license.ends.astimezone(UTC).date().isoformat()
    return {
        "organisation": license.organisation,
        "type": license.type.value,
        "seats": str(license.seats),
        "grace_days": str(license.grace_days),
        "minimum_version": license.minimum_version,
        "ends": ends,
    }


def changes(license: forms.LicenseView, typed: Typed) -> forms.Changes:
    """What a form that was read without a fault changes in a license; a day that stays keeps its hour."""
    before = shown(license)
    given = {name: value for name, value in typed.read.items() if typed.values[name].strip() != before[name]}
    return forms.Changes(**given)


def _converted(name: str, text: str, kind: Any) -> Any:
    if name in _DAYS:
        if not text and name == "ends":
            return None
        return datetime.combine(date.fromisoformat(text), END_OF_DAY)
    value = msgspec.convert(text, kind, strict=False)
    return views.name(value) if name == "organisation" else value
