"""Signatures: compact JWS, algorithm Ed25519 (RFC 9864) and no other, with the id of the vendor's key.

`verify` answers for a reply: signed by a trusted key, over this request's nonce, for this binding. `verify_stored`
answers for a certificate that a record holds: signed by a trusted key. A token's header is compared with the headers
that trusted keys write, and never read: so no token chooses its own algorithm.
"""

from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature

from nexuslic.errors import UntrustedReply
from nexuslic.rules.binding import Binding, same
from nexuslic.rules.license import Certificate
from nexuslic.trust import base64url, wire
from nexuslic.trust.keys import KeySet, SigningKey, header
from nexuslic.trust.trusted import Trusted, vouch
from nexuslic.trust.wire import Denial


def sign(value: Certificate | Denial, key: SigningKey) -> str:
    """A grant or a denial as a compact JWS."""
    signed = signed_part(value, key.id)
    return b".".join((signed, base64url.encode(key.signer.sign(signed)))).decode("ascii")


def signed_part(value: Certificate | Denial, key_id: str) -> bytes:
    """What the key of that id signs for `value`: header and payload of the compact JWS."""
    return header(key_id) + b"." + base64url.encode(wire.encode(value))


def verify(reply: bytes, nonce: str, binding: Binding, keys: KeySet) -> Trusted[tuple[Certificate | Denial, str]]:
    """The grant or denial in `reply` with its signed form. Raises UntrustedReply for anything else."""
    if len(reply) > wire.MAX_BYTES:
        raise UntrustedReply("more than 64 KiB")
    value = _opened(reply, keys)
    if value.nonce != nonce:
        raise UntrustedReply("it answers another request")
    if not same(value.binding, binding):
        raise UntrustedReply("it answers for another database")
    return vouch((value, reply.decode("ascii")))


def verify_stored(token: str, keys: KeySet) -> Trusted[Certificate]:
    """The certificate that a record holds. Raises UntrustedReply."""
    value = _opened(token.encode("utf-8"), keys)
    if not isinstance(value, Certificate):
        raise UntrustedReply("not a certificate")
    return vouch(value)


@lru_cache(maxsize=1024)
def _opened(token: bytes, keys: KeySet) -> Certificate | Denial:
    """The signed value. The same bytes under the same keys are verified once in a process."""
    parts = token.split(b".")
    if len(parts) != 3:
        raise UntrustedReply("not understood")
    head, body, signature = parts
    key = keys.find(head)
    if key is None:
        raise UntrustedReply("not signed by a trusted key")
    try:
        key.verifier.verify(base64url.decode(signature), head + b"." + body)
        payload = base64url.decode(body)
    except (InvalidSignature, ValueError) as error:
        raise UntrustedReply("not signed by a trusted key") from error
    value = _value(payload)
    if key.retired is not None and _at(value) > key.retired:
        raise UntrustedReply("signed by a key that is retired")
    return value


def _value(payload: bytes) -> Certificate | Denial:
    if wire.name_of(payload) == "certificate":
        return wire.decode(payload, Certificate)
    return wire.decode(payload, Denial)


def _at(value: Certificate | Denial) -> datetime:
    return value.granted_at if isinstance(value, Certificate) else value.denied_at
