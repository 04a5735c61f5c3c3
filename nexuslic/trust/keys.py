"""The vendor's keys: those that sign, those that clients trust, and those that seal.

Keys have an id and can be rotated: a client trusts a set of them. One that is retired still vouches for what it
signed before it was. What is sealed is sealed with the newest sealing key that is known, and opened with any.
"""

import json
from datetime import datetime
from functools import cached_property, lru_cache

import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from nexuslic.trust import base64url

ALGORITHM = "Ed25519"
"""The one algorithm of everything that the vendor signs (RFC 9864)."""
SEALING_KEY_BYTES = 32
SEPARATOR = "~"
"""What stands between announcements and what comes after them; no letter of base64url."""


@lru_cache(maxsize=256)
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
class SealingKey:
    """A key that seals records, marks and requests (32 bytes)."""

    id: str
    key: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        if len(self.key) != SEALING_KEY_BYTES:
            raise ValueError(f"a sealing key has {SEALING_KEY_BYTES} bytes")


@attrs.frozen(slots=False, cache_hash=True)
class KnownKeys:
    """What a client knows of the vendor's keys: what it was shipped with, and what it was told since.

    `sealing` is oldest first. `announcements` are carried on to whoever knows less, in order; `number` is that of the
    last one that is known (0: none), carried on or not.
    """

    keys: KeySet
    sealing: tuple[SealingKey, ...]
    announcements: tuple[str, ...] = ()
    number: int = 0

    @cached_property
    def newest(self) -> SealingKey:
        """The key that seals from now on."""
        return self.sealing[-1]

    @cached_property
    def prefix(self) -> str:
        """What stands before a token or a container; "" where there is nothing to announce."""
        return "".join(f"{one}{SEPARATOR}" for one in self.announcements)


@attrs.frozen(slots=False)
class Bundle:
    """What the vendor ships with the application.

    `sealing_keys` are oldest first: the last one seals. `authority` is the PEM of the certificate authority that alone
    vouches for the license server ("": whom the operating system trusts). The keys hold what was announced up to
    `number`; `announcements` are those that older applications may still need.
    """

    product: str
    address: str
    keys: KeySet
    sealing_keys: tuple[SealingKey, ...]
    authority: str = ""
    announcements: tuple[str, ...] = ()
    number: int = 0

    @cached_property
    def known(self) -> KnownKeys:
        """What a client knows that was told nothing since."""
        return KnownKeys(self.keys, self.sealing_keys, self.announcements, self.number)
