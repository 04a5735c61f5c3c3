"""The routes of the vendor's people: who may, what each does and refuses, and that it is done once."""

import json
import threading
from datetime import timedelta

import httpx
import psycopg
import pytest

from nexuslic.rules.license import LicenseKey
from nexuslic.server import queries
from nexuslic.server.acts import KEPT
from nexuslic.server.tables import answers, licenses, tokens

TERMS = {"organisation": "Example Survey"}
NEVER_ISSUED = str(LicenseKey.from_number(123456789012))
EXTENSION = {"days": 20, "until": "2026-04-01T00:00:00+00:00"}
SUPPORT = {
    "issue": ("POST", "/v1/licenses", TERMS, 201),
    "import": ("POST", "/v1/licenses/import", {"licenses": [TERMS]}, 201),
    "list": ("GET", "/v1/licenses", None, 200),
    "show": ("GET", "/v1/licenses/{key}", None, 200),
    "history": ("GET", "/v1/licenses/{key}/history", None, 200),
    "extend": ("POST", "/v1/licenses/{key}/extend", EXTENSION, 200),
    "suspend": ("POST", "/v1/licenses/{key}/suspend", None, 200),
    "reinstate": ("POST", "/v1/licenses/{key}/reinstate", None, 200),
    "code": ("POST", "/v1/codes", {"code": "0"}, 422),
}
ADMIN = {
    "change": ("PATCH", "/v1/licenses/{key}", {"seats": 5}, 200),
    "revoke": ("POST", "/v1/licenses/{key}/revoke", None, 200),
    "tokens": ("GET", "/v1/tokens", None, 200),
    "make token": ("POST", "/v1/tokens", {"name": "ann"}, 201),
    "end token": ("DELETE", "/v1/tokens/000000000000", None, 404),
    "audit": ("GET", "/v1/audit", None, 200),
}
ROUTES = {**SUPPORT, **ADMIN}
BODIES = [name for name, route in ROUTES.items() if route[2] is not None]
BY_KEY = [name for name, route in ROUTES.items() if "{key}" in route[1]]


@pytest.fixture
def call(bench):
    """Calls a route by its name, about a key that exists."""

    def called(name, scope="admin", key=None, **headers):
        method, path, body, _ = ROUTES[name]
        return bench.vendor(method, path.replace("{key}", str(key or bench.issued())), body, scope, **headers)

    return called


def is_problem(response, status):
    """Whether a refusal is a problem document that says what to do."""
    told = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail"} and told["title"] and told["detail"]
    return (response.status_code, told["status"]) == (status, status)


# -- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROUTES)
def test_an_administrator_may_use_every_route(call, name):
    assert call(name).status_code == ROUTES[name][3]


@pytest.mark.parametrize("name", SUPPORT)
def test_support_may_use_a_route_that_serves_customers(call, name):
    assert call(name, "support").status_code == ROUTES[name][3]


@pytest.mark.parametrize("name", ADMIN)
def test_support_may_not_use_a_route_of_administrators(call, name):
    assert is_problem(call(name, "support"), 403)


def no_token(bench):
    return ""


def expired(bench):
    token = bench.new_token("admin", bench.clock.now + timedelta(hours=1))
    bench.clock.now += timedelta(hours=1)
    return f"Bearer {token}"


def revoked(bench):
    token = bench.new_token("admin")
    assert bench.vendor("DELETE", f"/v1/tokens/{token.split('_')[1]}").status_code == 200
    return f"Bearer {token}"


def another_secret(bench):
    token = bench.new_token("admin")
    return f"Bearer {token[:-1]}{'0' if token[-1] != '0' else '1'}"


CLOSED = {
    "no token": no_token,
    "an expired one": expired,
    "a revoked one": revoked,
    "another secret": another_secret,
    "another kind": lambda bench: f"Basic {bench.new_token('admin')}",
    "no secret": lambda bench: f"Bearer nexuslic_{bench.new_token('admin').split('_')[1]}_",
    "a zero byte": lambda bench: "Bearer nexuslic_\0_\0",
    "another script": lambda bench: "Bearer nexuslic_\u00e4_\u00e4".encode("latin-1"),
    "a word": lambda bench: "Bearer",
}


