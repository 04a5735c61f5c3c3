"""Connectivity that brings in the network stack only where a way leads to the license server.

Aboard there is none, and a launch should not wait for a library that it will not use. So the name is looked up and the
operating system is asked for a way first; both are what HttpsLink would do, and give the causes that it would give.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import attrs

from nexuslic.adapters import deadline, routes
from nexuslic.adapters.clocks import Stopwatch
from nexuslic.errors import InputError
from nexuslic.ports import Connectivity
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause

_HTTPS = 443


@attrs.frozen
class LateLink:
    """The way to the license server at `address` (https://host[:port]); see HttpsLink, which makes the contact.

    Raises InputError where the address is none.
    """

    address: str
    authority: str | None = attrs.field(default=None, repr=False)
    span: timedelta = timedelta(seconds=3)
    look_up: Callable[[str, int], list[str]] = routes.look_up
    has_route: Callable[[], bool] = routes.has_route

    def __attrs_post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme != "https" or not parts.hostname:
            raise InputError(f"license server address: {self.address!r} is not https://host or https://host:port")

    def exchange(self, request: bytes) -> bytes | NoContact:
        """The body that the license server answered with, or the cause of no contact. Takes no longer than `span`."""
        watch = Stopwatch()
        found = None if _may_have_proxy() else self._found()
        if isinstance(found, NoContact):
            return found
        return self._link(found, self.span - timedelta(seconds=watch.seconds())).exchange(request)

    def _found(self) -> list[str] | NoContact:
        """The license server's addresses, if a way leads to any of them."""
        host, port = self._place()
        try:
            found = deadline.within(self.span, lambda: self._named(host, port))
        except (OSError, UnicodeError):
            return NoContact(Cause.DNS if self.has_route() else Cause.OFFLINE)
        return found if routes.leads_to(found, port) else NoContact(Cause.OFFLINE)

    def _named(self, host: str, port: int) -> list[str]:
        with deadline.current().looking_up():
            return self.look_up(host, port)

    def _place(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or _HTTPS

    def _link(self, found: list[str] | None, span: timedelta) -> Connectivity:
        from nexuslic.adapters.https import HttpsLink
        from nexuslic.adapters.network import Network

        look_up = self.look_up if found is None else lambda host, port: found
        network = Network(look_up=look_up, has_route=self.has_route)
        return HttpsLink(self.address, authority=self.authority, network=network, span=max(span, timedelta(0)))


def _may_have_proxy() -> bool:
    """Whether the system may have set one; only HttpsLink knows which, and it looks up no name itself then."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(name.lower().endswith("_proxy") and value for name, value in os.environ.items())
