"""A port on 127.0.0.1 with a thread for each connection, which really refuses when it is told to.

A second socket is bound to the same port and never listens: so the port stays ours while nobody answers there.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import attrs

HOST = "127.0.0.1"
_SHARED = getattr(socket, "SO_REUSEPORT", socket.SO_REUSEADDR)
_PATIENCE = 30.0
"""Seconds after which a peer that says nothing is given up, so that no test hangs."""


def at_once(sock: socket.socket) -> None:
    """Send what is small at once, as real servers do, and not only once the peer has had what came before (40 ms)."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@attrs.define(eq=False)
class Connection:
    """One accepted connection; OSError from any method means that the peer has gone."""

    sock: socket.socket
    stop: threading.Event

    def __attrs_post_init__(self) -> None:
        at_once(self.sock)

    def read(self) -> bytes:
        """What came; nothing at the end."""
        return self.sock.recv(65536)

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self.sock.sendall(data)

    def secure(self, context: ssl.SSLContext) -> None:
        """Shake hands as the server, once the client has begun to."""
        self.sock.recv(1, socket.MSG_PEEK)
        self.sock = context.wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)
        if self.stop.is_set():
            raise ConnectionAbortedError
        self.sock.do_handshake()

    def reset(self) -> None:
        """Hang up without a word (RST)."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def abort(self) -> None:
        """Wake up whoever waits for the peer."""
        try:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            return


class Listener:
    """Serves connections at `port` until it is closed; then raises what went wrong in one of them.

    `accepted`: how many connections were made to it so far.
    """

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        self._serve = serve
        self._held = self._bound(0)
        self.port: int = self._held.getsockname()[1]
        self._errors: list[BaseException] = []
        self._stop = threading.Event()
        self._accepting: threading.Thread | None = None
        self._serving: list[threading.Thread] = []
        self._connections: list[Connection] = []
        self._waker: tuple[str, int] | None = None
        self.accepted = 0
        self.accept()

    def _bound(self, port: int) -> socket.socket:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, _SHARED, 1)
        made.bind((HOST, port))
        return made

    def accept(self) -> None:
        """Listen again."""
        if self._accepting is None:
            self._stop = threading.Event()
            listening = self._bound(self.port)
            listening.listen(64)
            self._accepting = self._started(self._accept_all, listening)

    def refuse(self) -> None:
        """Nobody listens here from now on; open connections end."""
        if self._accepting is None:
            return
        self._stop.set()
        with socket.socket() as waker:
            waker.bind((HOST, 0))
            self._waker = waker.getsockname()
            waker.connect((HOST, self.port))
            self._accepting.join()
        self._accepting = None
        for connection in list(self._connections):
            connection.abort()
        for thread in list(self._serving):
            thread.join()

    @property
    def broken(self) -> bool:
        """Whether something went wrong in a connection, or nobody accepts them any more although somebody should."""
        return bool(self._errors) or (self._accepting is not None and not self._accepting.is_alive())

    def close(self) -> None:
        """End everything. Raises what went wrong in a connection, if anything did."""
        self.refuse()
        self._held.close()
        if self._errors:
            raise self._errors[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self, act: Callable[[socket.socket], None], sock: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=act, args=(sock,), name=f"loopback {self.port}", daemon=True)
        thread.start()
        return thread

    def _accept_all(self, listening: socket.socket) -> None:
        with listening:
            while True:
                sock, peer = listening.accept()
                if peer == self._waker:
                    sock.close()
                    return
                self.accepted += 1
                self._serving = [thread for thread in self._serving if thread.is_alive()]
                self._serving.append(self._started(self._serve_one, sock))

    def _serve_one(self, sock: socket.socket) -> None:
        sock.settimeout(_PATIENCE)
        connection = Connection(sock, self._stop)
        self._connections.append(connection)
        try:
            if not self._stop.is_set():
                self._serve(connection)
        except OSError:
            return
        except BaseException as error:
            self._errors.append(error)
        finally:
            connection.sock.close()
            self._connections.remove(connection)
