"""The console's door: a token opens a session, and nothing else opens anything."""

from datetime import timedelta

import pytest

from nexuslic.server import sign_ins
from nexuslic.server.guesses import NETWORK_SHARE
from nexuslic.web.console import routes, sessions, texts

PAGES = (
    "/console/licenses",
    "/console/issue",
    "/console/licenses/2",
    "/console/code",
    "/console/audit",
    "/console/guessed",
)
ADMINS = ("/console/audit", "/console/guessed")
FORMS = (
    *("licenses", "issue", "licenses/2/key", "licenses/2/extend", "licenses/2/suspend", "licenses/2/reinstate"),
    *("licenses/2/change", "licenses/2/revoke", "code", "sign-out"),
)
ADMIN_FORMS = ("licenses/2/change", "licenses/2/revoke")


def test_the_tables_of_this_page_name_every_route():
    screens = routes.made(_Chance())[0]
    found = {(method, route.path) for route in screens.routes for method in route.methods if method != "OPTIONS"}
    known = {("GET", page.replace("/2", "/{number:int}")) for page in PAGES}
    known |= {("POST", f"/console/{form}".replace("/2", "/{number:int}")) for form in FORMS}
    open_to_all = {("GET", "/console"), ("GET", "/console/{rest:path}"), ("GET", "/console/sign-in")}
    assert found == known | open_to_all | {("POST", "/console/sign-in")}


class _Chance:
    def take(self, count: int) -> bytes:
        return bytes(count)


