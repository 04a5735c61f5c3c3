"""Tokens and the audit trail from the command line."""

import json
import os
import re
import stat

import pytest

from nexuslic.adapters.vendor_https import Unreachable
from nexuslic.cli.vendor.link import Vendor

TRAIL = """\
     2  2026-03-02 08:30:00 UTC  anna (folder)  issue  {key}  ends=null extension=null grace_days=30 \
minimum_version=0.0 organisation="Northern Survey" seats=1 type=concurrent
     3  2026-03-02 08:30:00 UTC  anna (folder)  suspend  {key}
"""


def listed(desk):
    return json.loads(desk.call("tokens", "list", "--json").out)["items"]


def test_a_token_is_shown_this_once_on_a_line_of_its_own(desk):
    done = desk.call("tokens", "make", "Anna", "--expires", "2026-12-31")
    assert re.fullmatch(r"nexuslic_[0-9a-f]{12}_[0-9a-f]{64}\n", done.out)
    assert done.err == f"made token {done.out[9:21]}; keep the line above, it is shown this once\n"
    assert done.out.strip() not in desk.call("tokens", "list").out + desk.call("audit").out


def test_a_token_goes_into_a_file_of_its_owner(desk, tmp_path):
    file = tmp_path / "anna"
    desk.later(minutes=1)
    done = desk.call("tokens", "make", "Anna", "--scope", "admin", "--output", str(file))
    assert file.read_text().startswith("nexuslic_")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert done.out == f"made token {file.read_text()[9:21]} and wrote it to {file}, which only you can read\n"
    assert listed(desk)[-1]["scope"] == "admin"


def test_a_file_that_exists_gets_no_token_and_none_is_made(desk, tmp_path):
    (tmp_path / "anna").write_text("mine")
    done = desk.call("tokens", "make", "Anna", "--output", str(tmp_path / "anna"))
    assert done.status == 2 and "exists already: it was left alone" in done.err
    assert (tmp_path / "anna").read_text() == "mine"
    assert len(listed(desk)) == 1


def test_a_token_that_is_not_made_leaves_no_file(desk, tmp_path, monkeypatch):
    def lost(*_):
        raise Unreachable("gone")

    monkeypatch.setattr(Vendor, "request", lost)
    done = desk.call("tokens", "make", "Anna", "--output", str(tmp_path / "anna"))
    assert (done.status, done.err) == (1, "error: gone\n")
    assert not (tmp_path / "anna").exists()


def test_a_token_that_cannot_be_written_is_to_be_revoked(desk, tmp_path, monkeypatch):
    def full(path):
        path.touch()
        return open("/dev/full", "w")

    monkeypatch.setattr("nexuslic.cli.vendor.tokens._new", full)
    done = desk.call("tokens", "make", "Anna", "--output", str(tmp_path / "anna"))
    assert done.status == 1
    assert re.search("token [0-9a-f]{12} was made, and cannot be written .*: revoke it, and make another", done.err)
    assert not (tmp_path / "anna").exists()


def test_a_token_whose_text_was_lost_is_to_be_revoked(desk, monkeypatch):
    monkeypatch.setattr(Vendor, "request", lambda *_: {"id": "0123456789ab", "token": ""})
    done = desk.call("tokens", "make", "Anna")
    assert done.status == 1
    assert "token 0123456789ab was made, and its text was lost on the way: revoke it, and make another" in done.err


def test_tokens_are_listed_with_their_ends(desk):
    desk.later(minutes=1)
    desk.call("tokens", "make", "Anna", "--expires", "2026-12-31")
    token = listed(desk)[-1]["id"]
    assert desk.call("tokens", "revoke", token).out == f"token {token} (Anna) opens nothing any more\n"
    head, first, second = desk.call("tokens", "list").out.splitlines()
    assert head == ("id            name           scope    made                     expires                  revoked")
    assert first.endswith("administrator  admin    2026-03-02 08:30:00 UTC  never")
    assert second == (
        f"{token}  Anna           support  2026-03-02 08:31:00 UTC  2026-12-31 23:59:59 UTC  2026-03-02 08:31:00 UTC"
    )


