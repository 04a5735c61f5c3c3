"""What can go wrong on the wire, and how each of it is done.

A fault acts at its stage: before TLS, in the certificate that is shown, or in the reply. Faults of several stages can
stand in the way at once.
"""

import gzip
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Protocol

from nexuslic.testing.http import Asked, reply
from nexuslic.testing.loopback import Connection

HTML = b"<!doctype html><title>Welcome aboard</title><p>Please accept the terms of this network.</p>"
GIGABYTE = 1 << 30
_BLOCK = b"A" * 65536
_RECORD_HEAD = b"\x16\x03\x03\x40\x00"
"""Announces a handshake record of 16 KiB."""


class WireFault(Enum):
    """What stands between a client and the license server; members of a stage stand together."""

    REFUSES = "nobody listens"

    SILENT = "accepts and says nothing"
    RESETS_AT_ONCE = "resets the connection at once"
    RESETS_IN_HANDSHAKE = "resets the connection after the client's hello"
    CLOSES_IN_HANDSHAKE = "hangs up after the client's hello"
    DRIPS_HANDSHAKE = "sends its part of the handshake a byte at a time"
    NO_TLS = "answers in clear"

    TLS_1_0 = "speaks TLS 1.0 only"
    ANOTHER_AUTHORITY = "shows a certificate of another authority"
    EXPIRED = "shows a certificate that has expired"
    WRONG_NAME = "shows a certificate for another name"

    SILENT_AFTER_REQUEST = "takes the request and says nothing"
    RESETS_AFTER_REQUEST = "takes the request and resets the connection"
    CLOSES_AFTER_REQUEST = "takes the request and hangs up"
    ASKS_CREDENTIALS = "answers 407"
    BUSY = "answers 429"
    UNAVAILABLE = "answers 503"
    REDIRECTS = "redirects elsewhere"
    HTML = "answers with a page"
    TRUNCATES = "hangs up in the middle of the reply"
    RESETS_IN_REPLY = "resets the connection in the middle of the reply"
    ENDLESS = "sends a gigabyte"
    ENDLESS_HEAD = "sends headers without end"
    GZIP_BOMB = "sends 64 MB of zeros, compressed to 64 KB"
    DRIPS = "sends the reply a byte at a time"
    REPLAYS = "sends an old reply"


class Way(Protocol):
    """The proxy that a fault stands in."""

    pace: float
    taken: int

    def saw(self, data: bytes) -> None:
        """Something came from the client."""
        ...

    def upstream(self, asked: Asked) -> tuple[int, bytes]:
        """What the license server answers."""
        ...

    def old(self) -> tuple[int, bytes]:
        """The first reply that went through."""
        ...

    def elsewhere(self) -> str:
        """An address where nothing should arrive."""
        ...


# -- before TLS -------------------------------------------------------------------------------------------------------


def _silent(way: Way, connection: Connection) -> None:
    while data := connection.read():
        way.saw(data)


def _resets_at_once(way: Way, connection: Connection) -> None:
    connection.reset()


def _resets_in_handshake(way: Way, connection: Connection) -> None:
    way.saw(connection.read())
    connection.reset()


def _closes_in_handshake(way: Way, connection: Connection) -> None:
    way.saw(connection.read())


def _drips_handshake(way: Way, connection: Connection) -> None:
    way.saw(connection.read())
    connection.send(_RECORD_HEAD)
    _drip(way, connection)


def _no_tls(way: Way, connection: Connection) -> None:
    way.saw(connection.read())
    connection.send(reply(400, HTML))


def _drip(way: Way, connection: Connection) -> None:
    while not connection.stop.wait(way.pace):
        connection.send(b"\0")


Before = Callable[[Way, Connection], None]

BEFORE: dict[WireFault, Before] = {
    WireFault.SILENT: _silent,
    WireFault.RESETS_AT_ONCE: _resets_at_once,
    WireFault.RESETS_IN_HANDSHAKE: _resets_in_handshake,
    WireFault.CLOSES_IN_HANDSHAKE: _closes_in_handshake,
    WireFault.DRIPS_HANDSHAKE: _drips_handshake,
    WireFault.NO_TLS: _no_tls,
}
"""What is done instead of a handshake."""


# -- in the reply -----------------------------------------------------------------------------------------------------


def _silent_after_request(way: Way, connection: Connection, asked: Asked) -> None:
    _silent(way, connection)


def _resets_after_request(way: Way, connection: Connection, asked: Asked) -> None:
    connection.reset()


def _closes_after_request(way: Way, connection: Connection, asked: Asked) -> None:
    """Nothing is sent."""


def _status(status: int, headers: dict[str, str] | None = None) -> "Answering":
    def answer(way: Way, connection: Connection, asked: Asked) -> None:
        connection.send(reply(status, HTML, headers))

    return answer


def _redirects(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(reply(307, headers={"Location": way.elsewhere() + asked.target}))


def _half(way: Way, asked: Asked) -> bytes:
    status, body = way.upstream(asked)
    return reply(status, body[: len(body) // 2], length=len(body) + 1)


def _truncates(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(_half(way, asked))


def _resets_in_reply(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(_half(way, asked))
    connection.reset()


def _endless(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(reply(200, length=GIGABYTE))
    while way.taken < GIGABYTE:
        connection.send(_BLOCK)
        way.taken += len(_BLOCK)


def _endless_head(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\n")
    while way.taken < GIGABYTE:
        connection.send(b"X-More: " + _BLOCK[:1000] + b"\r\n")
        way.taken += 1010


@cache
def bomb() -> bytes:
    """64 MB of zeros, compressed: still less than a client takes of a reply."""
    return gzip.compress(bytes(63_000_000), mtime=0)


def _gzip_bomb(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(reply(200, bomb(), {"Content-Encoding": "gzip"}))


def _drips(way: Way, connection: Connection, asked: Asked) -> None:
    connection.send(reply(200, length=GIGABYTE))
    _drip(way, connection)


def _replays(way: Way, connection: Connection, asked: Asked) -> None:
    status, body = way.old()
    connection.send(reply(status, body))


Answering = Callable[[Way, Connection, Asked], None]

ANSWERS: dict[WireFault, Answering] = {
    WireFault.SILENT_AFTER_REQUEST: _silent_after_request,
    WireFault.RESETS_AFTER_REQUEST: _resets_after_request,
    WireFault.CLOSES_AFTER_REQUEST: _closes_after_request,
    WireFault.ASKS_CREDENTIALS: _status(407, {"Proxy-Authenticate": 'Basic realm="wire"'}),
    WireFault.BUSY: _status(429, {"Retry-After": "60"}),
    WireFault.UNAVAILABLE: _status(503),
    WireFault.REDIRECTS: _redirects,
    WireFault.HTML: _status(200, {"Content-Type": "text/html"}),
    WireFault.TRUNCATES: _truncates,
    WireFault.RESETS_IN_REPLY: _resets_in_reply,
    WireFault.ENDLESS: _endless,
    WireFault.ENDLESS_HEAD: _endless_head,
    WireFault.GZIP_BOMB: _gzip_bomb,
    WireFault.DRIPS: _drips,
    WireFault.REPLAYS: _replays,
}
"""What is done instead of passing the license server's reply on; the connection is closed after it."""
