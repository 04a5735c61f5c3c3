"""Every refusal over HTTP is a problem document (RFC 9457): what is wrong, and what to do."""

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from nexuslic.errors import CodeRefused, InputError, MistypedKey, NexuslicError, UntrustedReply, WorldError
from nexuslic.issuing.support import DeniedCode
from nexuslic.server.database import RegistryUnavailable
from nexuslic.server.forms import BadForm
from nexuslic.server.logs import place_of
from nexuslic.server.queries import NoSuchKey, NoSuchNumber
from nexuslic.server.tokens import NoSuchToken

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 60


class Problem(NexuslicError):
    """A refusal with a status of its own; `kind` is the end of its type."""

    def __init__(self, status: int, kind: str, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.kind, self.title, self.headers = status, kind, title, headers or {}


KINDS: tuple[tuple[type[NexuslicError], int, str, str], ...] = (
    (MistypedKey, 422, "mistyped-key", "The license key is mistyped"),
    (CodeRefused, 422, "code-refused", "The code cannot be accepted"),
    (NoSuchKey, 404, "unknown-key", "There is no such license key"),
    (NoSuchNumber, 404, "unknown-license", "There is no such license"),
    (NoSuchToken, 404, "unknown-token", "There is no such token"),
    (BadForm, 400, "form", "The request cannot be read"),
    (InputError, 422, "input", "The request cannot be used"),
    (UntrustedReply, 400, "no-request", "This is no request of a client"),
    (DeniedCode, 409, "denied", "The license does not allow it"),
    (RegistryUnavailable, 503, "registry", "The registry cannot be used now"),
    (WorldError, 409, "world", "It cannot be done now"),
)
"""The first that fits a refusal gives its status, type and title."""


def document(status: int, kind: str, title: str, detail: str, headers: dict[str, str] | None = None) -> Response[Any]:
    """One problem document."""
    body = {"type": f"urn:nexuslic:problem:{kind}", "title": title, "status": status, "detail": detail}
    return Response(body, status_code=status, media_type=PROBLEM_JSON, headers=headers or {})


def of_error(error: NexuslicError) -> Response[Any]:
    """The problem document of a refusal."""
    if isinstance(error, Problem):
        return document(error.status, error.kind, error.title, str(error), error.headers)
    status, kind, title = next((row[1:] for row in KINDS if isinstance(error, row[0])), (500, "bug", "nexuslic broke"))
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else None
    return document(status, kind, title, str(error), headers)


def on_nexuslic_error(request: Request[Any, Any, Any], error: NexuslicError) -> Response[Any]:
    """For Litestar: a refusal of ours."""
    return of_error(error)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """For Litestar: what the framework refused."""
    detail = _DETAILS.get(error.status_code, error.detail)
    if isinstance(error, ValidationException) and error.extra:
        detail = "; ".join(_told(one) for one in error.extra)
    headers = dict(error.headers or {})
    return document(
        error.status_code, "http", _TITLES.get(error.status_code, "The request is refused"), detail, headers
    )


def _told(extra: Any) -> str:
    if not isinstance(extra, dict):
        return str(extra)
    where, message = extra.get("key") or extra.get("source") or "", extra.get("message", "")
    return f"{where}: {message}" if where else str(message)


def on_bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """For Litestar: what should not happen. The log says where, and not what: an error's text may hold a key."""
    request.app.state.log.error("broke", error=type(error).__name__, places=place_of(error))
    return document(
        500, "bug", "nexuslic broke", "the license server broke: please report this with the time at which it happened"
    )


_TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "The token does not allow it",
    404: "There is nothing here",
    405: "Not with this method",
    413: "The request is too big",
    415: "The request has the wrong content type",
    429: "Too many requests",
}

_DETAILS = {
    404: "there is no such route: GET /openapi.json lists them",
    405: "the route does not know this method: the header Allow lists those that it does",
    413: "the body is bigger than any that is taken here: send less at once",
}
