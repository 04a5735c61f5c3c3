"""The application's side: launch, authenticate, renew by code. The only place that knows the order of the steps.

Everything that is decided here is decided by `rules`, over values that `trust` vouches for; everything that
happens, happens through `ports`. One launch reads the clock once and contacts the license server at most once.
"""

import attrs

from nexuslic import session
from nexuslic.connection import Client, Connection, look, sealed, stored_record
from nexuslic.errors import CodeRefused, Damaged, DatabaseNotWritable, DatabaseUnreachable, MistypedKey, UntrustedReply
from nexuslic.rules import decision, users
from nexuslic.rules.binding import Binding, same
from nexuslic.rules.decision import DONGLE, NO_DATABASE, Decision, Keep, Kept, Launch, Ready, Verdict
from nexuslic.rules.license import License, LicenseKey
from nexuslic.rules.record import Contact, Denied, Granted, NoContact, Record
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.rules.words import Cause, LicenseType, Reason
from nexuslic.session import Session, close, renew_seat
from nexuslic.trust import codes, sealing, signing, wire
from nexuslic.trust.wire import Ask, Denial, Pending, Request

__all__ = [
    "Client",
    "Connection",
    "Launched",
    "Session",
    "assign",
    "authenticate",
    "close",
    "contact",
    "denied",
    "launch",
    "renew_by_code",
    "renew_seat",
    "request_code",
]

_PENDING = "request"


@attrs.frozen
class Launched:
    """What came of a launch: the decision, and the session where it runs under the license."""

    decision: Decision
    session: Session | None = None


def launch(client: Client) -> Launched:
    """One launch, in the order of the rules. Never raises for what the world does."""
    if client.ports.computer.dongle():
        return Launched(DONGLE)
    try:
        before, blob = look(client)
        step = decision.before_contact(before)
        verdict = _ask(client, step) if isinstance(step, Ready) else step
        return _finish(client, before, verdict, blob)
    except DatabaseUnreachable:
        return Launched(NO_DATABASE)


def _ask(client: Client, ready: Ready) -> Verdict:
    key = ready.record.certificate.key
    return decision.after_contact(ready, contact(client, Ask.CONFIRM, key, ready.launch.binding))


def contact(client: Client, ask: Ask, key: LicenseKey, binding: Binding) -> Contact:
    """One attempt to reach the license server, and what its verified answer says."""
    nonce = client.ports.chance.take(16).hex()
    request = Request(ask, key, binding, client.connection.version, nonce)
    reply = client.ports.connectivity.exchange(wire.encode(request))
    if isinstance(reply, NoContact):
        return reply
    try:
        value, token = signing.verify(reply, nonce, binding, client.bundle.keys).value
    except UntrustedReply:
        return NoContact(Cause.UNTRUSTED_REPLY)
    if isinstance(value, Denial):
        return Denied(value.reason)
    return Granted(value, token) if value.key == key else NoContact(Cause.UNTRUSTED_REPLY)


def _finish(client: Client, before: Launch, verdict: Verdict, blob: bytes | None) -> Launched:
    """Steps 8 and 9: users and seats, then store, then answer."""
    record, session_id = verdict.record, ""
    dropped: Users = ()
    holders: Seats = ()
    if verdict.runs and record is not None:
        session_id = client.ports.chance.take(8).hex()
        dropped = _fit_users(client, record.certificate.license) if verdict.granted else ()
        reason, holders = _sit(client, record, session_id)
        verdict = verdict if reason is None else decision.refuse(verdict, before, reason)
    stored, failed = _store(client, verdict, blob)
    answer = decision.settle(verdict, before, Kept(stored, failed, tuple(map(str, holders)), dropped))
    running = verdict.record if verdict.runs else None
    return Launched(answer, None if running is None else session.start(session_id, running, before.reading))


def _store(client: Client, verdict: Verdict, blob: bytes | None) -> tuple[bool, bool]:
    """Store what the verdict asks for; (stored, failed)."""
    done = failed = False
    try:
        if verdict.keep is Keep.SAVE and verdict.record is not None:
            client.ports.records.save(sealed(client, verdict.record))
            done = True
        elif verdict.keep is Keep.REMOVE and blob is not None:
            client.ports.records.remove()
            done = True
    except (DatabaseNotWritable, DatabaseUnreachable):
        failed = True
    if verdict.mark is not None:
        client.ports.marks.save(verdict.mark.record_id, sealed(client, verdict.mark))
    return done, failed


