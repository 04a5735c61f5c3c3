"""The rules by the letter: one decision, written from the rules' own sentences in whole seconds.

It shares no line with `nexuslic.rules`: not a comparison, not a rounding, not the table. What the product decides is
held against this. Each method quotes the sentence that it writes out.
"""

from nexuslic.lab.exploring.values import (
    DAY,
    EXTRA,
    Answer,
    Base,
    How,
    Look,
    Mark,
    Outcome,
    Place,
    Record,
    Server,
    ago,
    looks,
)
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.words import Cause, Reason, State, WhichBinding

_CAUSES = {How.OFFLINE: Cause.OFFLINE, How.FORGED: Cause.UNTRUSTED_REPLY}
_REMOVES = (Reason.REVOKED,)


class Letter:
    """Decides by the letter of the rules, under a policy's grace, tolerance, charge and binding."""

    def __init__(self, policy: LabPolicy) -> None:
        self.grace = policy.grace
        self.tolerance = round(policy.rules.clock_tolerance.total_seconds())
        self.charge = round(policy.rules.setback_charge.total_seconds())
        self.by_identity = policy.rules.binding is WhichBinding.IDENTITY

    # -- License time -----------------------------------------------------------------------------------------------

    def observe(self, seen: int, read: int, wall: int) -> tuple[int, int, bool]:
        """Forward: advance by the difference. Behind by at most the tolerance: nothing moves. Further: the charge."""
        if wall >= read:
            return seen + (wall - read), wall, False
        if read - wall > self.tolerance:
            return seen + self.charge, wall, True
        return seen, read, False

    def raised(self, seen: int, record: Record, mark: Mark | None) -> int:
        """If the mark is of this grant or a later one, license time is at least the mark's."""
        return seen if mark is None or mark.granted < record.granted else max(seen, mark.seen)

    def next_mark(self, record: Record, mark: Mark | None, seen: int, mismatched: bool) -> Mark:
        """The grant that the workstation saw, and the highest license time since."""
        if mark is not None and mark.granted >= record.granted:
            return Mark(record.id, mark.granted, max(seen, mark.seen), mismatched)
        return Mark(record.id, record.granted, seen, mismatched)

    # -- Grace ------------------------------------------------------------------------------------------------------

    def deadline(self, record: Record) -> int:
        """Last grant + grace days (+ the extension that the certificate carries)."""
        return record.granted + (self.grace + record.extra) * DAY

    def days_left(self, seen: int, deadline: int) -> int:
        """The time to the deadline in days, rounded up; 0 at the deadline itself."""
        whole, rest = divmod(max(0, deadline - seen), DAY)
        return whole + 1 if rest else whole

    # -- Binding ----------------------------------------------------------------------------------------------------

    def same(self, one: Place, other: Place) -> bool:
        """By spelling two names are one where they are spelled alike; by identity DB1's other name is DB1."""
        if self.by_identity:
            return (one is Place.THERE) == (other is Place.THERE)
        return one is other

    # -- Contact ----------------------------------------------------------------------------------------------------

    def denial(self, server: Server, place: Place, *, confirms: bool) -> Reason | None:
        """The first that applies of revoked, suspended, superseded (confirmations only)."""
        if server.revoked:
            return Reason.REVOKED
        if server.suspended:
            return Reason.SUSPENDED
        elsewhere = server.bound is None or not self.same(server.bound, place)
        return Reason.SUPERSEDED if confirms and elsewhere else None

    def extra(self, server: Server) -> int:
        """A grant at or before the last instant of an extension carries its days."""
        return EXTRA if server.until is not None and server.until >= 0 else 0

    # -- A launch ---------------------------------------------------------------------------------------------------

    def launch(self, look: Look) -> Outcome:
        """One launch, closed again at once."""
        record, mark = look.base.record, look.mark
        if record is None:
            return Outcome(_none(State.UNLICENSED, self._without(look.base)), None, mark)
        if not self.same(look.place, record.bound):
            return self._mismatch(record, mark)
        if record.refused is Reason.SUPERSEDED:
            return Outcome(_none(State.INVALID_BINDING, Reason.SUPERSEDED), record, _matched(mark))
        seen, read, warned = self.observe(record.seen, record.read, look.wall)
        seen = self.raised(seen, record, mark)
        reason = self.denial(look.server, look.place, confirms=True) if look.how is How.ONLINE else None
        if look.how is not How.ONLINE:
            return self._alone(look, record, seen, read, warned)
        return self._granted(look, record, warned) if reason is None else self._denied(look, record, reason, warned)

    def _without(self, base: Base) -> Reason:
        return Reason.DAMAGED if base.damaged else Reason.UNLICENSED

    def _mismatch(self, record: Record, mark: Mark | None) -> Outcome:
        """No contact is made, nothing is cured, and only the mark is written."""
        answer = _none(State.INVALID_BINDING, Reason.BINDING)
        return Outcome(answer, record, self.next_mark(record, mark, record.seen, True))

    def _granted(self, look: Look, old: Record, warned: bool) -> Outcome:
        """License time = the server's time, last reading = r; grace starts again, and what was refused is lifted."""
        new = Record(old.id, look.place, 0, self.extra(look.server), State.AUTHENTICATED, None, 0, look.wall)
        refused = Reason.USER if look.guest else None
        return Outcome(self._stands(new, 0, refused, None, warned), new, Mark(new.id, 0, 0, False))

    def _denied(self, look: Look, record: Record, reason: Reason, warned: bool) -> Outcome:
        """What the server said is stored with the state, and nothing of the clock."""
        mark = _matched(look.mark)
        if reason in _REMOVES:
            return Outcome(_none(State.UNLICENSED, reason, warned=warned), None, mark)
        if reason is Reason.SUPERSEDED:
            kept = record._replace(state=State.INVALID_BINDING, refused=reason)
            return Outcome(_none(kept.state, reason, warned=warned), kept, mark)
        kept = record._replace(state=State.EXPIRED, refused=reason)
        return Outcome(self._stands(kept, None, reason, None, warned), kept, mark)

    def _alone(self, look: Look, record: Record, seen: int, read: int, warned: bool) -> Outcome:
        """`end` if the record remembers a suspension, else Grace up to the deadline itself, and Expired after it."""
        cause, ended = _CAUSES[look.how], record.refused
        if ended is not None or seen > self.deadline(record):
            kept = record._replace(state=State.EXPIRED)
            answer = self._stands(kept, None, ended or Reason.EXPIRED, cause, warned)
            return Outcome(answer, kept, _matched(look.mark))
        kept = record._replace(state=State.GRACE)
        if look.guest:
            return Outcome(self._stands(kept, seen, Reason.USER, cause, warned), kept, _matched(look.mark))
        ran = kept._replace(seen=seen, read=read)
        mark = self.next_mark(record, look.mark, seen, False)
        return Outcome(self._stands(ran, seen, None, cause, warned), ran, mark)

    def _stands(
        self, record: Record, seen: int | None, reason: Reason | None, cause: Cause | None, warned: bool
    ) -> Answer:
        last = self.deadline(record)
        left = None if seen is None else self.days_left(seen, last)
        return Answer(record.state, reason is None, reason, cause, left, last, warned)

    # -- Authentication ---------------------------------------------------------------------------------------------

    def authenticate(self, look: Look, new: int) -> Outcome:
        """A grant makes a new record in place of the old one; without a grant nothing changes."""
        cause = None if look.how is How.ONLINE else _CAUSES[look.how]
        reason = self.denial(look.server, look.place, confirms=False) if cause is None else None
        if cause is not None or reason is not None:
            return Outcome(self._unchanged(look, reason, cause), look.base.record, look.mark)
        record = Record(new, look.place, 0, self.extra(look.server), State.AUTHENTICATED, None, 0, look.wall)
        bound = look.server.bound
        kept = bound if bound is not None and self.same(bound, look.place) else look.place
        return Outcome(self._stands(record, 0, None, None, False), record, Mark(new, 0, 0, False), kept)

    def _unchanged(self, look: Look, reason: Reason | None, cause: Cause | None) -> Answer:
        """It shows the state as this connection has it, `runs: no`, and the cause or the reason."""
        record = look.base.record
        if record is None:
            return Answer(State.UNLICENSED, False, reason, cause, None, None, False)
        if not self.same(look.place, record.bound) or record.state is State.INVALID_BINDING:
            return Answer(State.INVALID_BINDING, False, reason, cause, None, None, False)
        seen = None if record.state is State.EXPIRED else record.seen
        return self._stands(record, seen, reason, cause, False)._replace(runs=False)

    # -- A session --------------------------------------------------------------------------------------------------

    def work(self, look: Look, change: int) -> Outcome:
        """It observes the clock as above, and license time is at least the session's start plus its running time."""
        done = self.launch(look)
        record, mark = done.record, done.mark
        if done.answer.runs and record is not None:
            began = record.seen
            for running, moved in looks(change):
                seen, read, _ = self.observe(record.seen, record.read, look.wall + running + moved)
                seen = max(self.raised(seen, record, mark), began + running)
                record = record._replace(seen=seen, read=read)
                mark = self.next_mark(record, mark, seen, mark is not None and mark.mismatched)
        return Outcome(done.answer, *ago(record, mark))


def _none(state: State, reason: Reason, *, warned: bool = False) -> Answer:
    """A refusal that has neither a deadline nor days left."""
    return Answer(state, False, reason, None, None, None, warned)


def _matched(mark: Mark | None) -> Mark | None:
    """A launch that is refused keeps nothing of the clock in the mark either: only that the names match again."""
    return None if mark is None else mark._replace(mismatched=False)
