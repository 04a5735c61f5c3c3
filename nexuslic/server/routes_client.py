"""The route of the clients: one contact, bytes in and signed bytes out (`trust/wire.py` says which)."""

from typing import Any

from litestar import Request, Response, post
from litestar.openapi.datastructures import ResponseSpec

from nexuslic.issuing import grant
from nexuslic.server import contacts
from nexuslic.server.contacts import TooMany
from nexuslic.server.entry import address_of, json_only
from nexuslic.server.metrics import Metrics
from nexuslic.server.problems import RETRY_SECONDS, Problem
from nexuslic.server.service import Service
from nexuslic.server.writer import Writer
from nexuslic.trust import wire

JOSE = "application/jose"


@post(
    "/v1/contact",
    status_code=200,
    guards=[json_only],
    media_type=JOSE,
    operation_id="contact",
    tags=["client"],
    responses={200: ResponseSpec(str, generate_examples=False, description="The signed answer", media_type=JOSE)},
)
async def contact(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Confirm or authenticate: the signed grant or denial of one request.

    The body is what a client writes (reference, formats), at most 64 KiB; the answer is signed over its nonce.
    """
    state = request.app.state
    service: Service = state.service
    metrics: Metrics = state.metrics
    writer: Writer = state.writer
    asked = contacts.read(await _body(request), address_of(request))
    with metrics.contact_seconds.time():
        answer = await writer.contact(asked)
    metrics.count(asked.request, answer)
    if isinstance(answer, TooMany):
        headers = {"Retry-After": str(RETRY_SECONDS * 60)}
        raise Problem(429, "guessing", "Too many wrong license keys", "wait for an hour, or call support", headers)
    return Response(grant.reply(answer, service.keys.signatory()), media_type=JOSE)


async def _body(request: Request[Any, Any, Any]) -> bytes:
    """The body, of 64 KiB at most."""
    told = request.headers.get("content-length", "0")
    body = bytearray()
    if told.isdigit() and int(told) <= wire.MAX_BYTES:
        async for part in request.stream():
            body += part
            if len(body) > wire.MAX_BYTES:
                break
        else:
            return bytes(body)
    raise Problem(413, "too-big", "The request is too big", "a request has 64 KiB at most")
