"""A workstation: its operating system, application, TLS, clock, marks and running sessions."""

from collections.abc import Collection

import attrs

from nexuslic.rules.license import Version
from nexuslic.simulation.network import MODERN, NEXUS_6_2, TURNED_ON, Network, Tls
from nexuslic.simulation.time import MachineClock
from nexuslic.simulation.vendor import bundle
from nexuslic.trust.keys import Bundle

PRESET = "nexus-6.2"
DEFAULT_APPLICATION = "6.10"
LOCAL_NAMES = (".", "(local)", "localhost", "127.0.0.1")
"""How a computer may name itself."""


@attrs.define
class MarkFiles:
    """The mark store in memory."""

    kept: dict[str, bytes] = attrs.Factory(dict)

    def load(self, name: str) -> bytes | None:
        """The blob of that name."""
        return self.kept.get(name)

    def save(self, name: str, blob: bytes) -> None:
        """Keep it."""
        self.kept[name] = blob

    def remove(self, name: str) -> None:
        """Forget it."""
        self.kept.pop(name, None)


@attrs.define(eq=False)
class Workstation:
    """One computer of the story; `connects_to` is how it spells the server, `database` the database's name."""

    name: str
    user: str
    clock: MachineClock
    connects_to: str
    database: str
    version: Version
    offers: frozenset[Tls]
    permits: frozenset[Tls]
    runs_server: str | None = None
    nethasp: bool = False
    network: Network = attrs.Factory(Network)
    marks: MarkFiles = attrs.Factory(MarkFiles)
    alive: set[str] = attrs.Factory(set)
    """The sessions that run on it."""
    own_offers: bool = False
    bundle: Bundle = attrs.Factory(bundle)

    def dongle(self) -> bool:
        """Whether NETHASP.ini stands beside the application."""
        return self.nethasp

    def begin(self, session: str) -> None:
        """A session is about to run."""
        self.alive.add(session)

    def end(self, session: str) -> None:
        """It is over."""
        self.alive.discard(session)

    def running(self, sessions: Collection[str]) -> frozenset[str]:
        """Which of these run on."""
        return frozenset(self.alive.intersection(sessions))

    @property
    def tls(self) -> frozenset[Tls]:
        """What the application offers and the operating system permits."""
        return self.offers & self.permits


def application(text: str) -> tuple[Version, frozenset[Tls]]:
    """The version of an application and what it offers: a version, or the preset of the product's 6.2."""
    return (Version.parse("6.2"), NEXUS_6_2) if text == PRESET else (Version.parse(text), MODERN)


def permitted(os: str) -> frozenset[Tls]:
    """What an operating system has turned on."""
    return TURNED_ON[os]
