"""The OpenAPI document: served as it is checked in, complete, and kept by every answer (Schemathesis)."""

import json

import hypothesis
import jsonschema
import pytest
import requests
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict as schema_of
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from nexuslic.server import app, describe

DOCUMENT = describe.document()
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
OPEN = {"contact", "health", "ready"}


def test_it_is_served_as_it_is_checked_in(bench, root):
    answer = bench.ask("GET", "/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, describe.OPENAPI_JSON)
    assert answer.json() == json.loads((root / "docs" / "reference" / "openapi.json").read_text("utf-8"))


def test_it_is_openapi_3_1_and_names_every_route_of_the_application(bench):
    assert DOCUMENT["openapi"].startswith("3.1")
    served = {(route.path_format, method) for route in bench.app.routes for method in route.methods}
    told = {(path, method.upper()) for path, method, _ in OPERATIONS.values()}
    assert served - told == {("/openapi.json", "GET")} | {(path, "OPTIONS") for path, _ in served}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_route_of_the_vendor_needs_a_token_and_no_other_does(name):
    security = OPERATIONS[name][2].get("security", [])
    if name in OPEN:
        assert security == []
    else:
        assert {"token": []} in security and ({} in security) is (name == "metrics")


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - OPEN - {"metrics"}))
def test_every_route_of_the_vendor_says_which_scope_it_needs(name):
    operation = OPERATIONS[name][2]
    guards = {guard.__name__ for route in app.describe.ROUTES if route.operation_id == name for guard in route.guards}
    assert ("Scope: `admin`." in operation["description"]) is ("admin" in guards)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_refusal_is_a_problem_document(name):
    refusals = {status: told for status, told in OPERATIONS[name][2]["responses"].items() if status >= "400"}
    assert all(list(told["content"]) == ["application/problem+json"] for told in refusals.values())
    assert bool(refusals) is (name != "health")


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_schema_is_one(name):
    jsonschema.Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])


# -- every answer keeps it --------------------------------------------------------------------------------------------

ROUTES = {found.ok().definition.raw["operationId"]: found.ok() for found in schema_of(DOCUMENT).get_all_operations()}
WANTED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(scope="module")
def asked(made_bench):
    """One license server for all of it, and a key that exists."""
    made_bench.key = str(made_bench.issued())
    return made_bench


def cases(count):
    """So many examples, the same ones in every run."""
    return hypothesis.settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def answered(bench, case, authorization):
    """The answer to what Schemathesis made up."""
    headers = {"authorization": authorization} if authorization else {}
    told = requests.Request(**case.as_transport_kwargs("https://server", headers=headers)).prepare()
    return bench.ask(told.method, told.url, content=told.body or b"", headers=dict(told.headers))


@pytest.mark.parametrize("scope", ["admin", "support", ""])
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_answer_is_as_it_is_described(asked, name, mode, scope):
    if mode is GenerationMode.NEGATIVE and not takes_anything(name):
        mode = GenerationMode.POSITIVE
    authorization = f"Bearer {asked.token(scope)}" if scope else ""

    @cases(20 if scope == "admin" else 3)
    @hypothesis.given(case=ROUTES[name].as_strategy(generation_mode=mode), exists=st.booleans())
    def holds(case, exists):
        if exists and "key" in (case.path_parameters or {}):
            case.path_parameters["key"] = asked.key
        response = answered(asked, case, authorization)
        case.validate_response(response, checks=WANTED)
        refused_well(response)
        if not scope and name not in OPEN:
            assert response.status_code in (400, 401, 404, 405)

    holds()


def takes_anything(name):
    """Whether a route takes anything that could be wrong."""
    operation = OPERATIONS[name][2]
    return bool(operation.get("parameters") or operation.get("requestBody"))


def refused_well(response):
    """Whether a refusal is a problem document."""
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        jsonschema.validate(response.json(), DOCUMENT["components"]["schemas"]["Problem"])
