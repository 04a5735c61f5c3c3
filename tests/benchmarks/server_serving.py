"""One server process to measure: `server_serving.py bare|real PROGRAM FOLDER PORT BYTES`.

`bare` is a Litestar route that reads the request and returns a constant of so many bytes; `real` is the license
server's application. PROGRAM is the server program that both run on: uvicorn, granian or hypercorn.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, post

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.server import app
from nexuslic.server.folder import Folder
from nexuslic.server.keyring_file import LoadedKeys
from nexuslic.server.service import Service
from nexuslic.server.site import Site


def bare(size: int) -> Litestar:
    """A route that returns a constant."""
    body = b"x" * size

    @post("/v1/contact", media_type="application/jose", status_code=200)
    async def constant(request: Request[Any, Any, Any]) -> Response[bytes]:
        await request.body()
        return Response(body, media_type="application/jose")

    return Litestar([constant], logging_config=None, openapi_config=None)


def real(folder: Path) -> Litestar:
    """The license server in `folder`."""
    site = Site.at(folder, None)
    keys = LoadedKeys(site.folder.keyring, None, site.keyring)
    return app.build(Service(site.database(), keys, SystemClock(), SystemChance()))


def on_uvicorn(served: Litestar, files: Folder, port: int) -> None:
    import uvicorn

    uvicorn.run(
        served,  # type: ignore[arg-type]
        port=port,
        ssl_certfile=str(files.certificate),
        ssl_keyfile=str(files.certificate_key),
        access_log=False,
        log_level="warning",
        proxy_headers=False,
    )


def on_granian(served: Litestar, files: Folder, port: int) -> None:
    import uvloop
    from granian.constants import HTTPModes, Interfaces
    from granian.server.embed import Server

    async def serve() -> None:
        kept = {"ssl_cert": files.certificate, "ssl_key": files.certificate_key, "log_access": False}
        await Server(served, "127.0.0.1", port, interface=Interfaces.ASGI, http=HTTPModes.http1, **kept).serve()

    uvloop.run(serve())


def on_hypercorn(served: Litestar, files: Folder, port: int) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind, config.alpn_protocols = [f"127.0.0.1:{port}"], ["http/1.1"]
    config.loglevel = "WARNING"
    config.certfile, config.keyfile = str(files.certificate), str(files.certificate_key)
    asyncio.run(serve(served, config))  # type: ignore[arg-type]


PROGRAMS = {"uvicorn": on_uvicorn, "granian": on_granian, "hypercorn": on_hypercorn}


if __name__ == "__main__":
    which, program, place, told_port, told_size = sys.argv[1:]
    chosen = bare(int(told_size)) if which == "bare" else real(Path(place))
    PROGRAMS[program](chosen, Folder(Path(place)), int(told_port))
