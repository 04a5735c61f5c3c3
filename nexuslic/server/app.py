"""The license server as an ASGI application."""

from litestar import Litestar, get

from nexuslic.server.service import Service


@get("/health", sync_to_thread=False)
def health() -> dict[str, str]:
    """Whether the process answers at all."""
    return {"status": "ok"}


def build(service: Service) -> Litestar:
    """The routes of one license server."""
    return Litestar([health])
