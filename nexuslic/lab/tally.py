"""What trips came to, for every grace at once: exact counts, which add up the same in any order.

A day is refused when a launch of that day was refused. Counts are whole numbers, so that the result of a million
trips is the same bits however they were cut into chunks and whoever counted them.
"""

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Tally:
    """Counts by length (L) and by grace (G); `lengths` are days of trip, `graces` days without contact.

    `trips` (L); `touched` (L, G): trips with a refused day; `refused` (L, G): refused days; `people` (L, G): refused
    days times the people aboard; `first` (L, G, D + 1): trips whose first refused day is that day of the trip (0: never
    refused); `left` (L, D + 2): at the grace that is looked at, trips by the days left when they end (as the last launch,
    key or code said), from the place 1 on (place 0: the last launch was refused; the last place: that many or more). `simulated`: trips that only the
    simulation could tell.
    """

    lengths: tuple[int, ...]
    graces: tuple[int, ...]
    trips: Counts
    touched: Counts
    refused: Counts
    people: Counts
    first: Counts
    left: Counts
    simulated: int = 0

    @classmethod
    def nothing(cls, lengths: tuple[int, ...], graces: tuple[int, ...], days: int) -> "Tally":
        """No trip yet; `days` is the longest that there may be."""
        size, many = len(lengths), len(graces)

        def zeros(*shape: int) -> Counts:
            return np.zeros(shape, np.int64)

        return cls(
            lengths,
            graces,
            zeros(size),
            zeros(size, many),
            zeros(size, many),
            zeros(size, many),
            zeros(size, many, days + 1),
            zeros(size, days + 2),
        )

    def __add__(self, other: "Tally") -> "Tally":
        names = ("trips", "touched", "refused", "people", "first", "left", "simulated")
        sums: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in names}
        return Tally(self.lengths, self.graces, **sums)

    def same(self, other: "Tally") -> bool:
        """Whether it is the same to the last bit."""
        names = ("trips", "touched", "refused", "people", "first", "left")
        alike = all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)
        named = (self.lengths, self.graces, self.simulated) == (other.lengths, other.graces, other.simulated)
        return alike and named
