"""A tap on a wire: bytes are passed on both ways, and kept."""

import selectors
import socket
from collections.abc import Callable

from nexuslic.testing.loopback import Connection, Listener

Saw = Callable[[bytes], None]


def pass_on(here: socket.socket, there: socket.socket, sent: Saw, answered: Saw = lambda data: None) -> None:
    """Pass on what comes from each to the other, until one of them ends; tell what went by."""
    with selectors.DefaultSelector() as selector:
        selector.register(here, selectors.EVENT_READ, (there, sent))
        selector.register(there, selectors.EVENT_READ, (here, answered))
        while True:
            for key, _ in selector.select():
                source: socket.socket = key.fileobj  # type: ignore[assignment]
                target, saw = key.data
                data = source.recv(65536)
                if not data:
                    return
                saw(data)
                target.sendall(data)


class Tap(Listener):
    """A port on 127.0.0.1 that leads to where `upstream` connects.

    `sent`: everything that came from clients, as it went by; `answered`: everything that came back.
    """

    def __init__(self, upstream: Callable[[], socket.socket]) -> None:
        self._upstream = upstream
        self.sent = b""
        self.answered = b""
        super().__init__(self._connected)

    def _connected(self, connection: Connection) -> None:
        with self._upstream() as there:
            pass_on(connection.sock, there, self._sent, self._answered)

    def _sent(self, data: bytes) -> None:
        self.sent += data

    def _answered(self, data: bytes) -> None:
        self.answered += data
