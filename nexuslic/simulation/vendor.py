"""The license server of a simulated world: the real `issuing/` over a registry in memory."""

from collections.abc import Callable
from functools import cache

import attrs

from nexuslic.issuing import grant, rotation
from nexuslic.issuing.registry import Issued
from nexuslic.issuing.rotation import HeldKey, Keyring
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey
from nexuslic.rules.words import Cause
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.network import MODERN, Tamper, Tls
from nexuslic.simulation.time import MachineClock
from nexuslic.trust import wire
from nexuslic.trust.keys import Bundle, SealingKey, SigningKey
from nexuslic.trust.wire import Denial, Request

SEALING_KEY = SealingKey("sealing-1", bytes(range(32)))
PRODUCT = "nexuslic"
ADDRESS = "https://license.example"
HTML = b"<!doctype html><title>Welcome aboard</title><p>Please accept the terms of this network.</p>"


_NONE: frozenset[Cause] = frozenset()


@cache
def signing_key(name: str) -> SigningKey:
    """The vendor's key of a simulated world; any other name is somebody else's key."""
    return SigningKey(name, name.encode("ascii").ljust(32, b"."))


@cache
def first_keyring() -> Keyring:
    """The keys with which the vendor of a simulated world begins."""
    first = signing_key("vendor-1")
    return Keyring((HeldKey(first.id, first.private),), (SEALING_KEY,))


@cache
def bundle() -> Bundle:
    """What the vendor of a simulated world ships at first."""
    return rotation.bundle(first_keyring(), PRODUCT, ADDRESS)


@cache
def first_signatory() -> Signatory:
    """What the license server of a simulated world signs with at first."""
    return rotation.signatory(first_keyring())


@attrs.define
class MemoryRegistry:
    """The registry port in memory."""

    kept: dict[str, Issued] = attrs.Factory(dict)

    def copy(self) -> "MemoryRegistry":
        """Another registry that holds the same."""
        return MemoryRegistry(dict(self.kept))

    def find(self, key: LicenseKey) -> Issued | None:
        """What is kept of `key`."""
        return self.kept.get(key.digits)

    def add(self, issued: Issued) -> bool:
        """Keep a new key."""
        if issued.key.digits in self.kept:
            return False
        self.kept[issued.key.digits] = issued
        return True

    def change(self, key: LicenseKey, act: Callable[[Issued], Issued]) -> Issued | None:
        """Replace what is kept."""
        issued = self.find(key)
        if issued is not None:
            issued = self.kept[key.digits] = act(issued)
        return issued


@attrs.define
class LicenseServer:
    """A license server: its clock, whether it is running, which TLS it accepts, and what is done to its replies."""

    clock: MachineClock
    registry: MemoryRegistry = attrs.Factory(MemoryRegistry)
    accepts: frozenset[Tls] = MODERN
    running: bool = True
    tampers: list[Tamper] = attrs.Factory(list)
    last_reply: bytes = b""
    keyring: Keyring = attrs.Factory(first_keyring)
    chance: SeededChance = attrs.Factory(lambda: SeededChance(b"vendor"))
    signatory: Signatory = attrs.Factory(first_signatory)

    def rotate_signing(self) -> None:
        """Sign replies with a new key from now on."""
        self._turn(rotation.rotate_signing(self.keyring, self.chance, self.clock.wall))

    def retire_signing(self, key_id: str) -> None:
        """Sign with that key no longer. Raises InputError."""
        self._turn(rotation.retire_signing(self.keyring, key_id, self.clock.wall))

    def rotate_sealing(self, *, announced: bool = True) -> None:
        """Have clients seal with a new key from now on."""
        self._turn(rotation.rotate_sealing(self.keyring, self.chance, self.clock.wall, announced=announced))

    def forget(self, number: int) -> None:
        """Announce no longer what bundles with that `number` know."""
        self._turn(rotation.forget(self.keyring, number))

    def ships(self) -> Bundle:
        """The bundle of an application that is made now."""
        return rotation.bundle(self.keyring, PRODUCT, ADDRESS)

    def _turn(self, keyring: Keyring) -> None:
        self.keyring, self.signatory = keyring, rotation.signatory(keyring)

    def causes(self, offered: frozenset[Tls]) -> frozenset[Cause]:
        """Why a client that offers these versions gets no answer."""
        refused = _NONE if self.running else frozenset({Cause.REFUSED})
        return refused if offered & self.accepts else refused | {Cause.TLS_PROTOCOL}

    def answer(self, raw: bytes) -> bytes:
        """The reply as it arrives: the real one, or what someone put in its place."""
        if not self.tampers:
            self.last_reply = grant.answer(raw, self.registry, self.signatory, self.clock.wall)
            return self.last_reply
        return self._replaced(self.tampers.pop(0), raw)

    def _replaced(self, tamper: Tamper, raw: bytes) -> bytes:
        """What someone on the wire answers instead; the license server is none the wiser (rules: Always true, 6)."""
        would_be = grant.answer(raw, self.registry.copy(), self.signatory, self.clock.wall)
        return self._tampered(tamper, raw, would_be, self.last_reply)

    def _tampered(self, tamper: Tamper, raw: bytes, reply: bytes, before: bytes) -> bytes:
        request = wire.decode(raw, Request)
        match tamper:
            case Tamper.HTML:
                return HTML
            case Tamper.TRUNCATED:
                return reply[: len(reply) // 2]
            case Tamper.HUGE:
                return reply + b"A" * wire.MAX_BYTES
            case Tamper.REPLAYED if before:
                return before
            case Tamper.REPLAYED | Tamper.STALE:
                return self._signed(attrs.evolve(request, nonce="0" * 32), self.signatory)
            case Tamper.FORGED:
                return self._signed(request, self._forger())
            case Tamper.OTHER_BINDING:
                elsewhere = Binding(request.binding.server + "-2", request.binding.database)
                return self._signed(attrs.evolve(request, binding=elsewhere), self.signatory)

    def _forger(self) -> Signatory:
        """Somebody who says that theirs is the vendor's key, and repeats what the vendor announces."""
        key = attrs.evolve(signing_key("somebody"), id=self.signatory.signing.id)
        return Signatory(key, key, self.signatory.announcements)

    def _signed(self, request: Request, signatory: Signatory) -> bytes:
        """A grant that the vendor never meant for this request."""
        issued = self.registry.find(request.key)
        now = self.clock.wall.replace(microsecond=0)
        value: Certificate | Denial = (
            grant.decide(request, self.registry, now) if issued is None else grant.certificate(issued, request, now)
        )
        return grant.reply(value, signatory)
