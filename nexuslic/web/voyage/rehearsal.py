"""Voyages run for a screen: a change is answered first, what would cover it a moment later, what may come next ahead.

All of it happens on the server's own loop, a few instants of a story at a time: nothing waits for another thread, and
whatever is run ahead gives way as soon as something else is asked.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import voyage
from nexuslic.lab.resuming import Steps, Voyages
from nexuslic.lab.trip import Trip
from nexuslic.lab.voyage import Answer, Cures
from nexuslic.scenario.run import CaseResult
from nexuslic.scenario.stage_simulated import SimulatedStage

MOST: int = 64
"""How many answers are remembered."""


@attrs.define(eq=False)
class Rehearsal:
    """The voyages of one server."""

    voyages: Voyages = attrs.Factory(lambda: Voyages(SimulatedStage))
    answers: OrderedDict[Trip, Answer] = attrs.Factory(OrderedDict)
    cured: OrderedDict[Trip, Cures] = attrs.Factory(OrderedDict)
    running: dict[Trip, asyncio.Task[Answer]] = attrs.Factory(dict)
    wanted: Counter[Trip] = attrs.Factory(Counter)
    """The trips that somebody waits for."""
    ahead: asyncio.Task[None] | None = None

    async def answer(self, trip: Trip) -> Answer:
        """What the trip comes to, without what would cover it. Raises InputError where it is impossible."""
        if trip in self.answers:
            self.answers.move_to_end(trip)
            return self.answers[trip]
        if trip not in self.running:
            self._give_way()
            self.running[trip] = asyncio.create_task(self._run(trip))
        self.wanted[trip] += 1
        try:
            return await asyncio.shield(self.running[trip])
        finally:
            self.wanted -= Counter([trip])

    async def _run(self, trip: Trip) -> Answer:
        try:
            answer = voyage.answered(trip, await _done(self.voyages.steps(trip)))
        finally:
            if self.running.get(trip) is asyncio.current_task():
                del self.running[trip]
        _remember(self.answers, trip, answer)
        return answer

    def run_ahead(self, trips: Iterable[Trip]) -> None:
        """Run what may be asked next, until something else is asked."""
        self._give_way()
        wanted = [trip for trip in trips if trip not in self.answers]
        self.ahead = asyncio.create_task(self._ahead(wanted)) if wanted else None

    async def _ahead(self, trips: list[Trip]) -> None:
        for trip in trips:
            if trip not in self.running:
                self.running[trip] = asyncio.create_task(self._run(trip))
            with suppress(InputError):
                await asyncio.shield(self.running[trip])

    def _give_way(self) -> None:
        """Run nothing ahead any more; what somebody waits for by now is run to its end."""
        if self.ahead is not None:
            self.ahead.cancel()
            self.ahead = None
        for trip in [trip for trip in self.running if not self.wanted[trip]]:
            self.running.pop(trip).cancel()

    async def cures(self, answer: Answer, gone: Callable[[], bool]) -> Cures | None:
        """What would cover a trip that is not covered; None where nobody waits for it any more."""
        trip = answer.trip
        if trip in self.cured:
            return self.cured[trip]
        search = voyage.cures(trip, answer.refused_days[0])
        try:
            other = next(search)
            while not gone():
                result = await _done(self.voyages.steps(other, until_refused=True), gone)
                other = search.send(result.tally.refused == 0)
        except _Gone:
            return None
        except StopIteration as done:
            _remember(self.cured, trip, done.value)
            return self.cured[trip]
        return None


def _remember(kept: OrderedDict, trip: Trip, found: object) -> None:  # type: ignore[type-arg]
    kept[trip] = found
    while len(kept) > MOST:
        kept.popitem(last=False)


class _Gone(Exception):
    """Nobody waits for it any more."""


def _never() -> bool:
    return False


async def _done(steps: Steps, gone: Callable[[], bool] = _never) -> CaseResult:
    """A run to its end, with room for others between its steps."""
    while not gone():
        try:
            next(steps)
        except StopIteration as done:
            result: CaseResult = done.value
            return result
        await asyncio.sleep(0)
    raise _Gone
