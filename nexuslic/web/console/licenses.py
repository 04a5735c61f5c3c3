"""Licenses: the list with its search, and new ones. A search is sent as a form: what is searched for may be a key."""

from typing import Any, Final

import attrs
from litestar import Response, get, post
from msgspec import json
from sqlalchemy import Connection

from nexuslic.rules.license import LicenseKey
from nexuslic.server import doing, forms, queries
from nexuslic.server.routes_vendor import look, now_of
from nexuslic.web.console import entry, fields, pages, texts
from nexuslic.web.console.performing import perform
from nexuslic.web.pages import AnyRequest

PAGE: Final = 25
_LONGEST = 200


@attrs.frozen
class Found:
    """One page of a search: licenses with their numbers, and the number behind which the next page begins."""

    items: list[tuple[int | None, forms.LicenseView]]
    next: int | None


@get("/licenses", include_in_schema=False, guards=[entry.support])
async def every(request: AnyRequest) -> Response[str]:
    """All licenses, from the beginning."""
    return await _listed(request, {})


@post("/licenses", include_in_schema=False, status_code=200, guards=[entry.support])
async def search(request: AnyRequest) -> Response[str]:
    """Those that fit, page by page."""
    return await _listed(request, entry.form_of(request))


@get("/issue", include_in_schema=False, guards=[entry.support])
async def new(request: AnyRequest) -> Response[str]:
    """The form of a new license."""
    return _new(request, fields.Typed(fields.NEW))


@post("/issue", include_in_schema=False, status_code=200, guards=[entry.support])
async def issue(request: AnyRequest) -> Response[str]:
    """Issue it, once."""
    typed = fields.of(entry.form_of(request), fields.TERMS)
    if typed.wrong:
        return _new(request, typed, 422)
    work = doing.issue(forms.NewLicense(**typed.read), request.app.state.service.chance)
    answered = await perform(request, "issue", work)
    key = LicenseKey.parse(json.decode(answered.body)["key"])
    number = (await look(request, lambda connection: queries.numbers(connection, [key])))[key.digits]
    entry.visitor_of(request).session.notes[number] = "issue"
    return pages.moved(f"{texts.HOME}/{number}")


def _new(request: AnyRequest, typed: fields.Typed, status: int = 200) -> Response[str]:
    once = entry.door_of(request).sessions.new_id()
    return pages.page(request, "issue.html", status=status, typed=typed, once=once, title=texts.ISSUE)


async def _listed(request: AnyRequest, form: dict[str, str]) -> Response[str]:
    told, odd, after = form.get("search", "")[:_LONGEST], form.get("odd") == "yes", form.get("after", "")
    now = now_of(request)

    def find(connection: Connection) -> Found:
        behind = queries.numbered(connection, int(after)).digits if after.isdigit() and len(after) < 19 else ""
        page = queries.page(connection, now, told, behind, PAGE, suspicious=odd)
        keys = [LicenseKey.parse(one.key) for one in page.items]
        numbers = queries.numbers(connection, keys)
        items = [(numbers.get(key.digits), one) for key, one in zip(keys, page.items, strict=True)]
        return Found(items, None if page.next is None else numbers.get(page.next))

    values: dict[str, Any] = {"search": told, "odd": odd, "after": after, "found": await look(request, find)}
    template = "parts/found.html" if pages.wants_part(request) else "licenses.html"
    return pages.page(request, template, title=texts.LICENSES, **values)


ROUTES = [every, search, new, issue]
