"""One process for one person: the screens on a port of this computer, until Ctrl-C."""

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from litestar.types import ASGIApp
from uvicorn import Config, Server

from nexuslic.adapters.chance import SystemChance
from nexuslic.errors import InputError
from nexuslic.web.door import ENTRANCE, Door, guarded

HOST: Final = "127.0.0.1"
PORT: Final = 8417
"""Where it listens, unless somebody else does: so that a link of one person works for another."""


def usual() -> socket.socket:
    """A socket of this computer only, at `PORT` or wherever there is room."""
    try:
        return bound(PORT)
    except InputError:
        return bound(0)


def bound(port: int) -> socket.socket:
    """A socket of this computer only; port 0 is any that is free. Raises InputError."""
    listening = socket.socket()
    if sys.platform != "win32":
        # What an earlier run has left to the system keeps nobody away; on Windows it would let in two at once.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise InputError(f"--port {port}: it cannot be listened on: choose another, or leave it out") from error
    return listening


def server_of(app: ASGIApp, listening: socket.socket, ready: Callable[[str], None]) -> "WebServer":
    """A server of these screens on a socket; `ready` is told the address to open, once it answers."""
    port = listening.getsockname()[1]
    door = Door.made(SystemChance(), port)
    names = (f"{HOST}:{port}", f"localhost:{port}")
    config = Config(guarded(app, door, lambda: names), log_level="critical", access_log=False, ws="none")
    return WebServer(config, listening, lambda: ready(f"http://{HOST}:{port}{ENTRANCE}?token={door.token}"))


class WebServer(Server):
    """uvicorn's server on one socket, which says when it answers."""

    def __init__(self, config: Config, listening: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.listening, self.ready = listening, ready

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until it is ended, or Ctrl-C."""
        super().run(sockets or [self.listening])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Being ended by Ctrl-C or SIGTERM is no failure: nothing is raised again at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def end(self) -> None:
        """End it, from another thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()
