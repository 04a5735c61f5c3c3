"""The console's routes, to be handed to the license server."""

from pathlib import Path
from typing import Annotated, Any, Final

from litestar import Response, Router, get
from litestar.exceptions import HTTPException
from litestar.params import PathParameter

from nexuslic.errors import NexuslicError
from nexuslic.ports import Chance
from nexuslic.web import assets
from nexuslic.web.console import code, entry, licenses, one, pages, sign, texts, watching
from nexuslic.web.console.sessions import Sessions
from nexuslic.web.pages import AnyRequest

PLACE: Final = "/console"
MOST_BYTES: Final = 64 * 1024


@get("/", include_in_schema=False)
async def home(request: AnyRequest) -> Response[str]:
    """The console begins with the licenses."""
    return pages.moved(texts.HOME)


@get("/{rest:path}", include_in_schema=False)
async def nowhere(request: AnyRequest, rest: Annotated[Path, PathParameter()]) -> Response[str]:
    """A page that is not there."""
    return pages.trouble(request, 404, texts.NO_PAGE)


def made(chance: Chance) -> tuple[Any, ...]:
    """The routes of one console, whose sessions end with this process."""
    screens = Router(
        PLACE,
        route_handlers=[home, *sign.ROUTES, *licenses.ROUTES, *one.ROUTES, *code.ROUTES, *watching.ROUTES, nowhere],
        guards=[entry.Door(Sessions.of(chance))],
        request_max_body_size=MOST_BYTES,
        exception_handlers={
            entry.SignedOut: pages.on_signed_out,
            NexuslicError: pages.on_error,
            HTTPException: pages.on_http,
            Exception: pages.on_bug,
        },
    )
    return screens, assets.router(pages.STATIC)
