"""A sliding window of pieces on a cluster: as many are on their way as keep its workers busy, and no more.

So neither this computer nor the scheduler grows with the number of trips: what has been fetched is released. A piece
whose worker is lost is counted again, by the scheduler, or from here where the scheduler has given it up.
"""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, Final

import attrs

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.errors import InputError, WorldError
from nexuslic.lab.cluster import working
from nexuslic.lab.cluster.makes import Make, unlike
from nexuslic.lab.cluster.working import Counted
from nexuslic.lab.counting import Job
from nexuslic.lab.tally import Tally

AHEAD = 2
"""Pieces for each worker: one that it counts, and one that waits for it."""
TRIES = 10
"""How often a piece is sent that ends all who count it."""
LOOK = 1.0
"""Seconds without news after which the cluster is looked at."""


@attrs.frozen(eq=False)
class Piece:
    """A run of trips that is on its way, as Dask's future."""

    start: int
    many: int
    tries: int
    future: Any


@attrs.frozen(eq=False)
class Done:
    """A run of so many trips that took a worker so long, and what they came to."""

    many: int
    seconds: float
    tally: Tally


_LOST: Final = ("pending", "lost")
"""Of a piece that had ended: its worker went before it was fetched, and it is counted again."""


@attrs.define(eq=False)
class Window:
    """The pieces of one job that are on their way.

    `name`: what a person calls the cluster. `patience`: seconds that it may be without workers.
    """

    client: Any
    name: str
    job: Job
    wanted: Make
    patience: float
    out: dict[str, Piece] = attrs.Factory(dict)
    ended: "SimpleQueue[Any]" = attrs.Factory(SimpleQueue)
    workers: int = 1
    _seen: Stopwatch = attrs.Factory(Stopwatch)
    _looked: Stopwatch | None = None

    @property
    def room(self) -> bool:
        """Whether another piece may be sent."""
        if self._looked is None or self._looked.seconds() > LOOK:
            self.look()
        return len(self.out) < AHEAD * self.workers + 1

    def send(self, start: int, many: int, tries: int = 1) -> None:
        """Send a piece."""
        with self._reached():
            future = self.client.submit(working.count, self.job, start, many, self.wanted, pure=False)
        self._await(Piece(start, many, tries, future))

    def fetch(self) -> Iterator[Done]:
        """Wait for pieces, and give those that are done.

        Raises WorldError where the cluster is lost, InputError where a worker is not as wanted.
        """
        try:
            futures = [self.ended.get(timeout=LOOK)]
        except Empty:
            self.look()
            return
        while not self.ended.empty():
            futures.append(self.ended.get())
        for future in futures:
            piece = self.out.pop(future.key)
            yield from self._fetched(piece)

    def look(self) -> None:
        """See who is there. Raises WorldError where nobody has been for too long."""
        self._looked = Stopwatch()
        with self._reached():
            there = sum(self.client.nthreads().values())
        if there:
            self.workers, self._seen = there, Stopwatch()
        elif self._seen.seconds() > self.patience:
            raise WorldError(
                f"{self.name}: all workers are gone, and none came back within {self.patience:.0f} seconds: nothing "
                "was written; start workers and run it again"
            )

    def release(self) -> None:
        """Give up what is still on its way."""
        for piece in self.out.values():
            piece.future.release()
        self.out.clear()

    def _fetched(self, piece: Piece) -> Iterator[Done]:
        status = piece.future.status
        if status == "error":
            self._failed(piece)
            return
        if status in _LOST:
            self._await(piece)
            return
        if status != "finished":
            raise self._gone()
        counted = self._result(piece)
        if counted is None:
            return
        piece.future.release()
        if counted.tally is None:
            raise InputError(f"{self.name}: a worker that joined {unlike(counted.make, self.wanted)}")
        yield Done(piece.many, counted.seconds, counted.tally)

    def _result(self, piece: Piece) -> Counted | None:
        """What a piece came to; None where that was lost with its worker, and is counted again."""
        seconds = LOOK
        while True:
            with suppress(TimeoutError), self._reached():
                counted: Counted = piece.future.result(timeout=seconds)
                return counted
            self.look()
            if piece.future.status in _LOST:
                self._await(piece)
                return None
            seconds *= 2

    def _await(self, piece: Piece) -> None:
        self.out[piece.future.key] = piece
        piece.future.add_done_callback(self.ended.put)

    def _failed(self, piece: Piece) -> None:
        from distributed import KilledWorker

        error = piece.future.exception()
        if not isinstance(error, KilledWorker):
            raise error
        if piece.tries == TRIES:
            raise WorldError(
                f"{self.name}: the trips {piece.start:,} to {piece.start + piece.many - 1:,} ended every worker that "
                f"counted them, {TRIES} times over: see why workers end (memory?), and run it again"
            ) from error
        self.send(piece.start, piece.many, piece.tries + 1)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """A talk with the scheduler, which may be gone."""
        try:
            yield
        except TimeoutError:
            raise
        except (OSError, ValueError, CancelledError) as error:
            raise self._gone() from error

    def _gone(self) -> WorldError:
        return WorldError(f"{self.name}: the scheduler is gone: nothing was written; start it and run it again")
