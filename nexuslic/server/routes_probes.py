"""The routes of those who watch the server: is it alive, is it ready, what did it count."""

import asyncio
import contextlib
import ipaddress
from typing import Any

from litestar import Request, Response, get
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from nexuslic.server import entry, guesses
from nexuslic.server.database import RegistryUnavailable
from nexuslic.server.service import Service

_PROMETHEUS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")


@get("/health", operation_id="health", tags=["probes"])
async def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/ready", operation_id="ready", tags=["probes"])
async def ready(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The registry answers as well; else 503."""
    await asyncio.to_thread(_guessing, request.app.state.service)
    return {"status": "ok"}


@get("/metrics", operation_id="metrics", tags=["probes"], media_type="text/plain", sync_to_thread=None)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Counts for Prometheus: to this machine itself, or with any token; also while the registry is away."""
    if not _from_here(entry.address_of(request)):
        await entry.entered(request)
    state = request.app.state
    with contextlib.suppress(RegistryUnavailable):
        wrong = await asyncio.to_thread(_guessing, state.service)
        state.metrics.guessing.set(wrong >= state.service.limits.alarm_at)
    return Response(state.metrics.text(), media_type=_PROMETHEUS)


def _guessing(service: Service) -> int:
    with service.database.read() as connection:
        return guesses.counted(connection, service.clock.read().wall)


def _from_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


ROUTES = [health, ready, metrics]
