"""Answer a request code: the answer to read back, to copy, and to scan. It is a grant, and done once."""

from typing import Any

import msgspec
import segno
from litestar import Response, get, post
from sqlalchemy import Connection

from nexuslic.errors import CodeRefused
from nexuslic.issuing.support import DeniedCode
from nexuslic.rules.license import LicenseKey
from nexuslic.server import doing, forms, queries
from nexuslic.server.routes_vendor import look
from nexuslic.web.console import entry, pages, texts
from nexuslic.web.console.performing import perform
from nexuslic.web.pages import AnyRequest

PART = 5
"""Characters that are read in one breath."""

_MOST = 8_000


@get("/code", include_in_schema=False, guards=[entry.support])
async def form(request: AnyRequest) -> Response[str]:
    """Where a code is typed."""
    return _form(request, "", "")


@post("/code", include_in_schema=False, status_code=200, guards=[entry.support])
async def answer(request: AnyRequest) -> Response[str]:
    """The renewal code; what cannot be answered is said at the field."""
    told = entry.form_of(request).get("code", "")[:_MOST]
    if not told.strip():
        return _form(request, told, texts.CODE_NONE)
    try:
        work = doing.answer_code(forms.CodeForm(code=told), request.app.state.service)
        answered = await perform(request, "answer-code", work)
    except (CodeRefused, DeniedCode) as error:
        problem = str(error)
        return _form(request, told, f"{problem[:1].upper()}{problem[1:]}.")
    found = msgspec.json.decode(answered.body, type=forms.CodeAnswer)
    key = LicenseKey.parse(found.key)
    number = await look(request, lambda connection: _number(connection, key))
    values: dict[str, Any] = {"groups": [_parts(group) for group in found.code.split()], "number": number}
    return pages.page(request, "answer.html", title=texts.ANSWER, answer=found, qr=_drawn(found.code), **values)


def _form(request: AnyRequest, told: str, wrong: str) -> Response[str]:
    once, status = entry.door_of(request).sessions.new_id(), 422 if wrong else 200
    return pages.page(request, "code.html", status=status, title=texts.CODE, told=told, wrong=wrong, once=once)


def _number(connection: Connection, key: LicenseKey) -> int | None:
    return queries.numbers(connection, [key]).get(key.digits)


def _parts(group: str) -> list[str]:
    return [group[at : at + PART] for at in range(0, len(group), PART)]


def _drawn(code: str) -> str:
    """The code as an SVG: black on white in the dark as well, for a camera."""
    drawn = segno.make_qr(code, error="m")
    return drawn.svg_inline(omitsize=True, dark="#000", light="#fff", border=4)


ROUTES = [form, answer]
