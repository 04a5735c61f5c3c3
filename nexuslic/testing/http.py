"""As much of HTTP as a test bench needs: a request read with h11, and replies as bytes, right or wrong."""

import http.client
from collections.abc import Callable
from http import HTTPStatus

import attrs
import h11

from nexuslic.testing.loopback import Connection

CONTACT = ("POST", "/v1/contact")


@attrs.frozen
class Asked:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_contact(self) -> bool:
        """Whether it goes where contacts go."""
        return (self.method, self.target) == CONTACT


def read_request(connection: Connection, saw: Callable[[bytes], object] = len) -> Asked | None:
    """The next request; None where none comes, or only part of one. `saw` is given all bytes as they come."""
    try:
        return _read(connection, saw)
    except h11.RemoteProtocolError:
        return None


def _read(connection: Connection, saw: Callable[[bytes], object]) -> Asked | None:
    parser = h11.Connection(h11.SERVER)
    head: h11.Request | None = None
    body = b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            data = connection.read()
            saw(data)
            parser.receive_data(data)
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _asked(head, body)
        else:
            return None


def _asked(head: h11.Request, body: bytes) -> Asked:
    headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
    return Asked(head.method.decode("ascii"), head.target.decode("ascii"), headers, body)


def reply(status: int, body: bytes = b"", headers: dict[str, str] | None = None, *, length: int | None = None) -> bytes:
    """A reply as bytes; `length`: what it says of its length, if that is not so."""
    said = {"Content-Length": str(len(body) if length is None else length), **(headers or {})}
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"


def forward(asked: Asked, connection: http.client.HTTPConnection) -> tuple[int, bytes]:
    """What the server behind `connection` answers: status and body."""
    passed = {name: value for name, value in asked.headers.items() if name not in ("host", "connection")}
    try:
        connection.request(asked.method, asked.target, asked.body, passed)
        answered = connection.getresponse()
        return answered.status, answered.read()
    finally:
        connection.close()
