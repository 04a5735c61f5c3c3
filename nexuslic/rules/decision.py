"""What a launch decides, in the order of the rules, without doing anything.

`before_contact` takes what a launch knows (record, binding, version, clock, mark) and either has its verdict or is
ready for one contact; `after_contact` turns the contact into a verdict; `refuse` is for users and seats, which
never change the state; `settle` makes the Decision that a person sees. What is to be stored stands in the verdict:
a launch that runs stores everything, one that is refused what the server said and the state, and nothing of the
clock (rules: A launch).
"""

from datetime import datetime, timedelta
from enum import Enum
from functools import cache

import attrs

from nexuslic.rules import grace, license_time
from nexuslic.rules.binding import Binding, same
from nexuslic.rules.license import Version
from nexuslic.rules.license_time import Ledger, Mark, Observation, Reading
from nexuslic.rules.machine import Facts, Row, follow, row_for
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Contact, Denied, Granted, NoContact, Record
from nexuslic.rules.words import Cause, Event, Protection, Reason, State


class Keep(Enum):
    """What a verdict asks of the record store."""

    NOTHING = "nothing"
    SAVE = "save"
    REMOVE = "remove"


@attrs.frozen
class Launch:
    """What a launch knows before it asks anyone; `binding` is already as the policy compares it."""

    record: Record | None
    damaged: bool
    binding: Binding
    version: Version
    reading: Reading
    mark: Mark | None
    policy: Policy


@attrs.frozen
class Ready:
    """A launch that may ask the license server, once: its state so far and the clock as observed."""

    launch: Launch
    record: Record
    state: State
    seen: Observation
    path: tuple[Row, ...] = ()


@attrs.frozen
class Verdict:
    """What was decided, and what is to be kept of it.

    `record` is the record if the launch runs, `record_if_refused` if it does not (users and seats come later).
    `mark` is written in either case where it is not None.
    """

    state: State
    reason: Reason | None
    cause: Cause | None = None
    path: tuple[Row, ...] = ()
    keep: Keep = Keep.NOTHING
    record: Record | None = None
    record_if_refused: Record | None = None
    mark: Mark | None = None
    license_time: datetime | None = None
    set_back: timedelta | None = None

    @property
    def runs(self) -> bool:
        """Whether the application runs."""
        return self.reason is None and self.state.runs

    @property
    def granted(self) -> bool:
        """Whether a grant is behind it."""
        return self.keep is Keep.SAVE and self.state is State.AUTHENTICATED


@attrs.frozen
class Decision:
    """The answer of a launch, an authentication or a renewal code.

    Times are UTC. `days_left` and `deadline` are None where the state has none. `holders` names who sits on the
    seats of a refusal, `dropped` whom a smaller license dropped. `path` holds the rows of the table that fired.
    """

    state: State | None
    runs: bool
    reason: Reason | None = None
    cause: Cause | None = None
    days_left: int | None = None
    deadline: datetime | None = None
    warnings: tuple[str, ...] = ()
    protection: Protection = Protection.SOFTWARE
    stored: bool = False
    store_failed: bool = False
    recorded: Binding | None = None
    connected: Binding | None = None
    holders: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    path: tuple[Row, ...] = ()
    clock: datetime | None = None
    last_grant: datetime | None = None
    last_good: datetime | None = None
    license_time: datetime | None = None
    note: str = ""


@attrs.frozen
class Kept:
    """What came of a verdict in the database: stored or failed to be, who sits there, and who lost a license."""

    stored: bool = False
    failed: bool = False
    holders: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


NOT_KEPT = Kept()

DONGLE = Decision(state=None, runs=True, protection=Protection.DONGLE)
"""Old protection first: the dongle lets it run, and nothing else happens (rules: A launch, 1)."""

NO_DATABASE = Decision(state=None, runs=False, reason=Reason.DATABASE)
"""The database cannot be reached or read: no state, and nothing changes (rules: A launch, 2)."""


@cache
def move(state: State, event: Event, facts: Facts) -> tuple[State, tuple[Row, ...]]:
    """The state after `event`, and the row that led there. Raises NoTransition."""
    after = follow(state, event, facts)
    row = row_for(state, event, facts)
    return after, () if row is None else (row,)


def _facts(record: Record, seen: datetime) -> Facts:
    return Facts(grace.within(seen, grace.deadline(record.certificate)), record.state)


def standing(record: Record | None, damaged: bool, binding: Binding) -> tuple[State, Reason | None]:
    """The state as this connection has it before anything happens, and why it does not run."""
    if damaged:
        return State.UNLICENSED, Reason.DAMAGED
    if record is None:
        return State.UNLICENSED, Reason.UNLICENSED
    if not same(binding, record.certificate.binding):
        return State.INVALID_BINDING, Reason.BINDING
    return record.state, record.refused


