"""Many trips of a model, in chunks: on this computer's processors, or wherever a chunk can be sent.

A chunk is named by its first trip and how many there are, and whoever counts it comes to the same whole numbers; so a
result does not depend on chunks, on workers, or on the order in which they are done.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Protocol

import attrs
import numpy as np

from nexuslic.lab import chunk, sampler
from nexuslic.lab.bits import mask_of, words_for
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.sampler import numbers
from nexuslic.lab.tally import Counts, Tally

CHUNK = 1 << 18
"""Trips that are counted at once."""

Progress = Callable[[int, int], None]
"""Told how many trips are done, of how many."""


@attrs.frozen
class Job:
    """What is to be counted: trips of a model under a policy, drawn from a seed, at the graces 0 to `graces` - 1.

    `full`: also the first refused days, the days left and the worst trips, at the policy's grace. `hotspot`: a day with
    an hour of contact more (0: none). `sweeps_extension`: the days that are swept extend the grants of day 1 only.
    """

    model: TripModel
    policy: LabPolicy
    seed: int
    graces: int
    full: bool = False
    hotspot: int = 0
    sweeps_extension: bool = False

    @property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of trips, shortest first."""
        return tuple(sorted(days for days, _ in self.model.lengths))

    def nothing(self) -> Tally:
        """The tally of no trip."""
        return Tally.nothing(self.lengths, self.graces, self.model.days, full=self.full)

    def count(self, start: int, many: int) -> Tally:
        """The tally of the trips `start` to `start + many` - 1."""
        tally = self.nothing()
        self._count(start, many, tally, np.zeros((2, 0), np.int64))
        return tally

    def each(self, start: int, many: int) -> Counts:
        """Of each of those trips, the refused days at the policy's grace, and the first of them: (2, `many`)."""
        found = np.zeros((2, many), np.int64)
        full = attrs.evolve(self, full=True)
        full._count(start, many, full.nothing(), found)
        return found

    def days(self, start: int, many: int) -> Counts:
        """The lengths of those trips."""
        kinds = np.zeros(many, np.int64)
        n = numbers(self.model, self.policy, self.seed)
        sampler.kinds_of(start, many, n, kinds)
        found: Counts = n.lengths[kinds // 4]
        return found

    def _count(self, start: int, many: int, tally: Tally, each: Counts) -> None:
        n = numbers(self.model, self.policy, self.seed, hotspot=self.hotspot, sweep_extension=self.sweeps_extension)
        masks = np.zeros((len(self.lengths), words_for(self.model.days)), np.uint64)
        for place, days in enumerate(self.lengths):
            masks[place, : words_for(days)] = mask_of(days)
        counts = (tally.trips, tally.touched, tally.refused, tally.earliest, tally.first, tally.left, tally.warned)
        at = min(self.policy.grace, self.graces - 1)
        out = (*counts, tally.worst, tally.told, each, start)
        chunk.count_chunk(start, many, n, self.graces, at, self.full, masks, out)


class Counter(Protocol):
    """Whoever counts a job's trips."""

    def __call__(self, job: Job, trips: int, progress: Progress) -> Tally:
        """The tally of the trips 0 to `trips` - 1."""
        ...


def chunks(trips: int) -> Iterator[tuple[int, int]]:
    """The chunks of so many trips: their first, and how many."""
    return ((start, min(CHUNK, trips - start)) for start in range(0, trips, CHUNK))


def silent(done: int, of: int) -> None:
    """Nobody is told."""


def here(job: Job, trips: int, progress: Progress = silent) -> Tally:
    """Count on this computer's processors; no more chunks wait than are worked on, so memory stays as it is."""
    threads = os.cpu_count() or 1
    total, done, waiting = job.nothing(), 0, chunks(trips)
    if trips <= CHUNK:
        return total + job.count(0, trips) if trips else total
    with ThreadPoolExecutor(threads) as pool:

        def send(many: int) -> set[Future[tuple[int, Tally]]]:
            return {pool.submit(_counted, job, start, size) for start, size in islice(waiting, many)}

        running = send(threads + 1)
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for one in ended:
                size, tally = one.result()
                total, done = total + tally, done + size
                progress(done, trips)
            running |= send(len(ended))
    return total


def _counted(job: Job, start: int, size: int) -> tuple[int, Tally]:
    return size, job.count(start, size)
