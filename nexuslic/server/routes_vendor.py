"""The routes of the vendor's people: keys and what support does to them."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from litestar import Request, Response, get, patch, post
from litestar.params import HeaderParameter, PathParameter, QueryParameter
from sqlalchemy import Connection

from nexuslic.server import acts, doing, entry, forms, queries, views
from nexuslic.server.acts import Act, Done
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.service import Service

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
KeyPath = Annotated[str, PathParameter(description="13 digits, hyphens as you like", pattern=r"^[0-9 -]{13,30}$")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="items of a page")]
IDEMPOTENCY_KEY = "idempotency-key"
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        max_length=255,
        required=False,
        description="the same request under the same key is done once, for a day",
    ),
]


async def look(request: AnyRequest, query: Callable[[Connection], T]) -> T:
    """What `query` finds, in a transaction that only reads."""
    service: Service = request.app.state.service

    def read() -> T:
        with service.database.read() as connection:
            return query(connection)

    return await asyncio.to_thread(read)


async def perform(request: AnyRequest, name: str, work: Callable[[SqlRegistry], Done]) -> Response[bytes]:
    """Do an act of the vendor's people, once."""
    state = request.app.state
    told = f"{request.method} {request.url.path}\n".encode() + await request.body()
    act = Act(name, entry.actor_of(request), work, request.headers.get(IDEMPOTENCY_KEY, ""), told)
    answered = await acts.once(state.writer, state.service.clock, act)
    headers = {"Idempotent-Replayed": "true"} if answered.again else {}
    return Response(answered.body.encode(), status_code=answered.status, media_type="application/json", headers=headers)


async def form_of(request: AnyRequest) -> Any:
    """The form that the route takes as `body`, read exactly. Raises BadForm."""
    return forms.read(await request.body(), request.route_handler.opt["body"])


def now_of(request: AnyRequest) -> Any:
    """The license server's time."""
    return request.app.state.service.clock.read().wall


@post(
    "/v1/licenses",
    status_code=201,
    guards=[entry.support, entry.json_only],
    operation_id="issue",
    body=forms.NewLicense,
    tags=["licenses"],
)
async def issue(request: AnyRequest, idempotency_key: IdempotencyKey = None) -> Response[forms.LicenseView]:
    """Issue a license: a new key with these terms."""
    data: forms.NewLicense = await form_of(request)
    return await perform(request, "issue", doing.issue(data, request.app.state.service.chance))  # type: ignore[return-value]


@post(
    "/v1/licenses/import",
    status_code=201,
    guards=[entry.support, entry.json_only],
    operation_id="import",
    body=forms.ManyLicenses,
    tags=["licenses"],
)
async def import_list(request: AnyRequest, idempotency_key: IdempotencyKey = None) -> Response[forms.Issued]:
    """Issue a whole list of licenses: all of them, or none."""
    data: forms.ManyLicenses = await form_of(request)
    return await perform(request, "issue", doing.issue_many(data, request.app.state.service.chance))  # type: ignore[return-value]


@get("/v1/licenses", guards=[entry.support], operation_id="list", tags=["licenses"])
async def list_licenses(
    request: AnyRequest,
    search: Annotated[str, QueryParameter(max_length=200, description="in key, organisation or database")] = "",
    suspicious: Annotated[bool, QueryParameter(description="only keys that wander between databases")] = False,
    after: Annotated[str, QueryParameter(pattern=r"^[0-9]{0,13}$", description="`next` of the page before")] = "",
    limit: Limit = 100,
) -> forms.LicensePage:
    """List and search licenses, in the order of their keys."""
    now = now_of(request)
    return await look(request, lambda tx: queries.page(tx, now, search, after, limit, suspicious=suspicious))


@get("/v1/licenses/{key:str}", guards=[entry.support], operation_id="show", tags=["licenses"])
async def show(request: AnyRequest, key: KeyPath) -> forms.LicenseDetail:
    """Show one license."""
    now, wanted = now_of(request), views.key_of(key)
    return await look(request, lambda tx: queries.detail(SqlRegistry(tx, now), wanted))


@get("/v1/licenses/{key:str}/history", guards=[entry.support], operation_id="history", tags=["licenses"])
async def history(request: AnyRequest, key: KeyPath) -> forms.History:
    """Where a key was bound, oldest first."""
    now, wanted = now_of(request), views.key_of(key)
    return await look(request, lambda tx: queries.history(tx, wanted, now))


@patch(
    "/v1/licenses/{key:str}",
    guards=[entry.admin, entry.json_only],
    operation_id="change",
    body=forms.Changes,
    tags=["licenses"],
)
async def change(
    request: AnyRequest, key: KeyPath, idempotency_key: IdempotencyKey = None
) -> Response[forms.LicenseView]:
    """Change the terms of the grants to come; what is left out stays."""
    data: forms.Changes = await form_of(request)
    return await perform(request, "change", doing.change(views.key_of(key), data))  # type: ignore[return-value]


@post(
    "/v1/licenses/{key:str}/extend",
    status_code=200,
    guards=[entry.support, entry.json_only],
    operation_id="extend",
    body=forms.ExtensionForm,
    tags=["support"],
)
async def extend(
    request: AnyRequest, key: KeyPath, idempotency_key: IdempotencyKey = None
) -> Response[forms.LicenseView]:
    """Extra days of grace for every grant up to a moment; a new extension replaces the old one."""
    data: forms.ExtensionForm = await form_of(request)
    return await perform(request, "extend", doing.extend(views.key_of(key), data))  # type: ignore[return-value]


@post(
    "/v1/licenses/{key:str}/suspend", status_code=200, guards=[entry.support], operation_id="suspend", tags=["support"]
)
async def suspend(
    request: AnyRequest, key: KeyPath, idempotency_key: IdempotencyKey = None
) -> Response[forms.LicenseView]:
    """Refuse every grant until the license is reinstated."""
    return await perform(request, "suspend", doing.suspend(views.key_of(key)))  # type: ignore[return-value]


@post(
    "/v1/licenses/{key:str}/reinstate",
    status_code=200,
    guards=[entry.support],
    operation_id="reinstate",
    tags=["support"],
)
async def reinstate(
    request: AnyRequest, key: KeyPath, idempotency_key: IdempotencyKey = None
) -> Response[forms.LicenseView]:
    """Lift a suspension."""
    return await perform(request, "reinstate", doing.reinstate(views.key_of(key)))  # type: ignore[return-value]


@post("/v1/licenses/{key:str}/revoke", status_code=200, guards=[entry.admin], operation_id="revoke", tags=["licenses"])
async def revoke(
    request: AnyRequest, key: KeyPath, idempotency_key: IdempotencyKey = None
) -> Response[forms.LicenseView]:
    """End a key for good."""
    return await perform(request, "revoke", doing.revoke(views.key_of(key)))  # type: ignore[return-value]


@post(
    "/v1/codes",
    status_code=200,
    guards=[entry.support, entry.json_only],
    operation_id="answerCode",
    body=forms.CodeForm,
    tags=["support"],
)
async def answer_code(request: AnyRequest, idempotency_key: IdempotencyKey = None) -> Response[forms.CodeAnswer]:
    """Answer a request code with a renewal code: a contact by voice."""
    data: forms.CodeForm = await form_of(request)
    return await perform(request, "answer-code", doing.answer_code(data, request.app.state.service))  # type: ignore[return-value]


ROUTES = [issue, import_list, list_licenses, show, history, change, extend, suspend, reinstate, revoke, answer_code]
