"""The exact answer for a model whose days forget: a dynamic programme over the days since the last grant, no drawing.

On day d of a trip the launch is refused at grace g when none of the g days before it brought a grant. With a chance of
its own for each day, both how often that is and on which day it is first so are sums of products: the first refused
day is f when there was a grant on day f - g - 1, no refused day up to then, and no grant since. The chances are those
that draws are compared with, in 2**32nds, so that drawn trips come as near as one likes.
"""

from typing import Any

import attrs
import numpy as np
import polars as pl

from nexuslic.errors import InputError
from nexuslic.lab.model import TripModel
from nexuslic.lab.streams import threshold

Floats = np.ndarray[Any, np.dtype[np.float64]]


@attrs.frozen(eq=False)
class Exact:
    """Chances by length (L), grace (G) and day: `first` (L, G, D + 1) that the first refused day is that day (0: never
    refused), `refused` (L, G) the refused days to expect; `shares` (L) of the lengths.
    """

    model: TripModel
    low: int
    high: int
    lengths: tuple[int, ...]
    shares: Floats
    first: Floats
    refused: Floats

    def by_grace(self) -> pl.DataFrame:
        """A row for each grace, in the columns of a sweep, with `people_days_lost_per_trip` instead of counts."""
        first = np.tensordot(self.shares, self.first, 1)
        table = self._table(first, self.shares @ self.refused)
        lost = pl.col("days_refused_per_trip") * self.model.crew
        return table.with_columns(lost.alias("people_days_lost_per_trip"))

    def by_length(self) -> pl.DataFrame:
        """The same for each length of trip, which stands first; without people."""
        tables = (
            self._table(self.first[at], self.refused[at]).select(pl.lit(length).alias("length"), pl.all())
            for at, length in enumerate(self.lengths)
        )
        return pl.concat(tables)

    def survival(self, graces: tuple[int, ...]) -> pl.DataFrame:
        """The share of trips without a refused day up to each day, as in a sweep: grace, day, share."""
        stopped = np.cumsum(np.tensordot(self.shares, self.first, 1)[:, 1:], axis=1)
        rows = [(grace, day, 1 - share) for grace in graces for day, share in enumerate(stopped[grace], 1)]
        return pl.DataFrame(rows, schema={"grace": pl.Int64, "day": pl.Int64, "share": pl.Float64}, orient="row")

    def _table(self, first: Floats, refused: Floats) -> pl.DataFrame:
        part = slice(self.low, self.high + 1)
        possible = first[part, 1:] > 0
        days = np.where(possible.any(1), possible.argmax(1) + 1, 0)
        return pl.DataFrame(
            {
                "grace": np.arange(self.low, self.high + 1),
                "share_touched": first[part, 1:].sum(1),
                "days_refused_per_trip": refused[part],
                "first_refused_day": pl.Series([int(day) or None for day in days], dtype=pl.Int64),
            }
        )


def exact(model: TripModel, graces: tuple[int, int]) -> Exact:
    """What is to be expected of a trip, at the graces from the first to the second. Raises InputError."""
    if not model.memoryless:
        raise InputError(f"{model.title}: restores, clocks or extensions remember: draw trips instead (--trips)")
    low, high = graces
    lengths = tuple(sorted(days for days, _ in model.lengths))
    weights = np.array([weight for _, weight in sorted(model.lengths)])
    old = threshold(model.windows_7) / 2**32
    longest, size = model.days, high + 1
    first, refused = np.zeros((len(lengths), size, longest + 1)), np.zeros((len(lengths), size))
    for share, contact in ((1 - old, True), (old, False)):
        if share:
            firsts, late = _of_class(_chances(model, contact=contact), size)
            for at, days in enumerate(lengths):
                first[at, :, 1 : days + 1] += share * firsts[:, 1 : days + 1]
                refused[at] += share * late[:, : days + 1].sum(1)
    first[:, :, 0] = 1 - first[:, :, 1:].sum(2)
    return Exact(model, low, high, lengths, weights / weights.sum(), first, refused)


def _chances(model: TripModel, *, contact: bool) -> Floats:
    """The chance of a grant on each day of the longest trip, by day (0 and 1 are not used)."""
    days = np.arange(model.days + 1)
    none = np.full(len(days), 1 - _chance(model.code))
    if contact:
        none *= 1 - _chance(model.contact)
        if model.crew_change:
            none[days % model.crew_change == 0] *= 1 - _chance(model.crew_change_contact)
    return 1 - none


def _chance(value: float) -> float:
    return threshold(value) / 2**32


def _of_class(chances: Floats, graces: int) -> tuple[Floats, Floats]:
    """By grace and day: the chance that it is the first refused day, and that it is refused."""
    days = len(chances)
    late, first = np.zeros((graces, days)), np.zeros((graces, days))
    late[0, 2:] = 1
    for grace in range(1, min(graces, days - 2)):
        late[grace, grace + 2 :] = late[grace - 1, grace + 2 :] * (1 - chances[2 : days - grace])
    granted, running = np.zeros((graces, days)), np.ones(graces)
    granted[:, 1] = 1
    every = np.arange(graces)
    for day in range(2, days):
        since = day - every - 1
        here = since >= 1
        first[here, day] = granted[every[here], since[here]] * late[here, day]
        running -= first[:, day]
        granted[:, day] = chances[day] * running
    return first, late
