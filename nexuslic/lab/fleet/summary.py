"""What a list of trips comes to, in plain words and for a program."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from nexuslic.lab.fleet.columns import TIMES
from nexuslic.lab.fleet.rows import FleetTrip

_SHOWN = 8
_EVENTS = {**dict.fromkeys(TIMES), "clocks": None}


def some(count: int, what: str) -> str:
    """`1 trip`, `12,000 trips`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def in_words(trips: Sequence[FleetTrip], ignored: Sequence[str]) -> list[tuple[str, str]]:
    """Names with what is so, for a person."""
    vessels = len({one.vessel.casefold() for one in trips if one.vessel})
    of = f" of {some(vessels, 'vessel')}" if vessels else ", of no named vessel"
    departures = [one.departure for one in trips]
    crews = [one.crew for one in trips]
    lines = [
        ("trips", some(len(trips), "trip") + of),
        ("departures", f"from {min(departures)} to {max(departures)}"),
        ("last return", str(max(one.back for one in trips))),
        ("lengths", _lengths(trips)),
        ("aboard", f"{_range(crews)} people, {sum(crews):,} over all trips"),
    ]
    lines += [(name, f"{count:,}, on {some(on, 'trip')}") for name, (count, on) in _events(trips).items()]
    lines += _few(trips)
    return [*lines, ("not read", ", ".join(ignored))] if ignored else lines


def as_json(trips: Sequence[FleetTrip], ignored: Sequence[str]) -> dict[str, Any]:
    """The same for a program."""
    return {
        "trips": len(trips),
        "vessels": len({one.vessel.casefold() for one in trips if one.vessel}),
        "first_departure": min((one.departure.isoformat() for one in trips), default=None),
        "last_departure": max((one.departure.isoformat() for one in trips), default=None),
        "last_return": max((one.back.isoformat() for one in trips), default=None),
        "lengths": {str(days): count for days, count in sorted(_by_length(trips).items())},
        "people": sum(one.crew for one in trips),
        "events": {name: count for name, (count, _) in _events(trips).items()},
        "extended": sum(one.trip.extend > 0 for one in trips),
        "systems": dict(sorted(Counter(one.trip.os for one in trips).items())),
        "not_read": list(ignored),
    }


def _by_length(trips: Sequence[FleetTrip]) -> Counter[int]:
    return Counter(one.trip.days for one in trips)


def _lengths(trips: Sequence[FleetTrip]) -> str:
    found = _by_length(trips)
    shown = [f"{days} days ({some(count, 'trip')})" for days, count in sorted(dict(found.most_common(_SHOWN)).items())]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f", and {more} other lengths from {min(found)} to {max(found)} days" if more else "")


def _events(trips: Sequence[FleetTrip]) -> dict[str, tuple[int, int]]:
    """By column: how many there are, and on how many trips."""
    found = {}
    for name in _EVENTS:
        counts = [len(getattr(one.trip, "set_clocks" if name == "clocks" else name)) for one in trips]
        found[name] = (sum(counts), sum(map(bool, counts)))
    return found


def _few(trips: Sequence[FleetTrip]) -> list[tuple[str, str]]:
    extended = sum(one.trip.extend > 0 for one in trips)
    old = sum(one.trip.os == "windows-7" for one in trips)
    lines = [("extensions", f"on {some(extended, 'trip')}")] if extended else []
    return [*lines, ("windows-7", f"on {some(old, 'trip')}")] if old else lines


def _range(numbers: Sequence[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high:,}"
