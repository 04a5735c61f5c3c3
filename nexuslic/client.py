"""The application's side: launch, authenticate, renew by code. The only place that knows the order of the steps.

Everything that is decided here is decided by `rules`, over values that `trust` vouches for; everything that
happens, happens through `ports`. One launch reads the clock once and contacts the license server at most once.
"""

from contextlib import suppress
from datetime import datetime, timedelta

import attrs

from nexuslic.errors import CodeRefused, Damaged, DatabaseNotWritable, DatabaseUnreachable, MistypedKey, UntrustedReply
from nexuslic.ports import Ports
from nexuslic.rules import decision, license_time, seats, users
from nexuslic.rules.binding import Binding, same, under_policy
from nexuslic.rules.decision import DONGLE, NO_DATABASE, Decision, Keep, Launch, Ready, Verdict
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.license_time import Mark, Reading
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Contact, Denied, Granted, NoContact, Record
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.rules.words import Cause, LicenseType, Reason
from nexuslic.trust import codes, sealing, signing, wire
from nexuslic.trust.keys import Bundle
from nexuslic.trust.trusted import Trusted
from nexuslic.trust.wire import Ask, Denial, Pending, Request

_PENDING = "request"


@attrs.frozen
class Connection:
    """Who asks, from where, for which database; `binding` as the client spells it, with the server's identity."""

    binding: Binding
    version: Version
    user: str
    workstation: str


@attrs.frozen
class Client:
    """The license check of one application on one workstation."""

    ports: Ports
    connection: Connection
    bundle: Bundle
    policy: Policy = attrs.Factory(Policy)


@attrs.define
class Session:
    """A launch that runs on: its seat, and what it started from (`base`, at `base_running` of the clock)."""

    id: str
    connection: Connection
    record_id: str
    granted_at: datetime
    base: datetime
    base_running: timedelta
    seated: bool
    wall: datetime


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
        before, blob = _look(client)
        step = decision.before_contact(before)
        verdict = _ask(client, step) if isinstance(step, Ready) else step
        return _finish(client, before, verdict, blob)
    except DatabaseUnreachable:
        return Launched(NO_DATABASE)


def _look(client: Client) -> tuple[Launch, bytes | None]:
    """What a launch knows before it asks anyone, and the record as it lies in the database."""
    ports = client.ports
    blob = ports.records.load()
    record, damaged = _unsealed(client, blob)
    reading = ports.clock.read()
    mark = None if record is None else _mark(client, record.id)
    binding = under_policy(client.connection.binding, client.policy.binding)
    return Launch(record, damaged, binding, client.connection.version, reading, mark, client.policy), blob


def _unsealed(client: Client, blob: bytes | None) -> tuple[Record | None, bool]:
    if blob is None:
        return None, False
    try:
        trusted: Trusted[Record] = sealing.unseal_record(blob, client.bundle.sealing_key, client.bundle.keys)
    except Damaged:
        return None, True
    return trusted.value, False


def _mark(client: Client, record_id: str) -> Mark | None:
    blob = client.ports.marks.load(record_id)
    if blob is None:
        return None
    try:
        mark = sealing.unseal_mark(blob, client.bundle.sealing_key).value
    except Damaged:
        return None
    return mark if mark.record_id == record_id else None


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
    record, session_id, seated = verdict.record, "", True
    dropped: Users = ()
    holders: Seats = ()
    if verdict.cause is None and verdict.runs and record is not None:
        dropped = _fit_users(client, record.certificate.license.seats)
    if verdict.runs and record is not None:
        session_id = client.ports.chance.take(8).hex()
        reason, holders, seated = _sit(client, record, session_id)
        verdict = verdict if reason is None else decision.refuse(verdict, before, reason)
    answer = decision.settle(verdict, before)
    stored, failed = _store(client, verdict, blob)
    answer = attrs.evolve(
        answer,
        stored=stored,
        store_failed=failed,
        holders=tuple(map(str, holders)),
        dropped=dropped,
        recorded=None if verdict.keep is Keep.REMOVE and stored else answer.recorded,
    )
    if not verdict.runs or verdict.record is None or verdict.license_time is None:
        return Launched(answer)
    return Launched(answer, _session(client, before.reading, verdict.record, session_id, seated))


def _session(client: Client, reading: Reading, record: Record, session_id: str, seated: bool) -> Session:
    return Session(
        session_id,
        client.connection,
        record.id,
        record.certificate.granted_at,
        record.ledger.license_time,
        reading.running,
        seated,
        reading.wall,
    )


def _store(client: Client, verdict: Verdict, blob: bytes | None) -> tuple[bool, bool]:
    """Store what the verdict asks for; (stored, failed)."""
    done = failed = False
    try:
        if verdict.keep is Keep.SAVE and verdict.record is not None:
            client.ports.records.save(_sealed(client, verdict.record))
            done = True
        elif verdict.keep is Keep.REMOVE and blob is not None:
            client.ports.records.remove()
            done = True
    except (DatabaseNotWritable, DatabaseUnreachable):
        failed = True
    if verdict.mark is not None:
        client.ports.marks.save(verdict.mark.record_id, _sealed(client, verdict.mark))
    return done, failed


def _sealed(client: Client, value: Record | Mark | Pending) -> bytes:
    return sealing.seal(value, client.bundle.sealing_key, client.ports.chance.take(sealing.IV_BYTES))


def _fit_users(client: Client, licenses: int) -> Users:
    """Drop the users that a grant has no licenses for; whom it dropped."""
    dropped: list[str] = []

    def change(assigned: Users) -> Users:
        kept, gone = users.fit(assigned, licenses)
        dropped[:] = gone
        return kept

    if len(client.ports.users.assigned()) > licenses:
        try:
            client.ports.users.update(change)
        except DatabaseNotWritable:
            dropped.clear()
    return tuple(dropped)


