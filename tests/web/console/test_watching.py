"""What an administrator watches: the audit trail, and who tries what is wrong."""

from datetime import timedelta

from nexuslic.rules.license import LicenseKey
from nexuslic.web.console import texts, watching

NEVER_ISSUED = LicenseKey.from_number(123456789012)


def test_the_trail_shows_the_newest_lines_first_and_what_was_before(both, issue):
    admin = both.browser("admin", "Ann")
    number = issue(admin, seats="3")
    admin.send(f"/console/licenses/{number}/change", seats="5")
    text = admin.open("/console/audit").text
    assert text.index(">changed<") < text.index(">issued<") < text.index(">signed in<")
    assert '<span class="dim">seats</span> 5 <span class="dim">(was 3)</span>' in text


def test_the_trail_is_read_page_by_page(both, issue):
    admin = both.browser("admin")
    number = issue(admin)
    for _ in range(watching.PAGE):
        admin.open("/console/licenses")
        both.contact(both.key(number))
    assert admin.open("/console/audit").text.count("<tr>") == watching.PAGE + 1
    assert texts.TRAIL_OLDER in admin.text
    older = admin.open("/console/audit?before=3").text
    assert older.count("<tr>") == 3 and texts.TRAIL_OLDER not in older and texts.TRAIL_NEWEST in older


def test_the_trail_of_one_license_has_its_lines_only(server, issue):
    admin = server.browser("admin")
    number = issue(admin)
    other = issue(admin)
    text = admin.open(f"/console/audit?license={number}").text
    assert text.count("<tr>") == 2 and f"/console/licenses/{other}" not in text


def test_the_trail_shows_a_key_that_was_never_issued_without_a_way_to_it(server):
    admin = server.browser("admin")
    server.contact(NEVER_ISSUED)
    text = admin.open("/console/audit").text
    assert f"••••-••••-•{NEVER_ISSUED.digits[-4:]}" in text and ">denied<" in text and "/console/licenses/2" not in text


def test_who_tries_wrong_keys_is_listed_with_how_often(both):
    admin = both.browser("admin")
    for _ in range(3):
        both.contact(NEVER_ISSUED, address="203.0.113.5")
    both.clock.pass_by(timedelta(hours=1))
    admin = both.browser("admin")
    both.contact(NEVER_ISSUED, address="203.0.113.5")
    text = admin.open("/console/guessed").text
    row = text[text.index("203.0.113.5") :].split("</tr>")[0]
    assert row.count('<td class="number">1</td>') == 1 and row.count('<td class="number">4</td>') == 1
    assert texts.GUESSED_ANSWERED in row and text.count('<rect class="bound"') == 2


def test_who_is_refused_is_said(server):
    for _ in range(20):
        server.contact(NEVER_ISSUED, address="203.0.113.5")
    text = server.browser("admin").open("/console/guessed").text
    assert texts.GUESSED_REFUSED in text[text.index("203.0.113.5") :].split("</tr>")[0]


def test_wrong_tokens_are_listed_too(server):
    server.browser(address="203.0.113.6").sign_in("wrong")
    text = server.browser("admin").open("/console/guessed").text
    assert texts.GUESSED_KINDS["sign-in"] in text[text.index("203.0.113.6") :].split("</tr>")[0]


def test_a_key_that_wanders_leads_to_its_license(server, issue):
    admin = server.browser("admin")
    number = issue(admin)
    for database in "abc":
        server.contact(server.key(number), database)
    assert f'href="/console/licenses/{number}"' in admin.open("/console/guessed").text


def test_without_guesses_the_page_says_so(server):
    assert texts.GUESSED_NONE in server.browser("admin").open("/console/guessed").text


def test_what_stays_the_same_in_a_line_is_told_once():
    told = watching.told({"seats": 5, "extension": {"days": 3, "until": "x"}, "before": {"seats": 3}})
    assert told == [("seats", 5, 3), ("extension", "days 3, until x", None)]
