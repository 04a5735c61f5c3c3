"""A license server's outside: HTTPS on 127.0.0.1 that answers each contact with what it is told."""

from collections.abc import Callable

from nexuslic.testing.certificates import Authority
from nexuslic.testing.http import Asked, read_request, reply
from nexuslic.testing.loopback import Connection, Listener

NAME = "localhost"


class TlsServer(Listener):
    """Answers with `answer(request)`, status 200, until it is told otherwise; keeps what it was asked."""

    def __init__(self, authority: Authority, answer: Callable[[bytes], bytes] = lambda request: b"") -> None:
        self.answer = answer
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[bytes] = []
        self.heads: list[dict[str, str]] = []
        self.context = authority.server_context(NAME)
        super().__init__(self._connected)

    @property
    def address(self) -> str:
        """What a client is told: https://localhost:port."""
        return f"https://{NAME}:{self.port}"

    def answers(self, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Every contact is answered with this from now on."""
        self.answer, self.status, self.headers = lambda request: body, status, headers or {}

    def _connected(self, connection: Connection) -> None:
        connection.secure(self.context)
        while (asked := read_request(connection)) is not None:
            connection.send(self._answered(asked))

    def _answered(self, asked: Asked) -> bytes:
        if not asked.is_contact:
            return reply(404)
        self.asked.append(asked.body)
        self.heads.append(asked.headers)
        return reply(self.status, self.answer(asked.body), self.headers)
