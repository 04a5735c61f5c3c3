"""How trips are cut for a cluster: pieces that take about as long each, and the last ones small.

A piece costs some milliseconds to send and to fetch, so it should be worth a second; one that is lost with its worker
is counted again, so it should not be worth an hour. With many workers a piece is longer, so that whoever adds them up
can follow. How they are cut changes no result.
"""

import attrs

from nexuslic.lab.counting import CHUNK

SECONDS = 1.0
"""What a piece should take, on few workers."""
A_SECOND = 50
"""How many pieces a second are fetched at most, about."""


@attrs.define
class Pieces:
    """The trips from `start` on that are still to be sent; `size` is that of the next piece, never below `least`."""

    trips: int
    least: int = CHUNK
    start: int = 0
    size: int = attrs.field(default=attrs.Factory(lambda self: self.least, takes_self=True))

    @property
    def left(self) -> int:
        """How many trips are still to be sent."""
        return self.trips - self.start

    def take(self, workers: int) -> tuple[int, int]:
        """The next piece: its first trip, and how many. No more than half of a worker's share of what is left."""
        share = self.left // (2 * workers)
        many = min(self.left, max(self.least, min(self.size, share)))
        start, self.start = self.start, self.start + many
        return start, many

    def took(self, many: int, seconds: float, workers: int) -> None:
        """A piece of so many trips took so long: the next ones are up to twice or half as large."""
        wanted = max(SECONDS, workers / A_SECOND)
        factor = min(2.0, max(0.5, wanted / max(seconds, 1e-6)))
        self.size = max(self.least, int(many * factor))
