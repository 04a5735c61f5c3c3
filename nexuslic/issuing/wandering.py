"""A key that wanders: one customer moves a database now and then; a key that is passed around moves to and fro."""

from datetime import timedelta

from nexuslic.issuing.registry import Issued
from nexuslic.rules.binding import same

RETURNS = 2
MOVES = 4
SPAN = timedelta(days=30)


def suspicion(issued: Issued) -> str:
    """Why the key's history of bindings looks odd, in a sentence; empty where it does not.

    Two times back to a database that it had left, or more than three moves within 30 days.
    """
    places = [bound.binding for bound in issued.history]
    returns = sum(any(same(place, past) for past in places[:at]) for at, place in enumerate(places))
    if returns >= RETURNS:
        return f"it went back {returns} times to a database that it had left"
    moments = [bound.since for bound in issued.history[1:]]
    for first, last in zip(moments, moments[MOVES - 1 :], strict=False):
        if last - first <= SPAN:
            return f"it was moved {MOVES} times within {SPAN.days} days"
    return ""
