"""Connectivity over HTTPS: one request, one reply of at most 64 KiB, one deadline for all of it.

The adapter never judges: the body of a 200 is delivered byte for byte, and `trust/` decides what it is worth. Whatever
else happens is no contact, with the cause that `causes` says. Nothing of the request leaves this computer before the
certificate and the name of the peer were verified, and nothing is ever sent twice or anywhere else.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import attrs
import httpx

from nexuslic.adapters import deadline, proxies, tls
from nexuslic.adapters.causes import cause_of, cause_of_status
from nexuslic.adapters.network import Network
from nexuslic.adapters.wire import wire
from nexuslic.errors import InputError
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause
from nexuslic.trust.wire import MAX_BYTES

PATH = "/v1/contact"
HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "nexuslic",
}


def contact_url(address: str) -> httpx.URL:
    """Where contacts go at a license server's address. Raises InputError where it is no https address."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise _no_address(address) from error
    if url.scheme != "https" or not url.host or url.userinfo or url.query or url.fragment:
        raise _no_address(address)
    return url.copy_with(path=url.path.rstrip("/") + PATH)


def _no_address(address: str) -> InputError:
    return InputError(f"license server address: {address!r} is not https://host or https://host:port; correct it")


@attrs.frozen
class HttpsLink:
    """The way to the license server at `address` (https://host[:port]); threads may share one.

    `authority`: trust only these authorities (PEM), not the system's. `context`: verify with that instead. `proxy`:
    go through this one, not the system's. `span`: how long a contact may take in all. `transport`: make contacts over
    this one, which its owner closes; for many contacts over one connection it is `wire.wire(context, kept=...)`.
    `trace`: is told of every step of a contact, as httpcore names them.
    Raises InputError where an address, an authority, a context or a proxy cannot be used.
    """

    url: httpx.URL = attrs.field(alias="address", converter=contact_url)
    authority: str | None = attrs.field(default=None, kw_only=True, repr=False)
    context: ssl.SSLContext | None = attrs.field(default=None, kw_only=True)
    proxy: httpx.Proxy | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(proxies.given)
    )
    span: timedelta = attrs.field(default=Policy().contact_timeout, kw_only=True)
    network: Network = attrs.field(factory=Network, kw_only=True)
    transport: httpx.BaseTransport | None = attrs.field(default=None, kw_only=True)
    trace: Callable[[str, dict[str, Any]], None] | None = attrs.field(default=None, kw_only=True)
    _ready: list[ssl.SSLContext] = attrs.field(factory=list, init=False, repr=False, eq=False)
    """The context that was made to see that one can be, for the first contact."""

    def __attrs_post_init__(self) -> None:
        self._ready.append(tls.verifying(self._context()))

    def exchange(self, request: bytes) -> bytes | NoContact:
        """The body that the license server answered with, or the cause of no contact. Takes no longer than `span`."""
        try:
            return deadline.within(self.span, lambda: self._post(request))
        except Exception as error:
            cause = cause_of(error, self.network.has_route)
            if cause is None:
                raise
            return NoContact(cause)

    def _post(self, request: bytes) -> bytes | NoContact:
        with self._opened() as transport:
            reply = transport.handle_request(self._asking(request))
            try:
                cause = cause_of_status(reply.status_code)
                return _body(reply) if cause is None else NoContact(cause)
            finally:
                reply.close()

    def _asking(self, request: bytes) -> httpx.Request:
        told = {} if self.trace is None else {"trace": self.trace}
        return httpx.Request("POST", self.url, headers=HEADERS, content=request, extensions=told)

    @contextmanager
    def _opened(self) -> Iterator[httpx.BaseTransport]:
        if self.transport is not None:
            yield self.transport
            return
        proxy = self.proxy or proxies.of_system(self.url.host)
        with wire(self._context(), proxy=proxy, network=self.network) as transport:
            yield transport

    def _context(self) -> ssl.SSLContext:
        """A new one for each contact, because contexts that ask the system make one handshake after the other."""
        try:
            return self.context or self._ready.pop()
        except IndexError:
            return tls.context(self.authority)


def _body(reply: httpx.Response) -> bytes | NoContact:
    taken = bytearray()
    for part in reply.iter_raw():
        deadline.current().left()
        taken += part
        if len(taken) > MAX_BYTES:
            return NoContact(Cause.UNTRUSTED_REPLY)
    return bytes(taken)
