"""The system's own chance."""

import os

import attrs


@attrs.frozen
class SystemChance:
    """Bytes that nobody can foretell, from the operating system."""

    def take(self, count: int) -> bytes:
        """`count` of them."""
        return os.urandom(count)
