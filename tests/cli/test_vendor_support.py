"""What support does from the command line: extensions, suspensions, codes."""

import io
import json
import re

import pytest

from nexuslic.cli.vendor.answer_code import _WORDS, lines
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.trust import bundles, codes
from nexuslic.trust.wire import Pending

EXTENDED = """\
{key}  Northern Survey
a grant until 2026-04-30 23:59:59 UTC lasts 30 + 14 = 44 days
It arrives with a contact: let them start the application with internet before they leave.
"""

QUESTION = """\
{key}  Northern Survey
  standing active, bound to DB1/nexus, last granted 2026-03-02 08:30:00 UTC
Revoke this key for good? [y/N]: """

ONE_GROUP = """\
   1 of 14    {0}
              {1}
              {2}
              {3}
"""


def shown(desk, key):
    return json.loads(desk.call("show", key, "--json").out)


def test_an_extension_says_what_a_grant_lasts_and_how_it_arrives(desk):
    key = desk.issue()
    done = desk.call("extend", key, "14", "--until", "2026-04-30")
    assert (done.status, done.out, done.err) == (0, EXTENDED.format(key=key), "")
    assert shown(desk, key)["extension"] == {"days": 14, "until": "2026-04-30T23:59:59Z"}


def test_a_new_extension_replaces_the_old_one(desk):
    key = desk.issue("A", "--extension", "14", "--until", "2026-04-30")
    desk.call("extend", key, "0", "--until", "2026-03-31")
    assert shown(desk, key)["extension"] == {"days": 0, "until": "2026-03-31T23:59:59Z"}


def test_a_trip_is_extended_by_what_grace_lacks_and_a_week_until_it_ends(desk):
    key = desk.issue()
    told = json.loads(desk.call("extend", key, "--for-trip", "45", "--json").out)
    assert told["extension"] == {"days": 45 + 7 - 30, "until": "2026-04-16T23:59:59Z"}


def test_a_trip_begins_when_it_departs(desk):
    key = desk.issue()
    desk.call("extend", key, "20", "--for-trip", "45", "--departs", "2026-05-01")
    assert shown(desk, key)["extension"] == {"days": 20, "until": "2026-06-15T23:59:59Z"}


def test_a_trip_that_grace_covers_needs_no_extension(desk):
    key = desk.issue()
    done = desk.call("extend", key, "--for-trip", "23")
    assert done.status == 2 and "30 days of grace cover a trip of 23 days and a week more" in done.err
    assert shown(desk, key)["extension"] is None
    assert desk.call("extend", key, "--for-trip", "24").status == 0


def test_an_extension_beyond_the_end_of_term_is_warned_of(desk):
    key = desk.issue("A", "--ends", "2026-03-31")
    done = desk.call("extend", key, "14", "--until", "2026-04-30")
    assert done.status == 0
    assert done.err == "warning: the license ends before, on 2026-03-31 23:59:59 UTC: `change --ends` moves that\n"


def test_an_extension_of_a_suspended_license_is_warned_of(desk):
    key = desk.issue()
    desk.call("suspend", key, "--yes")
    done = desk.call("extend", key, "14", "--until", "2026-04-30")
    assert done.err == "warning: the license is suspended, so nothing is granted at all\n"


@pytest.mark.parametrize(
    "args",
    [
        ("14",),
        ("--until", "2026-04-30"),
        ("14", "--until", "2026-04-30", "--for-trip", "45"),
        ("14", "--until", "2026-04-30", "--departs", "2026-04-01"),
        ("many", "--until", "2026-04-30"),
        ("36501", "--until", "2026-04-30"),
        ("14", "--for-trip", "0"),
        ("14", "--for-trip", "36500", "--departs", "9998-01-01"),
    ],
)
def test_an_extension_that_is_not_clear_is_refused(desk, args: tuple[str, ...]):
    key = desk.issue()
    done = desk.call("extend", key, *args)
    assert (done.status, done.out) == (2, "") and done.err
    assert shown(desk, key)["extension"] is None


def test_who_revokes_sees_what_it_is_and_is_asked(desk, terminal):
    key = desk.issue("Northern Survey")
    desk.bind(key)
    done = desk.call("revoke", key, given=terminal("y\n"))
    assert (done.status, done.out) == (0, f"{key}  Northern Survey: revoked now\n")
    assert done.err.startswith(QUESTION.format(key=key))


@pytest.mark.parametrize("act", ["suspend", "revoke"])
@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_no_is_the_answer_unless_somebody_says_yes(desk, terminal, act: str, answer: str):
    key = desk.issue()
    done = desk.call(act, key, given=terminal(answer))
    assert (done.status, done.out) == (1, "")
    assert done.err.endswith("nothing was changed\n")
    assert shown(desk, key)["standing"] == "unused"


