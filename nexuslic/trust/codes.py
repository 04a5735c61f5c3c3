"""Request and renewal codes: a contact with the license server, read over the radio.

The client shows a request code; support answers it. The answer is the signature of a certificate that the client
rebuilds: it knows the key, binding, nonce and (from the record) the terms, so the code carries the 64 bytes of the
signature, the server's time, the carried extension, and the terms only where they differ from what the client has.
Letters are Crockford's base 32 (no I, L, O, U); each group of 15 ends in a check of its own, which also knows its
place, so that a mistyped or exchanged group is named (rules: Support at a distance).
"""

import hashlib
import json
import re
import struct
from datetime import UTC, datetime, timedelta

import attrs

from nexuslic.errors import CodeRefused, InputError, NexuslicError, UntrustedReply
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.trust import base64url, signing
from nexuslic.trust.keys import KnownKeys
from nexuslic.trust.trusted import Trusted
from nexuslic.trust.wire import Denial, Pending

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 15
_LOOKALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_SIGNATURE = 64
_NO_TERMS = b"\0" * 4
_ODD = (struct.error, ValueError, TypeError, AttributeError, OverflowError, RecursionError, NexuslicError)
"""What anything but a code may raise while it is read."""


@attrs.frozen
class CodeRequest:
    """What a request code tells support: the pending request, and which terms the client has (4 bytes)."""

    pending: Pending
    terms: bytes


def terms_digest(terms: License | None) -> bytes:
    """4 bytes that stand for the terms a client knows; zeros where it knows none."""
    return _NO_TERMS if terms is None else hashlib.sha256(_terms(terms)).digest()[:4]


def write_request(pending: Pending, terms: License | None) -> str:
    """The request code of a pending request."""
    body = [pending.key.digits, pending.binding.server, pending.binding.database, pending.binding.identity]
    text = json.dumps([*body, str(pending.version)], separators=(",", ":"), ensure_ascii=False)
    return _grouped(bytes.fromhex(pending.nonce) + terms_digest(terms) + text.encode("utf-8"))


def read_request(code: str) -> CodeRequest:
    """What a request code asks. Raises CodeRefused, which names the group that is mistyped."""
    data = _ungrouped(code)
    try:
        key, server, database, identity, version = _texts(json.loads(data[20:].decode("utf-8")))
        pending = Pending(LicenseKey(key), Binding(server, database, identity), Version.parse(version), data[:16].hex())
    except _ODD as error:
        raise CodeRefused("this is no request code: ask for it to be read once more") from error
    return CodeRequest(pending, data[16:20])


