"""A proxy as a system's settings name it: it opens ways (CONNECT), asks for credentials first, or refuses."""

import base64
import socket

from nexuslic.testing.certificates import Authority
from nexuslic.testing.http import Asked, read_request, reply
from nexuslic.testing.loopback import Connection, Listener
from nexuslic.testing.server import NAME
from nexuslic.testing.tap import pass_on


class ForwardProxy(Listener):
    """Opens a way to whatever it is asked for.

    `credentials`: only for whoever shows these (name, password), else 407. `refuses`: for nobody, 403. `hangs_up`:
    takes the request and says nothing. `authority`: it is reached over TLS, with a certificate of this one. `asked`:
    where it was asked to lead. `seen`: everything that came from clients.
    """

    def __init__(self, credentials: tuple[str, str] | None = None, authority: Authority | None = None) -> None:
        self.credentials = credentials
        self.refuses = False
        self.hangs_up = False
        self.context = None if authority is None else authority.server_context(NAME)
        self.asked: list[str] = []
        self.seen = b""
        super().__init__(self._connected)

    @property
    def address(self) -> str:
        """What a system's setting says."""
        return f"{self._scheme}://{NAME}:{self.port}"

    @property
    def address_with_credentials(self) -> str:
        """The same, with the credentials that it asks for."""
        name, password = self.credentials or ("", "")
        return f"{self._scheme}://{name}:{password}@{NAME}:{self.port}"

    @property
    def _scheme(self) -> str:
        return "http" if self.context is None else "https"

    def _connected(self, connection: Connection) -> None:
        if self.context is not None:
            connection.secure(self.context)
        asked = read_request(connection, self._saw)
        if asked is None or self.hangs_up:
            return
        self.asked.append(asked.target)
        refusal = self._refusal(asked)
        if refusal:
            connection.send(refusal)
            return
        host, _, port = asked.target.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=30) as there:
            connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pass_on(connection.sock, there, self._saw)

    def _saw(self, data: bytes) -> None:
        self.seen += data

    def _refusal(self, asked: Asked) -> bytes:
        if self.credentials is not None and asked.headers.get("proxy-authorization") != self._expected():
            return reply(407, headers={"Proxy-Authenticate": 'Basic realm="forward"'})
        return reply(403) if self.refuses or asked.method != "CONNECT" else b""

    def _expected(self) -> str:
        return "Basic " + base64.b64encode(":".join(self.credentials or ()).encode("utf-8")).decode("ascii")
