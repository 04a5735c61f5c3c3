"""One process for one person: the screens on a port of this computer, until Ctrl-C."""

import socket
from collections.abc import Callable
from typing import Final

from litestar.types import ASGIApp
from uvicorn import Config, Server

from nexuslic.adapters.chance import SystemChance
from nexuslic.errors import InputError
from nexuslic.web.door import ENTRANCE, Door, guarded

HOST: Final = "127.0.0.1"


def bound(port: int) -> socket.socket:
    """A socket of this computer only; port 0 is any that is free. Raises InputError."""
    listening = socket.socket()
    try:
        listening.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise InputError(f"--port {port}: it cannot be listened on: choose another, or leave it out") from error
    return listening


def server_of(app: ASGIApp, listening: socket.socket, ready: Callable[[str], None]) -> "WebServer":
    """A server of these screens on a socket; `ready` is told the address to open, once it answers."""
    port, door = listening.getsockname()[1], Door.made(SystemChance())
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

    def end(self) -> None:
        """End it, from another thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()