def test_programs_get_tokens_as_the_server_tells_them(desk):
    made = json.loads(desk.call("tokens", "make", "Anna", "--json").out)
    assert made["token"].startswith(f"nexuslic_{made['id']}_")
    assert json.loads(desk.call("tokens", "revoke", made["id"], "--json").out)["revoked_at"] == "2026-03-02T08:30:00Z"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("make", ""), "a name has 1 to 200 characters"),
        (("make", "A", "--scope", "root"), "'root' is not one of 'support', 'admin'"),
        (("make", "A", "--expires", "soon"), "'soon' is no date"),
        (("revoke", "x"), "'x' is no ID of a token"),
        (("revoke", "0123456789ab"), "there is no token '0123456789ab': list them to see their ids"),
        (("make", "A", "--output", "no/such/folder"), "no/such/folder cannot be written"),
    ],
)
def test_a_token_that_cannot_be_made_or_found_is_refused(desk, args: tuple[str, ...], words: str):
    done = desk.call("tokens", *args)
    assert done.status == 2 and words in " ".join(done.err.split())
    assert len(listed(desk)) == 1


def test_the_trail_says_when_who_what_and_which_key(desk):
    key = desk.issue()
    desk.call("suspend", key, "--yes")
    assert desk.call("audit", "--after", "1").out == TRAIL.format(key=key)


def test_the_trail_of_one_key_has_no_other(desk):
    first, second = desk.issue(), desk.issue()
    lines = desk.call("audit", "--key", second).out.splitlines()
    assert len(lines) == 1 and second in lines[0] and first not in lines[0]


def test_a_program_gets_a_line_of_json_for_each_line(desk):
    desk.issue()
    lines = [json.loads(line) for line in desk.call("audit", "--json").out.splitlines()]
    assert [line["seq"] for line in lines] == [1, 2]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 9])
def test_the_trail_follows_its_pages_up_to_a_limit(desk, monkeypatch, limit: int):
    for _ in range(6):
        desk.issue()
    monkeypatch.setattr("nexuslic.cli.vendor.audit.PAGE", 2)
    assert len(desk.call("audit").out.splitlines()) == 7
    assert len(desk.call("audit", "--limit", str(limit)).out.splitlines()) == min(limit, 7)


def test_a_follower_prints_what_comes_and_ends_with_ctrl_c(desk, monkeypatch):
    waits = []

    def pause(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt
        if len(waits) == 2:
            _issue_beside(desk)

    monkeypatch.setattr("nexuslic.cli.vendor.audit.pause", pause)
    done = desk.call("audit", "--follow", "--interval", "7", "--json")
    assert (done.status, done.err, waits) == (0, "", [7, 7, 7])
    assert [json.loads(line)["act"] for line in done.out.splitlines()] == ["token", "issue"]


def _issue_beside(desk):
    """What another process does meanwhile."""
    from pathlib import Path

    from nexuslic.cli.vendor.folder import from_folder

    with from_folder(Path(desk.folder), None, signs=False) as link:
        Vendor(link).request("POST", "/v1/licenses", {"organisation": "B"})


def test_a_follower_waits_for_a_server_that_is_away_and_says_so_once(desk, monkeypatch):
    get, waits = Vendor.get, []

    def pause(seconds):
        waits.append(seconds)
        if len(waits) == 4:
            raise KeyboardInterrupt

    def away(self, path, **query):
        if len(waits) in (1, 2):
            raise Unreachable("no way leads there")
        return get(self, path, **query)

    monkeypatch.setattr("nexuslic.cli.vendor.audit.pause", pause)
    monkeypatch.setattr(Vendor, "get", away)
    done = desk.call("audit", "--follow")
    assert (done.status, done.err) == (0, "waiting: no way leads there\n")


def test_a_follower_stops_at_its_limit(desk, monkeypatch):
    monkeypatch.setattr("nexuslic.cli.vendor.audit.pause", lambda _: pytest.fail("it waits"))
    assert len(desk.call("audit", "--follow", "--limit", "1").out.splitlines()) == 1


def test_ctrl_c_without_follow_is_a_stop(desk, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Vendor, "get", stopped)
    assert desk.call("audit").status == 130


def test_who_acts_in_a_folder_is_whom_the_system_knows(desk, monkeypatch):
    def nobody():
        raise KeyError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    desk.issue()
    assert f"user {os.getuid()} (folder)" in desk.call("audit", "--after", "1").out
