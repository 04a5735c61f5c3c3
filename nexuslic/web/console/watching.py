"""What an administrator watches: the audit trail, and who tries keys and tokens that are wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import attrs
from litestar import Response, get
from litestar.params import QueryParameter
from sqlalchemy import Connection

from nexuslic.rules.license import LicenseKey
from nexuslic.server import forms, guesses, queries, sign_ins
from nexuslic.server.guesses import ADDRESS, ALL, KEY, NETWORK, NETWORK_SHARE, Tried
from nexuslic.server.routes_vendor import look, now_of
from nexuslic.server.service import Limits
from nexuslic.web.console import entry, pages, texts
from nexuslic.web.pages import AnyRequest

PAGE: Final = 50
HOURS: Final = 48
_BEFORE = "before"

Number = Annotated[int, QueryParameter(ge=0, le=2**53)]


@attrs.frozen
class Trail:
    """Some lines of the audit trail, with the numbers of the licenses that they are about."""

    lines: list[forms.AuditLine]
    numbers: Mapping[str, int]
    older: int | None


@attrs.frozen
class Suspect:
    """Somebody who tries: how often this hour and in all, and whether they are refused now."""

    scope: str
    subject: str
    this_hour: int
    all: int
    last: datetime
    refused: bool


@get("/audit", include_in_schema=False, guards=[entry.admin])
async def trail(request: AnyRequest, before: Number = 0, license: Number = 0) -> Response[str]:
    """The audit trail, the newest lines first, of one license or of all."""
    found = await look(request, lambda connection: _trail(connection, before, license))
    values: dict[str, Any] = {"trail": found, "before": before, "license": license, "told": told}
    return pages.page(request, "audit.html", title=texts.TRAIL, **values)


@get("/guessed", include_in_schema=False, guards=[entry.admin])
async def guessed(request: AnyRequest) -> Response[str]:
    """Who tries, and how often."""
    limits, now = request.app.state.service.limits, now_of(request)
    tried, numbers = await look(request, _tried)
    hours = by_hour(tried, now)
    total = hours[-1][1]
    values: dict[str, Any] = {"suspects": suspects(tried, limits, now), "numbers": numbers, "hours": hours}
    return pages.page(request, "guessed.html", title=texts.GUESSED, total=total, limits=limits, **values)


def told(detail: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """The details of a line: name, value, and what it was before (None: it is not told)."""
    earlier = detail.get(_BEFORE)
    was = earlier if isinstance(earlier, dict) else {}
    return [(name, _plain(value), _plain(was.get(name))) for name, value in detail.items() if name != _BEFORE]


def suspects(tried: Sequence[Tried], limits: Limits, now: datetime) -> list[Suspect]:
    """Who tries, the busiest of this hour first."""
    hour, by_subject = guesses.hour(now), dict[tuple[str, str], list[Tried]]()
    for one in tried:
        if one.scope != ALL:
            by_subject.setdefault((one.scope, one.subject), []).append(one)
    alarm = sum(one.count for one in tried if one.scope == ALL and one.since == hour) >= limits.alarm_at
    found = [
        _suspect(scope, subject, all_, hour, _allowed(limits, alarm)) for (scope, subject), all_ in by_subject.items()
    ]
    return sorted(found, key=lambda one: (-one.this_hour, -one.all, one.scope, one.subject))


def by_hour(tried: Sequence[Tried], now: datetime) -> list[tuple[datetime, int]]:
    """How many keys were wrong in each of the last hours, the oldest first."""
    last = guesses.hour(now)
    counts = {one.since: one.count for one in tried if one.scope == ALL}
    hours = [last - timedelta(hours=back) for back in reversed(range(HOURS))]
    return [(hour, counts.get(hour, 0)) for hour in hours]


def _allowed(limits: Limits, alarm: bool) -> dict[str, int]:
    address = limits.by_address_in_alarm if alarm else limits.by_address
    return {
        ADDRESS: address,
        NETWORK: address * NETWORK_SHARE,
        KEY: limits.by_key,
        sign_ins.SCOPES[ADDRESS]: sign_ins.MOST,
        sign_ins.SCOPES[NETWORK]: sign_ins.MOST * NETWORK_SHARE,
    }


def _suspect(scope: str, subject: str, all_: Sequence[Tried], hour: datetime, allowed: Mapping[str, int]) -> Suspect:
    this_hour = sum(one.count for one in all_ if one.since == hour)
    last = max(one.since for one in all_)
    return Suspect(scope, subject, this_hour, sum(one.count for one in all_), last, this_hour >= allowed[scope])


def _trail(connection: Connection, before: int, license: int) -> Trail:
    key = queries.numbered(connection, license) if license else None
    lines = queries.newest(connection, before, PAGE, key)
    keys = {LicenseKey.parse(one.key) for one in lines if one.key is not None}
    found = queries.numbers(connection, keys)
    numbers = {str(one): found[one.digits] for one in keys if one.digits in found}
    more = len(lines) == PAGE and lines[-1].seq > 1
    return Trail(lines, numbers, lines[-1].seq if more else None)


def _tried(connection: Connection) -> tuple[list[Tried], dict[str, int]]:
    tried = guesses.listed(connection)
    keys = {LicenseKey(one.subject) for one in tried if one.scope == KEY}
    return tried, queries.numbers(connection, keys)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    return value


ROUTES = [trail, guessed]
