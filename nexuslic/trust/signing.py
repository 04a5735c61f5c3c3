"""Signatures: what the license server grants and denies, as `announcements~JWS`, or a bare JWS without any.

`verify` answers for a reply: signed by a trusted key, over this request's nonce, for this binding. `verify_stored`
answers for a certificate that a record holds: signed by a trusted key.
"""

from datetime import datetime
from functools import lru_cache

from nexuslic.errors import UntrustedReply
from nexuslic.rules.binding import Binding, same
from nexuslic.rules.license import Certificate
from nexuslic.trust import announcing, jws, wire
from nexuslic.trust.keys import KeySet, KnownKeys, SigningKey
from nexuslic.trust.trusted import Trusted, vouch
from nexuslic.trust.wire import Denial


def sign(value: Certificate | Denial, key: SigningKey) -> str:
    """A grant or a denial as a compact JWS."""
    return jws.write(wire.encode(value), key).decode("ascii")


def signed_part(value: Certificate | Denial, key_id: str) -> bytes:
    """What the key of that id signs for `value`: header and payload of the compact JWS."""
    return jws.signed_part(wire.encode(value), key_id)


def verify(reply: bytes, nonce: str, binding: Binding, known: KnownKeys) -> Trusted[tuple[Certificate | Denial, str]]:
    """The grant or denial in `reply`, and its proof: its signed form behind everything that is announced by now.

    Raises UntrustedReply for anything else.
    """
    if len(reply) > wire.MAX_BYTES:
        raise UntrustedReply("more than 64 KiB")
    known, token = announcing.told(known, reply)
    value = _opened(token, known.keys)
    if value.nonce != nonce:
        raise UntrustedReply("it answers another request")
    if not same(value.binding, binding):
        raise UntrustedReply("it answers for another database")
    return vouch((value, known.prefix + token.decode("ascii")))


def verify_stored(token: str, keys: KeySet) -> Trusted[Certificate]:
    """The certificate that a record holds. Raises UntrustedReply."""
    value = _opened(token.encode("utf-8"), keys)
    if not isinstance(value, Certificate):
        raise UntrustedReply("not a certificate")
    return vouch(value)


@lru_cache(maxsize=1024)
def _opened(token: bytes, keys: KeySet) -> Certificate | Denial:
    """The signed value. The same bytes under the same keys are verified once in a process."""
    payload, key = jws.read(token, keys)
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
