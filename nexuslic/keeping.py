"""What a launch keeps: the user's license or a seat, the record, and this workstation's mark (rules: A launch).

Users and seats can only refuse. What cannot be stored changes no decision, and the answer says so.
"""

from contextlib import suppress
from enum import Enum

import attrs

from nexuslic import session
from nexuslic.connection import Client, known_by, sealed
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.rules import decision, users
from nexuslic.rules.decision import Keep, Launch, Verdict
from nexuslic.rules.license import License
from nexuslic.rules.record import Record
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.rules.words import LicenseType, Reason


class Stored(Enum):
    """What came of storing a verdict; CHANGED: somebody else has stored another record since it was read."""

    NOTHING = "nothing"
    DONE = "done"
    FAILED = "failed"
    CHANGED = "changed"


@attrs.frozen
class Outcome:
    """What came of keeping a verdict: after users and seats, who sits there, who was dropped, and what was stored."""

    before: Launch
    verdict: Verdict
    stored: Stored
    holders: Seats = ()
    dropped: Users = ()


def keep(client: Client, before: Launch, verdict: Verdict, blob: bytes | None, session_id: str) -> Outcome:
    """Step 8, then the record in the place of `blob`; to be called while nobody else stores.

    Raises DatabaseUnreachable.
    """
    record = verdict.record
    dropped: Users = ()
    holders: Seats = ()
    if verdict.runs and record is not None:
        dropped = fit_users(client, record.certificate.license) if verdict.granted else ()
        reason, holders = _sit(client, record, session_id)
        verdict = verdict if reason is None else decision.refuse(verdict, before, reason)
    return Outcome(before, verdict, _store(client, verdict, blob), holders, dropped)


def leave(client: Client, session_id: str) -> None:
    """Give a seat back that was taken for a launch which is decided anew. Raises DatabaseUnreachable."""
    with suppress(DatabaseNotWritable):
        session.leave_seat(client, session_id)


def _store(client: Client, verdict: Verdict, blob: bytes | None) -> Stored:
    """Store what the verdict asks for."""
    stored = Stored.NOTHING
    known = known_by(client, verdict.record)
    try:
        if verdict.keep is Keep.SAVE and verdict.record is not None:
            done = client.ports.records.save(sealed(client, verdict.record, known), blob)
            stored = Stored.DONE if done else Stored.CHANGED
        elif verdict.keep is Keep.REMOVE and blob is not None:
            stored = Stored.DONE if client.ports.records.remove(blob) else Stored.CHANGED
    except (DatabaseNotWritable, DatabaseUnreachable):
        stored = Stored.FAILED
    return stored


def mark(client: Client, verdict: Verdict) -> None:
    """The workstation's own mark, once the record is stored."""
    if verdict.mark is not None:
        known = known_by(client, verdict.record)
        client.ports.marks.save(verdict.mark.record_id, sealed(client, verdict.mark, known))


def fit_users(client: Client, terms: License) -> Users:
    """Drop the named users that a grant has no licenses for; whom it dropped. Raises DatabaseUnreachable."""
    dropped: list[str] = []

    def change(assigned: Users) -> Users:
        kept, gone = users.fit(assigned, terms.seats)
        dropped[:] = gone
        return kept

    if terms.type is LicenseType.NAMED and len(client.ports.users.assigned()) > terms.seats:
        try:
            client.ports.users.update(change)
        except DatabaseNotWritable:
            dropped.clear()
    return tuple(dropped)


def _sit(client: Client, record: Record, session_id: str) -> tuple[Reason | None, Seats]:
    """Step 8: why this user is refused (None: they are not), and who sits on the seats."""
    terms = record.certificate.license
    if terms.type is LicenseType.NAMED:
        listed = users.fit(client.ports.users.assigned(), terms.seats)[0]
        return (None if users.is_assigned(listed, client.connection.user) else Reason.USER), ()
    client.ports.computer.begin(session_id)
    seating = session.take_seat(client, session_id, terms.seats)
    return (None, ()) if seating.taken else (Reason.SEATS, seating.holders)


def fit_after(client: Client, terms: License) -> Users:
    """Users who were assigned while the grant was stored: whoever comes second sees what the other did."""
    with suppress(DatabaseUnreachable):
        return fit_users(client, terms)
    return ()
