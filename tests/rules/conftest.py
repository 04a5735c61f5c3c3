"""Builders of the values that the tests of the rules share: a grant on 2 March 2026, 07:30 UTC, for 30 days."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from nexuslic.rules import decision
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Launch, Ready, Verdict
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.license_time import Ledger, Mark, Reading
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Contact, Granted, Record
from nexuslic.rules.words import LicenseType, State

GRANT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = Binding("NORTHSEA-SQL", "survey")
TERMS = License("Survey Ltd", LicenseType.CONCURRENT, 5, 30, Version((6, 2)), None)


class Build:
    """Makes a value from what a test names of it; the rest has a default."""

    grant, here = GRANT, HERE

    def day(self, number: float) -> datetime:
        """The instant `number` days of 24 hours after the grant."""
        return GRANT + number * DAY

    def certificate(
        self, granted: float = 0, extra_days: int = 0, binding: Binding = HERE, **terms: Any
    ) -> Certificate:
        license = attrs.evolve(TERMS, **terms)
        key = LicenseKey.from_number(200_800_142_311)
        return Certificate(key, license, binding, self.day(granted), "a nonce", extra_days)

    def record(self, state: State = State.AUTHENTICATED, **fields: Any) -> Record:
        """A record whose ledger stands at day 1 by license time and at day 2 by the clock, a day off."""
        certificate = fields.pop("certificate", None) or self.certificate()
        first = Record("record-1", certificate, "a proof", state, None, Ledger(self.day(1), self.day(2)), self.day(1.5))
        return attrs.evolve(first, **fields)

    def mark(self, record_id: str = "record-1", granted: float = 0, seen: float = 1, mismatched: bool = False) -> Mark:
        own = "".join(list(record_id))  # another object than the record's: ids are compared by what they say
        return Mark(own, self.day(granted), self.day(seen), mismatched, "a nonce")

    def launch(self, record: Record | None, wall: float = 3, **fields: Any) -> Launch:
        """A launch at which the clock shows day `wall`."""
        reading = Reading(self.day(wall), timedelta(hours=5))
        return attrs.evolve(Launch(record, False, HERE, Version((6, 10)), reading, None, Policy()), **fields)

    def ready(self, record: Record, wall: float = 3, **fields: Any) -> Ready:
        """A launch that got as far as its contact."""
        step = decision.before_contact(self.launch(record, wall, **fields))
        assert isinstance(step, Ready)
        return step

    def verdict(self, record: Record, contact: Contact, wall: float = 3, **fields: Any) -> Verdict:
        return decision.after_contact(self.ready(record, wall, **fields), contact)

    def granted(self, **fields: Any) -> Granted:
        """A new grant, on day 20 unless said."""
        return Granted(self.certificate(**{"granted": 20, **fields}), "a new proof")


@pytest.fixture(scope="session")
def build() -> Build:
    return Build()
