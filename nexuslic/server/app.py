"""The license server as an ASGI application: its routes, its refusals, its logs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Message, Scope

from nexuslic import __version__
from nexuslic.errors import NexuslicError
from nexuslic.server import problems, routes_admin, routes_client, routes_probes, routes_vendor
from nexuslic.server.logs import logger
from nexuslic.server.metrics import Metrics
from nexuslic.server.service import Service
from nexuslic.server.writer import Writer

BODY_BYTES = 8 * 1024 * 1024
"""The biggest body of a vendor's route: a list of 10,000 customers."""

QUIET = ("/v1/contact", "/health", "/ready", "/metrics")
"""Routes whose successes are not logged: the audit trail and the metrics have them."""


def build(service: Service, log: Any = None) -> Litestar:
    """The routes of one license server; `log` takes the place of the logger on standard error."""
    log = log or logger(lambda: service.clock.read().wall.isoformat())
    state = State({"service": service, "metrics": Metrics(), "log": log, "writer": Writer(service, log)})
    routes: list[Any] = [
        routes_client.contact,
        *routes_vendor.ROUTES,
        *routes_admin.ROUTES,
        *routes_probes.ROUTES,
    ]
    return Litestar(
        routes,
        state=state,
        lifespan=[_writing],
        before_send=[_seen],
        request_max_body_size=BODY_BYTES,
        exception_handlers={
            NexuslicError: problems.on_nexuslic_error,
            HTTPException: problems.on_http_error,
            Exception: problems.on_bug,
        },
        openapi_config=openapi(),
        logging_config=None,
    )


def openapi() -> OpenAPIConfig:
    """How the routes describe themselves (OpenAPI 3.1)."""
    return OpenAPIConfig(
        title="nexuslic license server",
        version=__version__,
        description="Licenses for applications that go where there is no internet.",
        path="/openapi",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
    )


@asynccontextmanager
async def _writing(app: Litestar) -> AsyncGenerator[None, None]:
    writer: Writer = app.state.writer
    writer.start()
    try:
        yield
    finally:
        writer.stop()
        app.state.service.database.close()


async def _seen(message: Message, scope: Scope) -> None:
    """Count and log an answer by its route's pattern: a path may hold a key."""
    if message["type"] != "http.response.start":
        return
    state = scope["litestar_app"].state
    route = scope.get("path_template") or "(none)"
    status = message["status"]
    state.metrics.of(state.metrics.requests, route, str(status)).inc()
    if route in QUIET and status == 200:
        return
    client = scope.get("client")
    state.log.info("request", method=scope.get("method"), route=route, status=status, origin=client and client[0])
