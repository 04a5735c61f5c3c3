"""A cluster as a counter of trips: reached, asked what it is made of, and let go again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import attrs
from distributed import Client

from nexuslic.errors import InputError, WorldError
from nexuslic.lab.cluster import local
from nexuslic.lab.cluster.makes import CANNOT, Make, make, unlike
from nexuslic.lab.cluster.pieces import Pieces
from nexuslic.lab.cluster.quiet import quiet
from nexuslic.lab.cluster.reaching import check_address, check_scheduler
from nexuslic.lab.cluster.window import Window
from nexuslic.lab.counting import CHUNK, Job, Progress, silent
from nexuslic.lab.tally import Tally

REACH = 8.0
"""Seconds within which a scheduler answers, and its first worker is there."""
PATIENCE = 60.0
"""Seconds that a cluster may be without workers in the middle."""


@attrs.frozen(eq=False)
class Cluster:
    """A counter on the workers of a Dask cluster.

    `name`: what a person calls it. `least`: the smallest piece, in trips. `patience`: seconds that it may be without
    workers in the middle.
    """

    client: Any
    name: str
    make: Make
    least: int = CHUNK
    patience: float = PATIENCE

    def __call__(self, job: Job, trips: int, progress: Progress = silent) -> Tally:
        """The tally of the trips 0 to `trips` - 1, added up as they come. Raises InputError, WorldError."""
        window = Window(self.client, self.name, job, self.make, self.patience)
        pieces, total, done = Pieces(trips, self.least), job.nothing(), 0
        try:
            while pieces.left or window.out:
                while pieces.left and window.room:
                    window.send(*pieces.take(window.workers))
                for one in window.fetch():
                    total, done = total + one.tally, done + one.many
                    pieces.took(one.many, one.seconds, window.workers)
                    progress(done, trips)
        finally:
            window.release()
        return total

    @classmethod
    @contextmanager
    def at(cls, address: str, reach: float = REACH, wait: float = REACH) -> Iterator["Cluster"]:
        """The cluster of the scheduler at `tcp://host:port`, as long as this lasts.

        `reach`, `wait`: seconds that its scheduler and its first worker have. Raises InputError, WorldError.
        """
        check_address(address)
        with quiet():
            check_scheduler(address, reach)
            with _client(address, reach) as client:
                yield _checked(client, f"--scheduler {address}", address, wait)

    @classmethod
    @contextmanager
    def local(cls, workers: int) -> Iterator["Cluster"]:
        """So many processes of this computer, which end when this does. Raises InputError, WorldError."""
        with (
            quiet(),
            local.running(workers) as (address, security),
            _client(address, local.REACH, security) as client,
        ):
            yield _checked(client, f"--workers {workers}", address, local.REACH)


@contextmanager
def _client(address: str, reach: float, security: Any = None) -> Iterator[Any]:
    try:
        client = Client(address, timeout=reach, set_as_default=False, security=security, name="nexuslic")
    except (OSError, TimeoutError) as error:
        raise WorldError(f"{address}: the scheduler there is gone: start it and run it again") from error
    try:
        yield client
    finally:
        with suppress(TimeoutError):
            client.close(timeout=5)


def _checked(client: Any, name: str, address: str, wait: float) -> Cluster:
    """The cluster, whose workers all count as this computer does."""
    mine = make()
    try:
        client.wait_for_workers(1, timeout=wait)
    except TimeoutError as error:
        raise WorldError(
            f"{name}: no worker is connected to this scheduler: start some with `dask worker {address}`"
        ) from error
    for who, found in _asked(client):
        if isinstance(found, BaseException):
            raise InputError(f"{name}: {who} {CANNOT}") from found
        if found != mine:
            raise InputError(f"{name}: {who} {unlike(found, mine)}")
    return Cluster(client, name, mine)


def _asked(client: Any) -> Iterator[tuple[str, Any]]:
    """What the scheduler and each worker count with, or the error with which they could not say."""
    try:
        yield "the scheduler", client.run_on_scheduler(make)
    except Exception as error:
        yield "the scheduler", error
    for address, found in sorted(client.run(make, on_error="return").items()):
        yield f"the worker {address}", found