def _sit(client: Client, record: Record, session: str) -> tuple[Reason | None, Seats, bool]:
    """Step 8: why this user is refused (None: they are not), who sits, and whether a seat was written down."""
    terms, user = record.certificate.license, client.connection.user
    if terms.type is LicenseType.NAMED:
        listed = users.fit(client.ports.users.assigned(), terms.seats)[0]
        return (None if users.is_assigned(listed, user) else Reason.USER), (), False
    taken, holders, written = _take(client, session, terms.seats)
    return (None, (), written) if taken else (Reason.SEATS, holders, False)


def _take(client: Client, session: str, limit: int) -> tuple[bool, Seats, bool]:
    connection, ports = client.connection, client.ports
    running = ports.computer.sessions()
    request = seats.Request(session, connection.user, connection.workstation, running)
    result: list[seats.Seating] = []

    def change(table: Seats, now: datetime) -> Seats:
        seating = seats.take(table, request, now, limit, client.policy.seat_timeout)
        result[:] = [seating]
        return seating.seats

    try:
        ports.seats.update(change)
    except DatabaseNotWritable:
        return result[0].taken, result[0].holders, False
    return result[0].taken, result[0].holders, True


def authenticate(client: Client, key_text: str) -> Decision:
    """The user enters a key: a grant makes a new record, anything else changes nothing (rules: Authentication)."""
    try:
        before, blob = _look(client)
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
        client.ports.records.save(_sealed(client, record))
        dropped = _fit_users(client, record.certificate.license.seats)
    except (DatabaseNotWritable, DatabaseUnreachable):
        return attrs.evolve(answer, store_failed=True)
    client.ports.marks.save(mark.record_id, _sealed(client, mark))
    return attrs.evolve(answer, stored=True, dropped=dropped)


def request_code(client: Client, key: LicenseKey | None = None) -> str:
    """The code that a person reads to support; from now on only its answer is accepted here.

    `key` is needed where the database holds no record. Raises DatabaseUnreachable, CodeRefused.
    """
    before, _ = _look(client)
    record = before.record
    wanted = key or (None if record is None else record.certificate.key)
    if wanted is None:
        raise CodeRefused("this database holds no license: give the license key too")
    nonce = client.ports.chance.take(16).hex()
    pending = Pending(wanted, before.binding, client.connection.version, nonce)
    client.ports.marks.save(_PENDING, _sealed(client, pending))
    return codes.write_request(pending, _terms(before, wanted))


def _terms(before: Launch, key: LicenseKey) -> License | None:
    record = before.record
    return record.certificate.license if record is not None and record.certificate.key == key else None


def renew_by_code(client: Client, code: str) -> Decision:
    """The user enters a renewal code: a grant like any other, once, or refused with nothing changed."""
    try:
        before, blob = _look(client)
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
    before, _ = _look(client)
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


def renew_seat(client: Client, session: Session) -> bool:
    """Every 2 minutes, and on closing: renew the seat and account for the running time.

    False where the session's seat was given away and none is free: it is told so and ends.
    """
    try:
        account(client, session)
        if not session.seated:
            return True
        record, _ = _unsealed(client, client.ports.records.load())
        limit = 0 if record is None else record.certificate.license.seats
        return _take(client, session.id, limit)[0]
    except DatabaseUnreachable:
        return True


def account(client: Client, session: Session) -> None:
    """Observe the clock for a running session: license time is at least its start plus its running time."""
    reading = client.ports.clock.read()
    if reading.running == session.base_running and reading.wall == session.wall:
        return
    session.wall = reading.wall
    record, _ = _unsealed(client, client.ports.records.load())
    if record is None or record.id != session.record_id:
        return
    certificate = record.certificate
    ledger = license_time.observe(record.ledger, reading.wall, client.policy).ledger
    mark = _mark(client, record.id)
    ledger = license_time.heed_mark(ledger, mark, record.id, certificate.granted_at)
    if certificate.granted_at > session.granted_at:
        session.granted_at, session.base = certificate.granted_at, ledger.license_time
        session.base_running = reading.running
    else:
        ledger = license_time.at_least(ledger, session.base + reading.running - session.base_running)
    _keep(client, attrs.evolve(record, ledger=ledger), mark)


def _keep(client: Client, record: Record, mark: Mark | None) -> None:
    seen = record.ledger.license_time
    grown = decision.next_mark(mark, record, seen, mismatched=mark is not None and mark.mismatched)
    with suppress(DatabaseNotWritable):
        client.ports.records.save(_sealed(client, record))
    client.ports.marks.save(record.id, _sealed(client, grown))


def close(client: Client, session: Session) -> None:
    """End a session: account for its running time, and give its seat back."""
    try:
        account(client, session)
        if session.seated:
            client.ports.seats.update(lambda table, _: seats.give_back(table, session.id))
    except (DatabaseUnreachable, DatabaseNotWritable):
        return


def assign(client: Client, add: Users = (), remove: Users = ()) -> Users:
    """Assign and unassign named licenses in the License dialog; whom too small a number dropped.

    Raises DatabaseUnreachable, DatabaseNotWritable.
    """
    record, _ = _unsealed(client, client.ports.records.load())
    licenses = None if record is None else record.certificate.license.seats
    dropped: list[str] = []

    def change(assigned: Users) -> Users:
        kept, gone = users.fit(users.assign(users.unassign(assigned, remove), add), licenses)
        dropped[:] = gone
        return kept

    client.ports.users.update(change)
    return tuple(dropped)
