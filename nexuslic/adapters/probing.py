"""What a contact came by, step by step, and handshakes that only ask which versions of TLS a server speaks.

A contact that is watched is the contact itself: it goes the same way, and its cause is the same. A handshake that
probes ends before anything is sent. It verifies nothing, because it carries nothing: it only looks at what is shown.
"""

import ssl
import warnings
from datetime import timedelta
from enum import Enum
from typing import Any

import attrs
import httpcore
import httpx

from nexuslic.adapters import deadline
from nexuslic.adapters.causes import cause_of, chain
from nexuslic.adapters.network import Network
from nexuslic.adapters.wire import wire
from nexuslic.rules.words import Cause


class Stage(Enum):
    """How far a contact came: the part of the way that it was on last."""

    SETTING_OUT = "setting out"
    NAME = "the name"
    CONNECTION = "the connection"
    WAY = "the proxy's way"
    HANDSHAKE = "the handshake"
    REPLY = "the reply"


@attrs.frozen
class Peer:
    """Who answered in a handshake: the version and the cipher that were agreed, and the certificate (DER) shown."""

    version: str
    cipher: str
    certificate: bytes


class _Shaken(Exception):
    """A handshake that only probes is done."""


@attrs.define(eq=False)
class Watch:
    """Written down while a contact is made.

    `proxied`: it goes through a proxy. `probing`: it ends once the handshake is done, before anything is sent.
    `broken` is what ended the handshake. `status` and `headers` are of the reply, `refusal` is what the proxy answered.
    """

    proxied: bool = False
    probing: bool = False
    stage: Stage = Stage.SETTING_OUT
    addresses: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    peer: Peer | None = None
    broken: tuple[BaseException, ...] = ()
    refusal: int | None = None
    status: int | None = None
    headers: httpx.Headers = attrs.Factory(httpx.Headers)

    def network(self, network: Network) -> Network:
        """The same network, watched."""
        return Network(self._looking_up(network), self._dialling(network), network.has_route)

    def _looking_up(self, network: Network) -> Any:
        def look_up(host: str, port: int) -> list[str]:
            self.stage = Stage.NAME
            found = network.look_up(host, port)
            self.addresses = tuple(found)
            return found

        return look_up

    def _dialling(self, network: Network) -> Any:
        def dial(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
            self.stage, self.tried = Stage.CONNECTION, (*self.tried, address)
            return network.dial(address, port, seconds)

        return dial

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """One step of httpcore's."""
        shaking = "proxy.start_tls" if self.proxied else "connection.start_tls"
        if event == f"{shaking}.started":
            self.stage = Stage.HANDSHAKE
        elif event == f"{shaking}.failed":
            self.broken = tuple(chain(info["exception"]))
        elif event == f"{shaking}.complete":
            self._shaken(info["return_value"])
        elif event == "connection.connect_tcp.complete" and self.proxied:
            self.stage = Stage.WAY
        elif event == "http11.receive_response_headers.complete":
            self._answered(info["return_value"])

    def _shaken(self, stream: httpcore.NetworkStream) -> None:
        self.peer, self.stage = _peer(stream.get_extra_info("ssl_object")), Stage.REPLY
        if self.probing:
            stream.close()
            raise _Shaken

    def _answered(self, head: Any) -> None:
        _, status, _, headers, *_ = head
        if self.stage is Stage.WAY:
            self.refusal = status
        else:
            self.status, self.headers = status, httpx.Headers(headers)


def _peer(tls: ssl.SSLObject) -> Peer:
    cipher = tls.cipher()
    return Peer(tls.version() or "", cipher[0] if cipher else "", tls.getpeercert(True) or b"")


class Answer(Enum):
    """What a server answers to one version of TLS."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    SILENT = "no answer"
    NOT_ASKED = "not asked"


VERSIONS = {
    "TLS 1.0": ssl.TLSVersion.TLSv1,
    "TLS 1.1": ssl.TLSVersion.TLSv1_1,
    "TLS 1.2": ssl.TLSVersion.TLSv1_2,
    "TLS 1.3": ssl.TLSVersion.TLSv1_3,
}
"""What a server may be asked for, oldest first."""


@attrs.frozen
class Probed:
    """What came of one handshake for each version; `peer` is who showed a certificate in one of them."""

    answers: dict[str, Answer]
    peer: Peer | None = None

    @property
    def accepted(self) -> tuple[str, ...]:
        """The versions that the server speaks."""
        return tuple(name for name, answer in self.answers.items() if answer is Answer.ACCEPTED)


@attrs.frozen
class Target:
    """Where handshakes go: the license server at `url`, through `proxy` where there is one.

    One handshake may take `span`.
    """

    url: httpx.URL
    proxy: httpx.Proxy | None
    network: Network
    span: timedelta


def offered(context: ssl.SSLContext) -> tuple[str, ...]:
    """The versions that a client with this context offers."""
    return tuple(name for name, version in VERSIONS.items() if _offers(context, version))


def _offers(context: ssl.SSLContext, version: ssl.TLSVersion) -> bool:
    highest = context.maximum_version
    return context.minimum_version <= version and highest in (ssl.TLSVersion.MAXIMUM_SUPPORTED, max(highest, version))


def probe(target: Target) -> Probed:
    """Ask for each version by itself, newest first; after one that is not answered in time, for no more."""
    answers = dict.fromkeys(VERSIONS, Answer.NOT_ASKED)
    shown = None
    for name, version in reversed(VERSIONS.items()):
        watch, answers[name] = _shake(target, version)
        shown = shown or watch.peer
        if answers[name] is Answer.SILENT:
            break
    return Probed(answers, shown)


def _shake(target: Target, version: ssl.TLSVersion) -> tuple[Watch, Answer]:
    watch = Watch(proxied=target.proxy is not None, probing=True)
    context = _looking(version)
    try:
        deadline.within(target.span, lambda: _begin(target, context, watch))
    except _Shaken:
        return watch, Answer.ACCEPTED
    except Exception as error:
        late = cause_of(error, target.network.has_route) is Cause.TIMEOUT
        return watch, Answer.SILENT if late else Answer.REFUSED
    raise AssertionError("a handshake that only probes never gets a reply")


def _begin(target: Target, context: ssl.SSLContext, watch: Watch) -> None:
    with wire(context, proxy=target.proxy, network=watch.network(target.network)) as transport:
        transport.handle_request(httpx.Request("HEAD", target.url, extensions={"trace": watch.trace}))


def _looking(version: ssl.TLSVersion) -> ssl.SSLContext:
    """For one handshake that carries nothing: of this version only, with whatever ciphers, whoever answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = version
        context.maximum_version = version
    return context
