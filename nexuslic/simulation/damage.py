"""Damage to a sealed record, and a look inside for the story's `binding`."""

import attrs

from nexuslic.errors import Damaged
from nexuslic.rules.record import Record
from nexuslic.simulation.tampering import signing_key
from nexuslic.trust import announcing, sealing
from nexuslic.trust.keys import Bundle
from nexuslic.trust.signing import sign


def damaged(blob: bytes, how: str, shipped: Bundle) -> bytes:
    """The record with one bit flipped, cut off, or sealed anew around a grant that the vendor never signed."""
    if how == "truncated":
        return blob[: len(blob) // 2]
    if how == "forged":
        return _forged(blob, shipped)
    if not blob:
        return blob
    place = len(blob) // 2
    return blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]


def _forged(blob: bytes, shipped: Bundle) -> bytes:
    record = opened(blob, shipped)
    if record is None:
        return blob
    terms = attrs.evolve(record.certificate.license, grace_days=36500)
    certificate = attrs.evolve(record.certificate, license=terms)
    proof = sign(certificate, attrs.evolve(signing_key("somebody"), id=shipped.keys.keys[0].id))
    forged = attrs.evolve(record, certificate=certificate, proof=proof)
    return sealing.seal(forged, announcing.known_by(shipped.known, record.proof), bytes(sealing.IV_BYTES))


def opened(blob: bytes | None, shipped: Bundle) -> Record | None:
    """The record that is sealed in `blob`, where it can be trusted."""
    try:
        return None if blob is None else sealing.unseal_record(blob, shipped.known).value
    except Damaged:
        return None


def recorded_binding(blob: bytes | None, shipped: Bundle) -> str | None:
    """SERVER/DATABASE as the record holds it."""
    record = opened(blob, shipped)
    return None if record is None else str(record.certificate.binding)
