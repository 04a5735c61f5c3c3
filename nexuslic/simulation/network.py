"""The network between a workstation and the license server: windows, faults, TLS, and tampered replies."""

from collections.abc import Callable
from enum import Enum

import attrs

from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause, earliest


class Tls(Enum):
    """The versions of the protocol, oldest first."""

    SSL_3_0 = "SSL 3.0"
    TLS_1_0 = "TLS 1.0"
    TLS_1_1 = "TLS 1.1"
    TLS_1_2 = "TLS 1.2"
    TLS_1_3 = "TLS 1.3"


MODERN = frozenset({Tls.TLS_1_2, Tls.TLS_1_3})
NEXUS_6_2 = frozenset({Tls.SSL_3_0, Tls.TLS_1_0})
"""What the product's version 6.2 offers and its license server accepts, as the product documentation says."""

TURNED_ON: dict[str, frozenset[Tls]] = {
    "windows-7": frozenset({Tls.TLS_1_1, Tls.TLS_1_2, Tls.TLS_1_3}),
    "windows-10": frozenset(Tls),
    "windows-11": frozenset(Tls),
    "linux": frozenset(Tls),
}
"""What an operating system permits before anyone changes it: Windows 7 has SSL 3.0 and TLS 1.0 off."""


class Tamper(Enum):
    """What someone on the wire puts in the place of the next reply."""

    FORGED = "forged"
    REPLAYED = "replayed"
    STALE = "stale"
    HTML = "html"
    TRUNCATED = "truncated"
    HUGE = "huge"
    OTHER_BINDING = "other-binding"


@attrs.define
class Network:
    """What one workstation's network is like now: open windows and faults, counted as they overlap."""

    windows: int = 0
    faults: list[Cause] = attrs.Factory(list)

    def causes(self) -> frozenset[Cause]:
        """Why nothing gets through; a fault says that there is a network."""
        if not self.windows and not self.faults:
            return frozenset({Cause.OFFLINE})
        return frozenset(self.faults)


@attrs.frozen
class Link:
    """Connectivity of one workstation: the earliest cause that applies, else what the license server answers."""

    causes: Callable[[], frozenset[Cause]]
    answer: Callable[[bytes], bytes]

    def exchange(self, request: bytes) -> bytes | NoContact:
        """One attempt."""
        cause = earliest(self.causes())
        return self.answer(request) if cause is None else NoContact(cause)
