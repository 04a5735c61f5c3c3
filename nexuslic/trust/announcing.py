"""How clients learn of new keys: announcements, a numbered chain that stands before what needs them.

`announcement~announcement~token`: each is a compact JWS by a key that was trusted before it. What a client knows grows
by the announcement with the next number and in no other way: one with a known number says nothing new, one with a
higher number leaves a gap, and a key whose retirement is known announces nothing. So whoever shortens, repeats,
reorders or makes up announcements teaches a client nothing. A retirement is never taken back: the earliest counts.
"""

from datetime import datetime
from functools import lru_cache

import attrs

from nexuslic.errors import Damaged, UntrustedReply
from nexuslic.trust import jwe, jws, wire
from nexuslic.trust.keys import SEPARATOR, KeySet, KnownKeys, SealingKey, SigningKey, TrustedKey
from nexuslic.trust.wire import Announcement, WrappedKey

MOST = 32
"""How many announcements may stand before a token, in at most 64 KiB."""
_SEPARATOR = SEPARATOR.encode("ascii")


def announce(announcement: Announcement, key: SigningKey) -> str:
    """An announcement as a compact JWS."""
    return jws.write(wire.encode(announcement), key).decode("ascii")


def wrap(new: SealingKey, under: SealingKey, iv: bytes) -> WrappedKey:
    """A new sealing key for whoever has an older one; `iv` are 12 fresh random bytes."""
    return WrappedKey(new.id, under.id, jwe.write(new.key, under.key, iv).decode("ascii"))


def told(known: KnownKeys, data: bytes) -> tuple[KnownKeys, bytes]:
    """What is known after the announcements before a token or a container, and that. Raises UntrustedReply."""
    announcements, separator, rest = data.rpartition(_SEPARATOR)
    return (learnt(known, announcements) if separator else known), rest


def known_by(known: KnownKeys, proof: str) -> KnownKeys:
    """What is known where `proof` was accepted."""
    announcements, separator, _ = proof.rpartition(SEPARATOR)
    return learnt(known, announcements.encode("ascii")) if separator else known


@lru_cache(maxsize=256)
def learnt(known: KnownKeys, announcements: bytes) -> KnownKeys:
    """What is known after these announcements. Raises UntrustedReply where one of them cannot be trusted.

    The same bytes are verified once in a process.
    """
    tokens = announcements.split(_SEPARATOR) if len(announcements) < wire.MAX_BYTES else []
    if not 0 < len(tokens) <= MOST:
        raise UntrustedReply("too much is announced")
    for token in tokens:
        known = _learnt(known, token)
    if len(known.announcements) > MOST or len(known.prefix) > wire.MAX_BYTES:
        raise UntrustedReply("too much is announced")
    return known


def _learnt(known: KnownKeys, token: bytes) -> KnownKeys:
    payload, signer = jws.read(token, known.keys)
    said = wire.decode(payload, Announcement)
    if said.number <= known.number:
        return known
    if said.number > known.number + 1:
        raise UntrustedReply("an announcement is missing")
    if signer.retired is not None:
        raise UntrustedReply("announced by a key that is retired")
    keys = _signing(known.keys.keys, said.signing_keys)
    carried = (*known.announcements, token.decode("ascii"))
    return KnownKeys(KeySet(keys), _sealing(known.sealing, said.sealing_keys), carried, said.number)


def _signing(known: tuple[TrustedKey, ...], said: tuple[TrustedKey, ...]) -> tuple[TrustedKey, ...]:
    found = {key.id: key for key in known}
    for key in said:
        old = found.get(key.id, key)
        if old.public != key.public:
            raise UntrustedReply("another key is announced under an id that is taken")
        found[key.id] = attrs.evolve(old, retired=_earliest(old.retired, key.retired))
    return tuple(found.values())


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    times = [at for at in (one, other) if at is not None]
    return min(times, default=None)


def _sealing(known: tuple[SealingKey, ...], said: tuple[WrappedKey, ...]) -> tuple[SealingKey, ...]:
    """The sealing keys with those that are wrapped under one of them; a client may know none that opens one."""
    found = {key.id: key for key in known}
    for wrapped in said:
        under = found.get(wrapped.under)
        if under is None or wrapped.id in found:
            continue
        try:
            found[wrapped.id] = SealingKey(wrapped.id, jwe.read(wrapped.sealed.encode("utf-8"), under.key))
        except (Damaged, ValueError) as error:
            raise UntrustedReply("a sealing key that is announced cannot be opened") from error
    return tuple(found.values())
