"""What must be so, as clauses: one table for what an expectation says, one for what it says of nothing."""

from datetime import datetime

from nexuslic.scenario.book.words import spoken
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.story import Always, Check

_YES = {"runs": ("it runs", "it does not run"), "stored": ("the record is stored", "nothing is stored")}
_COUNTS = {
    "days_left": ("0 days are left", "1 day is left", "{} days are left"),
    "seats_in_use": ("no seat is in use", "1 seat is in use", "{} seats are in use"),
    "launches": ("there was no launch so far", "there was 1 launch so far", "there were {} launches so far"),
    "refused_launches": ("no launch was refused so far", "1 was refused so far", "{} were refused so far"),
}
_PHRASES = {
    "state": "the state is {}",
    "deadline": "grace ends on {}",
    "warns": "it warns: {}",
    "message_says": "it says: {}",
    "reason": "the reason is `{}`",
    "cause": "the cause of no contact is `{}`",
    "protection": "it is protected by the {}",
    "binding": "the license is bound to {}",
    "dropped": "licenses are taken from {}",
    "last_good_launch": "the last launch that ran was {}",
}
_NONE = {
    "state": "no state is known",
    "days_left": "no days of grace are counted",
    "deadline": "there is no deadline",
    "warns": "it does not warn",
    "message_says": "it says nothing",
    "reason": "nothing is refused",
    "cause": "there was no failure of contact",
    "binding": "no binding is recorded",
    "dropped": "nobody loses a license",
    "last_good_launch": "no launch has run yet",
}
EXPECTATIONS = frozenset({*_YES, *_COUNTS, *_PHRASES})
"""The expectations that have a sentence."""


def check(one: Check, calendar: Calendar) -> str:
    """An expectation as a clause; whom it is about is told elsewhere."""
    if one.key in _YES:
        return _YES[one.key][0 if one.value else 1]
    if one.value is None:
        return _NONE[one.key]
    if one.key in _COUNTS:
        return _COUNTS[one.key][min(one.value, 2)].format(one.value)
    return _PHRASES[one.key].format(_value(one, calendar))


def _value(one: Check, calendar: Calendar) -> str:
    if isinstance(one.value, datetime):
        return calendar.write(one.value)
    if isinstance(one.value, tuple):
        return spoken(one.value if one.key == "dropped" else [f"\u201c{part}\u201d" for part in one.value])
    return one.text


_NEVER = {"refused": "No launch is refused", "runs": "The application never runs"}


def always(line: Always, calendar: Calendar) -> str:
    """What must hold after every event."""
    text = _NEVER.get(line.never, f"The state is never {line.never}")
    text += f", while it is {line.state}" if line.state is not None else ""
    text += f", from {calendar.write(line.after)} on" if line.after is not None else ""
    return text + (f", before {calendar.write(line.before)}" if line.before is not None else "") + "."
