"""What a page does is what the route does: once, under the token's name, and only to what was seen."""

import asyncio
import json
import re
from datetime import timedelta

import pytest

from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Version
from nexuslic.server.tables import licenses as table
from nexuslic.trust import codes
from nexuslic.trust.wire import Pending
from nexuslic.web.console import texts

SCRIPT = "<script>alert(1)</script>"


def at(number, act=""):
    return f"/console/licenses/{number}{'/' if act else ''}{act}"


def request_code(key, nonce="ab" * 16):
    return codes.write_request(Pending(key, Binding("DB1", "nexus"), Version.parse("6.10"), nonce), None)


def count(server):
    with server.database.read() as connection:
        return len(connection.execute(table.select()).all())


def test_a_license_lives_and_ends_in_the_console(both, issue):
    admin = both.browser("admin", "Ann")
    number = issue(admin, seats="12", minimum_version="6.2", ends="2027-12-31")
    assert "12 sessions at a time" in admin.text and "31 Dec 2027 23:59 UTC" in admin.text
    admin.send(at(number, "extend"), days="14", until="2026-04-30")
    assert "14 days more, for grants until 30 Apr 2026 23:59 UTC" in admin.text
    admin.send(at(number, "change"), seats="5")
    assert "5 sessions at a time" in admin.text
    admin.send(at(number, "suspend"))
    assert "The license is suspended." in admin.text and not admin.offers(at(number, "suspend"))
    admin.send(at(number, "reinstate"))
    admin.send(at(number, "revoke"), digits=both.key(number).digits[-4:])
    assert "nothing more can be done to it" in admin.text and not admin.offers(at(number, "extend"))
    told = ["sign-in", "issue", "extend", "change", "suspend", "reinstate", "revoke"]
    assert both.acts() == [("Ann", act) for act in told]


# -- forms ------------------------------------------------------------------------------------------------------------

