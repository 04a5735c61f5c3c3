"""The route of the clients: one contact, bytes in and signed bytes out (`trust/wire.py` says which).

It stands below Litestar's own handling of requests, which costs as much again as all of the rest of a contact but its
signature; so it describes itself to the OpenAPI.
"""

from typing import Any

from litestar import asgi
from litestar.datastructures import Headers
from litestar.exceptions import MethodNotAllowedException
from litestar.openapi.spec import OpenAPI, OpenAPIMediaType, OpenAPIResponse, Operation, PathItem, RequestBody, Schema
from litestar.types import Receive, Scope, Send

from nexuslic.issuing import grant
from nexuslic.server import contacts
from nexuslic.server.contacts import TooMany
from nexuslic.server.problems import PROBLEM_JSON, RETRY_SECONDS, Problem
from nexuslic.trust import wire

PATH = "/v1/contact"
JOSE = b"application/jose"
_JSON = "application/json"


@asgi(PATH, copy_scope=False)
async def contact(scope: Scope, receive: Receive, send: Send) -> None:
    """Confirm or authenticate: the signed grant or denial of one request."""
    if scope["method"] != "POST":  # type: ignore[typeddict-item]
        raise MethodNotAllowedException(headers={"Allow": "POST"})
    state = scope["litestar_app"].state
    client = scope["client"]
    _headed(Headers.from_scope(scope))
    asked = contacts.read(await _body(receive), client[0] if client else "")
    answer = await state.writer.contact(asked)
    state.metrics.count(asked.request, answer)
    if isinstance(answer, TooMany):
        headers = {"Retry-After": str(RETRY_SECONDS * 60)}
        raise Problem(429, "guessing", "Too many wrong license keys", "wait for an hour, or call support", headers)
    reply = grant.reply(answer, state.service.keys.signatory())
    length = str(len(reply)).encode("ascii")
    headed = [(b"content-type", JOSE), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headed})
    await send({"type": "http.response.body", "body": reply, "more_body": False})


def _headed(headers: Headers) -> None:
    """What the head of a request has to say. Raises Problem."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise Problem(415, "content-type", "The request has the wrong content type", f"send it as {_JSON}")
    if headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "content-encoding", "The request is encoded", "send it as it is")
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit() and int(told[:20]) <= wire.MAX_BYTES):
        raise _too_big()


async def _body(receive: Receive) -> bytes:
    """The body, of 64 KiB at most. Raises Problem."""
    body = b""
    while True:
        message: dict[str, Any] = dict(await receive())
        if message["type"] != "http.request":
            raise Problem(400, "no-request", "This is no request of a client", "it ended before it was whole")
        body += bytes(message["body"])
        if len(body) > wire.MAX_BYTES:
            raise _too_big()
        if not message["more_body"]:
            return body


def _too_big() -> Problem:
    return Problem(413, "too-big", "The request is too big", "a request has 64 KiB at most")


def describe(schema: OpenAPI) -> None:
    """Add the route to what the application says of itself."""
    refused = {
        status: OpenAPIResponse(description=text, content={PROBLEM_JSON: OpenAPIMediaType(schema=Schema())})
        for status, text in _REFUSED.items()
    }
    signed = OpenAPIResponse(
        description="The signed answer: a compact JWS over the request's nonce, behind announcements of keys",
        content={JOSE.decode(): OpenAPIMediaType(schema=Schema(type="string"))},  # type: ignore[arg-type]
    )
    operation = Operation(
        tags=["client"],
        operation_id="contact",
        summary="Confirm or authenticate",
        description="The body is a request of docs/reference/formats.md, at most 64 KiB.",
        request_body=RequestBody(content={_JSON: OpenAPIMediaType(schema=Schema())}, required=True),
        responses={"200": signed, **refused},
    )
    paths = schema.paths if schema.paths is not None else {}
    paths[PATH] = PathItem(post=operation)
    schema.paths = paths


_REFUSED = {
    "400": "no request of a client",
    "413": "more than 64 KiB",
    "415": "another content type, or encoded",
    "429": "too many wrong license keys",
    "503": "the registry cannot be used now",
}
