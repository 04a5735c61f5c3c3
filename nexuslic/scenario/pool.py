"""Units in several processes: in chunks of about equal weight, the records in the order of the units.

Ctrl-C is the parent's alone; it then asks the others to stop, which they do after the run that they are in.
"""

import multiprocessing
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import Protocol

from nexuslic.scenario.interrupts import deaf, leave_to_parent
from nexuslic.scenario.results import CaseRecord
from nexuslic.scenario.running import Runner, lost
from nexuslic.scenario.suite import STANDARD_INPUT, Unit

_CHUNKS = 16
"""How many chunks a process gets: the last one alone may find the others idle."""


class _Flag(Protocol):
    """What is set in one process and seen in another."""

    def set(self) -> None: ...
    def is_set(self) -> bool: ...


_RUNNER: list[tuple[Runner, Callable[[], bool]]] = []
"""What a process of the pool runs with."""


def run(runner: Runner, units: Sequence[Unit], jobs: int) -> Generator[CaseRecord, None, None]:
    """Run the units in up to `jobs` processes, and close the iterator to stop.

    Standard input can be read by one process only, so with it there is but one.
    """
    if jobs == 1 or len(units) < 2 or any(unit.file == STANDARD_INPUT for unit in units):
        yield from map(runner.run, units)
        return
    context = _context()
    flag = context.Event()
    cut = chunks(units, jobs * _CHUNKS)
    pool = ProcessPoolExecutor(min(jobs, len(cut)), context, _begin, (runner, flag))
    try:
        with deaf():
            futures = [(_submit(pool, chunk), chunk) for chunk in cut]
        for future, chunk in futures:
            yield from _come_to(future, chunk)
    finally:
        flag.set()
        pool.shutdown(cancel_futures=True)


def _context() -> BaseContext:
    """A fork has read everything already; elsewhere than on Linux it is not safe."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def chunks(units: Sequence[Unit], count: int) -> list[list[Unit]]:
    """The units in their order, in about so many chunks of about the same weight."""
    most = sum(unit.weight for unit in units) / count
    found: list[list[Unit]] = []
    weight = 0.0
    for unit in units:
        if not found or weight + unit.weight > most:
            found.append([])
            weight = 0.0
        found[-1].append(unit)
        weight += unit.weight
    return found


def _submit(pool: ProcessPoolExecutor, chunk: list[Unit]) -> "Future[list[CaseRecord]]":
    try:
        return pool.submit(_work, chunk)
    except BrokenProcessPool as error:
        failed: Future[list[CaseRecord]] = Future()
        failed.set_exception(error)
        return failed


def _come_to(future: "Future[list[CaseRecord]]", chunk: list[Unit]) -> list[CaseRecord]:
    """The records of a chunk; where its process ended under it, each of its units says so."""
    try:
        return future.result()
    except BrokenProcessPool:
        return [lost(unit) for unit in chunk]


def _begin(runner: Runner, flag: _Flag) -> None:
    leave_to_parent()
    _RUNNER[:] = [(runner, flag.is_set)]


def _work(chunk: list[Unit]) -> list[CaseRecord]:
    runner, stopped = _RUNNER[0]
    records: list[CaseRecord] = []
    for unit in chunk:
        if stopped():
            break
        records.append(runner.run(unit, stopped))
    return records
