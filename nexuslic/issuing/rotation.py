"""The vendor's private keyring, and how its keys rotate. Pure: a value in, the next value out.

A new key is announced in every reply from then on; an old signing key is retired later, by a second announcement.
Announcements are numbered and each is signed with the oldest signing key that is not retired, so that a client that
knows any of them understands the next. Only what changes is announced. Clients keep their place in this chain: keep
every keyring that has signed anything, because one that is older and rotates anew makes a second chain.
"""

from datetime import datetime

import attrs

from nexuslic.errors import InputError, UntrustedReply
from nexuslic.issuing.signatory import Signatory
from nexuslic.ports import Chance
from nexuslic.trust import announcing, jwe, wire
from nexuslic.trust.keys import SEALING_KEY_BYTES, Bundle, KeySet, SealingKey, SigningKey, TrustedKey
from nexuslic.trust.wire import Announcement, WrappedKey

_SIGNING_KEY_BYTES = 32


@attrs.frozen
class HeldKey:
    """A signing key with its private half (32 bytes), and since when (UTC) it is retired."""

    id: str
    private: bytes = attrs.field(repr=False)
    retired: datetime | None = None

    @property
    def signing(self) -> SigningKey:
        """The key that signs."""
        return SigningKey(self.id, self.private)

    @property
    def trusted(self) -> TrustedKey:
        """The key that clients trust."""
        return self.signing.trusted(self.retired)


@attrs.frozen
class Keyring:
    """All keys of a vendor, oldest first, and what is announced of them.

    `number` is that of the last announcement ever made; `announced_at` (UTC) its time.
    """

    signing_keys: tuple[HeldKey, ...]
    sealing_keys: tuple[SealingKey, ...]
    announcements: tuple[str, ...] = ()
    number: int = 0
    announced_at: datetime | None = None

    @property
    def active(self) -> tuple[HeldKey, ...]:
        """The signing keys that are not retired, oldest first."""
        return tuple(key for key in self.signing_keys if key.retired is None)


def begin(chance: Chance) -> Keyring:
    """The keyring of a new vendor: one key that signs, one that seals."""
    return Keyring((_new_signing(chance),), (_new_sealing(chance),))


def rotate_signing(keyring: Keyring, chance: Chance, now: datetime) -> Keyring:
    """With a new signing key, announced; the older ones stay trusted until they are retired.

    Raises InputError where too much is announced already.
    """
    new = _new_signing(chance)
    grown = attrs.evolve(keyring, signing_keys=(*keyring.signing_keys, new))
    return _announced(grown, _time(keyring, now), (new.trusted,), ())


def retire_signing(keyring: Keyring, key_id: str, now: datetime) -> Keyring:
    """Without a signing key from now on: what it signs for later times is refused by whoever knows.

    Raises InputError where there is no such key, where it is retired already, and where it is the last one.
    """
    held = next((key for key in keyring.signing_keys if key.id == key_id), None)
    if held is None:
        raise InputError(f"there is no signing key {key_id!r}: name one of {', '.join(_ids(keyring))}")
    if held.retired is not None:
        raise InputError(
            f"the signing key {key_id!r} is retired since {held.retired.isoformat()}: nothing is left to do"
        )
    if len(keyring.active) == 1:
        raise InputError(f"{key_id!r} is the last signing key that is not retired: rotate first, retire later")
    at = _time(keyring, now)
    retired = attrs.evolve(held, retired=at)
    keys = tuple(retired if key is held else key for key in keyring.signing_keys)
    return _announced(attrs.evolve(keyring, signing_keys=keys), at, (retired.trusted,), ())


def rotate_sealing(keyring: Keyring, chance: Chance, now: datetime, *, announced: bool = True) -> Keyring:
    """With a new sealing key, announced under the newest older one.

    Not `announced`: it ships in new bundles only. Then whoever took an older key out of an application gains nothing,
    and older applications find damaged what it seals. Raises InputError where too much is announced already.
    """
    new, under = _new_sealing(chance), keyring.sealing_keys[-1]
    grown = attrs.evolve(keyring, sealing_keys=(*keyring.sealing_keys, new))
    if not announced:
        return grown
    wrapped = announcing.wrap(new, under, chance.take(jwe.IV_BYTES))
    return _announced(grown, _time(keyring, now), (), (wrapped,))


def forget(keyring: Keyring, number: int) -> Keyring:
    """Announce no longer what the oldest bundle in use knows, whose `number` that is.

    An application whose bundle is older, and whose database was not told meanwhile, needs a newer one from then on.
    """
    still_needed = max(0, keyring.number - number)
    before = max(0, len(keyring.announcements) - still_needed)
    return attrs.evolve(keyring, announcements=keyring.announcements[before:])


def signatory(keyring: Keyring) -> Signatory:
    """What the license server signs with now."""
    active = keyring.active
    return Signatory(active[-1].signing, active[0].signing, keyring.announcements)


def bundle(keyring: Keyring, product: str, address: str, authority: str = "") -> Bundle:
    """What the next version of the application ships with; `authority` as in Bundle."""
    keys = KeySet(tuple(key.trusted for key in keyring.signing_keys))
    return Bundle(product, address, keys, keyring.sealing_keys, authority, keyring.announcements, keyring.number)


def write(keyring: Keyring) -> bytes:
    """The keyring as a file. It holds everything that makes a vendor a vendor: encrypt it."""
    return wire.encode(keyring)


def read(data: bytes) -> Keyring:
    """The keyring in a file. Raises InputError where it is anything but exactly what `write` writes."""
    try:
        keyring = wire.decode(data, Keyring)
        for key in keyring.signing_keys:
            _ = key.trusted
    except (UntrustedReply, ValueError) as error:
        raise InputError(
            f"this is no keyring of a license server in format {wire.FORMAT}: restore its backup"
        ) from error
    if not keyring.active or not keyring.sealing_keys or write(keyring) != data:
        raise InputError("this keyring lacks a key that signs or one that seals, or was edited: restore its backup")
    return keyring


def _announced(
    keyring: Keyring, at: datetime, signing: tuple[TrustedKey, ...], sealing: tuple[WrappedKey, ...]
) -> Keyring:
    if len(keyring.announcements) >= announcing.MOST:
        raise InputError(
            f"{announcing.MOST} announcements are made already, and no more can be: "
            "ship a new bundle to everybody, then forget the announcements that it knows"
        )
    number = keyring.number + 1
    said = announcing.announce(Announcement(number, at, signing, sealing), keyring.active[0].signing)
    return attrs.evolve(keyring, announcements=(*keyring.announcements, said), number=number, announced_at=at)


def _time(keyring: Keyring, now: datetime) -> datetime:
    """The time of the next announcement, in whole seconds: never before the last one."""
    now = now.replace(microsecond=0)
    return now if keyring.announced_at is None else max(now, keyring.announced_at)


def _new_signing(chance: Chance) -> HeldKey:
    return HeldKey(f"signing-{chance.take(4).hex()}", chance.take(_SIGNING_KEY_BYTES))


def _new_sealing(chance: Chance) -> SealingKey:
    return SealingKey(f"sealing-{chance.take(4).hex()}", chance.take(SEALING_KEY_BYTES))


def _ids(keyring: Keyring) -> list[str]:
    return [key.id for key in keyring.signing_keys]
