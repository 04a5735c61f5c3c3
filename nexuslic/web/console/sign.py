"""Sign in with a token, and out again; both stand in the audit trail."""

import asyncio
from typing import Any

from litestar import Response, get, post
from sqlalchemy import Connection

from nexuslic.server import audit, sign_ins
from nexuslic.server.entry import address_of
from nexuslic.server.guesses import hour
from nexuslic.server.service import Service
from nexuslic.server.tokens import Token
from nexuslic.web.console import entry, pages, texts
from nexuslic.web.pages import AnyRequest

ENTER, LEAVE = "sign-in", "sign-out"
"""Acts in the audit trail."""

_HOUR = 3600


@get("/sign-in", include_in_schema=False)
async def form(request: AnyRequest) -> Response[str]:
    """The page to sign in on."""
    return _form(request)


@post("/sign-in", include_in_schema=False, status_code=200)
async def sign_in(request: AnyRequest) -> Response[str]:
    """Open a session, if the token opens anything."""
    service: Service = request.app.state.service
    told, address = entry.form_of(request).get("token", "").strip(), address_of(request)
    if await asyncio.to_thread(_refused, service, address):
        now = service.clock.read().wall
        answer = _form(request, texts.TOO_MANY, 429)
        answer.headers["retry-after"] = str(_HOUR - int((now - hour(now)).total_seconds()))
        return answer
    token = await request.app.state.writer.act(lambda connection: _entered(connection, service, told, address))
    if token is None:
        return _form(request, texts.WRONG_TOKEN, 401)
    sessions = entry.door_of(request).sessions
    sessions.end(entry.cookie_of(request))
    return pages.with_cookie(pages.moved(texts.HOME), sessions.begin(token.id, service.clock.read().running))


@post("/sign-out", include_in_schema=False, status_code=200, guards=[entry.support])
async def sign_out(request: AnyRequest) -> Response[str]:
    """Close the session."""
    service: Service = request.app.state.service
    visitor = entry.visitor_of(request)
    entry.door_of(request).sessions.end(visitor.cookie)
    await request.app.state.writer.act(lambda tx: _line(tx, service, LEAVE, visitor.token, visitor.address))
    return pages.with_cookie(pages.moved(pages.TO_SIGN_IN), "")


def _form(request: AnyRequest, wrong: str = "", status: int = 200) -> Response[str]:
    """The page, with the cookie that its form belongs to where the browser has none."""
    cookie = entry.cookie_of(request)
    sessions = entry.door_of(request).sessions
    new = "" if cookie else sessions.new_id()
    values: dict[str, Any] = {"csrf": sessions.code(cookie or new), "wrong": wrong, "title": texts.SIGN_IN}
    answer = pages.page(request, "sign_in.html", status=status, **values)
    return pages.with_cookie(answer, new) if new else answer


def _refused(service: Service, address: str) -> bool:
    with service.database.read() as connection:
        return sign_ins.refused(connection, address, service.clock.read().wall)


def _entered(connection: Connection, service: Service, told: str, address: str) -> Token | None:
    token = sign_ins.entered(connection, told, address, service.clock.read().wall)
    if token is not None:
        _line(connection, service, ENTER, token, address)
    return token


def _line(connection: Connection, service: Service, act: str, token: Token, address: str) -> None:
    now = service.clock.read().wall
    audit.append(connection, [audit.Line(now, token.name, address, act, None, {"token": token.id})])


ROUTES = [form, sign_in, sign_out]
