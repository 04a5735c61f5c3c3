"""The license server of a simulated world: the real `issuing/` over a registry in memory."""

from functools import cache

import attrs

from nexuslic.issuing import grant, rotation, support
from nexuslic.issuing.rotation import HeldKey, Keyring
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.words import Cause
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.network import MODERN, Tamper, Tls
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.simulation.tampering import Someone, signing_key
from nexuslic.simulation.time import MachineClock
from nexuslic.trust.keys import Bundle, SealingKey

SEALING_KEY = SealingKey("sealing-1", bytes(range(32)))
PRODUCT = "nexuslic"
ADDRESS = "https://license.example"

_NONE: frozenset[Cause] = frozenset()


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
        someone = Someone(self.registry.copy(), self.signatory, self.clock.wall, self.last_reply)
        return someone.answers(self.tampers.pop(0), raw)

    def answer_code(self, code: str, *, in_vain: bool) -> str:
        """What support answers to a request code. Raises DeniedCode."""
        registry = self.registry.copy() if in_vain else self.registry
        return support.answer_code(code, registry, self.signatory, self.clock.wall)
