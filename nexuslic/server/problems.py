"""Every refusal over HTTP is a problem document (RFC 9457): what is wrong, and what to do."""

from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException

from nexuslic.errors import CodeRefused, InputError, MistypedKey, NexuslicError, UntrustedReply, WorldError
from nexuslic.issuing.support import DeniedCode
from nexuslic.server.database import RegistryUnavailable
from nexuslic.server.queries import NoSuchKey

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
    detail = error.detail
    if isinstance(error, ValidationException) and error.extra:
        detail = "; ".join(_told(one) for one in error.extra)
    headers = dict(error.headers or {})
    return document(
        error.status_code, "http", _TITLES.get(error.status_code, "The request is refused"), detail, headers
    )


def _told(extra: Any) -> str:
    if isinstance(extra, dict):
        where = extra.get("key") or extra.get("source") or ""
        return f"{where}: {extra.get('message', '')}" if where else str(extra.get("message", ""))
    return str(extra)


def on_bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """For Litestar: what should not happen; the log has the rest."""
    request.app.state.log.error("broke", error=type(error).__name__, exc_info=error)
    return document(500, "bug", "nexuslic broke", "please report this with the time at which it happened")


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

TEXT = MediaType.TEXT