def _texts(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError("expected texts")
    return values


def write_answer(certificate: Certificate, token: str, request: CodeRequest) -> str:
    """The renewal code that carries a signed certificate to the client that asked for it.

    Raises InputError where the grant is from before 2020 or after 2155, or carries more than 65,535 extra days.
    """
    signature = base64url.decode(token.rsplit(".", 1)[1].encode("ascii"))
    seconds = int((certificate.granted_at - _EPOCH).total_seconds())
    if not 0 <= seconds < 2**32 or not 0 <= certificate.extra_days < 2**16:
        raise InputError("this grant cannot be written as a code: its time or its extension is out of bounds")
    known = terms_digest(certificate.license) == request.terms
    flags = (0 if known else 1) | (2 if certificate.extra_days else 0)
    data = signature + struct.pack(">I", seconds)
    if flags:
        data += bytes([flags])
    if certificate.extra_days:
        data += struct.pack(">H", certificate.extra_days)
    return _grouped(data if known else data + _terms(certificate.license))


def read_answer(
    code: str, pending: Pending, terms: License | None, known: KnownKeys
) -> Trusted[tuple[Certificate | Denial, str]]:
    """The grant that a renewal code carries. Raises CodeRefused where it does not answer `pending`."""
    data = _ungrouped(code)
    certificate = _rebuilt(data, pending, terms)
    for key in known.keys.keys:
        token = signing.signed_part(certificate, key.id) + b"." + base64url.encode(data[:_SIGNATURE])
        try:
            return signing.verify(token, pending.nonce, pending.binding, known)
        except UntrustedReply:
            continue
    raise CodeRefused("this code answers another request: it was used, is older, or is for another database")


def _rebuilt(data: bytes, pending: Pending, terms: License | None) -> Certificate:
    try:
        (seconds,) = struct.unpack_from(">I", data, _SIGNATURE)
        at = _SIGNATURE + 4
        flags = data[at] if len(data) > at else 0
        at += 1
        extra = struct.unpack_from(">H", data, at)[0] if flags & 2 else 0
        at += 2 if flags & 2 else 0
        granted = _terms_from(data[at:]) if flags & 1 else terms
        if flags > 3 or (not flags & 1 and len(data) > max(at, _SIGNATURE + 5)):
            raise ValueError("more than a code carries")
        at_time = _EPOCH + timedelta(seconds=seconds)
    except _ODD as error:
        raise CodeRefused("this is no renewal code") from error
    if granted is None:
        raise CodeRefused("this code answers another request: it expects a license that is not here")
    return Certificate(pending.key, granted, pending.binding, at_time, pending.nonce, extra)


def _terms(terms: License) -> bytes:
    ends = "" if terms.ends is None else terms.ends.isoformat()
    fields = [terms.organisation, terms.type.value, terms.seats, terms.grace_days, str(terms.minimum_version), ends]
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _terms_from(data: bytes) -> License:
    organisation, kind, seats, days, version, ends = json.loads(data.decode("utf-8"))
    if type(seats) is not int or type(days) is not int:
        raise ValueError("expected whole numbers")
    _texts([organisation, kind, version, ends])
    until = datetime.fromisoformat(ends) if ends else None
    return License(organisation, LicenseType(kind), seats, days, Version.parse(version), until)


def _powers() -> list[int]:
    """The powers of x in the field of 32 elements (x^5 + x^2 + 1): 31 different ones."""
    found = [1]
    while len(found) < 31:
        double = found[-1] << 1
        found.append(double ^ 0b100101 if double & 32 else double)
    return found


_EXP = _powers()
_LOG = {power: exponent for exponent, power in enumerate(_EXP)}


def _check(group: str, place: int) -> str:
    """A letter that notices any one wrong letter, any two letters exchanged, and a group in another's place."""
    total = place % 32
    for i, letter in enumerate(group, 1):
        value = ALPHABET.index(letter)
        total ^= _EXP[(_LOG[value] + i) % 31] if value else 0
    return ALPHABET[total]


def _grouped(data: bytes) -> str:
    bits = len(data) * 8
    length = -(-bits // 5)
    number = int.from_bytes(data, "big") << (length * 5 - bits)
    letters = "".join(ALPHABET[(number >> (5 * i)) & 31] for i in reversed(range(length)))
    size = GROUP - 1
    groups = [letters[i : i + size] for i in range(0, length, size)]
    return " ".join(group + _check(group, place) for place, group in enumerate(groups, 1))


def _ungrouped(code: str) -> bytes:
    text = re.sub(r"[\s-]+", "", code).upper().translate(_LOOKALIKE)
    strange = next((letter for letter in text if letter not in ALPHABET), None)
    if strange is not None or not text:
        raise CodeRefused(f"a code has letters and digits only, not {strange!r}" if text else "the code is empty")
    letters = ""
    for place, start in enumerate(range(0, len(text), GROUP), 1):
        group = text[start : start + GROUP]
        if len(group) < 2 or _check(group[:-1], place) != group[-1]:
            raise CodeRefused(f"group {place} of the code is mistyped: {group}")
        letters += group[:-1]
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    length = len(letters) * 5 // 8
    return (number >> (len(letters) * 5 - length * 8)).to_bytes(length, "big")
