"""Signatures: compact JWS, algorithm Ed25519 (RFC 9864) and no other, with the id of the vendor's key.

`verify` answers for a reply: signed by a trusted key, over this request's nonce, for this binding. `verify_stored`
answers for a certificate that a record holds: signed by a trusted key. The algorithm is never read from the token.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from nexuslic.errors import UntrustedReply
from nexuslic.rules.binding import Binding, same
from nexuslic.rules.license import Certificate
from nexuslic.trust import wire
from nexuslic.trust.keys import KeySet, SigningKey
from nexuslic.trust.trusted import Trusted, vouch
from nexuslic.trust.wire import Denial

ALGORITHM = "Ed25519"
_REGISTRY = JWSRegistry(algorithms=[ALGORITHM])


def header(key_id: str) -> dict[str, str]:
    """The protected header of everything that the vendor signs."""
    return {"alg": ALGORITHM, "kid": key_id}


def sign(value: Certificate | Denial, key: SigningKey) -> str:
    """A grant or a denial as a compact JWS."""
    return jws.serialize_compact(header(key.id), wire.encode(value), key.jwk, registry=_REGISTRY)


def verify(reply: bytes, nonce: str, binding: Binding, keys: KeySet) -> Trusted[tuple[Certificate | Denial, str]]:
    """The grant or denial in `reply` with its signed form. Raises UntrustedReply for anything else."""
    if len(reply) > wire.MAX_BYTES:
        raise UntrustedReply("more than 64 KiB")
    try:
        token = reply.decode("ascii")
    except UnicodeDecodeError as error:
        raise UntrustedReply("not understood") from error
    value = _opened(token, keys)
    if value.nonce != nonce:
        raise UntrustedReply("it answers another request")
    if not same(value.binding, binding):
        raise UntrustedReply("it answers for another database")
    return vouch((value, token))


def verify_stored(token: str, keys: KeySet) -> Trusted[Certificate]:
    """The certificate that a record holds. Raises UntrustedReply."""
    value = _opened(token, keys)
    if not isinstance(value, Certificate):
        raise UntrustedReply("not a certificate")
    return vouch(value)


@lru_cache(maxsize=1024)
def _opened(token: str, keys: KeySet) -> Certificate | Denial:
    """The signed value. The same bytes under the same keys are verified once in a process."""
    found = keys.find(_key_id(token))
    if found is None:
        raise UntrustedReply("not signed by a trusted key")
    trusted, jwk = found
    try:
        signed = jws.deserialize_compact(token, jwk, registry=_REGISTRY)
    except (JoseError, ValueError) as error:
        raise UntrustedReply("not signed by a trusted key") from error
    if signed.headers() != header(trusted.id):
        raise UntrustedReply("not understood")
    value: Certificate | Denial
    if wire.name_of(signed.payload) == "certificate":
        value = wire.decode(signed.payload, Certificate)
    else:
        value = wire.decode(signed.payload, Denial)
    if trusted.retired is not None and _at(value) > trusted.retired:
        raise UntrustedReply("signed by a key that is retired")
    return value


def _at(value: Certificate | Denial) -> datetime:
    return value.granted_at if isinstance(value, Certificate) else value.denied_at


def _key_id(token: str) -> Any:
    if token.count(".") != 2:
        raise UntrustedReply("not understood")
    try:
        return jws.extract_compact(token.encode("ascii")).headers().get("kid")
    except (JoseError, ValueError, AttributeError) as error:
        raise UntrustedReply("not understood") from error
