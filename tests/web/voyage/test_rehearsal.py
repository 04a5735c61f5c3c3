"""Voyages run for a screen: each once, the newest before what is run ahead, and the cures those of the command."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from nexuslic.errors import InputError
from nexuslic.lab import voyage
from nexuslic.lab.resuming import Voyages
from nexuslic.lab.trip import Trip
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.web.voyage.rehearsal import MOST, Rehearsal


@pytest.fixture
def begun() -> list[Any]:
    """What was begun."""
    return []


@pytest.fixture
def rehearsal(begun: list[Any]) -> Rehearsal:
    class Counting(SimulatedStage):
        def begin(self, case: Any) -> None:
            begun.append(case)
            super().begin(case)

    return Rehearsal(Voyages(Counting))


def of(one: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(one)


def never() -> bool:
    return False


def test_a_trip_that_two_ask_for_is_run_once(rehearsal: Rehearsal, begun: list[Any]):
    async def both() -> Any:
        return await asyncio.gather(rehearsal.answer(Trip(days=12)), rehearsal.answer(Trip(days=12)))

    one, other = of(both())
    assert (one is other, len(begun)) == (True, 1)


def test_a_trip_that_was_asked_before_is_not_run_again(rehearsal: Rehearsal, begun: list[Any]):
    async def twice() -> None:
        await rehearsal.answer(Trip(days=12))
        await rehearsal.answer(Trip(days=12))

    of(twice())
    assert len(begun) == 1


def test_what_is_run_ahead_is_there_when_it_is_asked_for(rehearsal: Rehearsal, begun: list[Any]):
    async def story() -> bool:
        rehearsal.run_ahead([Trip(days=12)])
        assert rehearsal.ahead is not None
        await rehearsal.ahead
        count = len(begun)
        await rehearsal.answer(Trip(days=12))
        return len(begun) == count

    assert of(story())


def test_what_is_run_ahead_gives_way_to_what_is_asked(rehearsal: Rehearsal):
    async def story() -> tuple[bool, bool]:
        rehearsal.run_ahead([Trip(days=60, grace=80)])
        await asyncio.sleep(0)
        await rehearsal.answer(Trip(days=5))
        return Trip(days=60, grace=80) in rehearsal.answers, bool(rehearsal.running)

    assert of(story()) == (False, False)


def test_what_is_run_ahead_and_waited_for_is_finished(rehearsal: Rehearsal):
    async def story() -> Any:
        rehearsal.run_ahead([Trip(days=60, grace=80)])
        await asyncio.sleep(0)
        waiting = asyncio.create_task(rehearsal.answer(Trip(days=60, grace=80)))
        await asyncio.sleep(0)
        await rehearsal.answer(Trip(days=5))
        return (await waiting).covered

    assert of(story())


def test_what_gave_way_is_run_once_more_when_it_is_asked_for(rehearsal: Rehearsal):
    async def story() -> Any:
        rehearsal.run_ahead([Trip(days=60, grace=80)])
        await asyncio.sleep(0)
        rehearsal.run_ahead([Trip(days=5)])
        return (await rehearsal.answer(Trip(days=60, grace=80))).covered

    assert of(story())


def test_a_trip_ahead_that_cannot_be_does_not_keep_the_next_from_running(rehearsal: Rehearsal):
    async def story() -> bool:
        rehearsal.run_ahead([Trip(days=9, set_clocks=("day 2 +9999999d",)), Trip(days=5)])
        assert rehearsal.ahead is not None
        await rehearsal.ahead
        return Trip(days=5) in rehearsal.answers

    assert of(story())


def test_a_trip_that_cannot_be_says_so_each_time(rehearsal: Rehearsal):
    for _ in range(2):
        with pytest.raises(InputError):
            of(rehearsal.answer(Trip(days=9, set_clocks=("day 2 +9999999d",))))


@pytest.mark.parametrize("trip", [Trip(), Trip(days=40, restores=("day 10",)), Trip(days=40, os="windows-7", grace=3)])
def test_the_cures_are_those_of_the_command(rehearsal: Rehearsal, trip: Trip):
    async def story() -> Any:
        return await rehearsal.cures(await rehearsal.answer(trip), never)

    answer = voyage.ask(trip, SimulatedStage)
    assert of(story()) == (answer.grace, answer.extension, answer.hotspots, answer.codes)


def test_cures_that_nobody_waits_for_are_not_looked_for(rehearsal: Rehearsal, begun: list[Any]):
    async def story() -> Any:
        answer = await rehearsal.answer(Trip())
        count = len(begun)
        return await rehearsal.cures(answer, lambda: True), len(begun) - count

    assert of(story()) == (None, 0)


def test_cures_stop_as_soon_as_nobody_waits_for_them(rehearsal: Rehearsal, begun: list[Any]):
    async def story() -> Any:
        answer = await rehearsal.answer(Trip())
        asked = iter([False] * 5)
        return await rehearsal.cures(answer, lambda: next(asked, True)), len(begun)

    assert of(story()) == (None, 2)


def test_so_many_answers_are_remembered_and_no_more(rehearsal: Rehearsal):
    async def story() -> None:
        for grace in range(MOST + 3):
            await rehearsal.answer(Trip(days=2, grace=grace))

    of(story())
    assert len(rehearsal.answers) == MOST
