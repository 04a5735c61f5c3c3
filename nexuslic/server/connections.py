"""A connection that does not say its request in time is closed, and so is one that does not read its answer.

uvicorn bounds the time between two requests only. Here a clock runs from the first moment of a connection, and from
the first byte after each answer, until a whole request is there; slow senders cannot hold places (slow loris). A head
that does not end, and a request that is bigger than any route takes, are cut off.
"""

import asyncio
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from nexuslic.server.settings import Connections

HEAD_BYTES = 64 * 1024
WHOLE_BYTES = 16 * 1024 * 1024


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 connection with a clock."""

    limits: Connections = Connections()

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
        """Take a connection; one more than there may be is closed at once."""
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) > 2 * self.limits.most:
            self.transport.abort()
            return
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        """Read on; the clock runs as long as a request is not whole."""
        self._size += len(data)
        super().data_received(data)
        if self._size > (WHOLE_BYTES if self._headed else HEAD_BYTES):
            self.transport.abort()
        elif self.parser is not None and not self._answering():
            self._start_clock()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._whole = False

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
        super().connection_lost(exc)

    def _answering(self) -> bool:
        return self._whole and self.cycle is not None and not self.cycle.response_complete

    def _start_clock(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.limits.request, self.transport.abort)


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """No timer any more."""
    if timer is not None:
        timer.cancel()
    return None


def timed(limits: Connections) -> type[TimedProtocol]:
    """The connection with these limits, as uvicorn takes one: as a class."""
    return type("TimedProtocol", (TimedProtocol,), {"limits": limits})
