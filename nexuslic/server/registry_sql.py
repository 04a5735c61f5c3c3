"""The registry port over SQL, within one transaction.

What was read once in a transaction is not read again: a batch of requests loads its keys together. A key that is
about to change is locked first, so that two servers on one registry never lose each other's change.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import Connection, CursorResult, Row, Select, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from nexuslic.issuing.registry import Bound, Issued
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Extension, License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.server.tables import bindings, licenses

_TYPES = {kind.value: kind for kind in LicenseType}
_version = lru_cache(maxsize=1024)(Version.parse)

_COLUMNS = [
    licenses.c[name]
    for name in (
        *("key", "organisation", "type", "seats", "grace_days", "minimum_version", "ends"),
        *("extension_days", "extension_until", "suspended", "revoked"),
        *("bound_server", "bound_database", "bound_identity", "bound_since", "bound_nonce"),
    )
]
_NAMED = {
    "sqlite": text("key IN (SELECT value FROM json_each(:keys))"),
    "postgresql": text("key = ANY(:keys)"),
}
"""The rows of many keys by one parameter: a list of any length is one statement, prepared once."""

_TERMS = {name: select(*_COLUMNS).where(named) for name, named in _NAMED.items()}
_LOCKED = {name: terms.order_by(licenses.c.key).with_for_update() for name, terms in _TERMS.items()}
_HISTORIES = {name: select(bindings).where(named).order_by(bindings.c.id) for name, named in _NAMED.items()}


@attrs.define
class SqlRegistry:
    """Keys and their histories; `now` (UTC) is when a new key counts as issued."""

    connection: Connection
    now: datetime
    _kept: dict[str, Issued | None] = attrs.field(factory=dict, init=False)
    _whole: set[str] = attrs.field(factory=set, init=False)

    def load(self, keys: Iterable[LicenseKey]) -> None:
        """Read these keys with their newest binding only, all at once."""
        named = {key.digits: key for key in keys if key.digits not in self._kept}
        if named:
            self._kept.update(dict.fromkeys(named))
            found = _rows(self.connection, _TERMS, sorted(named))
            self._kept.update((row[0], _issued(named[row[0]], row)) for row in found)

    def load_whole(self, keys: Iterable[LicenseKey], *, lock: bool = False) -> None:
        """Read these keys with all their bindings; `lock` keeps others from changing them meanwhile.

        Bindings are looked for of keys that do not exist as well, so that their denial takes no fewer steps.
        """
        wanted = sorted({key.digits for key in keys} - self._whole)
        if not wanted:
            return
        self._kept.update(dict.fromkeys(wanted))
        self._whole.update(wanted)
        rows = _rows(self.connection, _LOCKED if lock else _TERMS, wanted).all()
        histories = _histories(self.connection, wanted)
        self._kept.update((row.key, attrs.evolve(issued_of(row), history=histories[row.key])) for row in rows)

    def find(self, key: LicenseKey) -> Issued | None:
        """What is kept of `key`; with all its bindings, where it was not loaded with its newest only."""
        if key.digits not in self._kept:
            self.load_whole([key])
        return self._kept[key.digits]

    def add(self, issued: Issued) -> bool:
        """Keep a new key; False where it exists already."""
        dialect: Any = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        new = dialect.insert(licenses).values(issued_at=self.now, **_row(issued)).on_conflict_do_nothing()
        if self.connection.execute(new.returning(licenses.c.key)).first() is None:
            return False
        self._add_bindings(issued.key, issued.history)
        self._keep(issued)
        return True

    def change(self, key: LicenseKey, act: Callable[[Issued], Issued]) -> Issued | None:
        """Replace what is kept by `act(it)`, within the transaction; None where there is no such key."""
        self._whole.discard(key.digits)
        self.load_whole([key], lock=True)
        before = self._kept[key.digits]
        if before is None:
            return None
        after = act(before)
        if after != before:
            self.connection.execute(update(licenses).where(licenses.c.key == key.digits).values(**_row(after)))
            self._add_bindings(key, after.history[len(before.history) :])
            self._keep(after)
        return after

    def _keep(self, issued: Issued) -> None:
        self._kept[issued.key.digits] = issued
        self._whole.add(issued.key.digits)

    def _add_bindings(self, key: LicenseKey, added: tuple[Bound, ...]) -> None:
        if added:
            self.connection.execute(insert(bindings), [_binding_row(key, bound) for bound in added])


def _rows(connection: Connection, statements: dict[str, Select[Any]], keys: list[str]) -> CursorResult[Any]:
    sqlite = connection.dialect.name == "sqlite"
    return connection.execute(statements[connection.dialect.name], {"keys": json.dumps(keys) if sqlite else keys})


def issued_of(row: Row[Any]) -> Issued:
    """The key in a row of `licenses`; its history is its newest binding only."""
    return _issued(LicenseKey(row.key), tuple(getattr(row, column.name) for column in _COLUMNS))


def _issued(key: LicenseKey, row: Sequence[Any]) -> Issued:
    """The key in the columns of `_COLUMNS`, read by place: every contact does this."""
    terms = License(row[1], _TYPES[row[2]], row[3], row[4], _version(row[5]), row[6])
    extension = None if row[7] is None else Extension(row[7], row[8])
    history: tuple[Bound, ...] = ()
    if row[11] is not None:
        history = (Bound(Binding(row[11], row[12], row[13]), row[14], row[15]),)
    return Issued(key, terms, extension, row[9], row[10], history)


def _histories(connection: Connection, keys: list[str]) -> dict[str, tuple[Bound, ...]]:
    """What each key was bound to; asked for every key, so that one that is unknown takes as long as any other."""
    found: dict[str, list[Bound]] = {key: [] for key in keys}
    for row in _rows(connection, _HISTORIES, keys):
        found[row.key].append(Bound(Binding(row.server, row.database, row.identity), row.since, row.nonce))
    return {key: tuple(history) for key, history in found.items()}


def _row(issued: Issued) -> dict[str, Any]:
    terms, extension = issued.license, issued.extension
    newest = issued.history[-1] if issued.history else None
    binding = None if newest is None else newest.binding
    return {
        "key": issued.key.digits,
        "organisation": terms.organisation,
        "type": terms.type.value,
        "seats": terms.seats,
        "grace_days": terms.grace_days,
        "minimum_version": str(terms.minimum_version),
        "ends": terms.ends,
        "extension_days": None if extension is None else extension.days,
        "extension_until": None if extension is None else extension.until,
        "suspended": issued.suspended,
        "revoked": issued.revoked,
        "bound_server": None if binding is None else binding.server,
        "bound_database": None if binding is None else binding.database,
        "bound_identity": None if binding is None else binding.identity,
        "bound_since": None if newest is None else newest.since,
        "bound_nonce": None if newest is None else newest.nonce,
        "bindings": len(issued.history),
    }


def _binding_row(key: LicenseKey, bound: Bound) -> dict[str, Any]:
    return {"key": key.digits, **attrs.asdict(bound.binding), "since": bound.since, "nonce": bound.nonce}
