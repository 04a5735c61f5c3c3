"""How answers are printed for a person: aligned tables, times in UTC, and lines about one license."""

from datetime import UTC, datetime
from typing import Any

from nexuslic.cli.printing import facts


def when(told: str | None) -> str:
    """A time of the license server, as a person reads it."""
    return "" if told is None else f"{instant(told):%Y-%m-%d %H:%M:%S} UTC"


def instant(told: str) -> datetime:
    """A time of the license server, in UTC."""
    return datetime.fromisoformat(told).astimezone(UTC)


def bound(binding: dict[str, Any] | None) -> str:
    """Where a key is bound."""
    return "" if binding is None else f"{binding['server'].strip()}/{binding['database'].strip()}"


def some(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def people(license: dict[str, Any]) -> str:
    """Whom a license is for: its type and its number."""
    return f"{license['type']}, {some(license['seats'], 'seat' if license['type'] == 'concurrent' else 'user')}"


def extension(license: dict[str, Any]) -> str:
    """The extension of a license: how many days, and for which grants."""
    told = license["extension"]
    return "" if told is None else f"{some(told['days'], 'day')}, for grants until {when(told['until'])}"


def one_license(license: dict[str, Any]) -> None:
    """Print everything that is so about one license."""
    binding = license["binding"]
    pairs = [
        ("license key", license["key"]),
        ("organisation", license["organisation"]),
        ("standing", license["standing"]),
        ("type", people(license)),
        ("grace", some(license["grace_days"], "day")),
        ("extension", extension(license)),
        ("minimum version", license["minimum_version"] if license["minimum_version"] != "0.0" else "any"),
        ("ends", when(license["ends"]) or "never"),
        ("issued", when(license["issued_at"])),
        ("bound to", bound(binding) or "nothing yet"),
        ("bound since", "" if binding is None else when(binding["since"])),
        ("bindings", str(license["bindings"])),
        ("last grant", when(license.get("last_grant"))),
        ("suspicious", license.get("suspicion", "")),
    ]
    facts([pair for pair in pairs if pair[1]])
