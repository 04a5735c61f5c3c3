"""A registry in memory's reach: contacts settled one group at a time, at the moment that a test says."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from sqlalchemy import event

from nexuslic.adapters.chance import SystemChance
from nexuslic.issuing import keys, rotation
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.words import LicenseType
from nexuslic.server import contacts, migrate
from nexuslic.server.contacts import Answer, Contact, TooMany
from nexuslic.server.database import Database
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.service import Service
from nexuslic.trust.wire import Ask, Malformed, Request

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
TERMS = License("Example", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)


@attrs.define
class Clock:
    """Stands where it is put."""

    now: datetime = NOW

    def read(self) -> Reading:
        return Reading(self.now, timedelta(0))


@attrs.frozen
class Keys:
    """A vendor's keys."""

    kept: rotation.Keyring = attrs.Factory(lambda: rotation.begin(SystemChance()))

    def signatory(self) -> Signatory:
        return rotation.signatory(self.kept)


@attrs.define(eq=False)
class Desk:
    """Settles contacts in one registry; `statements` are those of the last group."""

    service: Service
    clock: Clock
    statements: list[str] = attrs.Factory(list)

    def issue(self) -> LicenseKey:
        """A new key."""
        with self.service.database.write() as connection:
            return keys.issue(SqlRegistry(connection, self.clock.now), SystemChance(), TERMS).key

    def settle(self, group: Sequence[Contact]) -> list[Answer]:
        """The answers of one group."""
        self.statements.clear()
        with self.service.database.write() as connection:
            return contacts.settle(connection, group, self.service, self.clock.now).answers

    def answered(self, group: Sequence[Contact]) -> int:
        """How many of a group were answered rather than refused."""
        return sum(not isinstance(one, TooMany) for one in self.settle(group))

    def wrong(self, count: int, *addresses: str) -> list[Contact]:
        """So many guesses from each address, none of them right."""
        return [guess(at) for at in addresses for _ in range(count)]


def guess(address: str, key: LicenseKey | str = "", ask: Ask = Ask.AUTHENTICATE) -> Contact:
    """One contact from a database that no key was ever bound to; no key: one of chance."""
    key = key or LicenseKey.from_number(secrets.randbelow(10**12))
    kind = Request if isinstance(key, LicenseKey) else Malformed
    binding = Binding("localhost", "nexus")
    return Contact(kind(ask, key, binding, Version.parse("6.10"), secrets.token_hex(16)), address)  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """An empty registry on each engine."""
    (tmp_path / "registry.sqlite").touch()
    url = f"sqlite:///{tmp_path / 'registry.sqlite'}"
    database = Database.at(url if request.param == "sqlite" else request.getfixturevalue("postgresql_url"))
    with database.write() as connection:
        migrate.upgrade_in(connection)
    clock = Clock()
    made = Desk(Service(database, Keys(), clock, SystemChance()), clock)

    @event.listens_for(database.writer, "before_cursor_execute")
    def _seen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        made.statements.append(statement)

    yield made
    database.close()


@pytest.fixture
def guessed():
    """Makes one guess."""
    return guess


@pytest.fixture
def granted():
    """Whether an answer is a grant."""
    return lambda answer: isinstance(answer, Certificate)
