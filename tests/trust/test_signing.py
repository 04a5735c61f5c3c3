"""Signatures: one algorithm, a trusted key, this request's nonce, this binding, and nothing else."""

import json
from datetime import timedelta
from types import SimpleNamespace

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from nexuslic.errors import UntrustedReply
from nexuslic.rules.binding import Binding
from nexuslic.rules.words import DENIALS, Reason
from nexuslic.trust import signing, wire
from nexuslic.trust.keys import SigningKey
from nexuslic.trust.trusted import Trusted
from nexuslic.trust.wire import MAX_BYTES, Ask, Denial, Request

LAWS = settings(max_examples=150, deadline=None, derandomize=True)


def verified(bench: SimpleNamespace, reply: bytes) -> object:
    return signing.verify(reply, bench.nonce, bench.binding, bench.known).value[0]


def refused(bench: SimpleNamespace, reply: bytes) -> str:
    with pytest.raises(UntrustedReply) as caught:
        verified(bench, reply)
    return str(caught.value)


def by_hand(bench: SimpleNamespace, header: bytes | None = None, payload: bytes | None = None) -> bytes:
    payload = wire.encode(bench.certificate) if payload is None else payload
    return bench.signed_by_hand(bench.key, bench.header if header is None else header, payload)


def test_a_signed_grant_is_verified_and_comes_with_its_signed_form(bench: SimpleNamespace):
    trusted = signing.verify(bench.reply, bench.nonce, bench.binding, bench.known)
    assert isinstance(trusted, Trusted)
    assert trusted.value == (bench.certificate, bench.proof)


@pytest.mark.parametrize("reason", DENIALS)
def test_a_signed_denial_is_verified(bench: SimpleNamespace, reason: Reason):
    denial = Denial(reason, bench.binding, bench.nonce, bench.granted)
    assert verified(bench, signing.sign(denial, bench.key).encode("ascii")) == denial


def jwk(public: bytes, private: bytes | None = None) -> OKPKey:
    fields = {"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(public).decode("ascii")}
    secret = {} if private is None else {"d": urlsafe_b64encode(private).decode("ascii")}
    return OKPKey.import_key({**fields, **secret})


def test_a_token_that_another_library_signs_is_verified(bench: SimpleNamespace):
    header = {"alg": "Ed25519", "kid": "2026"}
    registry = JWSRegistry(algorithms=["Ed25519"])
    token = jws.serialize_compact(
        header, wire.encode(bench.certificate), jwk(bench.key.public, bench.key.private), registry=registry
    )
    assert verified(bench, token.encode("ascii")) == bench.certificate


def test_a_token_signed_by_bare_cryptography_is_verified(bench: SimpleNamespace):
    assert by_hand(bench) == bench.reply
    assert verified(bench, by_hand(bench)) == bench.certificate


def test_another_library_verifies_what_is_signed(bench: SimpleNamespace):
    signed = jws.deserialize_compact(bench.proof, jwk(bench.key.public), algorithms=["Ed25519"])
    assert signed.headers() == {"alg": "Ed25519", "kid": "2026"}
    assert signed.payload == wire.encode(bench.certificate)


@LAWS
@given(st.data())
def test_a_reply_with_any_bit_flipped_is_refused(bench: SimpleNamespace, data: st.DataObject):
    at = data.draw(st.integers(0, len(bench.reply) - 1))
    flipped = bytearray(bench.reply)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    assert refused(bench, bytes(flipped))


@LAWS
@given(st.data())
def test_a_reply_with_any_byte_replaced_is_refused(bench: SimpleNamespace, data: st.DataObject):
    at = data.draw(st.integers(0, len(bench.reply) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != bench.reply[at]))
    assert refused(bench, bench.reply[:at] + bytes([byte]) + bench.reply[at + 1 :])


@LAWS
@given(st.data())
def test_a_reply_that_is_cut_or_added_to_is_refused(bench: SimpleNamespace, data: st.DataObject):
    at = data.draw(st.integers(0, len(bench.reply) - 1))
    more = data.draw(st.binary(max_size=3))
    assert refused(bench, bench.reply[:at] + more + (bench.reply[at + 1 :] if more == b"" else bench.reply[at:]))


@LAWS
@given(st.binary(max_size=300) | st.text("ey.JhbGciOiJ", max_size=60).map(str.encode))
def test_any_bytes_are_refused_and_nothing_else_is_raised(bench: SimpleNamespace, reply: bytes):
    assert refused(bench, reply)


@LAWS
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_a_good_signature_over_anything_is_refused_and_nothing_else_is_raised(
    bench: SimpleNamespace, header: bytes, payload: bytes
):
    assert refused(bench, by_hand(bench, header, wire.encode(bench.certificate)))
    assert refused(bench, by_hand(bench, None, payload))


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"none","kid":"2026"}',
        b'{"alg":"HS256","kid":"2026"}',
        b'{"alg":"EdDSA","kid":"2026"}',
        b'{"alg":"ed25519","kid":"2026"}',
        b'{"alg":"Ed448","kid":"2026"}',
        b'{"alg":["Ed25519"],"kid":"2026"}',
        b'{"alg":null,"kid":"2026"}',
        b'{"kid":"2026"}',
        b'{"alg":"Ed25519"}',
        b'{"alg":"Ed25519","kid":2026}',
        b'{"alg":"Ed25519","kid":["2026"]}',
        b'{"alg":"Ed25519","kid":"2027"}',
        b'{"alg":"Ed25519","kid":"2026","typ":"JWT"}',
        b'{"alg":"Ed25519","kid":"2026","jwk":{}}',
        b'{"alg":"Ed25519","kid":"2026","jku":"https://elsewhere.example"}',
        b'{"alg":"Ed25519","kid":"2026","b64":false}',
        b'{"alg":"Ed25519","kid":"2026","crit":["b64"],"b64":false}',
        b'{"alg":"Ed25519","kid":"2026","crit":[]}',
        b'["Ed25519"]',
        b"null",
        b"{",
        b"",
        b"[" * 40_000,
    ],
)
def test_a_header_that_is_not_exactly_the_vendors_is_refused(bench: SimpleNamespace, header: bytes):
    assert refused(bench, by_hand(bench, header))


