"""One client for all distances: done once whatever is lost, and every refusal is one sentence."""

import json

import attrs
import pytest

from nexuslic.adapters.vendor_https import Answer, LostReply, Unreachable
from nexuslic.cli.vendor.link import Entry, Refused, Vendor
from nexuslic.errors import InputError, WorldError


@attrs.define
class Scripted:
    """A way that answers what it is told, in order; an exception is raised."""

    answers: list
    sent: list = attrs.Factory(list)
    place: str = "https://license.example"

    def send(self, method, target, headers, body):
        self.sent.append((method, target, dict(headers), body))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def answered(status, **told):
    return Answer(status, json.dumps(told).encode())


OK = answered(200, done=True)
LOST = LostReply("https://license.example: the connection broke", uncertain=True)


def keys(way):
    return [headers.get("Idempotency-Key") for _, _, headers, _ in way.sent]


def test_a_lost_answer_is_asked_for_once_more_as_the_same_act():
    way = Scripted([LOST, OK])
    assert Vendor(way).request("POST", "/v1/licenses", {"organisation": "A"}) == {"done": True}
    assert way.sent[0] == way.sent[1]
    assert len(keys(way)[0]) == 32


def test_two_acts_have_two_keys():
    way = Scripted([OK, OK])
    for _ in range(2):
        Vendor(way).request("POST", "/v1/licenses", {"organisation": "A"})
    assert len(set(keys(way))) == 2


def test_an_answer_that_is_lost_twice_may_have_been_done():
    way = Scripted([LOST, LOST, OK])
    with pytest.raises(Unreachable, match="it may have been done all the same: look before you do it again"):
        Vendor(way).request("POST", "/v1/licenses", {})
    assert len(way.sent) == 2


def test_looking_is_no_act():
    way = Scripted([LOST, LOST])
    with pytest.raises(Unreachable) as caught:
        Vendor(way).get("/v1/licenses")
    assert str(caught.value) == str(LOST)
    assert keys(way) == [None, None]


def test_nothing_is_repeated_where_nothing_arrived():
    way = Scripted([Unreachable("no way leads there"), OK])
    with pytest.raises(Unreachable, match=r"^no way leads there$"):
        Vendor(way).request("POST", "/v1/licenses", {})
    assert len(way.sent) == 1


def test_a_query_is_written_without_what_is_not_asked():
    way = Scripted([OK])
    Vendor(way).get("/v1/licenses", search="a&b ü", suspicious=True, after=None, key="")
    assert way.sent[0][1] == "/v1/licenses?search=a%26b+%C3%BC&suspicious=true"


def test_letters_of_all_scripts_are_sent():
    way = Scripted([OK])
    Vendor(way).request("POST", "/v1/licenses", {"organisation": "株式会社"})
    assert json.loads(way.sent[0][3]) == {"organisation": "株式会社"}


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, InputError, "what is wrong"),
        (404, InputError, "what is wrong"),
        (413, InputError, "what is wrong"),
        (422, InputError, "what is wrong"),
        (401, Entry, "https://license.example does not take the token in t: it is mistyped, expired or revoked"),
        (403, Entry, "the token in t does not allow this: what is wrong"),
        (409, Refused, "what is wrong"),
        (429, Refused, "what is wrong"),
        (503, Refused, "what is wrong"),
        (500, Refused, "what is wrong"),
    ],
)
def test_a_problem_document_is_one_sentence(status, kind, words):
    way = Scripted([answered(status, title="Wrong", detail="what is wrong")])
    with pytest.raises(kind) as caught:
        Vendor(way, "t").request("POST", "/v1/licenses", {})
    assert str(caught.value).startswith(words)
    assert isinstance(caught.value, InputError) != isinstance(caught.value, WorldError)


def test_a_problem_without_a_detail_has_its_title():
    with pytest.raises(Refused, match="Wrong"):
        Vendor(Scripted([answered(409, title="Wrong")])).get("/v1/licenses")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<html>", r"what answers at https://license.example is no license server \(200\): check the URL"),
        (200, b"[]", "is no license server"),
        (200, b"\xff", "is no license server"),
        (404, b"Not Found", r"is no license server \(404\)"),
        (302, b"", r"leads elsewhere \(302\), which is not followed: correct the URL"),
        (503, b"Service Unavailable", r"has no time or a fault \(503\): try again in a minute"),
        (429, b"", r"has no time or a fault \(429\)"),
    ],
)
def test_what_no_license_server_answers_is_said(status, body, words):
    with pytest.raises(Refused, match=words):
        Vendor(Scripted([Answer(status, body)])).get("/v1/licenses")


def test_a_sentence_from_afar_does_not_steer_the_terminal():
    with pytest.raises(InputError, match=r"^a\?\[2Jb$"):
        Vendor(Scripted([answered(422, detail="a\x1b[2Jb")])).get("/v1/licenses")


def test_pages_are_followed_to_the_last():
    way = Scripted([answered(200, items=[1, 2], next="2"), answered(200, items=[3], next=None)])
    assert list(Vendor(way).pages("/v1/licenses", search="a")) == [1, 2, 3]
    assert [target for _, target, _, _ in way.sent] == [
        "/v1/licenses?search=a&limit=1000",
        "/v1/licenses?search=a&after=2&limit=1000",
    ]


def test_pages_are_followed_to_the_limit_only():
    way = Scripted([answered(200, items=[1, 2], next="2"), answered(200, items=[3], next="3")])
    assert list(Vendor(way).pages("/v1/licenses", 3)) == [1, 2, 3]


def test_what_breaks_in_the_application_is_asked_to_be_reported(desk, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("nexuslic.server.queries.page", broken)
    done = desk.call("list")
    assert done.status == 1
    assert done.err == "error: the license server broke: please report this with the time at which it happened\n"


def test_a_registry_that_is_gone_is_one_sentence(desk):
    (desk.folder / "registry.sqlite").unlink()
    done = desk.call("list")
    assert done.status == 1
    assert done.err.startswith("error: the registry cannot be used now") and done.err.count("\n") == 1


def test_a_folder_that_is_no_servers_is_refused(desk, tmp_path):
    done = desk.command("vendor", "list", "--folder", str(tmp_path))
    assert done.status == 2 and "is no server's folder" in done.err


def test_a_registry_of_another_schema_is_refused(desk):
    import sqlite3

    with sqlite3.connect(desk.folder / "registry.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    done = desk.call("list")
    assert done.status == 1 and "the registry has schema 9999" in done.err
