"""Who may come in: one browser on this computer, by a token that works once.

The screens listen on this computer only. The address that is opened carries a token; whoever brings it first gets a
cookie, and from then on only that browser is let in. A page elsewhere that tries to reach the screens is refused: the
host's name has to be this computer's, and what changes something has to come from a page of ours.
"""

import hmac
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import cast
from urllib.parse import parse_qs

import attrs
from litestar.datastructures import Headers
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from nexuslic.ports import Chance

ENTRANCE = "/open"
OPEN_TO_ALL = ("/static/",)
_SAFE = ("GET", "HEAD")
_BYTES = 24

HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""What every answer carries: nothing from elsewhere, no script within a page, no frame around it.

A browser that names no referrer sends no origin with a form either, and the origin is looked at.
"""


@attrs.define
class Door:
    """Knows the token that works once, and the cookie of who came in with it.

    `name`: the cookie's. A browser keeps cookies by host whatever the port, so that each port has a name of its own.
    """

    token: str
    cookie: str
    name: str
    used: bool = False

    @classmethod
    def made(cls, chance: Chance, port: int) -> "Door":
        """A door on a port, with a new token and a new cookie."""
        return cls(chance.take(_BYTES).hex(), chance.take(_BYTES).hex(), f"nexuslic-{port}")

    def admits(self, token: str) -> bool:
        """Whether this is the token, for the first time."""
        admitted = not self.used and hmac.compare_digest(token.encode(), self.token.encode())
        self.used = self.used or admitted
        return admitted

    def knows(self, cookies: str) -> bool:
        """Whether a browser's cookies hold ours."""
        try:
            found = SimpleCookie(cookies).get(self.name)
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self.cookie.encode())


def guarded(app: ASGIApp, door: Door, names: Callable[[], tuple[str, ...]]) -> ASGIApp:
    """The screens behind a door; `names` are the hosts (with their port) by which they are reached."""

    async def at_the_door(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) != "http":
            await app(scope, receive, send)
            return
        asked = cast(HTTPScope, scope)
        refused = _refused(asked, door, names())
        if refused is not None:
            await _say(send, 403, refused)
        elif asked["path"] == ENTRANCE:
            await _enter(asked, send, door)
        else:
            await app(scope, receive, _with_headers(send))

    return at_the_door


def _refused(scope: HTTPScope, door: Door, names: tuple[str, ...]) -> str | None:
    """Why a request is not let in; None where it is."""
    headers = Headers.from_scope(scope)
    if headers.get("host", "") not in names:
        return "This address is not the one that these screens are reached by."
    if scope["method"] not in _SAFE and headers.get("origin", "") not in {f"http://{name}" for name in names}:
        return "This came from a page that is none of these screens."
    open_to_all = scope["path"] == ENTRANCE or scope["path"].startswith(OPEN_TO_ALL)
    if not open_to_all and not door.knows(headers.get("cookie", "")):
        return "These screens were opened in another browser. Run `nexuslic web` again to open them in this one."
    return None


async def _enter(scope: HTTPScope, send: Send, door: Door) -> None:
    """The first who brings the token gets the cookie."""
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    if not door.admits(token):
        await _say(send, 403, "This address worked once, and was used. Run `nexuslic web` again to get another.")
        return
    # Lax: a link to a plan opens from a mail, too; what changes something is held back by its origin.
    cookie = f"{door.name}={door.cookie}; HttpOnly; SameSite=Lax; Path=/"
    await _answer(send, 303, {"location": "/", "set-cookie": cookie}, b"")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = any(name == b"cache-control" for name, _ in message["headers"])
            more = HEADERS if said else {**HEADERS, "cache-control": "no-store"}
            message["headers"] = [*message["headers"], *_raw(more)]
        await send(message)

    return sending


async def _say(send: Send, status: int, text: str) -> None:
    await _answer(send, status, {"content-type": "text/plain; charset=utf-8"}, f"{text}\n".encode())


async def _answer(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    start = {"type": "http.response.start", "status": status, "headers": _raw({**HEADERS, **headers})}
    await send(start)  # type: ignore[arg-type]
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
