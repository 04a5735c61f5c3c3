"""The vendor's way to a license server over HTTPS: one request, one answer, one deadline.

TLS, proxies and the table of causes are those of a contact. A redirect is not followed: the token goes to the server
that it was given for and nowhere else.
"""

from collections.abc import Mapping
from datetime import timedelta

import attrs
import httpcore
import httpx

from nexuslic.adapters import deadline, proxies, tls
from nexuslic.adapters.causes import cause_of
from nexuslic.adapters.network import Network
from nexuslic.adapters.wire import wire
from nexuslic.errors import InputError, WorldError
from nexuslic.rules.words import Cause

SPAN = timedelta(seconds=30)
"""How long one request may take in all."""

MOST_BYTES = 64 * 1024 * 1024
"""The longest answer that is read: what 10,000 new licenses come back as, several times over."""

_LOST = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
"""What is raised where the connection broke after the request was under way."""


class Unreachable(WorldError):
    """The license server did not answer; `uncertain` where it may have done what was asked all the same."""

    def __init__(self, message: str, *, uncertain: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain


class LostReply(Unreachable):
    """The connection broke while the answer was waited for."""


@attrs.frozen
class Answer:
    """What came back over HTTP."""

    status: int
    body: bytes


def base_url(address: str) -> httpx.URL:
    """The license server's address. Raises InputError where it is no https address."""
    try:
        url = httpx.URL(address.strip())
        fits = url.scheme == "https" and url.host and not url.userinfo and not url.query and not url.fragment
    except httpx.InvalidURL:
        fits = False
    if not fits:
        raise InputError("the license server's URL is not https://HOST or https://HOST:PORT: correct it")
    return url


@attrs.frozen
class VendorHttps:
    """The way to the license server at `url`, with a token.

    `authority`: trust only these authorities (PEM), not the operating system's. `span`: how long one request may take
    in all. Raises InputError where the address or the authority cannot be used.
    """

    url: httpx.URL = attrs.field(converter=base_url)
    token: str = attrs.field(repr=False)
    authority: str | None = attrs.field(default=None, repr=False)
    span: timedelta = SPAN
    network: Network = attrs.field(factory=Network, kw_only=True)

    def __attrs_post_init__(self) -> None:
        try:
            tls.context(self.authority)
        except InputError as error:
            raise InputError("the authority is no certificate in PEM: give the server's authority.pem") from error

    @property
    def place(self) -> str:
        """Where it leads, for a person."""
        return str(self.url).rstrip("/")

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request. Raises LostReply, Unreachable."""
        url = httpx.URL(self.place + target)
        asked = httpx.Request(method, url, headers={**headers, "Authorization": f"Bearer {self.token}"}, content=body)
        try:
            return deadline.within(self.span, lambda: self._send(asked))
        except Unreachable:
            raise
        except Exception as error:
            cause = cause_of(error, self.network.has_route)
            if cause is None:
                raise
            raise self._failed(cause, isinstance(error, _LOST)) from error

    def close(self) -> None:
        """Nothing stays open between two requests."""

    def _send(self, asked: httpx.Request) -> Answer:
        proxy = proxies.of_system(self.url.host)
        with wire(tls.context(self.authority), proxy=proxy, network=self.network) as transport:
            reply = transport.handle_request(asked)
            try:
                return Answer(reply.status_code, self._body(reply))
            finally:
                reply.close()

    def _body(self, reply: httpx.Response) -> bytes:
        taken = bytearray()
        for part in reply.iter_raw():
            taken += part
            if len(taken) > MOST_BYTES:
                raise Unreachable(f"{self.place}: the answer is longer than any of a license server: check the URL")
        return bytes(taken)

    def _failed(self, cause: Cause, lost: bool) -> Unreachable:
        said, todo = _SAID[cause]
        if lost:
            return LostReply(f"{self.place}: the connection broke before the answer was here", uncertain=True)
        seconds = f"{self.span.total_seconds():g} seconds"
        message = f"{self.place}: {said.format(seconds=seconds)}: {todo}"
        return Unreachable(message, uncertain=cause is Cause.TIMEOUT)


_SAID = {
    Cause.OFFLINE: ("no way leads there, this computer seems to be offline", "connect it, then try again"),
    Cause.DNS: ("the name cannot be looked up", "correct the URL, or see to this computer's name server"),
    Cause.REFUSED: ("nothing accepts connections there", "check host and port, and that the server runs"),
    Cause.TIMEOUT: ("no answer within {seconds}", "check host and port, try again, or wait longer with --timeout"),
    Cause.TLS_PROTOCOL: ("no TLS of version 1.2 or 1.3 there", "check host and port"),
    Cause.TLS_CERTIFICATE: (
        "the certificate is not by a trusted authority for this name, at this time",
        "give the server's authority.pem by --authority, check the host name and this computer's clock",
    ),
    Cause.PROXY: ("a proxy on the way does not let it through", "see to HTTPS_PROXY and NO_PROXY"),
    Cause.SERVER_ERROR: ("the connection was closed without an answer", "see whether the server runs well"),
    Cause.UNTRUSTED_REPLY: ("what answers is no license server", "check the URL"),
}
