"""The vendor's registry in memory, and the license key of every story."""

from collections.abc import Callable

import attrs

from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import LicenseKey

KEY = LicenseKey.from_number(400638133393)
"""The license key of every story and of every simulated world."""


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
