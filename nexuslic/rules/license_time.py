"""License time: the time that the license has seen.

A clock can be wrong or set back, so the ledger counts: forward readings advance it by their difference, small
steps back move nothing, large ones are charged once and followed. A workstation's mark keeps an older backup from
turning it back, running time keeps a session honest, and only a grant corrects it (rules: License time).
"""

from datetime import datetime, timedelta

import attrs

from nexuslic.rules.instants import later
from nexuslic.rules.policy import Policy


@attrs.frozen
class Reading:
    """One look at a clock: `wall` is what it shows (UTC), `running` is monotonic and cannot be set."""

    wall: datetime
    running: timedelta


@attrs.frozen
class Ledger:
    """What the license has seen: its time, and the clock's last reading (both UTC)."""

    license_time: datetime
    last_reading: datetime


@attrs.frozen
class Mark:
    """What one workstation keeps of one record.

    `granted_at` (UTC) and `nonce` name the grant that it saw, `license_time` is the highest license time since,
    `mismatched` whether it last found Invalid-Binding.
    """

    record_id: str
    granted_at: datetime
    license_time: datetime
    mismatched: bool
    nonce: str = ""

    def of_this_grant_or_later(self, granted_at: datetime, nonce: str) -> bool:
        """Whether the grant that it saw is that one or came after it; of two in one second, the other is void."""
        return self.granted_at > granted_at or (self.granted_at == granted_at and self.nonce == nonce)


@attrs.frozen
class Observation:
    """The ledger after one reading, and by how much the clock had been set back (None: it was not)."""

    ledger: Ledger
    set_back: timedelta | None = None


def observe(ledger: Ledger, wall: datetime, policy: Policy) -> Observation:
    """The ledger after the clock showed `wall`."""
    behind = ledger.last_reading - wall
    if behind <= timedelta(0):
        return Observation(Ledger(later(ledger.license_time, -behind), wall))
    if behind <= policy.clock_tolerance:
        return Observation(ledger)
    return Observation(Ledger(later(ledger.license_time, policy.setback_charge), wall), behind)


def heed_mark(ledger: Ledger, mark: Mark | None, record_id: str, granted_at: datetime, nonce: str = "") -> Ledger:
    """License time is at least the mark's, where the mark is of this record and of this grant or a later one."""
    if mark is None or mark.record_id != record_id or not mark.of_this_grant_or_later(granted_at, nonce):
        return ledger
    return at_least(ledger, mark.license_time)


def at_least(ledger: Ledger, floor: datetime) -> Ledger:
    """The ledger, with license time raised to `floor` where it is behind."""
    return ledger if ledger.license_time >= floor else attrs.evolve(ledger, license_time=floor)


def correct(granted_at: datetime, wall: datetime) -> Ledger:
    """The ledger after a grant: the license server's time, and the clock as it stands."""
    return Ledger(granted_at, wall)
