"""The routes of administrators: tokens, and the audit trail."""

from typing import Annotated

from litestar import Response, delete, get, post
from litestar.params import PathParameter, QueryParameter

from nexuslic.rules.license import LicenseKey
from nexuslic.server import entry, forms, queries, tokens, views
from nexuslic.server.acts import Done
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.routes_vendor import AnyRequest, IdempotencyKey, Limit, form_of, look, perform
from nexuslic.server.tokens import Scope

TokenId = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{12}$", description="its id, as it is listed")]


@get("/v1/tokens", guards=[entry.admin], operation_id="tokens", tags=["tokens"])
async def list_tokens(request: AnyRequest) -> forms.TokenList:
    """All tokens, without what opens them."""
    found = await look(request, tokens.every)
    return forms.TokenList(items=[views.token_view(token) for token in found])


@post(
    "/v1/tokens",
    status_code=201,
    guards=[entry.admin, entry.json_only],
    operation_id="makeToken",
    body=forms.NewToken,
    tags=["tokens"],
)
async def make_token(request: AnyRequest, idempotency_key: IdempotencyKey = None) -> Response[forms.NewTokenView]:
    """Make a token; its text is shown this once, and not when the same request is repeated."""
    data: forms.NewToken = await form_of(request)
    chance = request.app.state.service.chance
    expires = None if data.expires_at is None else views.utc(data.expires_at)

    def work(registry: SqlRegistry) -> Done:
        name, scope = views.name(data.name), Scope(data.scope)
        token, told = tokens.create(registry.connection, chance, registry.now, name, scope, expires)
        fields = views.token_fields(token)
        detail = {"token": token.id, "name": token.name, "scope": token.scope.value}
        kept = forms.NewTokenView(**fields, token="")
        return Done(forms.NewTokenView(**fields, token=told), None, detail, 201, kept=kept)

    return await perform(request, "make-token", work)  # type: ignore[return-value]


@delete("/v1/tokens/{token_id:str}", status_code=200, guards=[entry.admin], operation_id="revokeToken", tags=["tokens"])
async def revoke_token(
    request: AnyRequest, token_id: TokenId, idempotency_key: IdempotencyKey = None
) -> Response[forms.TokenView]:
    """End a token at once."""

    def work(registry: SqlRegistry) -> Done:
        token = tokens.revoke(registry.connection, token_id, registry.now)
        return Done(views.token_view(token), None, {"token": token.id, "name": token.name})

    return await perform(request, "revoke-token", work)  # type: ignore[return-value]


@get("/v1/audit", guards=[entry.admin], operation_id="audit", tags=["audit"])
async def audit_trail(
    request: AnyRequest,
    after: Annotated[int, QueryParameter(ge=0, le=2**53, description="`next` of the page before")] = 0,
    limit: Limit = 100,
    key: Annotated[str, QueryParameter(pattern=r"^[0-9 -]{0,30}$", description="of one license only")] = "",
) -> forms.AuditPage:
    """Follow the audit trail: every act, grant and denial, in order; ask again behind `next`."""
    wanted: LicenseKey | None = views.key_of(key) if key else None
    return await look(request, lambda tx: queries.trail(tx, after, limit, wanted))


ROUTES = [list_tokens, make_token, revoke_token, audit_trail]
