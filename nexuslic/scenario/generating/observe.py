"""What the simulation answers to a story, step by step, as an expectation would write it.

Every step is asked for every expectation that can be asked of it, with values that nothing ever has. So each of them
fails, and the judge says what was there instead.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import attrs

from nexuslic.errors import InputError, NexuslicError
from nexuslic.rules.decision import Decision
from nexuslic.scenario import schema
from nexuslic.scenario.calendar import Moment
from nexuslic.scenario.generating.tree import COMMENT, Tree
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, run_case
from nexuslic.scenario.source import Fields, Items, Place, parse
from nexuslic.scenario.stage import Acted
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Action, CaseStory, Check, Entry, Phase, Window

FILE = "<generated>"
_NOWHERE = "<nowhere>"
_NEVER: Mapping[str, Any] = {
    "warns": (_NOWHERE,),
    "message_says": (_NOWHERE,),
    "binding": _NOWHERE,
    "dropped": (_NOWHERE,),
    "last_good_launch": Moment(datetime(1, 1, 2, tzinfo=UTC)),
}
_UNKNOWN = -1


class IllegalStep(InputError):
    """A step that cannot stand where it does; `number` counts from 0."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(problem)
        self.number = number


class WatchedStage(SimulatedStage):
    """The simulation, and what it came through: the verb that came last, troubles that kept from storing, tampers."""

    def __init__(self) -> None:
        super().__init__()
        self.last: Place | None = None
        self.troubles: set[str] = set()
        self.sent: list[str] = []

    def act(self, action: Action) -> Acted:
        """One verb."""
        self.last = action.place
        if action.verb == "reply":
            self.sent.append(action.args["tamper"])
        acted = super().act(action)
        for who, decision in acted.decisions.items():
            if decision.store_failed:
                self.troubles.update(trouble.value for trouble in self._database(who).troubles[:1])
        return acted

    def seats_in_use(self, who: str | None) -> int:
        """Live seats; -1 where no database can be found."""
        with suppress(InputError):
            return super().seats_in_use(who)
        return _UNKNOWN

    def binding(self, who: str | None) -> str | None:
        """As recorded; "<nowhere>" where no database can be found."""
        with suppress(InputError):
            return super().binding(who)
        return _NOWHERE

    @property
    def tampers(self) -> list[str]:
        """What stood in the place of a reply so far."""
        return self.sent[: len(self.sent) - len(self.world.vendor.tampers)]


@attrs.define
class Answer:
    """What a step can be asked: the values of its expectations by name, and the decision behind them."""

    decision: Decision | None
    values: dict[str, Any] = attrs.Factory(dict)


@attrs.define
class Observed:
    """What came of a story: for each step its answers by workstation (None: nobody in particular)."""

    case: CaseStory
    result: CaseResult
    steps: list[dict[str | None, Answer]]
    tampers: list[str]
    troubles: set[str]


def observe(tree: Tree) -> Observed:
    """Run a story in the simulation. Raises SourceError, IllegalStep."""
    case, places, lines = _read(tree)
    asked = attrs.evolve(case, agenda=tuple(_asking(case.agenda, places)), always=(), must_visit=())
    stages: list[WatchedStage] = []

    def stage() -> WatchedStage:
        stages.append(WatchedStage())
        return stages[-1]

    try:
        result = run_case(asked, stage, traced=True)
    except NexuslicError as error:
        last = stages[-1].last
        if last is None or not isinstance(error, InputError):
            raise
        raise IllegalStep(_number(lines, last.line), str(error)) from error
    steps = _answers(result, len(tree.get("steps", ())))
    return Observed(case, result, steps, stages[-1].tampers, stages[-1].troubles)


def _read(tree: Tree) -> tuple[CaseStory, dict[tuple[int, int], int], list[int]]:
    """The story without its claims; which step asks at which place, and the line on which each step begins."""
    bare = {key: value for key, value in tree.items() if key not in ("always", "must_visit", COMMENT)}
    bare["steps"] = [_placeholder(step) for step in tree.get("steps", ())]
    data = write(bare).encode("utf-8")
    root = parse(data, FILE)
    nodes = root.get("steps")
    places: dict[tuple[int, int], int] = {}
    lines = []
    for number, node in enumerate(nodes.items if isinstance(nodes, Items) else ()):
        assert isinstance(node, Fields)
        expect = node.get("expect")
        assert isinstance(expect, Fields)
        place = expect.entries[0][1].place
        places[place.line, place.column] = number
        lines.append(node.place.line)
    try:
        return read(data, FILE).cases[0], places, lines
    except InputError as error:
        line = int(str(getattr(error, "place", "::")).split(":")[1] or 0)
        if not lines or line < lines[0]:
            raise
        raise IllegalStep(_number(lines, line), str(error)) from error


def _placeholder(step: Tree) -> Tree:
    return {**{key: value for key, value in step.items() if key != COMMENT}, "expect": {"launches": "0"}}


def _number(lines: list[int], line: int) -> int:
    """The step that holds a line of the file; the first one where it is no step at all."""
    return max(0, sum(start <= line for start in lines) - 1)


def _asking(agenda: tuple[Entry, ...], places: dict[tuple[int, int], int]) -> Iterator[Entry]:
    acting = _actors(agenda, every_phase=True)
    recurring = _actors(agenda, every_phase=False)
    for entry in agenda:
        if not entry.checks:
            yield entry
            continue
        place, act = entry.checks[0].place, entry.what
        assert not isinstance(act, Window)
        who = recurring.get(entry.at, []) if act is None else list(act.actors) if act.verb in schema.DECIDING else []
        several = not who and len(acting.get(entry.at, [])) > 1
        number = places[place.line, place.column]
        yield attrs.evolve(entry, checks=() if several else tuple(_checks(number, who)))


def _actors(agenda: tuple[Entry, ...], *, every_phase: bool) -> dict[datetime, list[str]]:
    """Who comes to a decision in which minute; by recurring actions alone where not `every_phase`."""
    found: dict[datetime, list[str]] = {}
    for entry in agenda:
        act = entry.what
        if isinstance(act, Action) and act.verb in schema.DECIDING:
            here = found.setdefault(entry.at, [])
            here += [who for who in act.actors if who not in here and (every_phase or entry.phase is Phase.RECURRING)]
    return found


def _checks(number: int, actors: list[str]) -> Iterator[Check]:
    """A question for each expectation; the line of its place is the step, the column the expectation."""
    asked: list[str | None] = [*actors] or [None]
    for who in asked:
        for column, key in enumerate(schema.EXPECTATIONS):
            if who is not None or key in schema.STORY_WIDE:
                yield Check(key, _NEVER.get(key, _NOWHERE), who or "", who, Place(FILE, number, column))


def _answers(result: CaseResult, count: int) -> list[dict[str | None, Answer]]:
    keys = list(schema.EXPECTATIONS)
    steps: list[dict[str | None, Answer]] = [{} for _ in range(count)]
    for failure in result.failures:
        key, who = keys[failure.place.column], failure.wanted or None
        answer = steps[failure.place.line].setdefault(who, Answer(failure.decision))
        value = _value(key, failure.was, failure.decision)
        if value is not None:
            answer.values[key] = value
    return steps


def _value(key: str, was: str, decision: Decision | None) -> Any:
    """An expectation's value as it is written; None where it cannot be asked."""
    if was in (_NOWHERE, str(_UNKNOWN)):
        return None
    if key == "warns" and decision is not None and len(decision.warnings) > 1:
        return list(decision.warnings)
    if key == "dropped" and ", " in was:
        return was.split(", ")
    return was
