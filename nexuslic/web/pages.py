"""Pages by their templates: everything that is typed stays text, and every page has the same frame."""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType

from nexuslic.errors import NexuslicError
from nexuslic.version import __version__
from nexuslic.web import assets, texts
from nexuslic.web.speech import Speech

AnyRequest = Request[Any, Any, Any]
STATIC: Final = "/static"
"""Below which everything that pages load is served, unless a page says otherwise."""


@cache
def environment() -> Environment:
    """The templates, which escape whatever they are given."""
    return Environment(
        loader=PackageLoader("nexuslic.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def speech_of(request: AnyRequest) -> Speech:
    """How the reader's browser wants numbers and dates."""
    return Speech.of(request.headers.get("accept-language", ""))


def render(request: AnyRequest, template: str, **values: Any) -> str:
    """A template with its values, the texts, and how values are written."""
    about = {"version": __version__, "path": request.url.path, "static": assets.below(STATIC)}
    known = {"texts": texts, "say": speech_of(request), **about}
    return environment().get_template(template).render({**known, **values})


def page(request: AnyRequest, template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A page, or a part of one, as an answer."""
    return Response(render(request, template, **values), media_type=MediaType.HTML, status_code=status)


def on_error(request: AnyRequest, error: NexuslicError) -> Response[str]:
    """What a person needs of an error: its own sentence; within a page that stays where it is."""
    return _trouble(request, 200 if _within_a_page(request) else 422, str(error))


def on_bug(request: AnyRequest, error: Exception) -> Response[str]:
    """Something of ours broke: said in a sentence, and never as a traceback."""
    return _trouble(request, 500, texts.BROKE.format(type(error).__name__))


NO_SUCH_PAGE: Final = 404


def on_http(request: AnyRequest, error: Any) -> Response[str]:
    """A page that is not there, a method that is not taken, a body that is too large."""
    problem = texts.NO_PAGE if error.status_code == NO_SUCH_PAGE else str(error.detail)
    return _trouble(request, error.status_code, problem)


def _trouble(request: AnyRequest, status: int, problem: str) -> Response[str]:
    template = "parts/trouble.html" if _within_a_page(request) else "trouble.html"
    return page(request, template, status=status, title=texts.TROUBLE, problem=problem)


def _within_a_page(request: AnyRequest) -> bool:
    return request.headers.get("hx-request") == "true"
