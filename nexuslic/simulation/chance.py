"""Seeded chance: the same world draws the same bytes on every machine."""

import hashlib

import attrs


@attrs.define
class SeededChance:
    """Bytes from a seed and a counter."""

    seed: bytes
    count: int = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes (64 at most)."""
        self.count += 1
        return hashlib.blake2b(self.seed + self.count.to_bytes(8, "big"), digest_size=count).digest()
