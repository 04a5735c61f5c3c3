"""The route of the clients: one contact, bytes in and signed bytes out (`trust/wire.py` says which).

Most requests that a license server answers are these. So they go past the framework's requests and responses, which
cost more than deciding does: `contact` declares the route, and what stands in its place answers in plain ASGI.
"""

from typing import Any, cast

from litestar import post
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ASGIApp, Receive, Scope, Send

from nexuslic.issuing import grant
from nexuslic.server import contacts
from nexuslic.server.contacts import TooMany
from nexuslic.server.entry import JSON
from nexuslic.server.metrics import Metrics
from nexuslic.server.problems import RETRY_SECONDS, Problem
from nexuslic.server.service import Service
from nexuslic.server.writer import Writer
from nexuslic.trust import wire

JOSE = "application/jose"


def _answering(app: ASGIApp) -> ASGIApp:
    """For Litestar: what answers in the place of `app`."""
    return _answer


@post(
    "/v1/contact",
    status_code=200,
    media_type=JOSE,
    operation_id="contact",
    tags=["client"],
    responses={200: ResponseSpec(str, generate_examples=False, description="The signed answer", media_type=JOSE)},
    middleware=[_answering],
)
async def contact() -> None:
    """Confirm or authenticate: the signed grant or denial of one request.

    The body is what a client writes (reference, formats), at most 64 KiB; the answer is signed over its nonce.
    """


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    state = scope["litestar_app"].state
    service: Service = state.service
    metrics: Metrics = state.metrics
    writer: Writer = state.writer
    client = scope["client"]
    asked = contacts.read(await _body(scope, receive), client[0] if client else "")
    with metrics.contact_seconds.time():
        answer = await writer.contact(asked)
    metrics.count(asked.request, answer)
    if isinstance(answer, TooMany):
        headers = {"Retry-After": str(RETRY_SECONDS * 60)}
        raise Problem(429, "guessing", "Too many wrong license keys", "wait for an hour, or call support", headers)
    await _send(grant.reply(answer, service.keys.signatory()), send)


async def _send(body: bytes, send: Send) -> None:
    headers = [(b"content-type", JOSE.encode("ascii")), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The body, as it is: of one content type, not encoded, of 64 KiB at most."""
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != JSON.encode("ascii"):
        raise Problem(415, "content-type", "The request has the wrong content type", f"send it as {JSON}")
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise Problem(415, "content-encoding", "The request is encoded", "send it as it is")
    told = headers.get(b"content-length", b"0")
    if told.isdigit() and int(told[:20]) <= wire.MAX_BYTES:
        body, more = bytearray(), True
        while more and len(body) <= wire.MAX_BYTES:
            message = cast(dict[str, Any], await receive())
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if len(body) <= wire.MAX_BYTES:
            return bytes(body)
    raise Problem(413, "too-big", "The request is too big", "a request has 64 KiB at most")
