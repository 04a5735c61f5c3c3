"""The mail that brings a license key to a customer: the key, the terms, how to enter it, and what a trip needs."""

from typing import Any

from nexuslic.cli.vendor.plain import plain
from nexuslic.cli.vendor.show import some, when


def write(license: dict[str, Any]) -> str:
    """The mail's text, subject first."""
    terms = "".join(f"  {name:<12} {value}\n" for name, value in _terms(license))
    named = _NAMED.format(users=_users(license["seats"])) if license["type"] == "named" else ""
    return _MAIL.format(
        organisation=plain(license["organisation"]),
        key=license["key"],
        terms=terms,
        named=named,
        grace=_grace(license["grace_days"]),
        trip=_trip(license["grace_days"]),
    )


def _terms(license: dict[str, Any]) -> list[tuple[str, str]]:
    terms = [("Licenses", _licenses(license)), ("Grace", _days_without(license["grace_days"]))]
    if license["minimum_version"] != "0.0":
        terms.append(("Version", f"{license['minimum_version']} or newer"))
    if license["ends"] is not None:
        terms.append(("Valid until", when(license["ends"])))
    if license["extension"] is not None:
        days, until = license["extension"]["days"], when(license["extension"]["until"])
        terms.append(("Extra", f"{some(days, 'more day')} of grace with each contact until {until}"))
    return terms


def _licenses(license: dict[str, Any]) -> str:
    seats = license["seats"]
    if license["type"] == "named":
        return f"for {_users(seats)}"
    return f"{seats}, shared by everybody: {_sessions(seats)} at a time"


def _users(count: int) -> str:
    return some(count, "named user")


def _sessions(count: int) -> str:
    return some(count, "session")


def _days_without(days: int) -> str:
    return f"{some(days, 'day')} without internet" if days else "none: every start needs internet"


def _grace(days: int) -> str:
    if not days:
        return "Every start of the application needs internet."
    return (
        "Every start with internet, on any workstation, begins the grace period anew. Without\n"
        f"internet the application goes on for {some(days, 'day')} after the last such start."
    )


def _trip(days: int) -> str:
    if not days:
        return "Before a trip without internet, write to us: we can add days for it."
    return (
        "Before a trip, start it on one workstation with internet, a phone's hotspot will do. For\n"
        f"more than {some(days, 'day')} without internet, write to us before you leave: we can add days, and they\n"
        "arrive with the next start that has internet."
    )


_NAMED = """4. Choose who may use the application under Named Users in the same dialog. It takes
   {users}; nobody else can start it, not even whoever entered the key.
"""

_MAIL = """Subject: License key for {organisation}

This is the license key of {organisation}:

  {key}

{terms}
How to enter it, once for each database:

1. Where NETHASP.ini stands in the application's folder, rename it: while it is there the old
   dongle is asked for, and this license is not.
2. Start the application on one workstation that has internet, and connect to the database.
3. Open Database > Properties > License, enter the key, and choose Request License. The other
   workstations of that database need nothing more.
{named}
{grace}

{trip}

The key belongs to one database on one server. After that database was moved or restored to
another server, or one of the two was renamed, enter the key there again, with internet. All
workstations have to name the server in the same way.
"""
