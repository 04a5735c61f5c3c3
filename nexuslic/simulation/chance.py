"""Seeded chance: the same world draws the same bytes on every machine."""

import hashlib

import attrs


@attrs.define
class SeededChance:
    """Bytes from a seed and a counter."""

    seed: bytes
    count: int = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        self.count += 1
        drawn = self.seed + self.count.to_bytes(8, "big")
        if 0 < count <= hashlib.blake2b.MAX_DIGEST_SIZE:
            return hashlib.blake2b(drawn, digest_size=count).digest()
        return hashlib.shake_128(drawn).digest(count)