def before_contact(launch: Launch) -> Verdict | Ready:
    """Steps 2 to 5 of a launch: record, version, binding, clock."""
    record = launch.record
    if record is None or launch.damaged:
        state, reason = standing(record, launch.damaged, launch.binding)
        return Verdict(state, reason)
    if launch.version.older_than(record.certificate.license.minimum_version):
        return Verdict(record.state, Reason.VERSION, license_time=record.ledger.license_time)
    if not same(launch.binding, record.certificate.binding):
        state, path = move(record.state, Event.MISMATCH, _facts(record, record.ledger.license_time))
        mark = next_mark(launch.mark, record, record.ledger.license_time, mismatched=True)
        return Verdict(state, Reason.BINDING, path=path, mark=mark)
    return _observe(launch, record)


def _observe(launch: Launch, record: Record) -> Verdict | Ready:
    state = record.state
    path: tuple[Row, ...] = ()
    mark = launch.mark
    if mark is not None and mark.record_id == record.id and mark.mismatched:
        state, path = move(State.INVALID_BINDING, Event.MATCH, _facts(record, record.ledger.license_time))
    if record.refused is Reason.SUPERSEDED:
        state, last = move(state, Event.MISMATCH, _facts(record, record.ledger.license_time))
        return Verdict(state, Reason.SUPERSEDED, path=path + last, mark=_matched(launch, record))
    seen = license_time.observe(record.ledger, launch.reading.wall, launch.policy)
    certificate = record.certificate
    ledger = license_time.heed_mark(seen.ledger, mark, record.id, certificate.granted_at, certificate.nonce)
    return Ready(launch, record, state, Observation(ledger, seen.set_back), path)


def after_contact(ready: Ready, contact: Contact) -> Verdict:
    """Step 7 of a launch: what the contact makes of the license."""
    match contact:
        case Granted():
            return _granted(ready, contact)
        case Denied():
            return _denied(ready, contact.reason)
        case NoContact():
            return _alone(ready, contact.cause)


def _granted(ready: Ready, granted: Granted) -> Verdict:
    launch, certificate = ready.launch, granted.certificate
    state, path = move(ready.state, Event.CONFIRM, _facts(ready.record, ready.seen.ledger.license_time))
    ledger = license_time.correct(certificate.granted_at, launch.reading.wall)
    refused = Record(ready.record.id, certificate, granted.proof, state, None, ledger, ready.record.last_good)
    return Verdict(
        state,
        None,
        path=ready.path + path,
        keep=Keep.SAVE,
        record=refused.ran(ledger, launch.reading.wall),
        record_if_refused=refused,
        mark=Mark(refused.id, certificate.granted_at, ledger.license_time, False, certificate.nonce),
        license_time=ledger.license_time,
        set_back=ready.seen.set_back,
    )


_BY_DENIAL = {
    Reason.UNKNOWN: Event.REVOKE,
    Reason.REVOKED: Event.REVOKE,
    Reason.SUSPENDED: Event.END,
    Reason.TERM: Event.END,
    Reason.SUPERSEDED: Event.MISMATCH,
}


def _denied(ready: Ready, reason: Reason) -> Verdict:
    seen = ready.seen
    event = _BY_DENIAL.get(reason)
    if event is None:
        return Verdict(
            ready.state,
            reason,
            path=ready.path,
            license_time=seen.ledger.license_time,
            set_back=seen.set_back,
            mark=_matched(ready.launch, ready.record),
        )
    state, path = move(ready.state, event, _facts(ready.record, seen.ledger.license_time))
    kept = ready.record.moved(state, reason)
    return Verdict(
        state,
        reason,
        path=ready.path + path,
        keep=Keep.REMOVE if event is Event.REVOKE else Keep.SAVE,
        record=kept,
        record_if_refused=kept,
        set_back=seen.set_back,
        mark=_matched(ready.launch, ready.record),
    )


def _alone(ready: Ready, cause: Cause) -> Verdict:
    record, ledger = ready.record, ready.seen.ledger
    ended = record.refused
    if ended is None and grace.past_term(record.certificate, ledger.license_time):
        ended = Reason.TERM
    event = Event.LOSE_CONTACT if ended is None else Event.END
    state, path = move(ready.state, event, _facts(record, ledger.license_time))
    kept = record.moved(state, record.refused)
    if state.runs:
        reason, running = None, kept.ran(ledger, ready.launch.reading.wall)
        mark: Mark | None = next_mark(ready.launch.mark, record, ledger.license_time, mismatched=False)
    else:
        reason, running, mark = ended or Reason.EXPIRED, kept, _matched(ready.launch, record)
    return Verdict(
        state,
        reason,
        cause,
        path=ready.path + path,
        keep=Keep.SAVE,
        record=running,
        record_if_refused=kept,
        mark=mark,
        license_time=ledger.license_time,
        set_back=ready.seen.set_back,
    )


