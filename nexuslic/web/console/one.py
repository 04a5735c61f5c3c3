"""One license: how it stands, where it was bound, and what may be done to it. It is reached by its number."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import attrs
from litestar import Response, get, post
from litestar.params import PathParameter
from sqlalchemy import Connection

from nexuslic.rules.license import LicenseKey
from nexuslic.server import doing, forms, queries
from nexuslic.server.acts import Done
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.routes_vendor import look, now_of
from nexuslic.web.console import entry, fields, pages, texts, timeline
from nexuslic.web.console.marks import key_end
from nexuslic.web.console.performing import Meanwhile, as_seen, perform, seen_of
from nexuslic.web.pages import AnyRequest

Number = Annotated[int, PathParameter(ge=1, le=2**53)]
LINES: Final = 8
"""Lines of the audit trail that an administrator sees on a license's page."""


@attrs.frozen
class Shown:
    """All that the page of one license says; `seen` is the last act on it that is shown."""

    key: LicenseKey
    license: forms.LicenseDetail
    history: forms.History
    lines: list[forms.AuditLine]
    seen: int


@get("/licenses/{number:int}", include_in_schema=False, guards=[entry.support])
async def show(request: AnyRequest, number: Number) -> Response[str]:
    """One license."""
    note = entry.visitor_of(request).session.notes.pop(number, "")
    return await _page(request, number, note=note)


@post("/licenses/{number:int}/key", include_in_schema=False, status_code=200, guards=[entry.support])
async def key(request: AnyRequest, number: Number) -> Response[str]:
    """The whole key, or its mask again."""
    wanted = entry.form_of(request).get("show") == "yes"
    if not pages.wants_part(request):
        return await _page(request, number, key_shown=wanted)
    found = await look(request, lambda connection: queries.numbered(connection, number))
    return pages.page(request, "parts/key.html", number=number, key=str(found), key_shown=wanted)


@post("/licenses/{number:int}/extend", include_in_schema=False, status_code=200, guards=[entry.support])
async def extend(request: AnyRequest, number: Number) -> Response[str]:
    """Extra days for the grants up to a day."""
    typed = fields.extension(entry.form_of(request), now_of(request))
    if typed.wrong:
        return await _page(request, number, 422, extension=typed)
    form = forms.ExtensionForm(**typed.read)
    return await _do(request, number, "extend", lambda found: doing.extend(found, form), extension=typed)


@post("/licenses/{number:int}/suspend", include_in_schema=False, status_code=200, guards=[entry.support])
async def suspend(request: AnyRequest, number: Number) -> Response[str]:
    """Refuse every grant."""
    return await _do(request, number, "suspend", doing.suspend)


@post("/licenses/{number:int}/reinstate", include_in_schema=False, status_code=200, guards=[entry.support])
async def reinstate(request: AnyRequest, number: Number) -> Response[str]:
    """Lift a suspension."""
    return await _do(request, number, "reinstate", doing.reinstate)


@post("/licenses/{number:int}/change", include_in_schema=False, status_code=200, guards=[entry.admin])
async def change(request: AnyRequest, number: Number) -> Response[str]:
    """Other terms; what was left as it was stays."""
    typed = fields.of(entry.form_of(request), fields.TERMS)
    if typed.wrong:
        return await _page(request, number, 422, terms=typed)
    return await _do(request, number, "change", lambda found: _changed(found, typed), terms=typed)


@post("/licenses/{number:int}/revoke", include_in_schema=False, status_code=200, guards=[entry.admin])
async def revoke(request: AnyRequest, number: Number) -> Response[str]:
    """End the key for good, once its last digits were typed."""
    typed = entry.form_of(request).get("digits", "").strip()
    found = await look(request, lambda connection: queries.numbered(connection, number))
    if typed != key_end(found.digits):
        again = fields.Typed({"digits": typed}, wrong={"digits": texts.REVOKE_ASKED})
        return await _page(request, number, 422, revoking=again)
    return await _do(request, number, "revoke", doing.revoke)


def _changed(key: LicenseKey, typed: fields.Typed) -> doing.Work:
    """The change of what differs from the license as it is."""

    def work(registry: SqlRegistry) -> Done:
        return doing.change(key, fields.changes(queries.detail(registry, key), typed))(registry)

    return work


async def _do(
    request: AnyRequest,
    number: int,
    name: str,
    work: Callable[[LicenseKey], doing.Work],
    **typed: fields.Typed,
) -> Response[str]:
    """Do it and show the license; where somebody was faster, show what they did, and what was typed."""
    seen = seen_of(entry.form_of(request))
    key = await look(request, lambda connection: queries.numbered(connection, number))
    try:
        await perform(request, name, as_seen(key, seen, work(key)))
    except Meanwhile as error:
        return await _page(request, number, 409, meanwhile=error.lines, acting=name, **typed)
    entry.visitor_of(request).session.notes[number] = name
    return pages.moved(f"{texts.HOME}/{number}")


async def _page(request: AnyRequest, number: int, status: int = 200, **told: Any) -> Response[str]:
    """The page; `told` says what of it is not as it usually is."""
    visitor, now = entry.visitor_of(request), now_of(request)
    lines = LINES if visitor.is_admin else 0
    shown = await look(request, lambda connection: _shown(connection, number, now, lines))
    usual: Mapping[str, Any] = {
        "note": "",
        "key_shown": False,
        "meanwhile": [],
        "acting": "",
        "extension": fields.Typed({"days": "", "until": ""}),
        "terms": fields.Typed(fields.shown(shown.license)),
        "revoking": fields.Typed({"digits": ""}),
    }
    drawn = {
        "lanes": timeline.lanes(shown.history.items, now),
        "spells": timeline.spells(shown.history.items),
        "standing": texts.STATES[shown.license.standing],
    }
    values: dict[str, Any] = {**usual, **drawn, **told, "shown": shown, "number": number, "now": now}
    once = entry.door_of(request).sessions.new_id()
    title = shown.license.organisation
    return pages.page(request, "license.html", status=status, once=once, title=title, key=str(shown.key), **values)


def _shown(connection: Connection, number: int, now: datetime, lines: int) -> Shown:
    key = queries.numbered(connection, number)
    return Shown(
        key,
        queries.detail(SqlRegistry(connection, now), key),
        queries.history(connection, key, now),
        queries.newest(connection, 0, lines, key) if lines else [],
        queries.last_act(connection, key),
    )


ROUTES = [show, key, extend, suspend, reinstate, change, revoke]