@pytest.mark.parametrize("closed", CLOSED)
def test_what_opens_nothing_opens_no_route(bench, closed):
    told, key = CLOSED[closed](bench), bench.issued()
    for method, path, body, _ in ROUTES.values():
        answer = bench.vendor(method, path.replace("{key}", str(key)), body, authorization=told)
        assert is_problem(answer, 401) and answer.headers["www-authenticate"] == "Bearer"


def test_a_token_that_is_none_is_refused_on_each_engine(both):
    for name in ("a zero byte", "another script"):
        assert is_problem(both.vendor("GET", "/v1/licenses", authorization=CLOSED[name](both)), 401)


def test_a_token_works_until_the_moment_that_it_expires(bench):
    token = bench.new_token("support", bench.clock.now + timedelta(hours=1))
    bench.clock.now += timedelta(minutes=59, seconds=59)
    assert bench.vendor("GET", "/v1/licenses", authorization=f"Bearer {token}").status_code == 200


def test_a_secret_is_shown_once_and_stands_nowhere(bench):
    made = bench.vendor("POST", "/v1/tokens", {"name": "ann"}, idempotency_key="once").json()
    again = bench.vendor("POST", "/v1/tokens", {"name": "ann"}, idempotency_key="once").json()
    assert again == {**made, "token": ""}
    secret = made["token"].split("_")[2]
    assert len(secret) == 64 and secret not in bench.vendor("GET", "/v1/tokens").text
    bench.database.writer.dispose()
    bench.database.reader.dispose()
    kept = b"".join(file.read_bytes() for file in bench.database.file.parent.glob("made.sqlite*"))
    assert made["id"].encode() in kept and secret.encode() not in kept


def test_a_token_is_listed_with_when_it_ended(both):
    made = both.vendor("POST", "/v1/tokens", {"name": "ann", "expires_at": "2027-01-01T00:00:00+01:00"}).json()
    both.vendor("DELETE", f"/v1/tokens/{made['id']}")
    listed = [one for one in both.vendor("GET", "/v1/tokens").json()["items"] if one["id"] == made["id"]]
    assert listed[0]["expires_at"] == "2026-12-31T23:00:00Z" and listed[0]["revoked_at"] == "2026-03-02T08:30:00Z"


def test_a_token_that_was_ended_twice_ended_the_first_time(both):
    made = both.vendor("POST", "/v1/tokens", {"name": "ann"}).json()
    ends = []
    for _ in range(2):
        ends.append(both.vendor("DELETE", f"/v1/tokens/{made['id']}").json()["revoked_at"])
        both.clock.now += timedelta(days=1)
    assert ends[0] == ends[1]


def test_an_insider_needs_no_token(open_bench, sqlite_registry):
    bench = open_bench(sqlite_registry, insider="ann at this computer")
    answer = bench.ask("POST", "/v1/licenses", json=TERMS)
    assert answer.status_code == 201
    assert (bench.trail()[-1].who, bench.trail()[-1].origin) == ("ann at this computer", "folder")


# -- what each does ---------------------------------------------------------------------------------------------------


def test_a_license_is_issued_with_its_terms(both):
    told = {
        "organisation": "Example  Survey\u00a0Ltd ",
        "type": "named",
        "seats": 5,
        "grace_days": 45,
        "minimum_version": "06.10.0",
        "ends": "2027-01-01T01:00:00.999+01:00",
        "extension": EXTENSION,
    }
    made = both.vendor("POST", "/v1/licenses", told).json()
    assert made == {
        **told,
        "organisation": "Example Survey Ltd",
        "key": made["key"],
        "minimum_version": "6.10",
        "ends": "2027-01-01T00:00:00Z",
        "extension": {"days": 20, "until": "2026-04-01T00:00:00Z"},
        "standing": "unused",
        "issued_at": "2026-03-02T08:30:00Z",
        "binding": None,
        "bindings": 0,
    }
    shown = both.vendor("GET", f"/v1/licenses/{made['key']}").json()
    assert shown == {**made, "last_grant": None, "suspicion": ""}


def test_what_is_left_out_has_its_default(bench):
    made = bench.vendor("POST", "/v1/licenses", TERMS).json()
    assert (made["type"], made["seats"], made["grace_days"], made["minimum_version"]) == ("concurrent", 1, 30, "0.0")


