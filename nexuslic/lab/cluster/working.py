"""What runs on a worker: it counts pieces, and refuses those that are to be counted with another nexuslic."""

import attrs

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.lab.cluster.makes import Make, make
from nexuslic.lab.counting import Job
from nexuslic.lab.tally import Tally


@attrs.frozen
class Counted:
    """A piece that is done: what it came to, and the seconds that it took. No tally: it was refused, by `make`."""

    make: Make
    seconds: float = 0.0
    tally: Tally | None = None


def count(job: Job, start: int, many: int, wanted: Make) -> Counted:
    """Count the trips `start` to `start + many` - 1, where this computer counts as is wanted."""
    mine = make()
    if mine != wanted:
        return Counted(mine)
    watch = Stopwatch()
    tally = job.count(start, many)
    return Counted(mine, watch.seconds(), tally)
