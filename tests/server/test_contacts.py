"""What a client is answered, and what stays of it in the registry."""

import json
import os
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from nexuslic.errors import UntrustedReply
from nexuslic.issuing import rotation
from nexuslic.rules.license import Certificate, LicenseKey
from nexuslic.rules.words import Reason
from nexuslic.server.service import Limits
from nexuslic.server.tables import METADATA
from nexuslic.simulation.vendor import bundle
from nexuslic.trust import codes, signing, wire
from nexuslic.trust.wire import Denial, Pending, Request

NEVER_ISSUED = LicenseKey.from_number(123456789012)
NONCE = "0123456789abcdef" * 2


def body(**changes):
    """A request as it is written, with some of its fields changed."""
    binding = {"database": "nexus", "identity": "", "server": "DB1", **changes.pop("binding", {})}
    told = {"ask": "authenticate", "key": NEVER_ISSUED.digits, "version": "6.10", "nonce": NONCE, "binding": binding}
    return json.dumps({"format": 1, "request": {**told, **changes}}).encode()


def everything(bench):
    return {table.name: bench.rows(table) for table in METADATA.sorted_tables}


# -- granted and denied -----------------------------------------------------------------------------------------------


def test_a_key_that_was_issued_is_granted_with_its_terms(both):
    key = both.issued(seats=7, grace_days=45)
    granted = both.contact(key, nonce=NONCE)
    assert isinstance(granted, Certificate)
    assert (granted.key, granted.license.seats, granted.license.grace_days, granted.nonce) == (key, 7, 45, NONCE)
    assert granted.granted_at == both.clock.now


def test_an_answer_is_a_jose_body_and_nothing_else(bench):
    response = bench.run(bench.sent(body()))
    assert (response.status_code, response.headers["content-type"]) == (200, "application/jose")
    assert response.content.count(b".") == 2


def test_an_answer_is_signed_over_the_nonce_of_its_request(bench):
    response = bench.run(bench.sent(body()))
    asked = wire.decode(body(), Request)
    with pytest.raises(UntrustedReply, match="another request"):
        bench.read(response, type(asked)(asked.ask, asked.key, asked.binding, asked.version, "f" * 32))


def test_an_answer_is_not_trusted_by_another_vendor_s_application(bench):
    response, asked = bench.run(bench.sent(body())), wire.decode(body(), Request)
    with pytest.raises(UntrustedReply):
        signing.verify(response.content, asked.nonce, asked.binding, bundle().known)


def test_an_extension_is_carried_until_its_last_moment(both):
    key, until = both.issued(), both.clock.now + timedelta(days=7)
    both.vendor("POST", f"/v1/licenses/{key}/extend", {"days": 20, "until": until.isoformat()})
    both.clock.now = until
    assert both.contact(key).extra_days == 20
    both.clock.now = until + timedelta(seconds=1)
    assert both.contact(key).extra_days == 0


@pytest.mark.parametrize(
    "act, reason", [("suspend", Reason.SUSPENDED), ("revoke", Reason.REVOKED)], ids=["suspend", "revoke"]
)
@pytest.mark.parametrize("ask", ["authenticate", "confirm"])
def test_a_proved_binding_is_told_why_it_is_denied(both, act, reason, ask):
    key = both.issued()
    both.contact(key)
    both.vendor("POST", f"/v1/licenses/{key}/{act}")
    assert both.contact(key, ask=ask).reason is reason


def test_a_proved_binding_is_told_that_its_term_has_ended(both):
    key = both.issued(ends=(both.clock.now + timedelta(days=1)).isoformat())
    assert isinstance(both.contact(key), Certificate)
    both.clock.now += timedelta(days=2)
    assert both.contact(key, ask="confirm").reason is Reason.TERM


def test_a_proved_binding_is_told_that_its_version_is_too_old(both):
    key = both.issued(minimum_version="6.2")
    both.contact(key)
    assert both.contact(key, ask="confirm", version="6.1").reason is Reason.VERSION


def test_an_older_database_is_told_that_it_is_superseded(both):
    key = both.issued()
    both.contact(key, "old")
    both.contact(key, "new")
    assert both.contact(key, "old", ask="confirm").reason is Reason.SUPERSEDED
    assert isinstance(both.contact(key, "new", ask="confirm"), Certificate)


