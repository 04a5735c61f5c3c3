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


def serve(app: ASGIApp, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until somebody ends it; `ready` is told the address to open, once it answers."""
    port, door = listening.getsockname()[1], Door.made(SystemChance())
    names = (f"{HOST}:{port}", f"localhost:{port}")
    server = _Server(Config(guarded(app, door, lambda: names), log_level="critical", access_log=False, ws="none"))
    server.ready = lambda: ready(f"http://{HOST}:{port}{ENTRANCE}?token={door.token}")
    server.run(sockets=[listening])


class _Server(Server):
    """uvicorn's server, which says when it answers."""

    ready: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()
