"""Damage to a sealed record, and a look inside for the story's `binding`."""

import attrs

from nexuslic.errors import Damaged
from nexuslic.rules.record import Record
from nexuslic.simulation.vendor import bundle, signing_key
from nexuslic.trust import announcing, sealing
from nexuslic.trust.signing import sign


def damaged(blob: bytes, how: str) -> bytes:
    """The record with one bit flipped, cut off, or sealed anew around a grant that the vendor never signed."""
    if how == "truncated":
        return blob[: len(blob) // 2]
    if how == "forged":
        return _forged(blob)
    place = len(blob) // 2
    return blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]


def _forged(blob: bytes) -> bytes:
    record = _opened(blob)
    if record is None:
        return blob
    terms = attrs.evolve(record.certificate.license, grace_days=36500)
    certificate = attrs.evolve(record.certificate, license=terms)
    proof = sign(certificate, attrs.evolve(signing_key("somebody"), id="vendor-1"))
    forged = attrs.evolve(record, certificate=certificate, proof=proof)
    return sealing.seal(forged, announcing.known_by(bundle().known, record.proof), bytes(sealing.IV_BYTES))


def _opened(blob: bytes) -> Record | None:
    try:
        return sealing.unseal_record(blob, bundle().known).value
    except Damaged:
        return None


def recorded_binding(blob: bytes | None) -> str | None:
    """SERVER/DATABASE as the record holds it."""
    record = None if blob is None else _opened(blob)
    return None if record is None else str(record.certificate.binding)
