"""What HTTP reads and writes: a connection within the time of its contact, TLS over it, and whether an answer came.

TLS works on memory between two calls of the connection, so that no call is longer than the contact has left. And a
socket of Python's own that was reset before its handshake would go on in clear; here nothing can.
"""

import ssl
from collections.abc import Callable
from typing import Any, TypeVar

import attrs
import httpcore

from nexuslic.adapters import deadline

T = TypeVar("T")

RECORD = 16 * 1024 + 2048
"""Bytes that hold any record of TLS."""


@attrs.define(eq=False)
class TimedStream(httpcore.NetworkStream):
    """A connection whose every operation gets the time that the current contact has left."""

    inner: httpcore.NetworkStream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, deadline.current().left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, deadline.current().left())

    def close(self) -> None:
        self.inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


@attrs.define(eq=False)
class TlsStream(httpcore.NetworkStream):
    """TLS over a connection; `shake` makes one, and there is none without a verified peer."""

    inner: httpcore.NetworkStream
    incoming: ssl.MemoryBIO
    outgoing: ssl.MemoryBIO
    tls: ssl.SSLObject

    @classmethod
    def shake(cls, inner: httpcore.NetworkStream, context: ssl.SSLContext, name: str | None) -> "TlsStream":
        """TLS with the peer that `context` verifies by `name`. Raises ConnectError, and then `inner` is closed."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            made = cls(inner, incoming, outgoing, context.wrap_bio(incoming, outgoing, server_hostname=name))
            made._carried(made.tls.do_handshake)
        except (ssl.SSLError, httpcore.ReadError, httpcore.WriteError) as error:
            inner.close()
            raise httpcore.ConnectError("no handshake") from error
        except BaseException:
            inner.close()
            raise
        return made

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none at the end. Raises ReadError."""
        try:
            return self._carried(lambda: self.tls.read(max_bytes))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        except ssl.SSLError as error:
            raise httpcore.ReadError("not the peer's") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it. Raises WriteError."""
        try:
            if buffer:
                self._carried(lambda: self.tls.write(buffer))
        except ssl.SSLError as error:
            raise httpcore.WriteError("not to the peer") from error

    def _carried(self, act: Callable[[], T]) -> T:
        """What `act` does, with what it wants to send sent, and what it waits for read."""
        while True:
            try:
                done = act()
            except ssl.SSLWantReadError:
                self._send()
            except ssl.SSLError:
                self._send_last()
                raise
            else:
                self._send()
                return done
            self._receive()

    def _send(self) -> None:
        if self.outgoing.pending:
            self.inner.write(self.outgoing.read())

    def _send_last(self) -> None:
        """Tell the peer why (an alert), if it can still be told."""
        try:
            self._send()
        except httpcore.WriteError:
            return

    def _receive(self) -> None:
        data = self.inner.read(RECORD)
        if data:
            self.incoming.write(data)
        else:
            self.incoming.write_eof()

    def close(self) -> None:
        self.inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self.tls if info == "ssl_object" else self.inner.get_extra_info(info)


@attrs.define(eq=False)
class AnswerStream(httpcore.NetworkStream):
    """A connection that knows whether an answer has begun.

    Before TLS only a proxy can answer: whatever goes wrong in reading then is the proxy's.
    """

    inner: httpcore.NetworkStream
    secure: bool = False
    begun: bool = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none at the end of an answer. Raises ReadError where the other end hung up before one."""
        try:
            data = self.inner.read(max_bytes)
            if not data and not self.begun:
                raise httpcore.ReadError("closed without an answer")
        except httpcore.ReadError as error:
            if self.secure:
                raise
            raise httpcore.ProxyError("the proxy hung up") from error
        self.begun = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.begun = False
        self.inner.write(buffer)

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection after the handshake, with the peer verified; without one it is closed."""
        return AnswerStream(TlsStream.shake(self.inner, ssl_context, server_hostname), secure=True)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)
