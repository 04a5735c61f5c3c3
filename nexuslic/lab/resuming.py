"""One voyage after another, of which only what is new is run.

While a voyage runs, its world is copied every few days. Another voyage that is the same up to some instant goes on from
the last copy before it. What comes of that is what a run from day 1 comes to; a test compares them.
"""

from collections.abc import Generator, Sequence
from copy import copy, deepcopy
from datetime import datetime
from typing import Any

import attrs

from nexuslic.lab import voyage
from nexuslic.lab.trip import Trip
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Runner, minutes
from nexuslic.scenario.stage import MakeStage, Stage
from nexuslic.scenario.story import Action, CaseStory, Entry

COPIES = 8
"""How many copies a run keeps, at most."""
_EVERY = 6
"""How many instants apart they are, at least."""

Steps = Generator[None, None, CaseResult]
"""A run, which pauses after every few instants so that something else can be done meanwhile."""
_PAUSE = 4

Minute = tuple[datetime, list[Entry]]


@attrs.frozen(eq=False)
class Copy:
    """A world, and what had come of it, before the instant of that number."""

    before: int
    stage: Stage
    result: CaseResult

    def taken(self, case: CaseStory) -> tuple[Stage, CaseResult]:
        """The same once more, for a case that has been alike so far."""
        return deepcopy(self.stage), _copied(self.result, case)


@attrs.frozen(eq=False)
class Kept:
    """A run: what happened in it at which instant, and the copies that were made."""

    case: CaseStory
    told: tuple[object, ...]
    copies: tuple[Copy, ...]

    def latest(self, case: CaseStory, told: Sequence[object]) -> Copy | None:
        """The last copy up to which another case is the same; None where there is none."""
        one, other = self.case, case
        if (one.world, one.calendar.starts, one.calendar.zone, one.backups) != (
            other.world,
            other.calendar.starts,
            other.calendar.zone,
            other.backups,
        ):
            return None
        alike = next((n for n, (a, b) in enumerate(zip(self.told, told, strict=False)) if a != b), len(self.told))
        return next((found for found in reversed(self.copies) if found.before <= min(alike, len(told))), None)


@attrs.define
class Voyages:
    """Runs voyages on stages of one kind, and keeps the `most` recent runs."""

    make_stage: MakeStage
    most: int = 12
    kept: list[Kept] = attrs.Factory(list)

    def run(self, trip: Trip) -> CaseResult:
        """The trip, with its trace, as far as it was not run before. Raises InputError where it is impossible."""
        steps = self.steps(trip)
        while True:
            try:
                next(steps)
            except StopIteration as done:
                result: CaseResult = done.value
                return result

    def steps(self, trip: Trip, *, until_refused: bool = False) -> Steps:
        """The same, little by little; `until_refused`: it ends with the first launch that is refused.

        Raises InputError where the trip is impossible.
        """
        case = read(voyage.write(trip).encode("utf-8"), "voyage").cases[0]
        agenda = list(minutes(case.agenda))
        told = tuple(_told(minute) for minute in agenda)
        base = max(
            (found for kept in self.kept if (found := kept.latest(case, told)) is not None),
            key=lambda one: one.before,
            default=None,
        )
        runner, copies = self._begun(case, base)
        every = max(_EVERY, len(agenda) // COPIES)
        for number in range(0 if base is None else base.before, len(agenda)):
            if number and number % every == 0 and not until_refused and number not in {one.before for one in copies}:
                copies.append(Copy(number, deepcopy(runner.stage), _copied(runner.result, case)))
            runner.minute(*agenda[number])
            if until_refused and runner.result.tally.refused:
                return runner.ended()
            if number % _PAUSE == 0:
                yield
        if not until_refused:
            self.kept = [Kept(case, told, tuple(copies)), *self.kept[: self.most - 1]]
        return runner.ended()

    def _begun(self, case: CaseStory, base: Copy | None) -> tuple[Runner, list[Copy]]:
        """A runner where the copy was made (None: on day 1), and the copies before it."""
        if base is None:
            runner = Runner(case, self.make_stage(), CaseResult(case), traced=True)
            runner.stage.begin(case)
            return runner, []
        owner = next(kept for kept in self.kept if base in kept.copies)
        stage, result = base.taken(case)
        return Runner(case, stage, result, traced=True), [one for one in owner.copies if one.before <= base.before]


def _told(minute: Minute) -> object:
    """All that happens at an instant, wherever in the story it is written."""
    at, entries = minute
    return at, [(entry.phase, _what(entry.what)) for entry in entries]


def _what(what: Any) -> object:
    if isinstance(what, Action):
        return what.verb, what.actors, what.args
    return None if what is None else attrs.evolve(what, place=None)


def _copied(result: CaseResult, case: CaseStory) -> CaseResult:
    """What has come of a case so far, which goes on by itself."""
    return attrs.evolve(
        result,
        case=case,
        failures=list(result.failures),
        days=dict(result.days),
        trace=list(result.trace),
        observed=list(result.observed),
        visited=set(result.visited),
        cells=dict(result.cells),
        causes=set(result.causes),
        reasons=set(result.reasons),
        tally=copy(result.tally),
    )
