"""How the routes describe themselves: OpenAPI 3.1, with every refusal that a route knows as a problem document.

Litestar says what each route takes, msgspec what the forms are, exactly as it reads them; who is let in and what is
refused is added here, by what a route takes: a token, a body, a license key.
"""

from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from nexuslic.rules.words import LicenseType
from nexuslic.server import entry, forms, routes_admin, routes_client, routes_probes, routes_vendor
from nexuslic.server.problems import PROBLEM_JSON
from nexuslic.version import __version__

OPENAPI_JSON = "application/vnd.oai.openapi+json"
ROUTES: list[Any] = [routes_client.contact, *routes_vendor.ROUTES, *routes_admin.ROUTES, *routes_probes.ROUTES]

_REF = "#/components/schemas/{name}"
_BODIES = {one.operation_id: one.opt["body"] for one in ROUTES if "body" in one.opt}
_OWN: dict[str, tuple[int, ...]] = {
    "contact": (400, 413, 415, 429, 503),
    "answerCode": (409,),
    "revokeToken": (404,),
    "ready": (503,),
    "metrics": (401, 503),
}
_ADMINS = frozenset({"change", "revoke", *(one.operation_id for one in routes_admin.ROUTES)})
_MEANINGS = {
    400: "The request cannot be read",
    401: "No token, or one that does not work",
    403: "The token's scope does not allow it",
    404: "There is no such thing",
    409: "The license does not allow it",
    413: "The body is too big",
    415: "The body is no JSON",
    422: "What it says cannot be used",
    429: "Too many wrong license keys",
    503: "The registry cannot be used now",
}
_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "required": True, "description": "seconds"}}
_PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457): what is wrong, and what to do.",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:nexuslic:problem:[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of every license server."""
    told = Litestar(ROUTES, openapi_config=_config(), logging_config=None).openapi_schema.to_schema()
    names = [name for name in told["components"]["schemas"] if name != LicenseType.__name__]
    used = [*_BODIES.values(), *(getattr(forms, name) for name in names)]
    _, schemas = msgspec.json.schema_components(used, ref_template=_REF)
    told["components"]["schemas"] = {**schemas, "Problem": _PROBLEM}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            _complete(operation, method, path)
    return told


@cache
def encoded() -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document())


@get("/openapi.json", include_in_schema=False)
async def openapi() -> Response[bytes]:
    """How all routes are used."""
    return Response(encoded(), media_type=OPENAPI_JSON)


def _config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="nexuslic license server",
        version=__version__,
        use_handler_docstrings=True,
        description="Licenses for applications that go where there is no internet.",
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
    )


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    name = operation["operationId"]
    if name in _BODIES:
        schema = {"$ref": _REF.format(name=_BODIES[name].__name__)}
        operation["requestBody"] = {"required": True, "content": {entry.JSON: {"schema": schema}}}
    elif name == "contact":
        operation["requestBody"] = _CONTACT
    if "metrics" in path:
        operation["security"] = [{}, {"token": []}]
    elif _with_token(path):
        operation["security"] = [{"token": []}]
        operation["description"] += "\n\nScope: `admin`." if name in _ADMINS else "\n\nScope: `support` or `admin`."
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            parameter["schema"] = {"type": "string", "maxLength": 255}
    statuses = {*_OWN.get(name, ()), *(_of_vendors(operation, path) if _with_token(path) else ())}
    operation["responses"].pop("400", None)
    operation["responses"].update((str(status), _refusal(status)) for status in sorted(statuses))


def _with_token(path: str) -> bool:
    return path.startswith("/v1/") and path != "/v1/contact"


def _of_vendors(operation: dict[str, Any], path: str) -> set[int]:
    """What a route of the vendor's people may refuse, by what it takes."""
    found = {400, 401, 403, 503}
    if operation["operationId"] not in ("tokens", "show", "history", "list", "audit"):
        found |= {413, 422}
    if "requestBody" in operation:
        found |= {415}
    if "{key}" in path:
        found |= {404, 422}
    if operation["operationId"] == "audit":
        found |= {422}
    return found


def _refusal(status: int) -> dict[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told: dict[str, Any] = {"description": _MEANINGS[status], "content": content}
    if status in (429, 503):
        told["headers"] = _RETRY
    return told


_TEXT = {"type": "string", "maxLength": 255}
_CONTACT = {
    "required": True,
    "description": "A request as a client writes it: canonical JSON, 64 KiB at most.",
    "content": {
        entry.JSON: {
            "schema": {
                "type": "object",
                "properties": {
                    "format": {"const": 1},
                    "request": {
                        "type": "object",
                        "properties": {
                            "ask": {"enum": ["authenticate", "confirm"]},
                            "key": {"type": "string"},
                            "binding": {
                                "type": "object",
                                "properties": {"server": _TEXT, "database": _TEXT, "identity": _TEXT},
                                "required": ["server", "database", "identity"],
                                "additionalProperties": False,
                            },
                            "version": {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,6}){0,5}$"},
                            "nonce": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                        },
                        "required": ["ask", "key", "binding", "version", "nonce"],
                        "additionalProperties": False,
                    },
                },
                "required": ["format", "request"],
                "additionalProperties": False,
            }
        }
    },
}
