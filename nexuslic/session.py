"""A launch that runs on: its seat, renewed every 2 minutes, and its running time, which nobody can set.

Whenever a session renews its seat, and when it closes, it observes the clock as a launch does, and license time is at
least what it was at the session's start, or at a grant since, plus the running time since then (rules: License time).
"""

from contextlib import suppress
from datetime import datetime, timedelta

import attrs

from nexuslic.connection import TRIES, Client, known_by, mark_of, sealed, stored_record, unsealed
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.rules import decision, license_time, seats
from nexuslic.rules.instants import later
from nexuslic.rules.license_time import Reading
from nexuslic.rules.record import Record
from nexuslic.rules.seats import Seating, Seats
from nexuslic.rules.words import LicenseType


@attrs.define
class Session:
    """A launch that runs on.

    License time was `base` (UTC) when the monotonic clock stood at `base_running`: at the launch, or at a grant since,
    which `granted_at` and `nonce` name. `looked`: the clock at its last look.
    """

    id: str
    granted_at: datetime
    nonce: str
    base: datetime
    base_running: timedelta
    looked: Reading

    def rebase(self, record: Record, now: Reading) -> None:
        """Count from a grant that somebody made since the last look.

        When that was on the monotonic clock, the ledger's last reading tells as long as the clock was left alone.
        """
        since = max(timedelta(0), record.ledger.last_reading - self.looked.wall)
        self.base_running = min(self.looked.running + since, now.running)
        self.granted_at = self.base = record.certificate.granted_at
        self.nonce = record.certificate.nonce

    def misses(self, record: Record) -> bool:
        """Whether the record holds a grant that was made since."""
        certificate = record.certificate
        return certificate.granted_at >= self.granted_at and certificate.nonce != self.nonce


def start(session_id: str, record: Record, reading: Reading) -> Session:
    """The session of a launch that runs and whose record was brought up to date."""
    certificate, base = record.certificate, record.ledger.license_time
    return Session(session_id, certificate.granted_at, certificate.nonce, base, reading.running, reading)


def take_seat(client: Client, session_id: str, limit: int) -> Seating:
    """Sit down in the database's own table, in one atomic change; a seat that cannot be stored is taken all the same.

    Raises DatabaseUnreachable.
    """
    result: list[Seating] = []

    def change(table: Seats, now: datetime) -> Seats:
        result[:] = [seated(client, session_id, table, now, limit)]
        return result[0].seats

    with suppress(DatabaseNotWritable):
        client.ports.seats.update(change)
    return result[0]


def seated(client: Client, session_id: str, table: Seats, now: datetime, limit: int) -> Seating:
    """What comes of asking for a seat in this `table`, when the database's clock shows `now`; nothing is taken yet."""
    connection = client.connection
    own = {seat.session for seat in table if seat.workstation == connection.workstation}
    running = client.ports.computer.running(own)
    request = seats.Request(session_id, connection.user, connection.workstation, running)
    return seats.take(table, request, now, limit, client.policy.seat_timeout)


def renew_seat(client: Client, session: Session) -> bool:
    """Every 2 minutes: renew the seat and account for the running time.

    False where the session's seat was given away and none is free: it is told so and ends.
    """
    try:
        account(client, session)
        record = stored_record(client)
        if record is not None and record.certificate.license.type is LicenseType.NAMED:
            return True
        return take_seat(client, session.id, 0 if record is None else record.certificate.license.seats).taken
    except DatabaseUnreachable:
        return True


def leave_seat(client: Client, session_id: str) -> None:
    """Give the seat of a session back. Raises DatabaseUnreachable, DatabaseNotWritable."""
    client.ports.seats.update(lambda table, _: seats.give_back(table, session_id))


def close(client: Client, session: Session) -> None:
    """End a session: account for its running time, and give its seat back."""
    with suppress(DatabaseUnreachable, DatabaseNotWritable), client.ports.records.together():
        account(client, session)
        leave_seat(client, session.id)
    client.ports.computer.end(session.id)


def account(client: Client, session: Session) -> None:
    """Observe the clock for a running session, and count its running time. Raises DatabaseUnreachable."""
    reading = client.ports.clock.read()
    if reading == session.looked:
        return
    for _ in range(TRIES):
        blob = client.ports.records.load()
        record, _damaged = unsealed(client, blob)
        if record is None or _count(client, session, record, blob, reading):
            break
    session.looked = reading


def _count(client: Client, session: Session, record: Record, blob: bytes | None, reading: Reading) -> bool:
    """Store what the session has seen; False where somebody else has stored another record meanwhile."""
    if session.misses(record):
        session.rebase(record, reading)
    mark, certificate = mark_of(client, record.id), record.certificate
    ledger = license_time.observe(record.ledger, reading.wall, client.policy).ledger
    ledger = license_time.heed_mark(ledger, mark, record.id, certificate.granted_at, certificate.nonce)
    ledger = license_time.at_least(ledger, later(session.base, reading.running - session.base_running))
    mismatched = mark is not None and mark.mismatched
    grown = decision.next_mark(mark, record, ledger.license_time, mismatched=mismatched)
    known = known_by(client, record)
    with suppress(DatabaseNotWritable):
        if not client.ports.records.save(sealed(client, attrs.evolve(record, ledger=ledger), known), blob):
            return False
    client.ports.marks.save(record.id, sealed(client, grown, known))
    return True