def test_a_token_without_a_signature_is_refused(bench: SimpleNamespace):
    _, payload, _ = bench.proof.split(".")
    head = urlsafe_b64encode(b'{"alg":"none","kid":"2026"}').decode("ascii")
    assert refused(bench, f"{head}.{payload}.".encode("ascii"))
    assert refused(bench, f"{bench.proof.split('.')[0]}.{payload}.".encode("ascii"))


def test_a_public_key_is_never_a_shared_secret(bench: SimpleNamespace):
    header = {"alg": "HS256", "kid": "2026"}
    secret = OctKey.import_key(bench.key.public)
    token = jws.serialize_compact(header, wire.encode(bench.certificate), secret, algorithms=["HS256"])
    assert refused(bench, token.encode("ascii"))


def test_the_algorithms_other_name_is_refused(bench: SimpleNamespace):
    header = b'{"alg":"EdDSA","kid":"2026"}'
    assert refused(bench, by_hand(bench, header)) == "not signed by a trusted key"


def test_another_nonce_is_another_request(bench: SimpleNamespace):
    with pytest.raises(UntrustedReply, match="another request"):
        signing.verify(bench.reply, bench.nonce[:-1] + "0", bench.binding, bench.known)


@pytest.mark.parametrize("nonce", ["", "00112233445566778899AABBCCDDEEFF", " 00112233445566778899aabbccddeeff"])
def test_a_nonce_is_compared_to_the_letter(bench: SimpleNamespace, nonce: str):
    with pytest.raises(UntrustedReply, match="another request"):
        signing.verify(bench.reply, nonce, bench.binding, bench.known)


@pytest.mark.parametrize(
    "binding",
    [
        Binding("NORTHSEA-SQL2", "survey"),
        Binding("NORTHSEA-SQL", "survey2"),
        Binding("localhost", "survey"),
        Binding("survey", "NORTHSEA-SQL"),
    ],
)
def test_another_binding_is_another_database(bench: SimpleNamespace, binding: Binding):
    with pytest.raises(UntrustedReply, match="another database"):
        signing.verify(bench.reply, bench.nonce, binding, bench.known)


def test_a_binding_is_compared_without_case_or_surrounding_space(bench: SimpleNamespace):
    spelled = Binding(" northsea-sql ", "SURVEY")
    assert signing.verify(bench.reply, bench.nonce, spelled, bench.known).value[0] == bench.certificate


def test_a_denial_for_another_request_or_database_is_refused(bench: SimpleNamespace):
    denial = Denial(Reason.REVOKED, bench.binding, bench.nonce, bench.granted)
    for other in (attrs.evolve(denial, nonce="0" * 32), attrs.evolve(denial, binding=Binding("A", "b"))):
        assert refused(bench, signing.sign(other, bench.key).encode("ascii"))


def test_an_unknown_key_id_is_refused(bench: SimpleNamespace):
    token = signing.sign(bench.certificate, SigningKey("2027", bench.key.private))
    assert refused(bench, token.encode("ascii")) == "not signed by a trusted key"


def test_another_key_under_a_trusted_id_is_refused(bench: SimpleNamespace):
    token = signing.sign(bench.certificate, SigningKey("2026", bench.other.private))
    assert refused(bench, token.encode("ascii")) == "not signed by a trusted key"


def test_no_trusted_keys_trust_nothing(bench: SimpleNamespace):
    with pytest.raises(UntrustedReply):
        signing.verify(bench.reply, bench.nonce, bench.binding, bench.trusting())


def test_while_keys_are_rotated_both_are_trusted(bench: SimpleNamespace):
    both = bench.trusting(bench.key.trusted(), bench.other.trusted())
    for key in (bench.key, bench.other):
        reply = signing.sign(bench.certificate, key).encode("ascii")
        assert signing.verify(reply, bench.nonce, bench.binding, both).value[0] == bench.certificate


