"""The mail that brings a license key to a customer: the key, the terms, how to enter it, and what a trip needs."""

import textwrap
from collections.abc import Iterator
from typing import Any

from nexuslic.cli.plain import plain
from nexuslic.cli.vendor.show import some, when

WIDTH = 72
"""Letters of a line: mails are quoted."""


def write(license: dict[str, Any]) -> str:
    """The mail's text, subject first."""
    organisation = plain(license["organisation"])
    parts = [
        f"Subject: License key for {organisation}",
        _paragraph(f"This is the license key of {organisation}:"),
        f"  {license['key']}",
        "\n".join(f"  {name:<12} {value}" for name, value in _terms(license)),
        "How to enter it, once for each database:",
        "\n".join(_step(number, text) for number, text in enumerate(_steps(license), 1)),
        *map(_paragraph, _to_know(license["grace_days"])),
    ]
    return "\n\n".join(parts) + "\n"


def _paragraph(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _step(number: int, text: str) -> str:
    lead = f"{number}. "
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)


def _terms(license: dict[str, Any]) -> Iterator[tuple[str, str]]:
    seats, days, told = license["seats"], license["grace_days"], license["extension"]
    counted = some(seats, "named user") if license["type"] == "named" else f"{some(seats, 'session')} at a time"
    yield "For", counted
    yield "Grace", f"{some(days, 'day')} without internet" if days else "none, every start needs internet"
    if told is not None:
        yield "", f"{some(days + told['days'], 'day')} after a start with internet"
        yield "", f"until {when(told['until'])}"
    if license["minimum_version"] != "0.0":
        yield "Version", f"{license['minimum_version']} or newer"
    if license["ends"] is not None:
        yield "Valid until", when(license["ends"])


def _steps(license: dict[str, Any]) -> Iterator[str]:
    yield (
        "Where NETHASP.ini stands in the application's folder, rename it: as long as it is there, the old dongle is "
        "asked for and this license is not."
    )
    yield "Start the application on one workstation that has internet, and connect to the database."
    yield (
        "Open Database > Properties > License, enter the key, and choose Request License. The other workstations of "
        "that database need nothing more."
    )
    if license["type"] == "named":
        yield (
            f"Choose who may use the application under Named Users in the same dialog, {license['seats']} at most. "
            "Nobody else can start it, not even whoever entered the key."
        )


def _to_know(days: int) -> Iterator[str]:
    if days:
        yield (
            "Every start with internet, on any workstation, begins the grace period anew. Without internet the "
            f"application goes on for {some(days, 'day')} after the last such start."
        )
        yield (
            "Before a trip, start it on one workstation with internet; a phone's hotspot will do. If you will be "
            f"without internet for more than {some(days, 'day')}, write to us before you leave: we can add days, "
            "and they arrive with the next start that has internet."
        )
    else:
        yield "Before a trip without internet, write to us: we can add days, and they arrive with the next start."
    yield (
        "The key belongs to one database on one server. After that database was moved or restored to another server, "
        "or one of the two was renamed, enter the key there again, with internet. All workstations have to name the "
        "server in the same way."
    )
