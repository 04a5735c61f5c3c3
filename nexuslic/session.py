"""A launch that runs on: its seat, renewed every 2 minutes, and its running time, which nobody can set.

Whenever a session renews its seat, and when it closes, it observes the clock as a launch does, and license time is at
least what it was at the session's start, or at a grant since, plus the running time since then (rules: License time).
"""

from contextlib import suppress
from datetime import datetime, timedelta

import attrs

from nexuslic.connection import Client, mark_of, sealed, stored_record
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.rules import decision, license_time, seats
from nexuslic.rules.license_time import Reading
from nexuslic.rules.record import Record
from nexuslic.rules.seats import Seating, Seats
from nexuslic.rules.words import LicenseType


@attrs.define
class Session:
    """A launch that runs on.

    License time was `base` (UTC) when the monotonic clock stood at `base_running`: at the launch, or at the grant of
    `granted_at` since. `seated`: whether it holds a seat. `looked`: the clock at its last look.
    """

    id: str
    seated: bool
    granted_at: datetime
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


def start(session_id: str, record: Record, reading: Reading) -> Session:
    """The session of a launch that runs and whose record was brought up to date."""
    seated = record.certificate.license.type is LicenseType.CONCURRENT
    granted_at, base = record.certificate.granted_at, record.ledger.license_time
    return Session(session_id, seated, granted_at, base, reading.running, reading)


def take_seat(client: Client, session_id: str, limit: int) -> Seating:
    """Sit down in the database's own table, in one atomic change; a seat that cannot be stored is taken all the same.

    Raises DatabaseUnreachable.
    """
    connection, ports = client.connection, client.ports
    request = seats.Request(session_id, connection.user, connection.workstation, ports.computer.sessions())
    result: list[Seating] = []

    def change(table: Seats, now: datetime) -> Seats:
        result[:] = [seats.take(table, request, now, limit, client.policy.seat_timeout)]
        return result[0].seats

    with suppress(DatabaseNotWritable):
        ports.seats.update(change)
    return result[0]


def renew_seat(client: Client, session: Session) -> bool:
    """Every 2 minutes: renew the seat and account for the running time.

    False where the session's seat was given away and none is free: it is told so and ends.
    """
    try:
        account(client, session)
        if not session.seated:
            return True
        record = stored_record(client)
        limit = 0 if record is None else record.certificate.license.seats
        return take_seat(client, session.id, limit).taken
    except DatabaseUnreachable:
        return True


def close(client: Client, session: Session) -> None:
    """End a session: account for its running time, and give its seat back."""
    with suppress(DatabaseUnreachable, DatabaseNotWritable):
        account(client, session)
        if session.seated:
            client.ports.seats.update(lambda table, _: seats.give_back(table, session.id))


def account(client: Client, session: Session) -> None:
    """Observe the clock for a running session, and count its running time. Raises DatabaseUnreachable."""
    reading = client.ports.clock.read()
    if reading == session.looked:
        return
    record = stored_record(client)
    if record is not None:
        _count(client, session, record, reading)
    session.looked = reading


def _count(client: Client, session: Session, record: Record, reading: Reading) -> None:
    granted_at = record.certificate.granted_at
    if granted_at > session.granted_at:
        session.rebase(record, reading)
    mark = mark_of(client, record.id)
    ledger = license_time.observe(record.ledger, reading.wall, client.policy).ledger
    ledger = license_time.heed_mark(ledger, mark, record.id, granted_at)
    ledger = license_time.at_least(ledger, session.base + reading.running - session.base_running)
    mismatched = mark is not None and mark.mismatched
    grown = decision.next_mark(mark, record, ledger.license_time, mismatched=mismatched)
    with suppress(DatabaseNotWritable):
        client.ports.records.save(sealed(client, attrs.evolve(record, ledger=ledger)))
    client.ports.marks.save(record.id, sealed(client, grown))
