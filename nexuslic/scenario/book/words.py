"""How the book speaks of several things, of durations and of the terms of a license."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.formats.text import some


def spoken(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; nobody of none."""
    if len(names) < 2:
        return names[0] if names else "nobody"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def span(length: timedelta) -> str:
    """A duration: `3 days`, `1 hour 30 minutes`."""
    seconds = int(abs(length).total_seconds())
    parts = ((seconds // 86400, "day"), (seconds // 3600 % 24, "hour"), (seconds // 60 % 60, "minute"))
    told = [some(count, unit) for count, unit in (*parts, (seconds % 60, "second")) if count]
    return " ".join(told) or "no time"


def terms(plan: Mapping[str, Any], calendar: Calendar) -> str:
    """The terms of a license that a plan names."""
    return spoken([_term(name, value, calendar) for name, value in plan.items()])


def _term(name: str, value: Any, calendar: Calendar) -> str:
    match name:
        case "ends":
            return "no end of term" if value is None else f"a term that ends on {calendar.write(value)}"
        case "extension":
            return f"an extension of {value['days']} days for grants up to {calendar.write(value['until'])}"
        case "grace":
            return f"{some(value, 'day')} of grace"
        case "seats":
            return some(value, "seat")
        case "organisation":
            return f"the holder {value}"
        case "minimum_version":
            return f"the oldest version {value}"
        case _:
            return f"the type {value}"
