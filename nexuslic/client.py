"""The application's side: launch, authenticate, renew by code. The only place that knows the order of the steps.

Everything that is decided here is decided by `rules`, over values that `trust` vouches for; everything that
happens, happens through `ports`. One launch reads the clock once and contacts the license server at most once.
"""

import attrs

from nexuslic import keeping, session
from nexuslic.connection import TRIES, Client, Connection, known_by, look, look_again, sealed, stored_record
from nexuslic.errors import CodeRefused, Damaged, DatabaseNotWritable, DatabaseUnreachable, MistypedKey, UntrustedReply
from nexuslic.keeping import Outcome, Stored
from nexuslic.ports import PENDING, Connectivity
from nexuslic.rules import decision, users
from nexuslic.rules.binding import Binding, same
from nexuslic.rules.decision import DONGLE, NO_DATABASE, Decision, Keep, Kept, Launch, Verdict
from nexuslic.rules.license import License, LicenseKey
from nexuslic.rules.record import Asked, Contact, Denied, Granted, NoContact
from nexuslic.rules.users import Users
from nexuslic.rules.words import Cause, LicenseType, Reason
from nexuslic.session import Session, close, renew_seat
from nexuslic.trust import codes, sealing, signing, wire
from nexuslic.trust.keys import KnownKeys
from nexuslic.trust.wire import Ask, Denial, Malformed, Pending, Request