WRONG = {
    "organisation": " \u00a0 ",
    "seats": "many",
    "grace_days": "-1",
    "minimum_version": "new",
    "ends": "2026-02-30",
    "type": "rented",
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_typed_wrong_is_kept_and_said_at_its_field(server, issue, field):
    support = server.browser("support")
    support.open("/console/issue")
    support.send("/console/issue", **{"organisation": "Kept", "seats": "7", field: WRONG[field]})
    assert support.page.status_code == 422 and texts.WRONG[field].replace("'", "&#39;") in support.text
    assert re.search(
        rf'name="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*field-{field}-wrong', support.text
    )
    kept = support.fields("/console/issue")
    assert kept.get(field, WRONG[field]) == WRONG[field] and kept["seats"] == ("many" if field == "seats" else "7")
    assert count(server) == 0


def test_an_extension_that_no_grant_could_carry_is_said(server, issue):
    support = server.browser("support")
    number = issue(support)
    support.send(at(number, "extend"), days="9", until="2026-03-01")
    assert support.page.status_code == 422 and texts.IS_PAST in support.text
    assert [act for _, act in server.acts()] == ["sign-in", "issue"]


def test_an_extension_is_taken_back_with_a_day_that_is_over(server, issue):
    support = server.browser("support")
    number = issue(support)
    support.send(at(number, "extend"), days="0", until="2026-03-01")
    assert texts.DONE["extend"] in support.text


def test_a_term_that_ends_at_an_hour_keeps_it_when_another_is_changed(server, issue):
    admin = server.browser("admin")
    number = issue(admin)
    told = {"authorization": f"Bearer {server.token()}"}
    ends = {"ends": "2027-05-04T18:00:00+00:00"}
    server.run(admin.client.patch(f"/v1/licenses/{server.key(number)}", json=ends, headers=told))
    admin.open(at(number))
    admin.send(at(number, "change"), seats="3")
    assert "4 May 2027 18:00 UTC" in admin.text
    assert set(json.loads(server.trail()[-1].detail)) == {"seats", "before"}


@pytest.mark.parametrize("typed", ["", "0000", "12345"])
def test_a_key_is_revoked_only_when_its_last_digits_were_typed(server, issue, typed):
    admin = server.browser("admin")
    number = issue(admin)
    digits = "9999" if server.key(number).digits.endswith("0000") else typed
    admin.send(at(number, "revoke"), digits=digits)
    assert admin.page.status_code == 422 and texts.REVOKE_ASKED in admin.text
    assert [act for _, act in server.acts()] == ["sign-in", "issue"]


# -- once -------------------------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_issues_one_license(both):
    support = both.browser("support")
    support.open("/console/issue")
    fields = {**support.fields("/console/issue"), "organisation": "Once"}
    places = [support.post("/console/issue", fields).url.path for _ in range(2)]
    assert places[0] == places[1] and count(both) == 1


@pytest.mark.parametrize("act, typed", [("suspend", {}), ("extend", {"days": "9", "until": "2026-05-01"})])
def test_an_act_that_is_sent_twice_is_done_once(both, issue, act, typed):
    support = both.browser("support")
    number = issue(support)
    fields = {**support.fields(at(number, act)), **typed}
    answers = [support.post(at(number, act), fields) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert [name for _, name in both.acts()].count(act) == 1


def test_an_act_that_is_sent_twice_at_once_is_done_once(server, issue):
    support = server.browser("support")
    number = issue(support)
    fields = support.fields(at(number, "suspend"))

    async def twice():
        told = {"data": fields, "headers": {"origin": str(support.client.base_url)}}
        return await asyncio.gather(*(support.client.post(at(number, "suspend"), **told) for _ in range(2)))

    assert [one.status_code for one in server.run(twice())] == [303, 303]
    assert [name for _, name in server.acts()].count("suspend") == 1


# -- two tabs ---------------------------------------------------------------------------------------------------------


def test_of_two_tabs_the_second_is_told_what_was_changed_meanwhile_and_nothing_is_done(both, issue):
    ann, ben = both.browser("admin", "Ann"), both.browser("support", "Ben")
    number = issue(ann)
    ben.open(at(number))
    ann.send(at(number, "change"), grace_days="45")
    ben.send(at(number, "extend"), days="21", until="2026-06-30")
    assert ben.page.status_code == 409 and texts.MEANWHILE in ben.text
    assert "changed on 2 Mar 2026 08:30 UTC" in ben.text and "45 days" in ben.text
    assert ben.fields(at(number, "extend"))["days"] == "21"
    assert both.acts()[-1] == ("Ann", "change")


def test_what_was_refused_because_of_another_tab_is_done_when_it_is_sent_again(both, issue):
    ann, ben = both.browser("admin", "Ann"), both.browser("support", "Ben")
    number = issue(ann)
    ben.open(at(number))
    ann.send(at(number, "change"), grace_days="45")
    ben.send(at(number, "extend"), days="21", until="2026-06-30")
    ben.send(at(number, "extend"))
    assert texts.DONE["extend"] in ben.text and both.acts()[-1] == ("Ben", "extend")


def test_who_was_faster_is_told_to_administrators_only(server, issue):
    ann, ben, eve = server.browser("admin", "Ann"), server.browser("support", "Ben"), server.browser("admin", "Eve")
    number = issue(ann)
    for other in (ben, eve):
        other.open(at(number))
    ann.send(at(number, "suspend"))
    for other in (ben, eve):
        other.send(at(number, "extend"), days="1", until="2026-06-30")
    assert "suspended on" in ben.text and "Ann" not in ben.text
    assert "suspended by Ann on" in eve.text


def test_what_a_client_does_is_no_reason_to_refuse_an_act(server, issue):
    support = server.browser("support")
    number = issue(support)
    assert server.contact(server.key(number)) == 200
    support.send(at(number, "suspend"))
    assert texts.DONE["suspend"] in support.text


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_is_masked_until_it_is_asked_for(server, issue):
    support = server.browser("support")
    number = issue(support)
    key = server.key(number)
    assert str(key) not in support.text and key.digits[:-4] not in support.text
    assert f"••••-••••-•{key.digits[-4:]}" in support.text
    assert str(key) in support.send(at(number, "key")).text
    assert str(key) not in support.send(at(number, "key")).text


@pytest.mark.parametrize("path", ["/console/licenses", "/console/audit", "/console/guessed"])
def test_no_list_shows_a_whole_key(server, issue, path):
    admin = server.browser("admin")
    number = issue(admin)
    key = server.key(number)
    server.contact(key)
    server.contact(key, "another")
    text = admin.open(path).text
    assert str(key) not in text and key.digits not in text and key.digits[-4:] in text


def test_neither_an_address_nor_the_log_holds_a_key(server, issue):
    admin = server.browser("admin")
    number = issue(admin)
    key, seen = server.key(number), []
    admin.client.event_hooks = {"request": [noted(seen)]}
    for act in ("key", "suspend", "reinstate"):
        admin.open(at(number))
        admin.send(at(number, act))
    admin.open("/console/licenses")
    admin.send("/console/licenses", search=str(key))
    assert len(seen) > 6
    for line in (*seen, server.log.getvalue()):
        assert key.digits not in line and str(key) not in line and key.digits[:8] not in line


def noted(seen):
    """Keeps where each request goes, and where it says that it comes from."""

    async def note(request):
        seen.append(f"{request.url} {request.headers.get('referer', '')}")

    return note


# -- search -----------------------------------------------------------------------------------------------------------


def test_a_search_finds_by_organisation_key_and_database(both, issue):
    support = both.browser("support")
    number = issue(support)
    issue(support, ends="2027-01-01")
    both.contact(both.key(number), "nexus_prod")
    for told in ("nexus_pr", str(both.key(number))[:9]):
        support.open("/console/licenses")
        support.send("/console/licenses", search=told)
        assert support.text.count('<th scope="row">') == 1 and at(number) in support.text


def test_a_search_that_finds_nothing_says_so(server, issue):
    support = server.browser("support")
    support.open("/console/licenses")
    assert texts.NONE_YET in support.text
    assert texts.NONE_FOUND in support.send("/console/licenses", search="nobody").text


def test_pages_have_every_license_once(both):
    support = both.browser("support")
    told = {"authorization": f"Bearer {both.token()}"}
    many = {"licenses": [{"organisation": f"Customer {n}"} for n in range(57)]}
    both.run(support.client.post("/v1/licenses/import", json=many, headers=told))
    support.open("/console/licenses")
    seen, pages = [], 0
    while True:
        pages += 1
        seen += re.findall(r">(Customer \d+)</a>", support.text)
        after = re.search(r'name="after" value="(\d+)"', support.text)
        if after is None:
            break
        last = re.findall(r'<form class="row".*?</form>', support.text, re.DOTALL)[-1]
        csrf = re.search(r'name="csrf" value="(\w+)"', last)[1]
        support.post("/console/licenses", {"csrf": csrf, "search": "", "after": after[1]})
    assert (pages, len(seen), len(set(seen))) == (3, 57, 57)


# -- script -----------------------------------------------------------------------------------------------------------


def test_script_in_a_name_stays_text(server):
    admin = server.browser("admin", f"Ann{SCRIPT}")
    admin.open("/console/issue")
    admin.send("/console/issue", organisation=f"Northern{SCRIPT}")
    number = int(admin.place.rsplit("/", 1)[1])
    server.contact(server.key(number), f"nexus{SCRIPT}")
    for path in ("/console/licenses", at(number), "/console/audit"):
        text = admin.open(path).text
        assert SCRIPT not in text and "&lt;script&gt;alert(1)" in text


# -- codes ------------------------------------------------------------------------------------------------------------


def test_a_code_is_answered_once_however_often_it_is_sent(both, issue):
    support = both.browser("support", "Ben")
    number = issue(support)
    support.open("/console/code")
    fields = {**support.fields("/console/code"), "code": request_code(both.key(number))}
    answers = [re.search(r"readonly>([^<]+)<", support.post("/console/code", fields).text)[1] for _ in range(2)]
    assert answers[0] == answers[1] and both.acts()[-2:] == [("Ben", "issue"), ("Ben", "answer-code")]


@pytest.mark.parametrize("code, told", [("", texts.CODE_NONE), ("0123456789ABCDF", "Group 1 of the code is mistyped")])
def test_a_code_that_cannot_be_read_is_kept_and_said(server, code, told):
    support = server.browser("support")
    support.open("/console/code")
    support.send("/console/code", code=code)
    assert support.page.status_code == 422 and told in support.text and f">{code}</textarea>" in support.text


def test_a_code_of_a_suspended_license_is_not_answered_and_says_why(server, issue):
    support = server.browser("support")
    number = issue(support)
    code = request_code(server.key(number))
    support.send(at(number, "suspend"))
    support.open("/console/code")
    support.send("/console/code", code=code)
    assert support.page.status_code == 422 and "denies this request" in support.text
    assert server.acts()[-1][1] == "suspend"


# -- history ----------------------------------------------------------------------------------------------------------


def test_the_history_is_drawn_and_told_beneath(both, issue):
    support = both.browser("support")
    number = issue(support)
    for database in ("a", "b", "a"):
        both.contact(both.key(number), database)
        both.clock.pass_by(timedelta(minutes=5))
    text = support.open(at(number)).text
    assert text.count('class="lane"') == 2 and text.count('<rect class="bound') == 3
    assert text.count('<rect class="bound current"') == 1
    rows = re.findall(r'<th scope="row">(DB1/\w)</th><td>([^<]+)</td><td>([^<]+)</td>', text)
    assert [(name, until) for name, _, until in rows] == [
        ("DB1/a", "now"),
        ("DB1/b", "2 Mar 2026 08:40 UTC"),
        ("DB1/a", "2 Mar 2026 08:35 UTC"),
    ]


def test_dates_are_written_as_the_browser_s_language_does(server, issue):
    support = server.browser("support")
    number = issue(support)
    text = support.open(at(number), **{"accept-language": "de-DE"}).text
    assert "2 März 2026 08:30 UTC" in text


# -- what is not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/console/licenses/999", "/console/nowhere", "/console/audit/1"])
def test_what_is_not_there_is_a_page_that_says_so(server, path):
    support = server.browser("support")
    assert support.open(path).status_code == 404 and 'role="alert"' in support.text


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_that_is_none_is_refused(server, number):
    assert server.browser("support").open(f"/console/licenses/{number}").status_code in (400, 404)


def test_the_line_of_another_thing_is_no_license(server, issue):
    support = server.browser("support")
    number = issue(support)
    support.send(at(number, "suspend"))
    assert [support.open(at(seq)).status_code for seq in (1, 2, 3)] == [404, 200, 404]


def test_a_registry_that_is_gone_is_said_and_nothing_is_done(server, issue):
    support = server.browser("support")
    number = issue(support)
    assert server.database.file is not None
    away = server.database.file.with_suffix(".away")
    server.database.file.rename(away)
    support.send(at(number, "suspend"))
    assert support.page.status_code == 503 and "put it back" in support.text
    away.rename(server.database.file)
    assert server.acts()[-1][1] == "issue"
