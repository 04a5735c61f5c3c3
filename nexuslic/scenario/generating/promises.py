"""What may be claimed of a whole story: `always` lines that hold, and the states that it visits."""

from collections.abc import Iterator
from datetime import timedelta

from nexuslic.rules.words import State
from nexuslic.scenario import schema
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.tree import Tree
from nexuslic.scenario.run import CaseResult, Happening

_MINUTE = timedelta(minutes=1)
_STOPPED = (State.UNLICENSED, State.EXPIRED, State.INVALID_BINDING)


def visited(result: CaseResult) -> list[str]:
    """The states that a run entered, in the order of the rules."""
    return [state.value for state in State if state in result.visited]


def promised(result: CaseResult, dice: Dice) -> Tree:
    """Claims that hold for this run: `must_visit` where it visits anything, and up to two `always` lines."""
    lines = dice.some(list(_true_lines(result)), dice.between(0, 2))
    states = visited(result)
    if lines and dice.one_in(6):
        return {"always": lines}
    if not states:
        return {"always": lines or [next(_true_lines(result))]}
    return {"always": lines, "must_visit": states} if lines else {"must_visit": states}


def least(result: CaseResult) -> Tree:
    """One claim that holds for this run."""
    states = visited(result)
    return {"must_visit": states} if states else {"always": [next(_true_lines(result))]}


def _true_lines(result: CaseResult) -> Iterator[Tree]:
    """Lines that hold: what never runs, what is never met, and from when or until when that is so."""
    for state in _STOPPED:
        if state in result.visited:
            yield {"never": "runs", "while": state.value}
    decided = [line for line in result.trace if line.decision is not None]
    calendar = result.case.calendar
    launches = [line for line in decided if line.verb in schema.LAUNCHING]
    if launches:
        refused = [line for line in launches if line.decision and not line.decision.runs]
        yield from _bounded("refused", refused, launches, calendar)
    yield from _bounded("runs", [line for line in decided if line.decision and line.decision.runs], decided, calendar)
    for state in State:
        met = [line for line in decided if line.decision and line.decision.state is state]
        yield from _bounded(state.value, met, decided, calendar)


def _bounded(never: str, met: list[Happening], decided: list[Happening], calendar: Calendar) -> Iterator[Tree]:
    """Lines that hold and could break: something is decided in the time that they speak of."""
    if not met:
        yield {"never": never}
        return
    if decided[0].at < met[0].at:
        yield {"never": never, "before": calendar.write(met[0].at)}
    if decided[-1].at > met[-1].at:
        yield {"never": never, "after": calendar.write(met[-1].at + _MINUTE)}
