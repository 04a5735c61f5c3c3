"""A sliding window of pieces on a cluster: as many are on their way as keep its workers busy, and no more.

So neither this computer nor the scheduler grows with the number of trips: what has been fetched is released. A piece
whose worker is lost is counted again, by the scheduler, or from here where the scheduler has given it up.
"""

from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

import attrs

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.errors import InputError, WorldError
from nexuslic.lab.cluster import working
from nexuslic.lab.cluster.working import Counted, Make
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
        future = self.client.submit(working.count, self.job, start, many, self.wanted, pure=False)
        self.out[future.key] = Piece(start, many, tries, future)
        future.add_done_callback(self.ended.put)

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
        try:
            there = sum(self.client.nthreads().values())
        except (OSError, TimeoutError, ValueError) as error:
            raise self._gone() from error
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
        if status != "finished":
            raise self._gone()
        counted: Counted = piece.future.result()
        piece.future.release()
        if counted.tally is None:
            raise InputError(unlike(self.name, "a worker that joined", counted.make, self.wanted))
        yield Done(piece.many, counted.seconds, counted.tally)

    def _failed(self, piece: Piece) -> None:
        from distributed import KilledWorker

        error = piece.future.exception()
        if isinstance(error, ImportError | AttributeError):
            raise InputError(lacking(self.name, "a worker that joined", error)) from error
        if not isinstance(error, KilledWorker):
            raise error
        if piece.tries == TRIES:
            raise WorldError(
                f"{self.name}: the trips {piece.start:,} to {piece.start + piece.many - 1:,} ended every worker that "
                f"counted them, {TRIES} times over: see why workers end (memory?), and run it again"
            ) from error
        self.send(piece.start, piece.many, piece.tries + 1)

    def _gone(self) -> WorldError:
        return WorldError(f"{self.name}: the scheduler is gone: nothing was written; start it and run it again")


def unlike(name: str, who: str, found: Make, wanted: Make) -> str:
    """Say that a worker counts with something else."""
    if found.version != wanted.version:
        what = f"has nexuslic {found.version}, and this computer {wanted.version}"
    elif found.digest != wanted.digest:
        what = f"has nexuslic {found.version} too, but with other lines in it ({found.digest}, here {wanted.digest})"
    else:
        what = "lacks Numba" if wanted.compiles else "has Numba, which this computer lacks or was told not to use"
    return f"{name}: {who} {what}: install the same nexuslic[lab] on each, and start the workers again"


def lacking(name: str, who: str, error: BaseException) -> str:
    """Say that a worker cannot count at all."""
    module = (getattr(error, "name", None) or "").split(".")[0]
    what = f"lacks a package ({module})" if module not in ("", "nexuslic") else "has no nexuslic, or another one"
    return f"{name}: {who} {what}: install nexuslic[lab] there as it is here, and start it again"
