"""The screens as one ASGI application, and what they work on."""

from collections.abc import Callable, Sequence

import attrs
from litestar import Litestar, Router, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Response

from nexuslic.application.application import Application
from nexuslic.errors import NexuslicError
from nexuslic.web import assets, pages, texts

MOST_BYTES = 32 * 1024 * 1024
"""The biggest body: a list of trips that is uploaded."""


@attrs.frozen
class Desk:
    """What the screens work on.

    `license`: opens the license of the database that was named, anew for each use, or None where none was named.
    """

    license: Callable[[], Application] | None = None


@get("/", sync_to_thread=False)
def home(request: pages.AnyRequest) -> Response[str]:
    """The way to each screen."""
    return pages.page(request, "home.html", title=texts.PRODUCT)


def build(screens: Sequence[Router], desk: Desk) -> Litestar:
    """The application of these screens."""
    return Litestar(
        [home, assets.router(pages.STATIC), *screens],
        state=State({"desk": desk}),
        request_max_body_size=MOST_BYTES,
        exception_handlers={
            NexuslicError: pages.on_error,
            HTTPException: pages.on_http,
            Exception: pages.on_bug,
        },
        openapi_config=None,
        logging_config=None,
    )
