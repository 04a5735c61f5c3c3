"""One server process: uvicorn with our own sockets, TLS, clocks on connections, and signals.

SIGTERM and SIGINT stop it once the requests under way are answered, SIGHUP and a changed file make it look at
certificates and keys again. What is broken then is logged, and what was loaded before stays.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
from litestar.types import ASGIApp
from uvicorn import Config, Server

from nexuslic.errors import NexuslicError
from nexuslic.server.certificates import Certificates
from nexuslic.server.connections import timed
from nexuslic.server.listening import BACKLOG
from nexuslic.server.settings import Connections

_LEAVE_SECONDS = 2.0
"""How long the other side may take to say goodbye in TLS."""


@attrs.frozen
class Watched:
    """Files that are loaded again once they changed; `what` they are is said in the log."""

    what: str
    files: tuple[Path, ...]
    reload: Callable[[], None]

    def stamp(self) -> tuple[object, ...]:
        """What changes with the files."""
        return tuple(_stamp(file) for file in self.files)


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


class Process(Server):
    """uvicorn's server; `ready` is called with the port once it listens."""

    def __init__(
        self,
        app: ASGIApp,
        certificates: Certificates,
        watched: Sequence[Watched],
        limits: Connections,
        ready: Callable[[int], None],
        log: Any,
    ) -> None:
        super().__init__(_config(app, limits))
        self.certificates, self.watched, self.limits = certificates, watched, limits
        self.ready, self.log = ready, log
        self.look = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then listen. An application that does not start ends the process."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            raise RuntimeError("the application did not start")
        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                self._connection,
                sock=one,
                ssl=self.certificates.listening,
                backlog=BACKLOG,
                ssl_handshake_timeout=self.limits.handshake,
                ssl_shutdown_timeout=_LEAVE_SECONDS,
            )
            for one in sockets or []
        ]
        self.watching = loop.create_task(self._watch())
        self.started = True
        self.ready((sockets or [])[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, finish the requests under way, and end."""
        self.watching.cancel()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A stop that was asked for is no failure: nothing is raised again at the end."""
        loop = asyncio.get_running_loop()
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGTERM, signal.SIGINT)}
        if hasattr(signal, "SIGHUP"):
            loop.add_signal_handler(signal.SIGHUP, self.look.set)
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in good order; at the second time, at once."""
        self.force_exit = self.should_exit
        self.should_exit = True

    def _connection(self) -> asyncio.Protocol:
        made: type = self.config.http_protocol_class
        connection: asyncio.Protocol = made(self.config, self.server_state, self.lifespan.state)
        return connection

    async def _watch(self) -> None:
        seen = [one.stamp() for one in self.watched]
        while True:
            asked = await self._asked()
            stamps = [one.stamp() for one in self.watched]
            for one, was, now in zip(self.watched, seen, stamps, strict=True):
                if asked or was != now:
                    await self._reload(one)
            seen = stamps

    async def _asked(self) -> bool:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.look.wait(), self.limits.reload)
        asked = self.look.is_set()
        self.look.clear()
        return asked

    async def _reload(self, one: Watched) -> None:
        try:
            await asyncio.to_thread(one.reload)
        except NexuslicError as error:
            self.log.error("not loaded, the old one stays", what=one.what, problem=str(error))
        else:
            self.log.info("loaded again", what=one.what)


def _config(app: ASGIApp, limits: Connections) -> Config:
    return Config(
        app,
        http=timed(limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        interface="asgi3",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=limits.most,
        timeout_keep_alive=limits.idle,  # type: ignore[arg-type]
        timeout_graceful_shutdown=limits.stop,  # type: ignore[arg-type]
    )
