"""Codes and containers that nobody means to send: each is refused as what it is."""

import json
import struct
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.util import urlsafe_b64encode as b64

from nexuslic.errors import CodeRefused, NexuslicError, UntrustedReply
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.trust import codes, signing, wire
from nexuslic.trust.keys import KeySet, KnownKeys, SigningKey
from nexuslic.trust.wire import Pending

KEY = SigningKey("2026", bytes(range(32)))
KNOWN = KnownKeys(KeySet((KEY.trusted(),)), ())
BINDING = Binding("A", "b")
TERMS = License("Acme", LicenseType.CONCURRENT, 5, 30, Version((6, 2)), None)
NONCE = "00112233445566778899aabbccddeeff"
CERT = Certificate(LicenseKey.from_number(1), TERMS, BINDING, datetime(2026, 3, 2, tzinfo=UTC), NONCE, 0)
PENDING = Pending(CERT.key, BINDING, Version((6, 2)), NONCE)


@pytest.mark.parametrize(
    "terms",
    [
        b"null",
        b'["a","named",null,3,"6.2",""]',
        b'["a","named",1,3,6,""]',
        b'["a","named",1,3,"x",""]',
        b'["a","named",1,3,"6.2",5]',
        b'["a","named",Infinity,3,"6.2",""]',
        b"[" * 5000,
    ],
)
def test_a_renewal_code_that_cannot_be_accepted_is_code_refused(terms):
    code = codes._grouped(bytes(64) + struct.pack(">I", 5) + b"\1" + terms)
    with pytest.raises(CodeRefused):
        codes.read_answer(code, PENDING, TERMS, KNOWN)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5000,
        b'["1","a","b","","6.2"]',
        b"[null,null,null,null,null]",
        json.dumps([CERT.key.digits, "a", "b", "", "x"]).encode(),
        json.dumps([int(CERT.key.digits), 1, 2, "", 6.2]).encode().replace(b"[", b"[1"),
    ],
)
def test_a_request_code_that_cannot_be_read_is_code_refused(body):
    with pytest.raises(CodeRefused):
        codes.read_request(codes._grouped(bytes(20) + body))


@pytest.mark.parametrize(
    ("old", "new"), [(b'"format":1', b'"format":1,"format":1'), (b'"extra_days":0', b'"extra_days":900,"extra_days":0')]
)
def test_duplicate_keys_are_refused(old, new):
    with pytest.raises(UntrustedReply):
        wire.decode(wire.encode(CERT).replace(old, new), Certificate)


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"none","alg":"Ed25519","kid":"2026"}',
        b'{"kid":"2026","alg":"Ed25519"}',
        '{"alg":"Ed25519","kid":"2026"}'.encode("utf-16"),
    ],
)
def test_only_the_canonical_header_is_read(header):
    body = b64(header) + b"." + b64(wire.encode(CERT))
    token = body + b"." + b64(Ed25519PrivateKey.from_private_bytes(KEY.private).sign(body))
    with pytest.raises(UntrustedReply):
        signing.verify(token, NONCE, BINDING, KNOWN)


def test_nothing_may_follow_a_renewal_code():
    code = codes.write_answer(CERT, signing.sign(CERT, KEY), codes.read_request(codes.write_request(PENDING, TERMS)))
    with pytest.raises(CodeRefused):
        codes.read_answer(codes._grouped(codes._ungrouped(code) + b"\0anything"), PENDING, TERMS, KNOWN)


def test_every_exchange_of_two_neighbours_is_noticed_by_the_group():
    missed = 0
    for day in range(12):
        cert = attrs.evolve(CERT, granted_at=CERT.granted_at + timedelta(days=day))
        code = codes.write_answer(cert, signing.sign(cert, KEY), codes.CodeRequest(PENDING, codes.terms_digest(TERMS)))
        groups = code.split(" ")
        for n, group in enumerate(groups):
            for at in range(len(group) - 1):
                typed = group[:at] + group[at + 1] + group[at] + group[at + 2 :]
                if typed == group:
                    continue
                with pytest.raises(CodeRefused) as caught:
                    codes.read_answer(" ".join([*groups[:n], typed, *groups[n + 1 :]]), PENDING, TERMS, KNOWN)
                missed += not str(caught.value).startswith(f"group {n + 1} ")
    assert missed == 0


@pytest.mark.parametrize("changes", [{"extra_days": 65_536}, {"granted_at": datetime(2019, 12, 31, tzinfo=UTC)}])
def test_a_code_that_cannot_be_written_says_so(changes):
    cert = attrs.evolve(CERT, **changes)
    with pytest.raises(NexuslicError):
        codes.write_answer(cert, "a.b." + "A" * 86, codes.CodeRequest(PENDING, codes.terms_digest(TERMS)))
