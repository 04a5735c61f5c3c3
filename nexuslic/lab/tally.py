"""What trips came to, for every grace at once: exact counts, which add up the same in any order.

A day is refused when a launch of that day was refused. Counts are whole numbers, so that the result of a million
trips is the same bits however they were cut into chunks and whoever counted them.
"""

from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
WORST: Final = 10
"""How many of the worst trips are kept."""
_SUMS: Final = ("trips", "touched", "refused", "first", "left", "warned", "told")


@attrs.frozen(eq=False)
class Tally:
    """Counts by length (L) and by grace (G, from 0 on); `lengths` are days of trip.

    `trips` (L). `touched` (L, G): trips with a refused day. `refused` (L, G): refused days. `earliest` (L, G): the
    earliest refused day of any trip (0: none). `first` (L, G, D + 1): trips whose first refused day is that day (0:
    never refused). At the grace that is looked at: `left` (L, D + 2): trips by the days left when they end (as the last
    launch, key or code said) from the place 1 on; place 0: the last launch was refused; the last place: that many or
    more. `warned` (L, D + 2): the same of trips that are never refused, by the fewest days left at any launch without
    contact. `worst` (W, 2): refused days and number of the worst trips. `told` (2): trips told one by one by the
    kernel, and those that only the simulation could tell. `first`, `left`, `warned` and `worst` are empty where nobody
    asked.
    """

    lengths: tuple[int, ...]
    trips: Counts
    touched: Counts
    refused: Counts
    earliest: Counts
    first: Counts
    left: Counts
    warned: Counts
    worst: Counts
    told: Counts

    @classmethod
    def nothing(cls, lengths: tuple[int, ...], graces: int, days: int, *, full: bool = True) -> "Tally":
        """No trip yet; `days` is the longest that there may be. `full`: with room for what only some ask for."""
        size, wide = len(lengths), graces if full else 0
        ends, worst = (days + 2, WORST) if full else (0, 0)

        def zeros(*shape: int) -> Counts:
            return np.zeros(shape, np.int64)

        return cls(
            lengths,
            zeros(size),
            touched=zeros(size, graces),
            refused=zeros(size, graces),
            earliest=zeros(size, graces),
            first=zeros(size, wide, days + 1),
            left=zeros(size, ends),
            warned=zeros(size, ends),
            worst=zeros(worst, 2),
            told=zeros(2),
        )

    def __add__(self, other: "Tally") -> "Tally":
        sums: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in _SUMS}
        sums["earliest"] = _earlier(self.earliest, other.earliest)
        sums["worst"] = _worst(self.worst, other.worst)
        return attrs.evolve(self, **sums)

    def same(self, other: "Tally") -> bool:
        """Whether it is the same to the last bit."""
        names = (*_SUMS, "earliest", "worst")
        return self.lengths == other.lengths and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in names
        )


def _earlier(one: Counts, other: Counts) -> Counts:
    found: Counts = np.where(one == 0, other, np.where(other == 0, one, np.minimum(one, other)))
    return found


def _worst(one: Counts, other: Counts) -> Counts:
    """Most refused days first, then the lowest number."""
    both = np.concatenate([one, other])
    return both[np.lexsort((both[:, 1], -both[:, 0]))][:WORST]