__all__ = [
    "Client",
    "Connection",
    "Launched",
    "Session",
    "ask_for",
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
        return _launch(client)
    except DatabaseUnreachable as error:
        return Launched(no_database(error))


def no_database(error: DatabaseUnreachable) -> Decision:
    """The decision where there is nothing to decide on, with the database's own words."""
    text = str(error)
    return attrs.evolve(NO_DATABASE, note=f"{text[:1].upper()}{text[1:]}.")


def _launch(client: Client) -> Launched:
    """A launch under an id of its own, which runs on in its session, or is over."""
    session_id = client.ports.chance.take(8).hex()
    launched: Launched | None = None
    try:
        launched = _decided(client, session_id)
    finally:
        if launched is None or launched.session is None:
            client.ports.computer.end(session_id)
    return launched


@attrs.frozen
class _Taken:
    """A launch as it was looked at, the record as it lay there, what was decided on it, and what was asked for that."""

    before: Launch
    blob: bytes | None
    verdict: Verdict
    asked: Asked | None


def _decided(client: Client, session_id: str) -> Launched:
    """Decide, and store; where another workstation has stored meanwhile, decide on what it stored.

    The license server is asked once: again only where its answer says nothing of what the record holds by then.
    """
    before, blob = look(client)
    asked: Asked | None = None
    for tries_left in reversed(range(TRIES)):
        taken = _decide(client, before, blob, asked)
        launched = _finish(client, taken, session_id, again=tries_left > 0)
        if launched is not None:
            return launched
        asked = taken.asked
        before, blob = look_again(client, before)
    raise AssertionError("the last try always has an answer")


def _decide(client: Client, before: Launch, blob: bytes | None, asked: Asked | None) -> _Taken:
    """Steps 2 to 7."""
    step = decision.before_contact(before)
    if isinstance(step, Verdict):
        return _Taken(before, blob, step, asked)
    answer = None if asked is None else asked.says_of(step.record)
    if answer is None:
        certificate, known = step.record.certificate, known_by(client, step.record)
        answer = contact(client, Ask.CONFIRM, certificate.key, before.binding, known)
        asked = Asked(certificate, answer)
    return _Taken(before, blob, decision.after_contact(step, answer), asked)


def _decide_within(client: Client, taken: _Taken) -> _Taken:
    """The launch on what lies there now that nobody else stores; as it was where the license server is to be asked."""
    if client.ports.records.load() == taken.blob:
        return taken
    before, blob = look_again(client, taken.before)
    step = decision.before_contact(before)
    if isinstance(step, Verdict):
        return _Taken(before, blob, step, taken.asked)
    answer = None if taken.asked is None else taken.asked.says_of(step.record)
    return taken if answer is None else _Taken(before, blob, decision.after_contact(step, answer), taken.asked)


def contact(client: Client, ask: Ask, key: LicenseKey, binding: Binding, known: KnownKeys) -> Contact:
    """One attempt to reach the license server, and what its answer says, verified by what is `known` of its keys."""
    nonce = client.ports.chance.take(16).hex()
    request = Request(ask, key, binding, client.connection.version, nonce)
    answer = ask_for(client.ports.connectivity, request, known)
    other = isinstance(answer, Granted) and answer.certificate.key != key
    return NoContact(Cause.UNTRUSTED_REPLY) if other else answer


def ask_for(connectivity: Connectivity, request: Request | Malformed, known: KnownKeys) -> Contact:
    """What the license server answers to one request, where its answer can be trusted."""
    reply = connectivity.exchange(wire.encode(request))
    if isinstance(reply, NoContact):
        return reply
    try:
        value, token = signing.verify(reply, request.nonce, request.binding, known).value
    except UntrustedReply:
        return NoContact(Cause.UNTRUSTED_REPLY)
    return Denied(value.reason) if isinstance(value, Denial) else Granted(value, token)


def _finish(client: Client, taken: _Taken, session_id: str, *, again: bool) -> Launched | None:
    """Steps 8 and 9: users and seats, then store, then answer.

    None where another record stands there by now and the launch may be decided `again`.
    """
    kept = _keep(client, taken, session_id, again=again)
    if kept.stored is Stored.CHANGED and again:
        return None
    before, verdict, dropped = kept.before, kept.verdict, kept.dropped
    record = verdict.record
    if kept.stored is not Stored.CHANGED:
        keeping.mark(client, verdict)
    if verdict.granted and record is not None:
        dropped += keeping.fit_after(client, record.certificate.license)
    names = tuple(map(str, kept.holders))
    failed = kept.stored in (Stored.FAILED, Stored.CHANGED)
    running = verdict.record if verdict.runs else None
    session_now = None if running is None else session.start(session_id, running, before.reading)
    said = Kept(kept.stored is Stored.DONE, failed, names, dropped)
    return Launched(decision.settle(verdict, before, said), session_now)


def _keep(client: Client, taken: _Taken, session_id: str, *, again: bool) -> Outcome:
    """Users, seat and record, stored at once or not at all. Raises DatabaseUnreachable."""
    kept: list[Outcome] = []
    if taken.verdict.keep is Keep.NOTHING:
        return Outcome(taken.before, taken.verdict, Stored.NOTHING)
    try:
        with client.ports.records.together():
            kept.append(_within(client, taken, session_id))
            if kept[0].stored is Stored.CHANGED and again:
                keeping.leave(client, session_id)
    except (DatabaseNotWritable, DatabaseUnreachable):
        if not kept:
            raise
        return attrs.evolve(kept[0], stored=Stored.FAILED, dropped=())
    return kept[0]


def _within(client: Client, taken: _Taken, session_id: str) -> Outcome:
    """What comes of keeping it while nobody else stores."""
    taken = _decide_within(client, taken)
    return keeping.keep(client, taken.before, taken.verdict, taken.blob, session_id)


def authenticate(client: Client, key_text: str) -> Decision:
    """The user enters a key: a grant makes a new record, anything else changes nothing (rules: Authentication)."""
    try:
        before, _ = look(client)
    except DatabaseUnreachable as error:
        return no_database(error)
    try:
        key = LicenseKey.parse(key_text)
    except MistypedKey as error:
        return decision.not_authenticated(before, Reason.UNKNOWN, None, f"{error}.".capitalize())
    answer = contact(client, Ask.AUTHENTICATE, key, before.binding, known_by(client, before.record))
    match answer:
        case Granted():
            return _accept(client, before, answer)
        case Denied(reason=reason):
            return decision.not_authenticated(before, reason, None)
        case NoContact(cause=cause):
            return decision.not_authenticated(before, None, cause)


def _accept(client: Client, before: Launch, granted: Granted) -> Decision:
    """A new record in the place of whatever stands there by now, while nobody else stores."""
    record_id, terms = client.ports.chance.take(16).hex(), granted.certificate.license
    record, mark, answer = decision.authenticated(before, granted, record_id)
    try:
        with client.ports.records.together():
            before, blob = look_again(client, before)
            record, mark, answer = decision.authenticated(before, granted, record_id)
            known = known_by(client, record)
            if before.damaged and blob is not None:
                client.ports.records.set_aside(blob)
            dropped = keeping.fit_users(client, terms)
            stored = client.ports.records.save(sealed(client, record, known), blob)
    except (DatabaseNotWritable, DatabaseUnreachable):
        stored = False
    if not stored:
        return attrs.evolve(answer, store_failed=True)
    client.ports.marks.save(mark.record_id, sealed(client, mark, known))
    return attrs.evolve(answer, stored=True, dropped=dropped + keeping.fit_after(client, terms))


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
    blob = sealed(client, pending, known_by(client, record))
    client.ports.marks.save(PENDING, blob)
    if client.ports.marks.load(PENDING) != blob:
        raise CodeRefused(
            "this workstation cannot keep what was asked for: make room in its state folder, and its rights"
        )
    return codes.write_request(pending, _terms(before, wanted))


def _terms(before: Launch, key: LicenseKey) -> License | None:
    record = before.record
    return record.certificate.license if record is not None and record.certificate.key == key else None


def renew_by_code(client: Client, code: str) -> Decision:
    """The user enters a renewal code: a grant like any other, once, or refused with nothing changed."""
    try:
        before, _ = look(client)
    except DatabaseUnreachable as error:
        return no_database(error)
    try:
        pending = _pending(client, before)
        _refuse_used(before, pending)
        terms, known = _terms(before, pending.key), known_by(client, before.record)
        trusted = codes.read_answer(code, pending, terms, known)
    except CodeRefused as error:
        text = str(error)
        return decision.not_authenticated(before, None, Cause.UNTRUSTED_REPLY, f"The code was refused: {text}.")
    certificate, token = trusted.value
    if isinstance(certificate, Denial):
        return decision.not_authenticated(before, certificate.reason, None)
    answer = _accept(client, before, Granted(certificate, token))
    if answer.stored:
        client.ports.marks.remove(PENDING)
    return answer


def _refuse_used(before: Launch, pending: Pending) -> None:
    """A code works once, also where the crash of a computer has kept its request from being forgotten."""
    if before.record is not None and before.record.certificate.nonce == pending.nonce:
        raise CodeRefused("it was used already")


def denied(client: Client, reason: Reason) -> Decision:
    """What the License dialog says where support was not allowed to answer a request code: nothing changed."""
    before, _ = look(client)
    return decision.not_authenticated(before, reason, None)


def _pending(client: Client, before: Launch) -> Pending:
    blob = client.ports.marks.load(PENDING)
    try:
        if blob is None:
            raise Damaged("nothing was asked")
        pending = sealing.unseal_pending(blob, client.bundle.known).value
    except Damaged as error:
        raise CodeRefused("no code was asked for on this workstation, or it was used already") from error
    if not same(pending.binding, before.binding):
        raise CodeRefused("it was asked for another database")
    return pending


def assign(client: Client, add: Users = (), remove: Users = ()) -> Users:
    """Assign and unassign named licenses in the License dialog; whom too small a number dropped.

    Raises DatabaseUnreachable, DatabaseNotWritable.
    """
    licenses = _licenses(client)
    dropped: list[str] = []

    def change(assigned: Users) -> Users:
        kept, gone = users.fit(users.assign(users.unassign(assigned, remove), add), licenses)
        dropped[:] = gone
        return kept

    client.ports.users.update(change)
    record = stored_record(client)
    return tuple(dropped) + (() if record is None else keeping.fit_users(client, record.certificate.license))


def _licenses(client: Client) -> int | None:
    """How many users may be assigned; None where that is not known yet, or where nobody needs to be."""
    record = stored_record(client)
    terms = None if record is None else record.certificate.license
    return terms.seats if terms is not None and terms.type is LicenseType.NAMED else None