def test_a_list_of_customers_is_issued_in_its_order(both):
    forms = [{"organisation": f"Customer {n}", "seats": n} for n in range(25)]
    made = both.vendor("POST", "/v1/licenses/import", {"licenses": forms}).json()["items"]
    assert [(one["organisation"], one["seats"]) for one in made] == [(f"Customer {n}", n) for n in range(25)]
    assert len({one["key"] for one in made}) == 25 and len(both.rows(licenses)) == 25


def test_of_a_list_with_one_bad_customer_nothing_is_issued(both):
    forms = [*([TERMS] * 3), {"organisation": "\u200b"}]
    assert is_problem(both.vendor("POST", "/v1/licenses/import", {"licenses": forms}), 422)
    assert both.rows(licenses) == []


def test_a_change_leaves_what_it_does_not_name(both):
    key = both.issued(seats=3, grace_days=45, ends="2027-01-01T00:00:00Z")
    changed = both.vendor(
        "PATCH", f"/v1/licenses/{key}", {"seats": 9, "ends": None, "organisation": " New  name"}
    ).json()
    assert (changed["seats"], changed["grace_days"], changed["ends"]) == (9, 45, None)
    assert changed["organisation"] == "New name"


def test_a_new_extension_takes_the_place_of_the_old_one(both):
    key = both.issued(extension=EXTENSION)
    other = {"days": 3, "until": "2026-05-01T00:00:00Z"}
    assert both.vendor("POST", f"/v1/licenses/{key}/extend", other).json()["extension"] == other


def test_a_license_says_in_a_word_what_its_client_would_be_told(both):
    key, seen = both.issued(ends="2026-03-10T00:00:00Z"), []

    def see():
        seen.append(both.vendor("GET", f"/v1/licenses/{key}").json()["standing"])

    see()
    both.contact(key)
    see()
    both.vendor("POST", f"/v1/licenses/{key}/suspend")
    see()
    both.vendor("POST", f"/v1/licenses/{key}/reinstate")
    both.clock.now += timedelta(days=30)
    see()
    both.vendor("POST", f"/v1/licenses/{key}/revoke")
    see()
    assert seen == ["unused", "active", "suspended", "ended", "revoked"]


def test_a_license_shows_when_a_client_of_it_was_last_granted_something(both):
    key = both.issued()
    both.contact(key)
    both.clock.now += timedelta(days=3)
    both.contact(key, ask="confirm")
    both.clock.now += timedelta(days=3)
    both.contact(key, "nowhere", ask="confirm")
    assert both.vendor("GET", f"/v1/licenses/{key}").json()["last_grant"] == "2026-03-05T08:30:00Z"


def test_a_history_tells_where_a_key_was_bound_oldest_first(both):
    key = both.issued()
    for database in ("a", "b", "a", "b"):
        both.contact(key, database)
        both.clock.now += timedelta(days=40)
    told = both.vendor("GET", f"/v1/licenses/{key}/history").json()
    assert [one["database"] for one in told["items"]] == ["a", "b", "a", "b"]
    assert told["suspicion"] == "it went back 2 times to a database that it had left"


@pytest.mark.parametrize("name", BY_KEY)
def test_a_key_that_was_never_issued_is_not_found(call, name):
    assert is_problem(call(name, key=NEVER_ISSUED), 404)


@pytest.mark.parametrize("name", BY_KEY)
def test_a_key_is_found_with_hyphens_and_without(bench, call, name):
    key = bench.issued()
    assert {call(name, key=told).status_code for told in (key, key.digits, str(key).replace("-", "%20"))} == {200}


@pytest.mark.parametrize("key", ["4006381333932", "4006-3813-33932", "4006381333931%0a"])
def test_a_mistyped_key_is_told_from_one_that_was_never_issued(bench, key):
    answer = bench.vendor("GET", f"/v1/licenses/{key}")
    assert is_problem(answer, 422) and answer.json()["type"] == "urn:nexuslic:problem:mistyped-key"


ODD = ["1", "%00", "%ff", "..%2f..%2fetc", "x" * 5000, "%F0%9F%9A%A2", "'%20OR%201=1", "{key}", "-" * 13, "%2d" * 30]


@pytest.mark.parametrize("key", ODD)
def test_a_key_of_odd_letters_is_refused(both, key):
    answer = both.vendor("GET", f"/v1/licenses/{key}")
    assert answer.status_code in (400, 404, 422) and is_problem(answer, answer.status_code)


