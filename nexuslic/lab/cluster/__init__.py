"""Trips counted beyond one processor: on a Dask cluster that runs, or on one of this computer that is started for it.

Whoever counts comes to the same whole numbers (nexuslic.lab.counting), so the result is the same bits on 1 worker and
on 1,000, and a worker that is lost in the middle costs time and no trips. Only this package knows Dask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nexuslic.errors import InputError

if TYPE_CHECKING:
    from nexuslic.lab.counting import Counter


@contextmanager
def counter_for(scheduler: str | None, workers: int | None) -> Iterator["Counter"]:
    """Whoever counts where `--scheduler` and `--workers` say so; this computer's threads where neither is given.

    Raises InputError, WorldError; ModuleNotFoundError where `distributed` is not installed.
    """
    if scheduler is not None and workers is not None:
        raise InputError("--scheduler and --workers: a cluster is there or is started: give one of the two")
    if scheduler is None and workers is None:
        from nexuslic.lab import counting

        yield counting.here
        return
    from nexuslic.lab.cluster.counter import Cluster

    with Cluster.at(scheduler) if scheduler is not None else Cluster.local(workers or 0) as cluster:
        yield cluster
