"""The license server as an ASGI application: its routes, its refusals, its logs."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope

from nexuslic.errors import NexuslicError
from nexuslic.server import describe, problems
from nexuslic.server.logs import logger
from nexuslic.server.metrics import Metrics
from nexuslic.server.service import Service
from nexuslic.server.writer import Writer

BODY_BYTES = 8 * 1024 * 1024
"""The biggest body of a vendor's route: a list of 10,000 customers."""

QUIET = ("/v1/contact", "/health", "/ready", "/metrics")
"""Routes whose successes are not logged: the audit trail and the metrics have them."""


def build(service: Service, log: Any = None, more: Sequence[Any] = ()) -> Litestar:
    """The routes of one license server, and `more`; `log` takes the place of the logger on standard error."""
    log = log or logger(lambda: service.clock.read().wall.isoformat())
    state = State({"service": service, "metrics": Metrics(), "log": log, "writer": Writer(service, log)})
    return Litestar(
        [*describe.ROUTES, describe.openapi, *more],
        state=state,
        lifespan=[_writing],
        before_send=[_seen],
        request_max_body_size=BODY_BYTES,
        exception_handlers={
            NexuslicError: problems.on_nexuslic_error,
            HTTPException: problems.on_http_error,
            Exception: problems.on_bug,
        },
        openapi_config=None,
        logging_config=None,
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
