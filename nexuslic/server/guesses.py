"""Guessing: 13 digits are few, so wrong keys are counted and limited by address, by key and in all.

Only a request from a database that its key was never bound to can be a guess; a customer whose binding has proved
itself is never refused for what somebody else does. Counts stand in the registry, an hour each, so that they hold
across processes and restarts.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import attrs
from sqlalchemy import Connection, delete, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from nexuslic.server.service import Limits
from nexuslic.server.tables import guesses

ADDRESS, KEY, ALL = "address", "key", "all"
_KEPT = timedelta(days=2)


@attrs.define
class Guesses:
    """The counts of the current hour, for the addresses and keys of one batch of requests."""

    limits: Limits
    since: datetime
    counts: Counter[tuple[str, str]]
    added: Counter[tuple[str, str]] = attrs.Factory(Counter)
    rang: bool = False
    """Whether the alarm began with what was saved here: so it does once an hour, however many processes count."""

    @classmethod
    def load(
        cls, connection: Connection, limits: Limits, now: datetime, addresses: Iterable[str], keys: Iterable[str]
    ) -> "Guesses":
        """What was counted this hour."""
        since = hour(now)
        wanted = [(ALL, ""), *((ADDRESS, subject(a)) for a in set(addresses)), *((KEY, key) for key in set(keys))]
        query = select(guesses).where(guesses.c.since == since, tuple_(guesses.c.scope, guesses.c.subject).in_(wanted))
        found = connection.execute(query)
        return cls(limits, since, Counter({(row.scope, row.subject): row.count for row in found}))

    @property
    def alarm(self) -> bool:
        """Whether so many keys were wrong this hour that somebody must be guessing."""
        return self._total((ALL, "")) >= self.limits.alarm_at

    def refused(self, address: str, key: str) -> bool:
        """Whether a request from there, about that key, is not answered any more this hour."""
        allowed = self.limits.by_address_in_alarm if self.alarm else self.limits.by_address
        return self._total((ADDRESS, subject(address))) >= allowed or self._total((KEY, key)) >= self.limits.by_key

    def wrong(self, address: str) -> None:
        """A request that named no key that it may use."""
        self.added.update([(ADDRESS, subject(address)), (ALL, "")])

    def wandered(self, key: str) -> None:
        """A key that went to a database that it was never bound to."""
        self.added.update([(KEY, key)])

    def save(self, connection: Connection) -> None:
        """Add what was counted to the registry."""
        if not self.added:
            return
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        rows = [
            {"scope": scope, "subject": name, "since": self.since, "count": count}
            for (scope, name), count in sorted(self.added.items())
        ]
        added = dialect.insert(guesses)
        connection.execute(
            added.on_conflict_do_update(
                index_elements=["scope", "subject", "since"], set_={"count": guesses.c.count + added.excluded.count}
            ),
            rows,
        )
        total = counted(connection, self.since)
        self.rang = total - self.added[(ALL, "")] < self.limits.alarm_at <= total
        if not self.counts[(ALL, "")]:
            connection.execute(delete(guesses).where(guesses.c.since < self.since - _KEPT))

    def _total(self, subject: tuple[str, str]) -> int:
        return self.counts[subject] + self.added[subject]


def hour(now: datetime) -> datetime:
    """The hour that a moment is counted in."""
    return now.replace(minute=0, second=0, microsecond=0)


def subject(address: str) -> str:
    """The address as it is counted: an IPv6 network of 64 bits belongs to one customer."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def counted(connection: Connection, now: datetime) -> int:
    """How many keys were wrong in this hour, in all."""
    query = select(func.coalesce(func.sum(guesses.c.count), 0))
    return int(connection.execute(query.where(guesses.c.scope == ALL, guesses.c.since == hour(now))).scalar_one())
