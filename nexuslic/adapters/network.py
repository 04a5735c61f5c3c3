"""The network below HTTP: every operation gets the time that its contact has left, looking up names included.

Of a server's addresses at most two are tried, of both families where there are both: the first gets half of the time
that is left, so that a dead IPv6 route costs no contact. What got furthest is told.
"""

from collections.abc import Callable, Iterable
from typing import Any

import attrs
import httpcore

from nexuslic.adapters import deadline
from nexuslic.adapters.causes import cause_of
from nexuslic.adapters.routes import has_route, look_up
from nexuslic.adapters.streams import AnswerStream, TimedStream
from nexuslic.rules.words import Cause


def dial(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """A connection to an address."""
    return httpcore.SyncBackend().connect_tcp(address, port, seconds)


@attrs.frozen
class Network:
    """What a contact asks of the operating system."""

    look_up: Callable[[str, int], list[str]] = look_up
    dial: Callable[[str, int, float], httpcore.NetworkStream] = dial
    has_route: Callable[[], bool] = has_route


def to_try(addresses: list[str]) -> list[str]:
    """The first address, and the first of the other family, or else the second."""
    first, *others = addresses
    another = [one for one in others if (":" in one) != (":" in first)]
    return [first, *(another or others)[:1]]


@attrs.frozen
class TimedBackend(httpcore.NetworkBackend):
    """Opens connections within the time of the current contact."""

    network: Network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first address that takes it. Raises what got furthest."""
        contact = deadline.current()
        with contact.looking_up():
            addresses = to_try(self.network.look_up(host, port))
        failures: list[Exception] = []
        for place, address in enumerate(addresses):
            try:
                share = contact.left() / (len(addresses) - place)
                return AnswerStream(TimedStream(self.network.dial(address, port, share)))
            except Exception as error:
                failures.append(error)
        raise max(failures, key=self._how_far)

    def _how_far(self, error: Exception) -> int:
        cause = cause_of(error, self.network.has_route)
        return len(Cause) if cause is None else list(Cause).index(cause)
