"""The console's pages: the frame of the screens with a navigation of its own, and what every answer carries."""

from typing import Any, Final

from litestar import Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from nexuslic.errors import NexuslicError
from nexuslic.server import problems
from nexuslic.server.logs import place_of
from nexuslic.web import assets, door, pages
from nexuslic.web import texts as frame
from nexuslic.web.console import entry, texts
from nexuslic.web.console.marks import key_end, masked
from nexuslic.web.console.sessions import COOKIE, LONGEST
from nexuslic.web.pages import AnyRequest

STATIC: Final = "/console/static"
HEADERS: Final = {
    **door.HEADERS,
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-store",
}

TO_SIGN_IN: Final = "/console/sign-in"
_GONE: Final = 404


def page(request: AnyRequest, template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A page, or a part of one."""
    return Response(
        render(request, template, **values), status_code=status, headers=dict(HEADERS), media_type=MediaType.HTML
    )


def render(request: AnyRequest, template: str, **values: Any) -> str:
    """A template with its values, and who looks at it."""
    visitor = entry.maybe_visitor(request)
    held = request.scope["state"].get("door")
    known = {
        "words": texts,
        "static": assets.below(STATIC),
        "visitor": visitor,
        "csrf": "" if held is None else held.sessions.code(entry.cookie_of(request)),
        "masked": masked,
        "key_end": key_end,
        "title": texts.TITLE,
    }
    return pages.render(request, f"console/{template}", **{**known, **values})


def moved(address: str) -> Response[str]:
    """Go and look there: the answer to a form that was done."""
    return Response("", status_code=303, headers={**HEADERS, "location": address}, media_type=MediaType.HTML)


def with_cookie(answer: Response[str], value: str) -> Response[str]:
    """The answer with the cookie that only this server and no script reads; an empty one ends it."""
    age = int(LONGEST.total_seconds()) if value else 0
    kept = Cookie(COOKIE, value=value, max_age=age, path="/", secure=True, httponly=True, samesite="strict")
    answer.set_cookie(kept)
    return answer


def wants_part(request: AnyRequest) -> bool:
    """Whether only a part of the page is asked for."""
    return request.headers.get("hx-request") == "true"


def trouble(request: AnyRequest, status: int, problem: str, title: str = "") -> Response[str]:
    """A refusal in a sentence, as a page or within one."""
    template = "parts/trouble.html" if wants_part(request) else "trouble.html"
    told = problem[:1].upper() + problem[1:]
    return page(request, template, status=status, problem=told, title=title or frame.TROUBLE)


def on_signed_out(request: AnyRequest, error: entry.SignedOut) -> Response[str]:
    """Nobody is signed in: the way to do so; what was sent is not done."""
    if request.method == "GET" and not wants_part(request):
        return moved(TO_SIGN_IN)
    return trouble(request, 401, str(error))


def on_error(request: AnyRequest, error: NexuslicError) -> Response[str]:
    """A refusal of ours: its own sentence, with the status that the routes give it."""
    told = problems.of_error(error)
    return trouble(request, int(told.content["status"]), str(error), told.content["title"])


def on_http(request: AnyRequest, error: HTTPException) -> Response[str]:
    """A page that is not there, a body that is too large."""
    return trouble(request, error.status_code, texts.NO_PAGE if error.status_code == _GONE else str(error.detail))


def on_bug(request: AnyRequest, error: Exception) -> Response[str]:
    """Something of ours broke. The log says where, and not what: an error's text may hold a key."""
    request.app.state.log.error("broke", error=type(error).__name__, places=place_of(error))
    return trouble(request, 500, texts.BROKE.format(type(error).__name__))
