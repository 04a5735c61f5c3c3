"""One vendor, one customer, one grant: what the tests of trust sign, seal and tamper with."""

from datetime import UTC, datetime
from types import SimpleNamespace

import attrs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.util import urlsafe_b64encode

from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.license_time import Ledger, Mark
from nexuslic.rules.record import Record
from nexuslic.rules.words import LicenseType, State
from nexuslic.trust import signing
from nexuslic.trust.keys import KeySet, KnownKeys, SealingKey, SigningKey, TrustedKey
from nexuslic.trust.wire import Pending

GRANTED = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
NONCE = "00112233445566778899aabbccddeeff"
HEADER = b'{"alg":"Ed25519","kid":"2026"}'
SEALING_KEY = SealingKey("sealing-1", bytes(range(100, 132)))
TERMS = License("Northsea Survey", LicenseType.CONCURRENT, 5, 30, Version((6, 2)), None)


def signed_by_hand(key: SigningKey, header: bytes, payload: bytes) -> bytes:
    """A compact JWS with a good signature over any header and payload at all."""
    head, body = urlsafe_b64encode(header), urlsafe_b64encode(payload)
    signature = Ed25519PrivateKey.from_private_bytes(key.private).sign(head + b"." + body)
    return b".".join((head, body, urlsafe_b64encode(signature)))


def trusting(*keys: TrustedKey) -> KnownKeys:
    """What a client knows that trusts these keys."""
    return KnownKeys(KeySet(keys), (SEALING_KEY,))


def the_bench() -> SimpleNamespace:
    key = SigningKey("2026", bytes(range(32)))
    license_key = LicenseKey.from_number(123456789012)
    binding = Binding("NORTHSEA-SQL", "survey")
    certificate = Certificate(license_key, TERMS, binding, GRANTED, NONCE, 0)
    proof = signing.sign(certificate, key)
    ledger = Ledger(GRANTED, GRANTED)
    return SimpleNamespace(
        key=key,
        other=SigningKey("2027", bytes(range(1, 33))),
        keys=KeySet((key.trusted(),)),
        known=trusting(key.trusted()),
        trusting=trusting,
        binding=binding,
        terms=TERMS,
        nonce=NONCE,
        granted=GRANTED,
        header=HEADER,
        certificate=certificate,
        proof=proof,
        reply=proof.encode("ascii"),
        pending=Pending(license_key, binding, Version((6, 2)), NONCE),
        record=Record("record-1", certificate, proof, State.AUTHENTICATED, None, ledger, None),
        mark=Mark("record-1", GRANTED, GRANTED, False),
        sealing_key=SEALING_KEY.key,
        iv=bytes(range(12)),
        signed_by_hand=signed_by_hand,
        grant=lambda **changes: attrs.evolve(certificate, **changes),
    )


@pytest.fixture(scope="session")
def bench() -> SimpleNamespace:
    """A signing key, a grant, its record and mark, and everything around them."""
    return the_bench()
