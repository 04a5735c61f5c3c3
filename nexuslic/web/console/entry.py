"""The console's door: whose browser it is, what their token allows, and that a form is one of ours."""

import asyncio
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs
from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler

from nexuslic.errors import NexuslicError
from nexuslic.server import tokens
from nexuslic.server.acts import Actor
from nexuslic.server.entry import address_of
from nexuslic.server.problems import Problem
from nexuslic.server.service import Service
from nexuslic.server.tokens import Scope, Token
from nexuslic.web.console import texts
from nexuslic.web.console.sessions import COOKIE, Session, Sessions

AnyConnection = ASGIConnection[Any, Any, Any, Any]
CODE_FIELD: Final = "csrf"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 40


class SignedOut(NexuslicError):
    """Nobody is signed in in this browser, or not any more."""


@attrs.frozen
class Visitor:
    """Who looks at the console: their token, their session, and the cookie that it stands behind."""

    token: Token
    session: Session
    cookie: str
    address: str

    @property
    def is_admin(self) -> bool:
        """Whether they may change, revoke, and read the audit trail."""
        return self.token.scope >= Scope.ADMIN

    @property
    def actor(self) -> Actor:
        """As they stand in the audit trail."""
        return Actor(self.token.id, self.token.name, self.address)


@attrs.frozen(eq=False)
class Door:
    """For Litestar: the guard of all routes of a console, over one process's sessions."""

    sessions: Sessions

    async def __call__(self, connection: AnyConnection, handler: BaseRouteHandler) -> None:
        """What changes something comes from a form of ours, in the same browser. Raises Problem."""
        connection.scope["state"]["door"] = self
        if connection.scope.get("method") in _SAFE:
            return
        assert isinstance(connection, Request)
        if connection.headers.get("origin", "") != f"https://{connection.headers.get('host', '')}":
            raise Problem(403, "origin", texts.REFUSED, texts.NOT_OURS)
        form = await _read(connection)
        if not self.sessions.is_code(form.get(CODE_FIELD, ""), cookie_of(connection)):
            raise self._not_of_this(connection)
        connection.scope["state"]["form"] = form

    def _not_of_this(self, connection: AnyConnection) -> NexuslicError:
        """Why a form does not belong to this browser: its session is over, or it never did."""
        service: Service = connection.app.state.service
        if self.sessions.find(cookie_of(connection), service.clock.read().running) is None:
            return SignedOut(texts.SIGNED_OUT)
        return Problem(403, "form", texts.REFUSED, texts.OLD_FORM)


async def support(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """For Litestar: only who is signed in. Raises SignedOut."""
    await _enter(connection, Scope.SUPPORT)


async def admin(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """For Litestar: only with a token of scope `admin`. Raises SignedOut, Problem."""
    await _enter(connection, Scope.ADMIN)


async def _enter(connection: AnyConnection, scope: Scope) -> None:
    service: Service = connection.app.state.service
    sessions, cookie = door_of(connection).sessions, cookie_of(connection)
    session = sessions.find(cookie, service.clock.read().running)
    token = None if session is None else await asyncio.to_thread(_known, service, session.token)
    if session is None or token is None:
        sessions.end(cookie)
        raise SignedOut(texts.SIGNED_OUT)
    connection.scope["state"]["visitor"] = Visitor(token, session, cookie, address_of(connection))
    if token.scope < scope:
        raise Problem(403, "scope", texts.REFUSED, texts.NOT_ALLOWED)


def cookie_of(connection: AnyConnection) -> str:
    """The id that the browser's cookie carries; empty where it has none."""
    return connection.cookies.get(COOKIE, "")


def visitor_of(connection: AnyConnection) -> Visitor:
    """Whom a guard has let in."""
    visitor: Visitor = connection.scope["state"]["visitor"]
    return visitor


def maybe_visitor(connection: AnyConnection) -> Visitor | None:
    """Whom a guard has let in, if one has."""
    return connection.scope["state"].get("visitor")


def door_of(connection: AnyConnection) -> Door:
    """The door that a request came through."""
    door: Door = connection.scope["state"]["door"]
    return door


def form_of(connection: AnyConnection) -> dict[str, str]:
    """The form that a guard has let in."""
    form: dict[str, str] = connection.scope["state"]["form"]
    return form


async def _read(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a form. Raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind != _FORM:
            raise ValueError(kind)
        told = (await request.body()).decode("ascii")
        fields = parse_qsl(told, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise Problem(400, "form", texts.REFUSED, texts.NO_FORM) from error
    return {name: value.replace("\0", "\ufffd") for name, value in fields}


def _known(service: Service, token_id: str) -> Token | None:
    with service.database.read() as connection:
        return tokens.known(connection, token_id, service.clock.read().wall)
