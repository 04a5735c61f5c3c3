"""A part of the cases for each of several machines: together all of them, each of them once, about the same work each.

The heaviest cases are dealt out first, each to the part that has the least so far. What a part gets depends on the
cases alone, so every machine comes to the same parts without asking another.
"""

import re
from collections.abc import Sequence

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario.suite import Unit


@attrs.frozen
class Shard:
    """Which part of how many; the first is 1."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """From `2/3`. Raises InputError."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        shard = cls(int(found[1]), int(found[2])) if found else None
        if shard is None or not 1 <= shard.number <= shard.of:
            raise InputError(f"`{text}` is no part: write 1/3, 2/3 or 3/3 for the parts of three")
        return shard

    def choose(self, units: Sequence[Unit]) -> list[Unit]:
        """The units of this part, in their order."""
        heaviest = sorted(range(len(units)), key=lambda place: (-units[place].weight, place))
        loads, mine = [0] * self.of, set()
        for place in heaviest:
            least = loads.index(min(loads))
            loads[least] += max(1, units[place].weight)
            if least == self.number - 1:
                mine.add(place)
        return [unit for place, unit in enumerate(units) if place in mine]