def next_mark(mark: Mark | None, record: Record, seen: datetime, *, mismatched: bool) -> Mark:
    """The workstation's mark from now on: the highest license time since the latest grant that it saw."""
    granted_at, nonce = record.certificate.granted_at, record.certificate.nonce
    if mark is not None and mark.record_id == record.id and mark.of_this_grant_or_later(granted_at, nonce):
        return Mark(record.id, mark.granted_at, max(seen, mark.license_time), mismatched, mark.nonce)
    return Mark(record.id, granted_at, seen, mismatched, nonce)


def _matched(launch: Launch, record: Record) -> Mark | None:
    """The mark of a launch that is refused: only that the names match again, nothing of the clock."""
    mark = launch.mark
    if mark is None or mark.record_id != record.id or not mark.mismatched:
        return None
    return attrs.evolve(mark, mismatched=False)


def refuse(verdict: Verdict, launch: Launch, reason: Reason) -> Verdict:
    """The verdict once a user or a seat is refused: the state stays, nothing of the clock is kept."""
    kept = verdict.record_if_refused
    mark = verdict.mark if verdict.granted or kept is None else _matched(launch, kept)
    return attrs.evolve(verdict, reason=reason, record=kept, mark=mark)


def settle(verdict: Verdict, launch: Launch, kept: Kept = NOT_KEPT) -> Decision:
    """The Decision that a verdict comes to, with what came of storing it."""
    record = launch.record if verdict.record is None else verdict.record
    removed = kept.stored and verdict.keep is Keep.REMOVE
    last = None if record is None else grace.deadline(record.certificate)
    bound = verdict.state not in (State.UNLICENSED, State.INVALID_BINDING)
    left = None
    if verdict.state.runs and last is not None and verdict.license_time is not None:
        left = grace.days_left(verdict.license_time, last)
    return Decision(
        state=verdict.state,
        runs=verdict.runs,
        reason=verdict.reason,
        cause=verdict.cause,
        days_left=left,
        deadline=last if bound else None,
        warnings=_warnings(verdict, left, launch.policy),
        stored=kept.stored,
        store_failed=kept.failed,
        recorded=None if record is None or removed else record.certificate.binding,
        holders=kept.holders,
        dropped=kept.dropped,
        connected=launch.binding,
        path=verdict.path,
        clock=launch.reading.wall,
        last_grant=None if record is None else record.certificate.granted_at,
        last_good=None if launch.record is None else launch.record.last_good,
        license_time=verdict.license_time,
    )


def _warnings(verdict: Verdict, left: int | None, policy: Policy) -> tuple[str, ...]:
    said = []
    if verdict.state is State.GRACE and left is not None:
        said.append(grace.warning(left, policy.warn_from))
    if verdict.set_back is not None:
        days, rest = divmod(verdict.set_back, grace.DAY)
        span = f"{days} d {rest // timedelta(hours=1)} h"
        said.append(f"The clock was set back by {span} since the last launch; set it right with contact")
    return tuple(text for text in said if text)


def authenticated(before: Launch, granted: Granted, record_id: str) -> tuple[Record, Mark, Decision]:
    """The new record, mark and Decision of a grant that a user asked for by key or by code (rules: Authentication)."""
    state, _ = standing(before.record, before.damaged, before.binding)
    recorded = State.UNLICENSED if before.record is None else before.record.state
    state, path = move(state, Event.AUTHENTICATE, Facts(False, recorded))
    certificate = granted.certificate
    ledger: Ledger = license_time.correct(certificate.granted_at, before.reading.wall)
    last_good = None if before.record is None else before.record.last_good
    record = Record(record_id, certificate, granted.proof, state, None, ledger, last_good)
    mark = Mark(record_id, certificate.granted_at, ledger.license_time, False, certificate.nonce)
    verdict = Verdict(state, None, path=path, record=record, license_time=ledger.license_time)
    return record, mark, settle(verdict, before)


def not_authenticated(before: Launch, reason: Reason | None, cause: Cause | None, note: str = "") -> Decision:
    """The Decision of an authentication without a grant: the state as this connection has it, nothing changed."""
    state, _ = standing(before.record, before.damaged, before.binding)
    seen = None if before.record is None else before.record.ledger.license_time
    decision = settle(Verdict(state, reason, cause, license_time=seen), before)
    return attrs.evolve(decision, runs=False, warnings=(), note=note)
