"""Issuing, finding and changing licenses from the command line."""

import json

import pytest

from nexuslic.cli.plain import plain

MAIL = """\
Subject: License key for Northern Survey

This is the license key of Northern Survey:

  3557-1738-60404

  For          12 sessions at a time
  Grace        30 days without internet
               44 days after a start with internet
               until 2026-04-30 23:59:59 UTC
  Version      6.2 or newer
  Valid until  2027-12-31 17:00:00 UTC

How to enter it, once for each database:

1. Where NETHASP.ini stands in the application's folder, rename it: as
   long as it is there, the old dongle is asked for and this license is
   not.
2. Start the application on one workstation that has internet, and
   connect to the database.
3. Open Database > Properties > License, enter the key, and choose
   Request License. The other workstations of that database need nothing
   more.

Every start with internet, on any workstation, begins the grace period
anew. Without internet the application goes on for 30 days after the
last such start.

Before a trip, start it on one workstation with internet; a phone's
hotspot will do. If you will be without internet for more than 30 days,
write to us before you leave: we can add days, and they arrive with the
next start that has internet.

The key belongs to one database on one server. After that database was
moved or restored to another server, or one of the two was renamed,
enter the key there again, with internet. All workstations have to name
the server in the same way.
"""

LIST = """\
key              organisation     type        seats  grace  standing  bound to
3557-1738-60404  Northern Survey  concurrent  12     30     active    DB1/nexus
4202-1016-29135  Ändern 株式会社  named       3      0      unused
"""

SHOWN = """\
license key      3557-1738-60404
organisation     Northern Survey
standing         active
type             concurrent, 1 seat
grace            30 days
extension        14 days, for grants until 2026-04-30 23:59:59 UTC
minimum version  any
ends             never
issued           2026-03-02 08:30:00 UTC
bound to         DB1/nexus
bound since      2026-03-03 08:30:00 UTC
bindings         1
last grant       2026-03-03 08:30:00 UTC
"""

WANDERING = """\
since                    server  database
2026-03-02 08:30:00 UTC  DB1     nexus
2026-03-02 08:30:00 UTC  DB2     nexus
2026-03-02 08:30:00 UTC  DB1     nexus
2026-03-02 08:30:00 UTC  DB2     nexus
suspicious: it went back 2 times to a database that it had left
"""


def shown(desk, key):
    return json.loads(desk.call("show", key, "--json").out)


def test_the_mail_brings_the_key_the_terms_and_how_to_enter_it(desk):
    terms = ("--seats", "12", "--minimum-version", "6.2", "--ends", "2027-12-31T18:00+01:00")
    done = desk.call("issue", "--organisation", "Northern Survey", *terms, "--extension", "14", "--until", "2026-04-30")
    assert (done.status, done.out, done.err) == (0, MAIL, "")


def test_the_mail_for_named_users_says_where_they_are_chosen(desk):
    mail = desk.call("issue", "--organisation", "A", "--type", "named", "--seats", "3").out
    assert "  For          3 named users\n" in mail
    assert "4. Choose who may use the application under Named Users" in mail


def test_the_mail_for_no_grace_promises_none(desk):
    mail = desk.call("issue", "--organisation", "A", "--grace", "0").out
    assert "  Grace        none, every start needs internet\n" in mail
    assert "for 0 days" not in mail and "more than 0 days" not in mail


def test_a_program_gets_the_license_as_the_server_tells_it(desk):
    told = json.loads(desk.call("issue", "--organisation", "A", "--json").out)
    assert told["key"] == "3557-1738-60404"
    assert (told["type"], told["seats"], told["grace_days"], told["standing"]) == ("concurrent", 1, 30, "unused")


def test_licenses_are_listed_under_each_other_whatever_their_letters(desk):
    desk.bind(desk.issue("Northern Survey", "--seats", "12"))
    desk.issue("Ändern 株式会社", "--type", "named", "--seats", "3", "--grace", "0")
    assert desk.call("list").out == LIST