@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_where_nobody_can_be_asked_nothing_is_done(desk, act: str):
    key = desk.issue()
    done = desk.call(act, key, given=io.StringIO("y\n"))
    assert (done.status, done.out) == (2, "")
    assert "standard input is no terminal: nothing was changed; add --yes" in done.err
    assert shown(desk, key)["standing"] == "unused"


def test_a_script_says_yes_beforehand(desk):
    key = desk.issue()
    assert json.loads(desk.call("suspend", key, "--yes", "--json").out)["standing"] == "suspended"
    assert desk.call("reinstate", key).out == f"{key}  Northern Survey: unused now\n"
    assert json.loads(desk.call("reinstate", key, "--json").out)["standing"] == "unused"


def test_a_renewal_code_renews_aboard(desk):
    key = desk.issue("Northern Survey", "--extension", "14", "--until", "2026-04-30")
    pending = Pending(LicenseKey.parse(key), Binding("DB1", "nexus"), Version.parse("6.10"), "ab" * 16)
    answer = json.loads(desk.call("answer-code", *codes.write_request(pending, None).split(), "--json").out)
    keys = bundles.read((desk.folder / "bundle.json").read_bytes()).known
    certificate, _ = codes.read_answer(answer["code"], pending, None, keys).value
    assert (certificate.granted_at, certificate.extra_days) == (desk.clock.now, 14)


def test_a_renewal_code_stands_in_its_groups_to_be_read(desk):
    key = desk.issue("Northern Survey", "--extension", "14", "--until", "2026-04-30")
    done = desk.call("answer-code", desk.request_code(key))
    head, hint, empty, *groups = done.out.splitlines()
    assert head == f"{key}  Northern Survey, DB1/nexus"
    assert hint == "This grants 44 days of grace from now on. A group that is mistyped is named aboard."
    assert empty == ""
    wanted = rf"  [ 1][0-9] of {len(groups)}    \S( \S){{0,4}}(     \S( \S){{0,4}}){{0,2}}"
    assert [line for line in groups if not re.fullmatch(wanted, line)] == []
    assert max(map(len, done.out.splitlines())) < 100


def test_a_code_that_is_spelt_says_every_character(desk):
    key = desk.issue()
    lines = desk.call("answer-code", desk.request_code(key), "--spell").out.splitlines()[3:]
    read = "".join(line.split("of 14", 1)[1].replace(" ", "") for line in lines if " of 14 " in line)
    words = " ".join(line for line in lines if " of 14 " not in line).split()
    numbers = dict(
        zip(["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"], "0123456789", strict=True)
    )
    assert "".join(numbers.get(word, word[0]) for word in words) == read


def test_every_character_of_a_code_has_its_own_word():
    assert set(_WORDS) == set(codes.ALPHABET)
    assert len(set(_WORDS.values())) == len(codes.ALPHABET)


def test_a_request_code_is_read_from_standard_input(desk, terminal):
    code = desk.request_code(desk.issue())
    piped = desk.call("answer-code", given=io.StringIO(code.replace(" ", "\n").lower()))
    assert piped.status == 0 and " of 14 " in piped.out
    typed = desk.call("answer-code", given=terminal(code))
    assert typed.err.startswith("type the request code, then Ctrl-D")


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ("", 2, "there is no code: give the groups, or write them to standard input"),
        ("XXYY", 2, "group 1 of the code is mistyped: XXYY"),
        ("A%", 2, "a code has letters and digits only, not '%'"),
    ],
)
def test_what_is_no_request_code_is_refused(desk, given: str, status: int, words: str):
    done = desk.call("answer-code", given=io.StringIO(given))
    assert (done.status, done.out) == (status, "")
    assert words in done.err


def test_a_code_for_a_license_that_allows_nothing_is_refused_with_the_reason(desk):
    key = desk.issue()
    desk.call("suspend", key, "--yes")
    done = desk.call("answer-code", desk.request_code(key))
    assert (done.status, done.out) == (1, "")
    assert done.err == "error: the license server denies this request: suspended\n"


def test_a_renewal_code_counts_as_the_last_grant(desk):
    key = desk.issue()
    desk.later(days=1)
    desk.bind(key)
    assert shown(desk, key)["last_grant"] == "2026-03-03T08:30:00Z"


def test_the_how_to_shows_a_code_as_it_is_laid_out(root):
    page = (root / "docs" / "how-to" / "serve-customers.md").read_text("utf-8")
    for place, group in enumerate(("76ND4D97VK89WVH", "PZF40FTTRFS4MN3"), 1):
        assert f"\n{next(lines(place, 8, group, False))}\n" in page