# -- signing in -------------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_this_server_only_and_no_script_reads_it(server):
    browser = server.browser()
    browser.open("/console/sign-in")
    done = browser.send("/console/sign-in", token=server.token(), follow=False)
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("__Host-") and {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(
        cookie.split("; ")
    )
    assert done.headers["location"] == "/console/licenses" and cookie.startswith("__Host-")


def test_signing_in_makes_another_cookie(server):
    browser = server.browser()
    browser.open("/console/sign-in")
    before = dict(browser.client.cookies)
    browser.send("/console/sign-in", token=server.token())
    assert dict(browser.client.cookies) != before


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_comes_to_the_sign_in(server, path):
    browser = server.browser()
    browser.open(path)
    assert browser.place == "/console/sign-in" and browser.page.status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_who_is_not_signed_in_does_nothing(server, issue, form):
    issue(server.browser("admin"))
    browser = server.browser()
    browser.open("/console/sign-in")
    browser.post(f"/console/{form}", browser.fields("/console/sign-in"))
    assert browser.page.status_code == 401 and texts.SIGNED_OUT in browser.text
    assert [act for _, act in server.acts()] == ["sign-in", "issue"]


def expired(server):
    token = server.token(expires=server.clock.now + timedelta(hours=1))
    server.clock.pass_by(timedelta(hours=1))
    return token


def revoked(server):
    token = server.token()
    server.end_token(token)
    return token


WRONG = {
    "nothing": lambda server: "",
    "a word": lambda server: "letmein",
    "another secret": lambda server: server.token()[:-4] + "zzzz",
    "an expired one": expired,
    "a revoked one": revoked,
    "script": lambda server: "<script>alert(1)</script>",
    "a zero byte": lambda server: "nexuslic_\0",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_token_opens_nothing_and_is_said_at_its_field(server, wrong):
    browser = server.browser()
    browser.sign_in(WRONG[wrong](server))
    assert browser.page.status_code == 401 and texts.WRONG_TOKEN in browser.text
    assert browser.open("/console/licenses").url.path == "/console/sign-in" and server.trail() == []


def test_signing_in_and_out_stands_in_the_audit_trail(both):
    browser = both.browser("support", "Ben")
    browser.send("/console/sign-out")
    assert browser.place == "/console/sign-in"
    assert both.acts() == [("Ben", "sign-in"), ("Ben", "sign-out")]


def test_a_cookie_opens_nothing_after_its_owner_has_signed_out(server):
    browser = server.browser("admin")
    kept = dict(browser.client.cookies)
    browser.send("/console/sign-out")
    browser.client.cookies.update(kept)
    assert browser.open("/console/licenses").url.path == "/console/sign-in"


# -- how long ---------------------------------------------------------------------------------------------------------


def test_a_session_ends_when_no_page_was_asked_for(server):
    browser = server.browser("admin")
    server.clock.pass_by(sessions.IDLE - timedelta(seconds=1))
    assert browser.open("/console/licenses").url.path == "/console/licenses"
    server.clock.pass_by(sessions.IDLE)
    assert browser.open("/console/licenses").url.path == "/console/sign-in"


def test_a_session_ends_however_busy_it_is(server):
    browser = server.browser("admin")
    for _ in range(24):
        assert browser.open("/console/code").url.path == "/console/code"
        server.clock.pass_by(timedelta(minutes=29, seconds=59))
    assert browser.open("/console/code").url.path == "/console/code"
    server.clock.pass_by(timedelta(minutes=1))
    assert browser.open("/console/code").url.path == "/console/sign-in"


def test_a_form_of_a_session_that_ended_does_nothing(server, issue):
    browser = server.browser("admin")
    number = issue(browser)
    server.clock.pass_by(sessions.IDLE)
    browser.send(f"/console/licenses/{number}/suspend")
    assert browser.page.status_code == 401 and [act for _, act in server.acts()] == ["sign-in", "issue"]


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_session_ends_with_its_token(server, end):
    token = server.token(expires=server.clock.now + timedelta(minutes=5))
    browser = server.browser()
    assert browser.sign_in(token).url.path == "/console/licenses"
    if end == "revoked":
        server.end_token(token)
    else:
        server.clock.now += timedelta(minutes=5)
    assert browser.open("/console/licenses").url.path == "/console/sign-in"


def test_the_session_used_least_recently_makes_room():
    kept = sessions.Sessions.of(_Counting())
    ids = [kept.begin("token", timedelta(seconds=n)) for n in range(sessions.MOST)]
    kept.find(ids[0], timedelta(seconds=sessions.MOST))
    kept.begin("token", timedelta(seconds=sessions.MOST))
    assert [kept.find(one, timedelta(seconds=sessions.MOST)) is None for one in ids[:3]] == [False, True, False]


class _Counting:
    def __init__(self) -> None:
        self.number = 0

    def take(self, count: int) -> bytes:
        self.number += 1
        return self.number.to_bytes(count, "big")


# -- forms of ours ----------------------------------------------------------------------------------------------------

FOREIGN = {
    "no origin": ({"origin": ""}, {}),
    "another origin": ({"origin": "https://evil.example"}, {}),
    "an origin without tls": ({"origin": "http://license.example.com"}, {}),
    "an origin that is hidden": ({"origin": "null"}, {}),
    "another port": ({"origin": "https://license.example.com:1"}, {}),
    "no code": ({}, {"csrf": ""}),
    "another code": ({}, {"csrf": "0" * 64}),
    "letters that are none": ({}, {"csrf": "\u00e4"}),
    "another kind of body": ({"content_type": "text/plain"}, {}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_form_of_ours_is_refused(server, issue, name):
    headers, fields = FOREIGN[name]
    admin = server.browser("admin")
    issue(admin)
    before, status = server.acts(), 400 if "kind" in name else 403
    told = {**admin.fields("/console/sign-out"), "digits": server.key(2).digits[-4:], **fields}
    answers = {form: admin.post(f"/console/{form}", told, **headers).status_code for form in ("sign-in", *FORMS)}
    assert answers == dict.fromkeys(("sign-in", *FORMS), status) and server.acts() == before


def test_the_code_of_another_session_is_refused(server, issue):
    ann, eve = server.browser("admin"), server.browser("admin")
    number = issue(ann)
    eve.open("/console/licenses")
    ann.post(f"/console/licenses/{number}/suspend", eve.fields("/console/sign-out"))
    assert ann.page.status_code == 403 and server.acts()[-1][1] == "issue"


def test_a_form_whose_cookie_is_gone_is_told_that_nobody_is_signed_in(server, issue):
    browser = server.browser("admin")
    number = issue(browser)
    fields = browser.fields(f"/console/licenses/{number}/suspend")
    browser.client.cookies.clear()
    browser.post(f"/console/licenses/{number}/suspend", fields)
    assert browser.page.status_code == 401 and texts.SIGNED_OUT in browser.text
    assert server.acts()[-1][1] == "issue"


def test_a_form_that_is_too_big_is_refused(server):
    browser = server.browser("support")
    browser.open("/console/code")
    assert browser.send("/console/code", code="0" * routes.MOST_BYTES).status_code == 413


def test_a_form_of_too_many_fields_is_refused(server):
    browser = server.browser("support")
    browser.open("/console/code")
    assert browser.send("/console/code", **{f"x{n}": "1" for n in range(50)}).status_code == 400


# -- what a token allows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ADMINS)
def test_support_sees_no_page_of_administrators(server, path):
    support = server.browser("support")
    assert path not in support.text
    assert support.open(path).status_code == 403 and "an administrator can do it" in support.text


@pytest.mark.parametrize("form", ADMIN_FORMS)
def test_support_sees_no_button_of_administrators_and_is_refused(server, issue, form):
    support = server.browser("support")
    issue(support)
    assert not support.offers(f"/console/{form}")
    told = {**support.fields("/console/licenses/2/suspend"), "digits": server.key(2).digits[-4:]}
    assert support.post(f"/console/{form}", told).status_code == 403 and server.acts()[-1][1] == "issue"


@pytest.mark.parametrize("form", ADMIN_FORMS)
def test_an_administrator_sees_those_buttons(server, issue, form):
    admin = server.browser("admin")
    issue(admin)
    assert admin.offers(f"/console/{form}")


# -- how often --------------------------------------------------------------------------------------------------------


def tries(server, address, count):
    browser = server.browser(address=address)
    return [browser.sign_in("wrong").status_code for _ in range(count)]


def test_after_too_many_wrong_tokens_nobody_signs_in_from_there_until_the_hour_ends(both):
    assert tries(both, "192.0.2.9", sign_ins.MOST + 1) == [401] * sign_ins.MOST + [429]
    browser = both.browser(address="192.0.2.9")
    assert browser.sign_in(both.token()).status_code == 429 and browser.page.headers["retry-after"] == "1800"
    both.clock.pass_by(timedelta(minutes=30))
    assert browser.sign_in(both.token()).url.path == "/console/licenses"


def test_another_address_signs_in_meanwhile(server):
    tries(server, "192.0.2.9", sign_ins.MOST)
    assert server.browser("admin", address="192.0.2.10").place == "/console/licenses"


def test_addresses_of_one_network_share_a_limit(server):
    for number in range(NETWORK_SHARE):
        tries(server, f"2001:db8:0:{number:x}::1", sign_ins.MOST)
    assert tries(server, "2001:db8:0:ff::1", 1) == [429]


def test_wrong_tokens_refuse_no_client(server, issue):
    number = issue(server.browser("admin"))
    tries(server, "192.0.2.9", sign_ins.MOST)
    assert server.contact(server.key(number), address="192.0.2.9") == 200


# -- what every answer carries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/console", "/console/sign-in", "/console/nowhere", "/console/licenses/99", *PAGES])
def test_every_page_lets_in_nothing_from_elsewhere_and_is_not_kept(server, path):
    browser = server.browser("admin")
    headers = server.run(browser.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store" and headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_routes_of_the_console_are_no_part_of_the_described_ones(server):
    browser = server.browser()
    assert "/console" not in browser.open("/openapi.json").text
