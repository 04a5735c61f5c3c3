"""The vendor's keys: one that signs, a set that clients trust, and the key that seals.

Keys have an id and can be rotated: a client trusts a set of them. One that is retired still vouches for what it
signed before it was.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64encode


def _jwk(public: bytes, private: bytes | None = None) -> Any:
    fields: dict[str, str | list[str]] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": urlsafe_b64encode(public).decode("ascii"),
    }
    if private is not None:
        fields["d"] = urlsafe_b64encode(private).decode("ascii")
    return OKPKey.import_key(fields)


@attrs.frozen
class TrustedKey:
    """A public key that a client trusts; nothing granted after `retired` (UTC) counts."""

    id: str
    public: bytes
    retired: datetime | None = None

    def __attrs_post_init__(self) -> None:
        Ed25519PublicKey.from_public_bytes(self.public)


@attrs.frozen(slots=False)
class SigningKey:
    """The vendor's private key; `private` are its 32 bytes."""

    id: str
    private: bytes = attrs.field(repr=False)

    @cached_property
    def jwk(self) -> Any:
        """The key as joserfc signs with it."""
        return _jwk(self.public, self.private)

    @cached_property
    def public(self) -> bytes:
        """The 32 bytes of its public half."""
        key = Ed25519PrivateKey.from_private_bytes(self.private)
        return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def trusted(self, retired: datetime | None = None) -> TrustedKey:
        """The public half, as clients trust it."""
        return TrustedKey(self.id, self.public, retired)

    @classmethod
    def generate(cls, key_id: str) -> "SigningKey":
        """A new key from the system's own chance."""
        key = Ed25519PrivateKey.generate()
        return cls(key_id, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))


@attrs.frozen(slots=False)
class KeySet:
    """The keys that a client trusts, by id."""

    keys: tuple[TrustedKey, ...]

    @cached_property
    def _jwks(self) -> dict[str, tuple[TrustedKey, Any]]:
        return {key.id: (key, _jwk(key.public)) for key in self.keys}

    def find(self, key_id: object) -> tuple[TrustedKey, Any] | None:
        """The trusted key of that id, and its form for joserfc; None where it is not trusted."""
        return self._jwks.get(key_id) if isinstance(key_id, str) else None


@attrs.frozen
class Bundle:
    """What the vendor ships with the application."""

    product: str
    address: str
    keys: KeySet
    sealing_key: bytes = attrs.field(repr=False)
