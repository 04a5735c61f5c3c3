"""What may be asked next: the field or the sign in hand, a step on, two steps on, and a step back."""

from contextlib import suppress
from datetime import date, timedelta

import attrs

from nexuslic.lab.trip import Trip
from nexuslic.web.voyage.plan import NUMBERS, Mark, Plan, read, whole


def following(plan: Plan, hand: str, step: str) -> list[Trip]:
    """The trips that come next; none where nothing is in hand."""
    way = {"1": 1, "-1": -1}.get(step, 0)
    plans = [_moved(plan, hand, by) for by in (way, 2 * way, -way)] if way else []
    return [trip for one in plans if one is not None and (trip := read(one).trip) is not None]


def _moved(plan: Plan, hand: str, by: int) -> Plan | None:
    """The plan with what is in hand moved by so many steps; None where that is nothing that is counted."""
    if hand in NUMBERS:
        number = whole(plan.typed[hand])
        return None if number is None else _typed(plan, hand, str(number + by))
    if hand == "date":
        with suppress(ValueError, OverflowError):
            return _typed(plan, hand, (date.fromisoformat(plan.typed[hand]) + timedelta(days=by)).isoformat())
        return None
    keys = plan.keys()
    if hand not in keys:
        return None
    place = keys.index(hand)
    marks = list(plan.marks)
    day = marks[place].day
    if day is None or day + by < 1:
        return None
    marks[place] = Mark(marks[place].kind, f"{day + by} {marks[place].rest}".strip())
    return attrs.evolve(plan, marks=tuple(marks))


def _typed(plan: Plan, name: str, text: str) -> Plan:
    return attrs.evolve(plan, typed={**plan.typed, name: text})
