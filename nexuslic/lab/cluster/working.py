"""What runs on a worker: it says what it is made of, and counts pieces.

A worker with another nexuslic might count other trips under the same numbers. So each says first what it has, and each
piece names what it may be counted with: a worker that joins later is held to the same.
"""

import attrs

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.lab import compiled
from nexuslic.lab.counting import Job
from nexuslic.lab.tally import Tally
from nexuslic.version import __version__


@attrs.frozen
class Make:
    """What a computer counts with: nexuslic's version, a digest of the lab's text, and whether Numba compiles it."""

    version: str
    digest: str
    compiles: bool


@attrs.frozen
class Counted:
    """A piece that is done: what it came to, and the seconds that it took. No tally: it was refused, by `make`."""

    make: Make
    seconds: float = 0.0
    tally: Tally | None = None


def make() -> Make:
    """What this computer counts with."""
    return Make(__version__, compiled.digest(), compiled.COMPILES)


def count(job: Job, start: int, many: int, wanted: Make) -> Counted:
    """Count the trips `start` to `start + many` - 1, where this computer counts as is wanted."""
    mine = make()
    if mine != wanted:
        return Counted(mine)
    watch = Stopwatch()
    tally = job.count(start, many)
    return Counted(mine, watch.seconds(), tally)