def test_a_terminal_that_is_narrow_gets_shorter_names(desk, monkeypatch):
    desk.bind(desk.issue("The Northern Survey and Exploration Company of Aberdeen"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("nexuslic.cli.printing._on_terminal", lambda: True)
    lines = desk.call("list").out.splitlines()
    assert max(map(len, lines)) == 80
    assert "The Northern ..." in lines[1]


def test_a_list_follows_its_pages_up_to_a_limit(desk, monkeypatch):
    keys = sorted(desk.issue(f"Customer {number}") for number in range(5))
    monkeypatch.setattr("nexuslic.cli.vendor.link.PAGE", 2)
    listed = [line[:15] for line in desk.call("list").out.splitlines()[1:]]
    assert listed == keys
    assert len(json.loads(desk.call("list", "--limit", "3", "--json").out)["items"]) == 3


def test_a_search_finds_an_organisation_a_key_and_a_database(desk):
    key = desk.issue("Northern Survey")
    desk.issue("Other")
    desk.bind(key, "DB7")
    for words in ("northern", key[:6], "db7"):
        assert [one["key"] for one in json.loads(desk.call("list", "--search", words, "--json").out)["items"]] == [key]


def test_nothing_found_is_said_and_no_error(desk):
    done = desk.call("list", "--search", "nobody")
    assert (done.status, done.out, done.err) == (0, "", "no license fits\n")


def test_only_keys_that_wander_are_suspicious(desk):
    key = desk.issue("A")
    desk.issue("B")
    for server in ("DB1", "DB2", "DB1", "DB2"):
        desk.bind(key, server)
    assert [one["key"] for one in json.loads(desk.call("list", "--suspicious", "--json").out)["items"]] == [key]
    assert desk.call("history", key).out == WANDERING
    assert len(json.loads(desk.call("history", key, "--json").out)["items"]) == 4


def test_the_history_of_an_unused_key_says_so(desk):
    key = desk.issue()
    assert desk.call("history", key).out == f"{key} was never bound: nobody has entered it yet\n"


def test_a_license_is_shown_with_all_that_is_known(desk):
    key = desk.issue("Northern Survey", "--extension", "14", "--until", "2026-04-30")
    desk.later(days=1)
    desk.bind(key)
    assert desk.call("show", key).out == SHOWN


def test_a_key_is_taken_with_any_spaces_and_hyphens(desk):
    key = desk.issue()
    assert desk.call("show", key.replace("-", "")).out == desk.call("show", key.replace("-", " ")).out


def test_a_name_that_moves_a_cursor_is_refused(desk):
    done = desk.call("issue", "--organisation", "A\x9b31m\u202eB")
    assert (done.status, done.out) == (2, "") and "is no name" in done.err


def test_what_moves_a_cursor_is_not_printed():
    assert plain("A\x9b31m\u202eB") == "A?31m?B"


@pytest.mark.parametrize("given", ["", "--json"])
def test_terms_change_and_the_others_stay(desk, given: str):
    key = desk.issue("A", "--seats", "5", "--ends", "2026-12-31")
    done = desk.call("change", key, "--grace", "45", "--type", "named", *given.split())
    assert done.status == 0
    after = shown(desk, key)
    assert (after["grace_days"], after["type"], after["seats"], after["ends"]) == (
        45,
        "named",
        5,
        "2026-12-31T23:59:59Z",
    )
    assert (json.loads(done.out)["grace_days"] == 45) if given else "grace            45 days\n" in done.out


def test_an_end_of_term_is_moved_and_taken_away(desk):
    key = desk.issue("A", "--ends", "2026-12-31")
    desk.call("change", key, "--ends", "2027-06-30")
    assert shown(desk, key)["ends"] == "2027-06-30T23:59:59Z"
    desk.call("change", key, "--ends", "never")
    assert shown(desk, key)["ends"] is None


def test_all_terms_can_change(desk):
    key = desk.issue()
    options = ("--organisation", "B", "--seats", "2", "--minimum-version", "6.10")
    assert desk.call("change", key, *options).status == 0
    after = shown(desk, key)
    assert (after["organisation"], after["seats"], after["minimum_version"]) == ("B", 2, "6.10")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["issue"], "--organisation"),
        (["issue", "--organisation", " "], "a name has 1 to 200 characters"),
        (["issue", "--organisation", "A", "--seats", "twelve"], "'twelve' is not a whole number from 0 to 100000"),
        (["issue", "--organisation", "A", "--grace", "-1"], "'-1' is not a whole number from 0 to 36500"),
        (["issue", "--organisation", "A", "--type", "floating"], "'floating' is not one of 'concurrent', 'named'"),
        (["issue", "--organisation", "A", "--minimum-version", "six"], "'six' is no version"),
        (["issue", "--organisation", "A", "--ends", "31.12.2026"], "'31.12.2026' is no date such as 2026-12-31"),
        (["issue", "--organisation", "A", "--ends", "2026-12-31T18:00"], "no time with its zone"),
        (["issue", "--organisation", "A", "--ends", "2026-02-30"], "is no date"),
        (["issue", "--organisation", "A", "--ends", "0001-01-01"], "is no date"),
        (["issue", "--organisation", "A", "--extension", "14"], "--extension and --until belong together"),
        (["issue", "--organisation", "A", "--until", "2026-12-31"], "--extension and --until belong together"),
        (["list", "--limit", "0"], "'0' is not a whole number from 1"),
        (["show", "1234"], "a key has 13 digits"),
        (["show", "1234567890123"], "its check digit does not fit"),
        (["show", "4006-3813-33930"], "there is no license key 4006-3813-33930: look it up by its organisation"),
        (["history", "4006-3813-33930"], "there is no license key"),
        (["change", "4006-3813-33930"], "nothing to change: give at least one option"),
        (["change", "4006-3813-33930", "--seats", "1"], "there is no license key"),
        (["change", "4006-3813-33930", "--ends", "tomorrow"], "'tomorrow' is no date"),
        (["shwo"], "did you mean `show`?"),
        (["frobnicate"], "commands: issue, import,"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(desk, args: list[str], words: str):
    done = desk.call(*args)
    assert (done.status, done.out) == (2, "")
    assert words in " ".join(done.err.split())
    assert json.loads(desk.call("list", "--json").out) == {"items": []}
