"""Who may enter: bearer tokens, their scopes, and the address that a request came from."""

import asyncio
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from nexuslic.server import tokens
from nexuslic.server.acts import Actor
from nexuslic.server.problems import Problem
from nexuslic.server.service import Service
from nexuslic.server.tokens import Scope

AnyRequest = Request[Any, Any, Any]
JSON = "application/json"


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The address that a request came from."""
    return connection.client.host if connection.client else ""


async def entered(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[Actor, Scope]:
    """Who asks, and what they may do. Raises Problem where no token opens."""
    service: Service = connection.app.state.service
    if service.insider:
        return Actor("insider", service.insider, "folder"), Scope.ADMIN
    kind, _, told = connection.headers.get("authorization", "").partition(" ")
    token = None
    if kind.lower() == "bearer" and told:
        token = await asyncio.to_thread(_find, service, told.strip())
    if token is None:
        raise Problem(
            401,
            "token",
            "A token is needed",
            "send a token that is not expired or revoked: Authorization: Bearer nexuslic_...",
            {"WWW-Authenticate": "Bearer"},
        )
    return Actor(token.id, token.name, address_of(connection)), token.scope


def _find(service: Service, told: str) -> tokens.Token | None:
    with service.database.read() as connection:
        return tokens.find(connection, told, service.clock.read().wall)


async def _need(connection: ASGIConnection[Any, Any, Any, Any], scope: Scope) -> None:
    actor, held = await entered(connection)
    if held < scope:
        raise Problem(403, "scope", "The token does not allow it", f"use a token of scope {scope.value}")
    connection.scope["state"]["actor"] = actor


async def support(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """For Litestar: only with a token."""
    await _need(connection, Scope.SUPPORT)


async def admin(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """For Litestar: only with a token of scope `admin`."""
    await _need(connection, Scope.ADMIN)


def json_only(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """For Litestar: only with a body of JSON, as it is. Raises Problem."""
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Problem(415, "content-type", "The request has the wrong content type", f"send it as {JSON}")
    if connection.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, "content-encoding", "The request is encoded", "send it as it is")


def actor_of(request: AnyRequest) -> Actor:
    """Who a guard has let in."""
    actor: Actor = request.scope["state"]["actor"]
    return actor
