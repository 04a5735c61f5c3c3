"""Compact JWS, algorithm Ed25519 (RFC 9864) and no other: the container of everything that the vendor signs.

A token's header is compared with the headers that trusted keys write, and never read: so no token chooses its own
algorithm.
"""

from cryptography.exceptions import InvalidSignature

from nexuslic.errors import UntrustedReply
from nexuslic.trust import base64url
from nexuslic.trust.keys import KeySet, SigningKey, TrustedKey, header


def signed_part(payload: bytes, key_id: str) -> bytes:
    """What the key of that id signs: header and payload of the compact JWS."""
    return header(key_id) + b"." + base64url.encode(payload)


def write(payload: bytes, key: SigningKey) -> bytes:
    """`payload` signed."""
    signed = signed_part(payload, key.id)
    return b".".join((signed, base64url.encode(key.signer.sign(signed))))


def read(token: bytes, keys: KeySet) -> tuple[bytes, TrustedKey]:
    """The payload of `token` and the key that signed it, retired or not. Raises UntrustedReply."""
    parts = token.split(b".")
    if len(parts) != 3:
        raise UntrustedReply("not understood")
    head, body, signature = parts
    key = keys.find(head)
    if key is None:
        raise UntrustedReply("not signed by a trusted key")
    try:
        key.verifier.verify(base64url.decode(signature), head + b"." + body)
        return base64url.decode(body), key
    except (InvalidSignature, ValueError) as error:
        raise UntrustedReply("not signed by a trusted key") from error