def _fit_users(client: Client, terms: License) -> Users:
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
    seating = session.take_seat(client, session_id, terms.seats)
    return (None, ()) if seating.taken else (Reason.SEATS, seating.holders)


def authenticate(client: Client, key_text: str) -> Decision:
    """The user enters a key: a grant makes a new record, anything else changes nothing (rules: Authentication)."""
    try:
        before, blob = look(client)
    except DatabaseUnreachable:
        return NO_DATABASE
    try:
        key = LicenseKey.parse(key_text)
    except MistypedKey as error:
        return decision.not_authenticated(before, Reason.UNKNOWN, None, f"{error}.".capitalize())
    answer = contact(client, Ask.AUTHENTICATE, key, before.binding)
    match answer:
        case Granted():
            return _accept(client, before, blob, answer)
        case Denied(reason=reason):
            return decision.not_authenticated(before, reason, None)
        case NoContact(cause=cause):
            return decision.not_authenticated(before, None, cause)


def _accept(client: Client, before: Launch, blob: bytes | None, granted: Granted) -> Decision:
    record, mark, answer = decision.authenticated(before, granted, client.ports.chance.take(16).hex())
    try:
        if before.damaged and blob is not None:
            client.ports.records.set_aside(blob)
        client.ports.records.save(sealed(client, record))
        dropped = _fit_users(client, record.certificate.license)
    except (DatabaseNotWritable, DatabaseUnreachable):
        return attrs.evolve(answer, store_failed=True)
    client.ports.marks.save(mark.record_id, sealed(client, mark))
    return attrs.evolve(answer, stored=True, dropped=dropped)


def request_code(client: Client, key: LicenseKey | None = None) -> str:
    """The code that a person reads to support; from now on only its answer is accepted here.

    `key` is needed where the database holds no record. Raises DatabaseUnreachable, CodeRefused.
    """
    before, _ = look(client)
    record = before.record
    wanted = key or (None if record is None else record.certificate.key)
    if wanted is None:
        raise CodeRefused("this database holds no license: give the license key too")
    nonce = client.ports.chance.take(16).hex()
    pending = Pending(wanted, before.binding, client.connection.version, nonce)
    client.ports.marks.save(_PENDING, sealed(client, pending))
    return codes.write_request(pending, _terms(before, wanted))


def _terms(before: Launch, key: LicenseKey) -> License | None:
    record = before.record
    return record.certificate.license if record is not None and record.certificate.key == key else None


def renew_by_code(client: Client, code: str) -> Decision:
    """The user enters a renewal code: a grant like any other, once, or refused with nothing changed."""
    try:
        before, blob = look(client)
    except DatabaseUnreachable:
        return NO_DATABASE
    try:
        pending = _pending(client, before)
        trusted = codes.read_answer(code, pending, _terms(before, pending.key), client.bundle.keys)
    except CodeRefused as error:
        text = str(error)
        return decision.not_authenticated(before, None, Cause.UNTRUSTED_REPLY, f"The code was refused: {text}.")
    certificate, token = trusted.value
    if isinstance(certificate, Denial):
        return decision.not_authenticated(before, certificate.reason, None)
    answer = _accept(client, before, blob, Granted(certificate, token))
    if answer.stored:
        client.ports.marks.remove(_PENDING)
    return answer


def denied(client: Client, reason: Reason) -> Decision:
    """What the License dialog says where support was not allowed to answer a request code: nothing changed."""
    before, _ = look(client)
    return decision.not_authenticated(before, reason, None)


def _pending(client: Client, before: Launch) -> Pending:
    blob = client.ports.marks.load(_PENDING)
    try:
        if blob is None:
            raise Damaged("nothing was asked")
        pending = sealing.unseal_pending(blob, client.bundle.sealing_key).value
    except Damaged as error:
        raise CodeRefused("no code was asked for on this workstation, or it was used already") from error
    if not same(pending.binding, before.binding):
        raise CodeRefused("it was asked for another database")
    return pending


def assign(client: Client, add: Users = (), remove: Users = ()) -> Users:
    """Assign and unassign named licenses in the License dialog; whom too small a number dropped.

    Raises DatabaseUnreachable, DatabaseNotWritable.
    """
    record = stored_record(client)
    terms = None if record is None else record.certificate.license
    licenses = terms.seats if terms is not None and terms.type is LicenseType.NAMED else None
    dropped: list[str] = []

    def change(assigned: Users) -> Users:
        kept, gone = users.fit(users.assign(users.unassign(assigned, remove), add), licenses)
        dropped[:] = gone
        return kept

    client.ports.users.update(change)
    return tuple(dropped)
