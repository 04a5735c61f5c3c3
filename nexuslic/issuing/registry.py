"""What the vendor keeps of each key, and the port behind which it is stored."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import attrs

from nexuslic.rules.binding import Binding, same
from nexuslic.rules.grace import within
from nexuslic.rules.license import Extension, License, LicenseKey


@attrs.frozen
class Bound:
    """One line of a key's history: since when (UTC) it is bound there, by the request with which nonce."""

    binding: Binding
    since: datetime
    nonce: str = attrs.field(default="", eq=False)


@attrs.frozen
class Issued:
    """One key: its terms, its extension, whether it is suspended or revoked, and its bindings, oldest first."""

    key: LicenseKey
    license: License
    extension: Extension | None = None
    suspended: bool = False
    revoked: bool = False
    history: tuple[Bound, ...] = ()

    @property
    def binding(self) -> Binding | None:
        """The key's binding: the newest of its history."""
        return self.history[-1].binding if self.history else None

    def extra_days(self, now: datetime) -> int:
        """The extension that a grant carries at `now` (UTC): at `until` itself it still does."""
        return self.extension.days if self.extension is not None and within(now, self.extension.until) else 0

    def proved(self, binding: Binding) -> bool:
        """Whether the key was ever bound there."""
        return any(same(bound.binding, binding) for bound in self.history)


class Registry(Protocol):
    """Where the vendor keeps the keys."""

    def find(self, key: LicenseKey) -> Issued | None:
        """What is kept of `key`."""
        ...

    def add(self, issued: Issued) -> bool:
        """Keep a new key; False where it exists already."""
        ...

    def change(self, key: LicenseKey, act: Callable[[Issued], Issued]) -> Issued | None:
        """Replace what is kept by `act(it)`, atomically, and return it; None where there is no such key."""
        ...