def test_what_is_changed_through_one_server_is_seen_at_once_through_another(open_bench, registry_url):
    one = open_bench(registry_url)
    other = open_bench(registry_url, keys=one.keys)
    key = one.issued()
    assert isinstance(other.contact(key), Certificate)
    one.vendor("POST", f"/v1/licenses/{key}/suspend")
    assert other.contact(key, ask="confirm").reason is Reason.SUSPENDED


def test_an_exchanged_signing_key_signs_the_next_answer(bench):
    key = bench.issued()
    bench.keys.keyring = rotation.rotate_signing(bench.keys.keyring, bench.chance, bench.clock.now)
    assert isinstance(bench.contact(key), Certificate)


# -- once and only once -----------------------------------------------------------------------------------------------


def test_a_repeated_request_is_granted_again_and_binds_once(both):
    key = both.issued()
    answers = [both.contact(key, nonce=NONCE) for _ in range(3)]
    assert answers == [answers[0]] * 3
    assert both.history(key) == ["DB1/nexus"]


def test_a_request_that_comes_once_more_late_does_not_take_the_key_back(both):
    key = both.issued()
    both.contact(key, "old", nonce=NONCE)
    both.contact(key, "new")
    assert isinstance(both.contact(key, "old", nonce=NONCE), Certificate)
    assert both.history(key) == ["DB1/old", "DB1/new"]
    assert both.contact(key, "old", ask="confirm").reason is Reason.SUPERSEDED


def test_a_nonce_that_another_database_used_binds_all_the_same(both):
    key = both.issued()
    both.contact(key, "first", nonce=NONCE)
    both.contact(key, "second", nonce=NONCE)
    assert both.history(key) == ["DB1/first", "DB1/second"]


def test_requests_that_come_at_the_same_time_bind_once_each(both):
    key = both.issued()
    sent = [body(key=key.digits, nonce=os.urandom(16).hex(), binding={"database": f"b{n % 2}"}) for n in range(8)]
    answers = both.together(*(both.sent(one) for one in sent))
    assert [one.status_code for one in answers] == [200] * 8
    history = both.history(key)
    assert set(history) <= {"DB1/b0", "DB1/b1"}
    assert all(one != after for one, after in pairwise(history))


# -- keys that are not told apart -------------------------------------------------------------------------------------


class Strangers:
    """What a stranger may name: a key that was never issued, one that is none, and one that is not granted."""

    def __init__(self, bench, ask):
        self.bench, self.ask = bench, ask
        revoked = bench.issued()
        bench.contact(revoked, "the customer's")
        bench.vendor("POST", f"/v1/licenses/{revoked}/revoke")
        wrong = str((int(NEVER_ISSUED.digits[-1]) + 1) % 10)
        self.keys = [NEVER_ISSUED.digits, NEVER_ISSUED.digits[:-1] + wrong, "12345", "", "four", revoked.digits]
        bench.run(bench.sent(body()))

    def answered(self, key):
        return self.bench.run(self.bench.sent(body(key=key, ask=self.ask)))

    def seen(self, key):
        """Status, headers, and what a client reads."""
        response = self.answered(key)
        raw = body(key=key, ask=self.ask)
        try:
            asked = wire.decode(raw, Request)
        except UntrustedReply:
            asked = wire.decode(raw, wire.Malformed)
        return response.status_code, dict(response.headers), self.bench.read(response, asked)

    def statements(self, key):
        """How many statements an answer takes."""
        seen = []

        def count(connection, cursor, statement, *_):
            seen.append(statement.split()[0])

        event.listen(self.bench.database.writer, "before_cursor_execute", count)
        try:
            self.answered(key)
        finally:
            event.remove(self.bench.database.writer, "before_cursor_execute", count)
        return seen


@pytest.mark.parametrize("ask, told", [("authenticate", Reason.UNKNOWN), ("confirm", Reason.SUPERSEDED)])
def test_a_stranger_is_answered_the_same_whatever_is_wrong_with_the_key(both, ask, told):
    strangers = Strangers(both, ask)
    answers = [strangers.seen(key) for key in strangers.keys]
    assert answers == [answers[0]] * len(answers)
    assert answers[0][2] == Denial(told, answers[0][2].binding, NONCE, both.clock.now)


@pytest.mark.parametrize("ask", ["authenticate", "confirm"])
def test_a_stranger_walks_the_same_statements_whatever_is_wrong_with_the_key(both, ask):
    strangers = Strangers(both, ask)
    walked = [strangers.statements(key) for key in strangers.keys]
    assert walked == [walked[0]] * len(walked)
    assert "INSERT" in walked[0]


