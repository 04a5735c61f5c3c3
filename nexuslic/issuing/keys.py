"""New license keys: 12 digits of chance and their check digit."""

from nexuslic.issuing.registry import Issued, Registry
from nexuslic.ports import Chance
from nexuslic.rules.license import Extension, License, LicenseKey

_BODIES = 10**12


def issue(registry: Registry, chance: Chance, terms: License, extension: Extension | None = None) -> Issued:
    """A new key with these terms, kept in the registry; a key that exists already is drawn again."""
    while True:
        number = int.from_bytes(chance.take(8), "big")
        if number >= (2**64 // _BODIES) * _BODIES:
            continue
        issued = Issued(LicenseKey.from_number(number % _BODIES), terms, extension)
        if registry.add(issued):
            return issued