# -- lists ------------------------------------------------------------------------------------------------------------


def pages(bench, limit, query="", between=lambda: None):
    """All keys, page by page."""
    found, after = [], ""
    while after is not None:
        page = bench.vendor("GET", f"/v1/licenses?limit={limit}&after={after}&{query}").json()
        found += [one["key"] for one in page["items"]]
        assert len(page["items"]) <= limit
        after = page["next"]
        between()
    return found


@pytest.mark.parametrize("limit", [1, 3, 7, 1000])
def test_pages_have_every_license_once_in_the_order_of_the_keys(both, limit):
    made = both.vendor("POST", "/v1/licenses/import", {"licenses": [TERMS] * 7}).json()["items"]
    assert pages(both, limit) == sorted(one["key"] for one in made)


def test_a_list_that_grows_while_it_is_read_repeats_and_misses_nothing(both):
    made = {one["key"] for one in both.vendor("POST", "/v1/licenses/import", {"licenses": [TERMS] * 7}).json()["items"]}
    found = pages(both, 2, between=both.issued)
    assert made <= set(found) and len(found) == len(set(found))


@pytest.fixture
def searched(both):
    """Three licenses, and what a search finds of them."""
    key = both.issued(organisation="Ærø 100% Survey_Ltd")
    both.issued(organisation="100 Surveys Ltd")
    both.issued(organisation="Back\\slash")
    both.contact(key, "nexus_prod")

    def search(text):
        found = both.run(both.vendor_request("GET", "/v1/licenses?" + str(httpx.QueryParams(search=text))))
        assert found.status_code == 200, found.text
        return [one["organisation"][:4] for one in found.json()["items"]]

    return search, key


@pytest.mark.parametrize(
    "text, found",
    [
        ("100%", ["Ærø "]),
        ("Y_L", ["Ærø "]),
        ("nexus_", ["Ærø "]),
        ("db1", ["Ærø "]),
        ("\\", ["Back"]),
        ("%", ["Ærø "]),
        ("_", ["Ærø "]),
        ("nothing", []),
        ("\0", []),
        ("a\0b", []),
        ("'", []),
        ("9" * 200, []),
    ],
)
def test_a_search_takes_every_letter_as_it_is(searched, text, found):
    assert searched[0](text) == found


@pytest.mark.parametrize("shown", [lambda key: str(key)[:7], lambda key: key.digits[:6], lambda key: f" {key} "])
def test_a_search_finds_the_beginning_of_a_key_with_hyphens_and_without(searched, shown):
    search, key = searched
    assert "Ærø " in search(shown(key))


def test_an_empty_search_finds_everything(searched):
    assert len(searched[0](" ")) == 3


def test_suspicious_keys_are_listed_alone_and_by_pages(both):
    odd = [both.issued() for _ in range(3)]
    honest = both.issued()
    for database in ("a", "b", "a", "b"):
        for key in odd:
            both.contact(key, database, address=f"198.51.100.{odd.index(key)}")
    for database in ("a", "b", "c"):
        both.contact(honest, database)
        both.clock.now += timedelta(days=40)
    assert pages(both, 2, "suspicious=true") == sorted(str(key) for key in odd)


# -- once -------------------------------------------------------------------------------------------------------------


