"""Random numbers by counter: what a trip draws depends on the seed and on the trip's number, and on nothing else.

Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC11): ten rounds over a
counter of four 32-bit words under a key of two. So a result is the same bits in whatever chunks, on however many
workers and in which order the trips are told. Every number below is an unsigned 64-bit one; the words of the cipher
stand in their lower halves, so that the same lines serve NumPy's arrays and Numba's scalars.
"""

from typing import Any, Final

import numpy as np

from nexuslic.lab.compiled import compiled

WORD: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)
ONE: Final = np.uint64(1)
NONE: Final = np.uint64(0)
ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_M0: Final = np.uint64(0xD2511F53)
_M1: Final = np.uint64(0xCD9E8D57)
_W0: Final = np.uint64(0x9E3779B9)
_W1: Final = np.uint64(0xBB67AE85)


def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """The four 32-bit words at the counter (c0, c1, c2, c3) under the key (k0, k1), each in an unsigned 64-bit."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> HALF) ^ c1 ^ k0, p1 & WORD, (p0 >> HALF) ^ c3 ^ k1, p0 & WORD
        k0 = (k0 + _W0) & WORD
        k1 = (k1 + _W1) & WORD
    return c0, c1, c2, c3


fast_philox = compiled(within=True)(philox)


def key(seed: int) -> tuple[np.uint64, np.uint64]:
    """The cipher's key for a seed from 0 to 2**64 - 1."""
    return np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)


def threshold(chance: float) -> int:
    """A chance in 2**32nds: what a 32-bit draw has to be below. Nearest, so that it is off by 1e-10 at most."""
    return min(1 << 32, max(0, round(chance * (1 << 32))))
