"""Seals: compact JWE, `dir` + `A256GCM`, for what a customer's database and a workstation keep.

The container is written and read here on `cryptography` directly, with one fixed header; tests let another JOSE
implementation read and write it. Unsealing a record also verifies the
signature of the certificate that it holds: whoever has the sealing key can forge a ledger, but never a grant.
"""

from functools import lru_cache
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nexuslic.errors import Damaged, UntrustedReply
from nexuslic.rules.license_time import Mark
from nexuslic.rules.record import Record
from nexuslic.trust import base64url, wire
from nexuslic.trust.keys import KeySet
from nexuslic.trust.signing import verify_stored
from nexuslic.trust.trusted import Trusted, vouch
from nexuslic.trust.wire import Pending, SealedRecord

T = TypeVar("T")

_HEADER = base64url.encode(b'{"alg":"dir","enc":"A256GCM"}')
_TAG = 16
IV_BYTES = 12


_cipher = lru_cache(maxsize=16)(AESGCM)


def seal(value: Record | Mark | Pending, key: bytes, iv: bytes) -> bytes:
    """`value` sealed with the 32-byte `key` and 12 fresh random bytes `iv`."""
    inner = SealedRecord.of(value) if isinstance(value, Record) else value
    sealed = _cipher(key).encrypt(iv, wire.encode(inner), _HEADER)
    text, tag = sealed[:-_TAG], sealed[-_TAG:]
    return b"..".join((_HEADER, b".".join((base64url.encode(iv), base64url.encode(text), base64url.encode(tag)))))


def unseal_record(blob: bytes, key: bytes, keys: KeySet) -> Trusted[Record]:
    """The record in `blob`, its certificate verified. Raises Damaged."""
    try:
        record = wire.decode(_open(blob, key), SealedRecord)
        return vouch(record.opened(verify_stored(record.proof, keys).value))
    except UntrustedReply as error:
        raise Damaged("the record cannot be trusted") from error


def unseal_mark(blob: bytes, key: bytes) -> Trusted[Mark]:
    """The mark in `blob`. Raises Damaged."""
    return vouch(_decode(blob, key, Mark))


def unseal_pending(blob: bytes, key: bytes) -> Trusted[Pending]:
    """The pending renewal request in `blob`. Raises Damaged."""
    return vouch(_decode(blob, key, Pending))


def _decode(blob: bytes, key: bytes, kind: type[T]) -> T:
    try:
        return wire.decode(_open(blob, key), kind)
    except UntrustedReply as error:
        raise Damaged("it cannot be trusted") from error


def _open(blob: bytes, key: bytes) -> bytes:
    parts = blob.split(b".") if len(blob) <= 2 * wire.MAX_BYTES else []
    if len(parts) != 5 or parts[0] != _HEADER or parts[1]:
        raise Damaged("it is not sealed")
    try:
        text = base64url.decode(parts[3]) + base64url.decode(parts[4])
        return _cipher(key).decrypt(base64url.decode(parts[2]), text, _HEADER)
    except (ValueError, InvalidTag) as error:
        raise Damaged("its seal is broken") from error