def test_the_same_request_under_the_same_key_is_done_once_and_answered_alike(both):
    first, second = (both.vendor("POST", "/v1/licenses", TERMS, idempotency_key="once") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")
    assert len(both.rows(licenses)) == 1 and [line.act for line in both.trail()] == ["issue"]


def test_another_request_under_the_same_key_is_refused(both):
    key = both.issued()
    both.vendor("POST", f"/v1/licenses/{key}/suspend", idempotency_key="once")
    answer = both.vendor("POST", f"/v1/licenses/{key}/reinstate", idempotency_key="once")
    assert is_problem(answer, 422) and answer.json()["type"] == "urn:nexuslic:problem:idempotency-key"
    assert both.vendor("GET", f"/v1/licenses/{key}").json()["standing"] == "suspended"


def test_another_token_has_idempotency_keys_of_its_own(both):
    for scope in ("admin", "support"):
        both.vendor("POST", "/v1/licenses", TERMS, scope, idempotency_key="once")
    assert len(both.rows(licenses)) == 2


def test_without_an_idempotency_key_everything_is_done_again(both):
    for _ in range(2):
        both.vendor("POST", "/v1/licenses", TERMS)
    assert len(both.rows(licenses)) == 2 and both.rows(answers) == []


def test_an_act_that_was_refused_may_be_tried_again_under_the_same_key(both):
    refused = both.vendor("POST", "/v1/licenses", {"organisation": " "}, idempotency_key="once")
    assert is_problem(refused, 422)
    assert both.vendor("POST", "/v1/licenses", TERMS, idempotency_key="once").status_code == 201


@pytest.mark.parametrize("body", [TERMS, {"organisation": "Another"}], ids=["the same", "another"])
def test_an_answer_is_kept_for_a_day(both, body):
    both.vendor("POST", "/v1/licenses", TERMS, idempotency_key="once")
    both.clock.now += KEPT
    assert both.vendor("POST", "/v1/licenses", TERMS, idempotency_key="once").headers["idempotent-replayed"]
    both.clock.now += timedelta(seconds=1)
    again = both.vendor("POST", "/v1/licenses", body, idempotency_key="once")
    assert again.status_code == 201 and "idempotent-replayed" not in again.headers
    assert len(both.rows(licenses)) == 2 and len(both.rows(answers)) == 1


def test_the_same_request_through_two_servers_at_once_is_done_once(open_bench, registry_url):
    one = open_bench(registry_url)
    other = open_bench(registry_url, keys=one.keys)
    told, seen, together = f"Bearer {one.token()}", [], threading.Barrier(2)

    def ask(bench):
        together.wait()
        seen.append(bench.vendor("POST", "/v1/licenses", TERMS, authorization=told, idempotency_key="once"))

    threads = [threading.Thread(target=ask, args=(bench,)) for bench in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in seen] == [201, 201] and seen[0].content == seen[1].content
    assert len(one.rows(licenses)) == 1 and len(one.trail()) == 1


# -- what is refused --------------------------------------------------------------------------------------------------

DEEP = "[" * 100_000
BAD = {
    "no json": (b"{", 400),
    "nothing": (b"", 400),
    "not utf-8": (b'{"organisation": "\xff"}', 400),
    "deep": (DEEP.encode(), 400),
    "deep within": (f'{{"organisation": "A", "x": {DEEP}{"]" * 100_000}}}'.encode(), 400),
    "a list": (b"[]", 400),
    "no organisation": (b"{}", 400),
    "an unknown field": (b'{"organisation": "A", "colour": "red"}', 400),
    "a wrong type": (b'{"organisation": 5}', 400),
    "a number as text": (b'{"organisation": "A", "seats": "5"}', 400),
    "truth for a number": (b'{"organisation": "A", "seats": true}', 400),
    "a fraction": (b'{"organisation": "A", "seats": 1.5}', 400),
    "less than none": (b'{"organisation": "A", "seats": -1}', 400),
    "too many seats": (b'{"organisation": "A", "seats": 100001}', 400),
    "a number without end": (b'{"organisation": "A", "seats": %s}' % (b"9" * 5000), 400),
    "infinity": (b'{"organisation": "A", "seats": 1e400}', 400),
    "not a number": (b'{"organisation": "A", "seats": NaN}', 400),
    "a lone surrogate": (b'{"organisation": "\\ud800"}', 400),
    "too long a name": (b'{"organisation": "%s"}' % (b"a" * 201), 400),
    "an empty name": (b'{"organisation": ""}', 400),
    "a name of spaces": (b'{"organisation": "\\u00a0 \\u3000\\n"}', 422),
    "a zero byte in a name": (b'{"organisation": "a\\u0000b"}', 422),
    "an escape in a name": (b'{"organisation": "\\u001b[2J"}', 422),
    "a version that is none": (b'{"organisation": "A", "minimum_version": "new"}', 400),
    "a moment without a zone": (b'{"organisation": "A", "ends": "2026-03-02T00:00:00"}', 400),
    "a day that is none": (b'{"organisation": "A", "ends": "2026-02-30T00:00:00Z"}', 400),
    "before the calendar": (b'{"organisation": "A", "ends": "0001-01-01T00:00:00+14:00"}', 422),
    "behind the calendar": (b'{"organisation": "A", "ends": "9999-12-31T23:59:59-14:00"}', 422),
}


@pytest.mark.parametrize("name", BAD)
def test_a_body_that_cannot_be_used_is_a_problem_and_nothing_is_done(bench, name):
    body, status = BAD[name]
    headers = {"authorization": f"Bearer {bench.token()}", "content-type": "application/json"}
    assert is_problem(bench.ask("POST", "/v1/licenses", content=body, headers=headers), status)
    assert bench.rows(licenses) == [] and bench.trail() == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59+14:00"])
def test_a_moment_at_the_end_of_the_calendar_is_kept(both, moment):
    key = both.issued(ends=moment)
    assert both.vendor("GET", f"/v1/licenses/{key}").json()["ends"][:4] == moment[:4]


def test_a_database_with_a_time_zone_of_its_own_keeps_moments_at_the_end_of_the_calendar(
    open_bench, postgresql_registry
):
    with psycopg.connect(postgresql_registry, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET timezone = 'Pacific/Kiritimati'")
    key = open_bench(postgresql_registry).issued(ends="9999-12-31T23:59:59Z")
    bench = open_bench(postgresql_registry)
    assert bench.vendor("GET", f"/v1/licenses/{key}").json()["ends"] == "9999-12-31T23:59:59Z"
    assert bench.trail()


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("headers", [{"content_type": "text/plain"}, {"content_encoding": "gzip"}], ids=["kind", "zip"])
def test_a_body_of_another_kind_is_refused(call, name, headers):
    assert is_problem(call(name, **headers), 415)


def test_a_body_that_is_too_big_is_refused(bench):
    headers = {"authorization": f"Bearer {bench.token()}", "content-type": "application/json"}
    assert is_problem(bench.ask("POST", "/v1/licenses", content=b" " * (8 * 2**20 + 1), headers=headers), 413)


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/licenses", "/openapi", "/schema", "/v1/licenses/1/2/3", "/%00", "/x.json"]
)
def test_a_path_that_is_none_is_a_problem(bench, path):
    answer = bench.vendor("GET", path)
    assert is_problem(answer, 404)


@pytest.mark.parametrize("method, path", [("PUT", "/v1/licenses"), ("GET", "/v1/contact"), ("DELETE", "/health")])
def test_another_method_is_a_problem_that_says_which_there_are(bench, method, path):
    answer = bench.vendor(method, path)
    assert is_problem(answer, 405) and answer.headers["allow"]


NO_LIMIT = ["limit=0", "limit=1001", "limit=x", "limit=" + "9" * 5000]
NO_LIST = [*NO_LIMIT, "after=x", "after=12345678901234", "suspicious=maybe", "search=" + "a" * 201]
NO_TRAIL = [*NO_LIMIT, "after=-1", "after=" + "9" * 30, "key=x"]


@pytest.mark.parametrize("path", [f"/v1/licenses?{one}" for one in NO_LIST] + [f"/v1/audit?{one}" for one in NO_TRAIL])
def test_a_query_that_cannot_be_used_is_a_problem(bench, path):
    assert is_problem(bench.vendor("GET", path), 400)


def test_the_audit_trail_of_a_mistyped_key_is_a_problem(bench):
    assert is_problem(bench.vendor("GET", "/v1/audit?key=1"), 422)


def test_an_idempotency_key_that_is_too_long_is_a_problem(bench):
    assert is_problem(bench.vendor("POST", "/v1/licenses", TERMS, idempotency_key="a" * 256), 400)


def test_a_token_s_name_can_be_read(bench):
    assert is_problem(bench.vendor("POST", "/v1/tokens", {"name": "\u200b"}), 422)
    assert [row.name for row in bench.rows(tokens, "name")] == ["admin"]


def test_what_breaks_is_a_problem_and_logged_without_what_it_worked_on(bench, monkeypatch):
    def breaks(*_, **__):
        raise ZeroDivisionError("4006381333931")

    monkeypatch.setattr(queries, "page", breaks)
    assert is_problem(bench.vendor("GET", "/v1/licenses?search=4006381333931"), 500)
    line = next(one for one in map(json.loads, bench.log.getvalue().splitlines()) if one["event"] == "broke")
    assert line["error"] == "ZeroDivisionError" and line["places"][-1].endswith(" breaks")
    assert "4006381333931" not in bench.log.getvalue()