def test_of_two_trusted_keys_neither_speaks_under_the_others_id(bench: SimpleNamespace):
    both = bench.trusting(bench.key.trusted(), bench.other.trusted())
    crossed = signing.sign(bench.certificate, SigningKey("2027", bench.key.private)).encode("ascii")
    with pytest.raises(UntrustedReply):
        signing.verify(crossed, bench.nonce, bench.binding, both)


@pytest.mark.parametrize(("after", "trusted"), [(-1, True), (0, True), (1, False)])
def test_a_retired_key_vouches_up_to_its_last_instant(bench: SimpleNamespace, after: int, trusted: bool):
    retired = bench.trusting(bench.key.trusted(retired=bench.granted - timedelta(seconds=after)))
    if trusted:
        assert signing.verify(bench.reply, bench.nonce, bench.binding, retired).value[0] == bench.certificate
    else:
        with pytest.raises(UntrustedReply, match="retired"):
            signing.verify(bench.reply, bench.nonce, bench.binding, retired)


def test_a_retired_key_denies_nothing_afterwards(bench: SimpleNamespace):
    denial = Denial(Reason.REVOKED, bench.binding, bench.nonce, bench.granted)
    retired = bench.trusting(bench.key.trusted(retired=bench.granted - timedelta(seconds=1)))
    with pytest.raises(UntrustedReply, match="retired"):
        signing.verify(signing.sign(denial, bench.key).encode("ascii"), bench.nonce, bench.binding, retired)


def test_what_was_verified_before_a_key_was_retired_is_looked_at_again(bench: SimpleNamespace):
    assert verified(bench, bench.reply) == bench.certificate
    retired = bench.trusting(bench.key.trusted(retired=bench.granted - timedelta(days=1)))
    with pytest.raises(UntrustedReply, match="retired"):
        signing.verify(bench.reply, bench.nonce, bench.binding, retired)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"seats":5', b'"seats":true'),
        (b'"seats":5', b'"seats":2.9'),
        (b'"seats":5', b'"seats":NaN'),
        (b'"seats":5', b'"seats":5,"more":1'),
        (b'"format":1', b'"format":2'),
        (b'"format":1', b'"format":Infinity'),
        (b"+00:00", b""),
        (b'"certificate"', b'"request"'),
    ],
)
def test_a_good_signature_over_another_form_is_refused(bench: SimpleNamespace, old: bytes, new: bytes):
    payload = wire.encode(bench.certificate)
    assert payload.count(old) == 1
    assert refused(bench, by_hand(bench, None, payload.replace(old, new)))


def test_a_signed_request_neither_grants_nor_denies(bench: SimpleNamespace):
    pending = bench.pending
    request = Request(Ask.CONFIRM, pending.key, pending.binding, pending.version, pending.nonce)
    assert refused(bench, by_hand(bench, None, wire.encode(request)))


def test_more_than_64_kib_is_refused_before_it_is_parsed(bench: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    opened = []
    monkeypatch.setattr(signing, "_opened", opened.append)
    assert refused(bench, b"a.b." + b"c" * (MAX_BYTES - 3)) == "more than 64 KiB"
    assert opened == []


@pytest.mark.parametrize("reply", [b"", b".", b"...", b"a.b", b"<html>", b"\0", b"." * 60_000])
def test_what_is_no_token_is_not_understood(bench: SimpleNamespace, reply: bytes):
    assert refused(bench, reply) == "not understood"


@pytest.mark.parametrize("reply", [b"..", "ä.b.c".encode(), b"a.b.c", b"eyJhbGciOiJub25lIn0.e30."])
def test_what_no_trusted_key_heads_is_not_signed_by_one(bench: SimpleNamespace, reply: bytes):
    assert refused(bench, reply) == "not signed by a trusted key"


def test_a_stored_certificate_is_verified_without_a_request(bench: SimpleNamespace):
    assert signing.verify_stored(bench.proof, bench.keys).value == bench.certificate


def test_a_denial_is_no_stored_certificate(bench: SimpleNamespace):
    denial = Denial(Reason.REVOKED, bench.binding, bench.nonce, bench.granted)
    with pytest.raises(UntrustedReply, match="not a certificate"):
        signing.verify_stored(signing.sign(denial, bench.key), bench.keys)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_content_of_a_reply_travels_on_an_error(bench: SimpleNamespace, part: int):
    parts = bench.proof.split(".")
    parts[part] = urlsafe_b64encode(json.dumps({"alg": "SECRET-ALG", "kid": "SECRET-KID"}).encode()).decode()
    said = refused(bench, ".".join(parts).encode("ascii"))
    assert "SECRET" not in said
    assert parts[part] not in said


def test_the_terms_of_a_reply_for_another_database_do_not_travel_on_the_error(bench: SimpleNamespace):
    other = bench.grant(binding=Binding("SECRET-SERVER", "secret"))
    assert "SECRET" not in refused(bench, signing.sign(other, bench.key).encode("ascii"))


def test_a_signature_is_64_bytes(bench: SimpleNamespace):
    assert len(urlsafe_b64decode(bench.proof.rsplit(".", 1)[1].encode("ascii"))) == 64


def test_a_signature_with_padding_is_another_spelling(bench: SimpleNamespace):
    assert refused(bench, bench.reply + b"==") == "not signed by a trusted key"
