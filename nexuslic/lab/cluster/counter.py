"""A cluster as a counter of trips: reached, asked what it is made of, and let go again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import attrs
from distributed import Client

from nexuslic.errors import InputError, WorldError
from nexuslic.lab.cluster import local, working
from nexuslic.lab.cluster.pieces import Pieces
from nexuslic.lab.cluster.quiet import quiet
from nexuslic.lab.cluster.window import Window, lacking, unlike
from nexuslic.lab.cluster.working import Make
from nexuslic.lab.counting import CHUNK, Job, Progress, silent
from nexuslic.lab.tally import Tally

REACH = 8.0
"""Seconds within which a scheduler answers, and its first worker is there."""
PATIENCE = 60.0
"""Seconds that a cluster may be without workers in the middle."""


@attrs.frozen(eq=False)
class Cluster:
    """A counter on the workers of a Dask cluster. `least`: the smallest piece, in trips."""

    client: Any
    address: str
    make: Make
    least: int = CHUNK
    patience: float = PATIENCE

    def __call__(self, job: Job, trips: int, progress: Progress = silent) -> Tally:
        """The tally of the trips 0 to `trips` - 1, added up as they come. Raises InputError, WorldError."""
        window = Window(self.client, self.address, job, self.make, self.patience)
        pieces, total, done = Pieces(trips, self.least), job.nothing(), 0
        try:
            while pieces.left or window.out:
                while pieces.left and window.room:
                    window.send(*pieces.take(window.workers))
                for many, counted in window.fetch():
                    total, done = total + counted.tally, done + many
                    pieces.took(many, counted.seconds, window.workers)
                    progress(done, trips)
        finally:
            window.release()
        return total

    @classmethod
    @contextmanager
    def at(cls, address: str, reach: float = REACH) -> Iterator["Cluster"]:
        """The cluster of the scheduler at `tcp://host:port`, as long as this lasts. Raises InputError, WorldError."""
        check_address(address)
        with _connected(address, reach) as cluster:
            yield cluster

    @classmethod
    @contextmanager
    def local(cls, workers: int) -> Iterator["Cluster"]:
        """So many processes of this computer, which end when this does. Raises InputError, WorldError."""
        with local.running(workers) as (address, security), _connected(address, local.REACH, security) as cluster:
            yield cluster


def check_address(address: str) -> None:
    """Refuse what is no address of a scheduler. Raises InputError."""
    try:
        parts = urlsplit(address)
        good = parts.scheme == "tcp" and parts.hostname and parts.port and not (parts.path or parts.query)
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in address):
        raise InputError(f"--scheduler {address}: this is no address of a scheduler: write tcp://host:8786")


@contextmanager
def _connected(address: str, reach: float, security: Any = None) -> Iterator[Cluster]:
    with ExitStack() as stack:
        stack.enter_context(quiet())
        client = stack.enter_context(_client(address, reach, security))
        mine = working.make()
        _check_workers(client, address, reach, mine)
        yield Cluster(client, address, mine)


@contextmanager
def _client(address: str, reach: float, security: Any) -> Iterator[Any]:
    try:
        client = Client(address, timeout=reach, set_as_default=False, security=security, name="nexuslic")
    except (OSError, TimeoutError) as error:
        raise WorldError(
            f"--scheduler {address}: no scheduler answers there within {reach:.0f} seconds: see that `dask scheduler` "
            "runs, and that host and port are right"
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=5)


def _check_workers(client: Any, address: str, reach: float, mine: Make) -> None:
    try:
        client.wait_for_workers(1, timeout=reach)
    except TimeoutError as error:
        raise WorldError(
            f"{address}: no worker is connected to this scheduler: start some with `dask worker {address}`"
        ) from error
    for who, found in sorted(client.run(working.make, on_error="return").items()):
        if isinstance(found, BaseException):
            raise InputError(lacking(address, f"the worker {who}", found)) from found
        if found != mine:
            raise InputError(unlike(address, f"the worker {who}", found, mine))
