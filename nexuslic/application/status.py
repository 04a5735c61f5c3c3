"""What the License dialog shows: what was retrieved, how it stands, and who sits where. It asks the database only."""

from datetime import datetime

import attrs

from nexuslic.client import Client
from nexuslic.connection import look
from nexuslic.rules import decision, grace
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Decision, Ready, Verdict
from nexuslic.rules.license import License
from nexuslic.rules.record import NoContact
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.rules.words import Cause, LicenseType, Protection, Reason, State


@attrs.frozen
class Status:
    """How the license stands for this connection.

    `license` and `recorded` are None without a record that can be trusted. `last_validation` is the last grant,
    `deadline` the last instant at which the application runs without contact (both UTC). `alone` is what a launch
    would decide now if it had no contact; users and seats are not asked in it.
    """

    product: str
    connected: Binding
    recorded: Binding | None
    license: License | None
    extra_days: int
    state: State
    reason: Reason | None
    protection: Protection
    days_left: int | None
    deadline: datetime | None
    last_validation: datetime | None
    last_good: datetime | None
    license_time: datetime | None
    clock: datetime
    alone: Decision
    seats: Seats
    users: Users


def status_of(client: Client, seats: Seats) -> Status:
    """The status, as the database and this workstation's mark tell it. Raises DatabaseUnreachable."""
    before, _ = look(client)
    record = before.record
    certificate = None if record is None else record.certificate
    terms = None if certificate is None else certificate.license
    state, reason = decision.standing(record, before.damaged, before.binding)
    step = decision.before_contact(before)
    alone = decision.after_contact(step, NoContact(Cause.OFFLINE)) if isinstance(step, Ready) else step
    seen = _seen(step)
    bound = certificate if state not in (State.UNLICENSED, State.INVALID_BINDING) else None
    deadline = None if bound is None else grace.deadline(bound)
    runs = state.runs and deadline is not None and seen is not None
    return Status(
        product=client.bundle.product,
        connected=before.binding,
        recorded=None if certificate is None else certificate.binding,
        license=terms,
        extra_days=0 if certificate is None else certificate.extra_days,
        state=state,
        reason=reason,
        protection=Protection.DONGLE if client.ports.computer.dongle() else Protection.SOFTWARE,
        days_left=grace.days_left(seen, deadline) if runs and seen is not None and deadline is not None else None,
        deadline=deadline,
        last_validation=None if certificate is None else certificate.granted_at,
        last_good=None if record is None else record.last_good,
        license_time=seen,
        clock=before.reading.wall,
        alone=decision.settle(alone, before),
        seats=seats,
        users=client.ports.users.assigned() if terms is not None and terms.type is LicenseType.NAMED else (),
    )


def _seen(step: Verdict | Ready) -> datetime | None:
    """License time as it would be if it were launched now."""
    return step.license_time if isinstance(step, Verdict) else step.seen.ledger.license_time
