"""The vendor's keys: one that signs, a set that clients trust, and the key that seals.

Keys have an id and can be rotated: a client trusts a set of them. One that is retired still vouches for what it
signed before it was.
"""

import json
from datetime import datetime
from functools import cached_property

import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from nexuslic.trust import base64url

ALGORITHM = "Ed25519"
"""The one algorithm of everything that the vendor signs (RFC 9864)."""


def header(key_id: str) -> bytes:
    """The protected header of everything that the vendor signs with that key, as it stands in a compact JWS."""
    return base64url.encode(json.dumps({"alg": ALGORITHM, "kid": key_id}, separators=(",", ":")).encode("ascii"))


@attrs.frozen(slots=False)
class TrustedKey:
    """A public key (32 bytes) that a client trusts; nothing granted after `retired` (UTC) counts."""

    id: str
    public: bytes
    retired: datetime | None = None

    def __attrs_post_init__(self) -> None:
        Ed25519PublicKey.from_public_bytes(self.public)

    @cached_property
    def verifier(self) -> Ed25519PublicKey:
        """The key as `cryptography` verifies with it."""
        return Ed25519PublicKey.from_public_bytes(self.public)


@attrs.frozen(slots=False)
class SigningKey:
    """The vendor's private key; `private` are its 32 bytes: of the chance port, for a new one."""

    id: str
    private: bytes = attrs.field(repr=False)

    @cached_property
    def signer(self) -> Ed25519PrivateKey:
        """The key as `cryptography` signs with it."""
        return Ed25519PrivateKey.from_private_bytes(self.private)

    @cached_property
    def public(self) -> bytes:
        """The 32 bytes of its public half."""
        return self.signer.public_key().public_bytes_raw()

    def trusted(self, retired: datetime | None = None) -> TrustedKey:
        """The public half, as clients trust it."""
        return TrustedKey(self.id, self.public, retired)


@attrs.frozen(slots=False, cache_hash=True)
class KeySet:
    """The keys that a client trusts, by id."""

    keys: tuple[TrustedKey, ...]

    @cached_property
    def _by_header(self) -> dict[bytes, TrustedKey]:
        return {header(key.id): key for key in self.keys}

    def find(self, head: bytes) -> TrustedKey | None:
        """The trusted key whose header this is, exactly; None where there is none."""
        return self._by_header.get(head)


@attrs.frozen
class Bundle:
    """What the vendor ships with the application."""

    product: str
    address: str
    keys: KeySet
    sealing_key: bytes = attrs.field(repr=False)
