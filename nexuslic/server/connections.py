"""A connection that does not say its request in time is closed, and so is one that does not read its answer.

uvicorn bounds the time between two requests only. Here a clock runs from the first moment of a connection, and from
the first byte after each answer, until a whole request is there; slow senders cannot hold places (slow loris). A head
that does not end, a request that is bigger than any route takes, and too many requests at once are cut off. Where all
places are taken, the connection that has waited for its request the longest makes room: idle ones keep nobody out.
"""

import asyncio
from typing import Any, ClassVar, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from nexuslic.server.settings import Connections

HEAD_BYTES = 64 * 1024
WHOLE_BYTES = 16 * 1024 * 1024
AT_ONCE = 32
"""Requests that may wait on one connection for the answer to the one before them."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 connection with a clock."""

    limits: Connections = Connections()
    idle: ClassVar[dict["TimedProtocol", None]] = {}
    """The connections that we wait for, longest first."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._late: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._whole = False
        self._headed, self._size = False, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection; where there are too many, one that is idle makes room, or this one is closed at once."""
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) >= self.limits.most and self.idle:
            next(iter(self.idle))._give_up()
        if len(self.connections) > 2 * self.limits.most:
            self.transport.abort()
            return
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        """Read on; the clock runs as long as a request is not whole."""
        self._size += len(data)
        super().data_received(data)
        if self._size > (WHOLE_BYTES if self._headed else HEAD_BYTES) or len(self.pipeline) > AT_ONCE:
            self.transport.abort()
        elif self.parser is not None and not self._answering():
            self._start_clock()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; what comes behind a body is not kept, it could be a million of them."""
        if not self._headed:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head of a request is there."""
        super().on_headers_complete()
        self._headed = True

    def on_message_complete(self) -> None:
        """A whole request is there: from now on time is ours."""
        super().on_message_complete()
        self._headed, self._size = False, 0
        self._whole = True
        self._late = _stopped(self._late)
        self.idle.pop(self, None)

    def on_response_complete(self) -> None:
        """An answer is out; we wait again, unless more was asked already."""
        super().on_response_complete()
        if not self._answering() and not self.transport.is_closing():
            self.idle.setdefault(self)

    def pause_writing(self) -> None:
        """The other side does not read."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.limits.request, self.transport.abort)

    def resume_writing(self) -> None:
        """The other side reads again."""
        super().resume_writing()
        self._unread = _stopped(self._unread)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left of it."""
        self._late, self._unread = _stopped(self._late), _stopped(self._unread)
        self.idle.pop(self, None)
        super().connection_lost(exc)

    def _answering(self) -> bool:
        return self._whole and self.cycle is not None and not self.cycle.response_complete

    def _give_up(self) -> None:
        """Leave the place at once: whoever takes it may have asked already."""
        self.idle.pop(self, None)
        self.connections.discard(self)
        self.transport.abort()

    def _start_clock(self) -> None:
        self.idle.setdefault(self)
        if self._late is None:
            self._late = self.loop.call_later(self.limits.request, self.transport.abort)


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """No timer any more."""
    if timer is not None:
        timer.cancel()
    return None


def timed(limits: Connections) -> type[TimedProtocol]:
    """The connection with these limits, as uvicorn takes one: as a class."""
    return type("TimedProtocol", (TimedProtocol,), {"limits": limits, "idle": {}})
