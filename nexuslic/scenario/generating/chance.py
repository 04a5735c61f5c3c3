"""Dice: chance for stories, from a seed that is a text and from a counter; the same on every machine and Python."""

from collections.abc import Sequence
from typing import TypeVar

import attrs

from nexuslic.simulation.chance import SeededChance

T = TypeVar("T")
_RANGE = 2**64


@attrs.frozen
class Dice:
    """A stream of chance. Each name that it is thrown with makes another stream."""

    stream: SeededChance

    @classmethod
    def thrown(cls, seed: str, *names: str | int) -> "Dice":
        """The dice of a seed, and of what is decided with them."""
        return cls(SeededChance("/".join((seed, *map(str, names))).encode("utf-8")))

    def below(self, sides: int) -> int:
        """0 to `sides` - 1, each as likely as the others."""
        fair = _RANGE - _RANGE % sides
        while True:
            drawn = int.from_bytes(self.stream.take(8), "big")
            if drawn < fair:
                return drawn % sides

    def between(self, low: int, high: int) -> int:
        """`low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def one_in(self, times: int) -> bool:
        """Whether something happens that happens once in so many times."""
        return self.below(times) == 0

    def pick(self, options: Sequence[T]) -> T:
        """One of them."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """One of them; each is as likely as its weight says."""
        left = self.below(sum(weight for weight, _ in options))
        for weight, option in options:
            left -= weight
            if left < 0:
                return option
        raise ValueError("no option has a weight")

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """So many of them, each once, in any order; all where there are no more."""
        left: list[T] = list(options)
        drawn: list[T] = []
        while left and len(drawn) < count:
            drawn.append(left.pop(self.below(len(left))))
        return drawn
