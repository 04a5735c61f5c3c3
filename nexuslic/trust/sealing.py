"""Seals: what a customer's database and a workstation keep, as `announcements~JWE`, or a bare JWE without any.

The announcements tell a workstation that knows less which key it is sealed with. Unsealing a record also verifies the
signature of the certificate that it holds: whoever has the sealing key can forge a ledger, but never a grant.
"""

from typing import TypeVar

from nexuslic.errors import Damaged, UntrustedReply
from nexuslic.rules.license_time import Mark
from nexuslic.rules.record import Record
from nexuslic.trust import announcing, jwe, wire
from nexuslic.trust.jwe import IV_BYTES
from nexuslic.trust.keys import KnownKeys, SealingKey
from nexuslic.trust.signing import verify_stored
from nexuslic.trust.trusted import Trusted, vouch
from nexuslic.trust.wire import Pending, SealedRecord

__all__ = ["IV_BYTES", "seal", "unseal_mark", "unseal_pending", "unseal_record"]

T = TypeVar("T")


def seal(value: Record | Mark | Pending, known: KnownKeys, iv: bytes) -> bytes:
    """`value` sealed with the newest key that is known and 12 fresh random bytes `iv`, behind what is announced."""
    inner = SealedRecord.of(value) if isinstance(value, Record) else value
    container = jwe.write(wire.encode(inner), known.newest.key, iv)
    return known.prefix.encode("ascii") + container if known.announcements else container


def unseal_record(blob: bytes, known: KnownKeys) -> Trusted[Record]:
    """The record in `blob`, its certificate verified; its proof carries what is announced. Raises Damaged."""
    try:
        known, container = announcing.told(known, blob)
        record = wire.decode(_open(container, known.sealing), SealedRecord)
        return vouch(record.opened(verify_stored(record.proof, known.keys).value, known.prefix))
    except UntrustedReply as error:
        raise Damaged("the record cannot be trusted") from error


def unseal_mark(blob: bytes, known: KnownKeys) -> Trusted[Mark]:
    """The mark in `blob`. Raises Damaged."""
    return vouch(_decode(blob, known, Mark))


def unseal_pending(blob: bytes, known: KnownKeys) -> Trusted[Pending]:
    """The pending renewal request in `blob`. Raises Damaged."""
    return vouch(_decode(blob, known, Pending))


def _decode(blob: bytes, known: KnownKeys, kind: type[T]) -> T:
    try:
        known, container = announcing.told(known, blob)
        return wire.decode(_open(container, known.sealing), kind)
    except UntrustedReply as error:
        raise Damaged("it cannot be trusted") from error


def _open(container: bytes, keys: tuple[SealingKey, ...]) -> bytes:
    """What is sealed with any of these keys, tried newest first."""
    try:
        return jwe.read(container, keys[-1].key)
    except Damaged:
        if len(keys) == 1:
            raise
        return _open(container, keys[:-1])