@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_a_stranger_is_not_told_that_a_key_exists(both, act):
    key = both.issued()
    both.vendor("POST", f"/v1/licenses/{key}/{act}")
    assert both.contact(key).reason is Reason.UNKNOWN


def test_a_stranger_is_refused_after_as_many_requests_about_a_key_that_exists_as_about_another(
    open_bench, registry_url
):
    bench = open_bench(registry_url, limits=Limits(by_address=6, by_key=2))
    key = bench.issued()
    bench.contact(key, "the customer's")
    bench.vendor("POST", f"/v1/licenses/{key}/revoke")

    def answered(asked, address):
        return sum(isinstance(bench.contact(asked, address=address), Denial) for _ in range(9))

    assert answered(key, "192.0.2.10") == answered(NEVER_ISSUED, "192.0.2.11") == 6


# -- what is no request -----------------------------------------------------------------------------------------------

DEEP = b"[" * 10_000
WRONG = {
    "nothing": b"",
    "no json": b"hello",
    "not ascii": body().replace(b"DB1", "DÜ1".encode()),
    "no object": b"[]",
    "another format": body().replace(b'"format": 1', b'"format": 2'),
    "a format that is true": body().replace(b'"format": 1', b'"format": true'),
    "no format": body().replace(b'"format": 1, ', b""),
    "a field twice": body().replace(b'"ask"', b'"ask": "confirm", "ask"'),
    "a format twice": body().replace(b'"format": 1', b'"format": 1, "format": 1'),
    "a field more": body(colour="red"),
    "not a number": body().replace(b'"6.10"', b"NaN"),
    "infinity": body().replace(b'"6.10"', b"-Infinity"),
    "a huge number": body().replace(b'"6.10"', b"9" * 5000),
    "deep": DEEP,
    "deep within": body().replace(b'"6.10"', DEEP + b"]" * 10_000),
    "a key that is a number": body(key=4006381333931),
    "no key": body(key=None),
    "another ask": body(ask="revoke"),
    "no version": body(version="new"),
    "a version of another script": body(version="٦.٢"),
    "a version without end": body(version="1." * 100 + "1"),
    "a lone surrogate in a name": body(binding={"server": "\ud800"}),
    "a zero byte in a name": body(binding={"database": "a\0b"}),
    "a line's end in a name": body(binding={"database": "a\nb"}),
    "an escape in an identity": body(binding={"identity": "\x1b[2J"}),
    "a name that is too long": body(binding={"server": "a" * 256}),
    "a name that is none": body(binding={"server": 1}),
    "a short nonce": body(nonce="ab"),
    "a long nonce": body(nonce=NONCE + "00"),
    "a nonce in capitals": body(nonce=NONCE.upper()),
    "a nonce that is not hex": body(nonce="g" * 32),
    "a nonce with a line's end": body(nonce="0" * 31 + "\n"),
    "a nonce that is a number": body(nonce=1),
    "two bodies": body() + body(),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_request_is_a_problem_and_nothing_is_written(bench, name):
    before = everything(bench)
    response = bench.run(bench.sent(WRONG[name]))
    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
    assert response.json()["type"] == "urn:nexuslic:problem:no-request"
    assert everything(bench) == before


@pytest.mark.parametrize("key", ["\ud800", "a\0b", "x" * 5000, "\uff14" * 13, "4006381333931\n"])
def test_a_key_that_cannot_even_be_written_is_unknown_like_any_other(both, key):
    raw = body(key=key)
    response = both.run(both.sent(raw))
    assert both.read(response, wire.decode(raw, wire.Malformed)).reason is Reason.UNKNOWN
    assert both.trail()[-1].act == "denial"


@pytest.mark.parametrize("name", ["Ünïcödé", "数据库", "a" * 255, "DB\\SQL 1", "%", "'; DROP TABLE licenses; --"])
def test_a_name_in_any_script_is_bound_as_it_is(both, name):
    key = both.issued()
    both.run(both.sent(body(key=key.digits, binding={"server": name})))
    assert both.history(key) == [f"{name}/nexus"]


@pytest.mark.parametrize(
    "headers",
    [{"content-type": kind} for kind in ("text/plain", "application/jose", "", "application/x-www-form-urlencoded")]
    + [{"content-encoding": "gzip"}, {"content-encoding": "br, gzip"}],
)
def test_another_content_type_or_encoding_is_refused(bench, headers):
    response = bench.run(bench.sent(body(), headers=headers))
    assert (response.status_code, response.headers["content-type"]) == (415, "application/problem+json")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_is_taken_however_it_is_spelt(bench, kind):
    assert bench.run(bench.sent(body(), headers={"content-type": kind})).status_code == 200


class Stream:
    """A body in parts, of which it is known how many were taken."""

    def __init__(self, part, count):
        self.part, self.count, self.taken = part, count, 0

    async def parts(self):
        for _ in range(self.count):
            self.taken += 1
            yield self.part


def test_a_body_that_comes_in_parts_without_a_length_is_read(bench):
    raw = body()

    async def parts():
        for start in range(0, len(raw), 7):
            yield raw[start : start + 7]

    assert bench.run(bench.sent(parts())).status_code == 200


def test_a_body_of_64_kib_is_read_and_one_byte_more_is_refused(bench):
    raw = body()
    padded = raw + b" " * (wire.MAX_BYTES - len(raw))
    assert bench.run(bench.sent(padded)).status_code == 200
    assert bench.run(bench.sent(padded + b" ")).status_code == 413


def test_a_gigabyte_that_says_so_is_refused_before_any_of_it_is_read(bench):
    stream = Stream(b" " * 2**20, 1024)
    response = bench.run(bench.sent(stream.parts(), headers={"content-length": str(2**30)}))
    assert (response.status_code, stream.taken) == (413, 0)


def test_a_gigabyte_that_does_not_say_so_is_refused_once_it_is_too_much(bench):
    stream = Stream(b" " * 2**14, 2**16)
    response = bench.run(bench.sent(stream.parts()))
    assert (response.status_code, stream.taken) == (413, 5)


@pytest.mark.parametrize("told", ["-1", "x", "0x10"])
def test_a_length_that_is_none_is_refused(bench, told):
    response = bench.run(bench.sent(Stream(b"{}", 1).parts(), headers={"content-length": told}))
    assert response.status_code in (400, 413)
    assert response.headers["content-type"] == "application/problem+json"


# -- by voice ---------------------------------------------------------------------------------------------------------


def request_code(key, database="nexus", nonce=NONCE):
    asked = wire.decode(body(key=key.digits, nonce=nonce, binding={"database": database}), Request)
    pending = Pending(asked.key, asked.binding, asked.version, asked.nonce)
    return pending, codes.write_request(pending, None)


def test_a_request_code_is_answered_with_a_code_that_its_client_accepts(both):
    key = both.issued(grace_days=45)
    pending, code = request_code(key)
    answer = both.vendor("POST", "/v1/codes", {"code": code}, "support")
    known = rotation.bundle(both.keys.keyring, "Survey", "https://server").known
    granted, _ = codes.read_answer(answer.json()["code"], pending, None, known).value
    assert granted.license.grace_days == 45 and both.history(key) == ["DB1/nexus"]


def test_a_request_code_that_is_answered_twice_binds_once(both):
    key = both.issued()
    codes_given = [both.vendor("POST", "/v1/codes", {"code": request_code(key)[1]}).json()["code"] for _ in range(2)]
    assert codes_given[0] == codes_given[1] and both.history(key) == ["DB1/nexus"]


def test_support_is_told_why_a_code_cannot_be_answered(both):
    key = both.issued()
    both.vendor("POST", f"/v1/licenses/{key}/suspend")
    answer = both.vendor("POST", "/v1/codes", {"code": request_code(key)[1]})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:nexuslic:problem:denied")
    assert "suspended" in answer.json()["detail"]


@pytest.mark.parametrize("code", ["hello", "!", "0", " ", "A" * 8000, "\0", "1" * 15])
def test_what_is_no_request_code_is_refused(bench, code):
    answer = bench.vendor("POST", "/v1/codes", {"code": code})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:nexuslic:problem:code-refused")


@pytest.mark.parametrize("database", ["a\0b", "a\nb", "a" * 256])
def test_a_request_code_with_a_name_that_no_database_has_is_refused(both, database):
    answer = both.vendor("POST", "/v1/codes", {"code": request_code(both.issued(), database)[1]})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:nexuslic:problem:code-refused")
