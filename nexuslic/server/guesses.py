"""Guessing: 13 digits are few, so wrong keys are counted and limited by address, by network, by key and in all.

Only a request from a database that its key was never bound to can be a guess; a customer whose binding has proved
itself is never refused for what somebody else does. Counts stand in the registry, an hour each, so that they hold
across processes and restarts.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import Connection, delete, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from nexuslic.server.service import Limits
from nexuslic.server.tables import guesses

ADDRESS, NETWORK, KEY, ALL = "address", "network", "key", "all"
_KEPT = timedelta(days=2)

NETWORK_BITS = 48
"""An IPv6 network as a provider hands it to one site; it holds 65,536 of those that count as an address."""

NETWORK_SHARE = 10
"""How many addresses' wrong keys such a network has: a provider may also spread its customers over one."""


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
        places = {place for address in set(addresses) for place in places_of(address)}
        wanted = [(ALL, ""), *places, *((KEY, key) for key in set(keys))]
        query = select(guesses).where(guesses.c.since == since, tuple_(guesses.c.scope, guesses.c.subject).in_(wanted))
        found = connection.execute(query)
        return cls(limits, since, Counter({(row.scope, row.subject): row.count for row in found}))

    @property
    def alarm(self) -> bool:
        """Whether so many keys were wrong this hour that somebody must be guessing."""
        return self._total((ALL, "")) >= self.limits.alarm_at

    def refused(self, address: str, key: str) -> bool:
        """Whether a request from there, about that key, is not answered any more this hour."""
        one = self.limits.by_address_in_alarm if self.alarm else self.limits.by_address
        allowed = {ADDRESS: one, NETWORK: one * NETWORK_SHARE}
        if any(self._total(place) >= allowed[place[0]] for place in places_of(address)):
            return True
        return self._total((KEY, key)) >= self.limits.by_key

    def wrong(self, address: str) -> None:
        """A request that named no key that it may use."""
        self.added.update([*places_of(address), (ALL, "")])

    def wandered(self, key: str) -> None:
        """A key that went to a database that it was never bound to."""
        self.added.update([(KEY, key)])

    def save(self, connection: Connection) -> None:
        """Add what was counted to the registry."""
        if not self.added:
            return
        add(connection, self.since, self.added)
        total = counted(connection, self.since)
        self.rang = total - self.added[(ALL, "")] < self.limits.alarm_at <= total
        if not self.counts[(ALL, "")]:
            forget(connection, self.since)

    def _total(self, subject: tuple[str, str]) -> int:
        return self.counts[subject] + self.added[subject]


def add(connection: Connection, since: datetime, added: Counter[tuple[str, str]]) -> None:
    """Add these counts to those of an hour."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [
        {"scope": scope, "subject": name, "since": since, "count": count}
        for (scope, name), count in sorted(added.items())
    ]
    new = dialect.insert(guesses)
    summed = {"count": guesses.c.count + new.excluded.count}
    connection.execute(new.on_conflict_do_update(index_elements=["scope", "subject", "since"], set_=summed), rows)


def forget(connection: Connection, now: datetime) -> None:
    """Let go of what was counted more than two days ago."""
    connection.execute(delete(guesses).where(guesses.c.since < hour(now) - _KEPT))


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


@lru_cache(maxsize=1024)
def places_of(address: str) -> tuple[tuple[str, str], ...]:
    """What the address is counted as: itself, and the wider network where it is an IPv6 one."""
    own = subject(address)
    try:
        wider = ipaddress.IPv6Network(own).supernet(new_prefix=NETWORK_BITS)
    except ValueError:
        return ((ADDRESS, own),)
    return ((ADDRESS, own), (NETWORK, str(wider)))


def counted(connection: Connection, now: datetime) -> int:
    """How many keys were wrong in this hour, in all."""
    query = select(func.coalesce(func.sum(guesses.c.count), 0))
    return int(connection.execute(query.where(guesses.c.scope == ALL, guesses.c.since == hour(now))).scalar_one())


@attrs.frozen
class Tried:
    """How often something was tried in the hour from `since` (UTC) on; `scope` says what `subject` is."""

    scope: str
    subject: str
    since: datetime
    count: int


def listed(connection: Connection) -> list[Tried]:
    """All that is still counted, the newest hour first."""
    columns = (guesses.c.scope, guesses.c.subject, guesses.c.since, guesses.c.count)
    query = select(*columns).order_by(
        guesses.c.since.desc(), guesses.c.count.desc(), guesses.c.scope, guesses.c.subject
    )
    return [Tried(*row) for row in connection.execute(query)]
