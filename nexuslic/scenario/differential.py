"""One story, two worlds: what was seen on one stage beside what was seen on another, event by event.

Every observation counts, whether the story expects anything of it or not (rules: Always true, 9).
"""

from collections.abc import Callable
from itertools import zip_longest

import attrs

from nexuslic.scenario.run import CaseResult, Observation, Outcome


@attrs.frozen
class Difference:
    """The first thing that two stages show differently: after which action, of what, and both sides."""

    stages: tuple[str, str]
    of: str
    sides: tuple[str, str]
    after: Observation


def first_difference(stages: tuple[str, str], one: CaseResult, other: CaseResult) -> Difference | None:
    """Where two runs of one case begin to differ; None where they do not, or where a stage could not do it."""
    if Outcome.NOT_HERE in (one.outcome, other.outcome):
        return None
    for mine, theirs in zip_longest(one.observed, other.observed):
        if mine is None or theirs is None:
            there = mine or theirs
            return Difference(stages, "event", (_event(mine), _event(theirs)), there)
        for key in sorted({*mine.seen, *theirs.seen}, key=_order(mine)):
            sides = (mine.seen.get(key, "nothing"), theirs.seen.get(key, "nothing"))
            if sides[0] != sides[1]:
                return Difference(stages, key, sides, theirs)
    return None


def _order(seen: Observation) -> Callable[[str], tuple[int, str]]:
    places = {key: place for place, key in enumerate(seen.seen)}
    return lambda key: (places.get(key, len(places)), key)


def _event(seen: Observation | None) -> str:
    return "nothing" if seen is None else f"{seen.verb} {seen.who}".strip()
