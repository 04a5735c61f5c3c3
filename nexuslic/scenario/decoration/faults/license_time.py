"""Faults of license time: the ledger, the set-back, the mark, the running time, and what a grant corrects."""

from datetime import datetime, timedelta

import attrs

from nexuslic.rules.decision import Ready, Verdict
from nexuslic.rules.grace import DAY
from nexuslic.rules.license_time import Ledger, Mark, Observation
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Record
from nexuslic.scenario.decoration.fault import Fault
from nexuslic.session import Session

_RULE = "License time"
_OBSERVE = "nexuslic.rules.license_time:observe"
_NEXT = "nexuslic.rules.decision:next_mark"
_PURE = timedelta(0)


def _following(seen: Observation, wall: datetime) -> Observation:
    """The same, with the clock's reading taken over whatever it is."""
    return attrs.evolve(seen, ledger=attrs.evolve(seen.ledger, last_reading=wall))


def _charging(ledger: Ledger, seen: Observation, charge: timedelta) -> Observation:
    """The same, with another charge for a set-back."""
    if seen.set_back is None:
        return seen
    return attrs.evolve(seen, ledger=attrs.evolve(seen.ledger, license_time=ledger.license_time + charge))


def _whole(ledger: Ledger, seen: Observation) -> Observation:
    return _charging(ledger, seen, seen.set_back or _PURE)


def _tolerating(policy: Policy, tolerance: timedelta) -> Policy:
    return attrs.evolve(policy, clock_tolerance=tolerance)


def _committing(verdict: Verdict, ready: Ready) -> Verdict:
    """The same, with what the clock showed kept also of a launch that is refused."""
    if verdict.record is None:
        return verdict
    return attrs.evolve(verdict, record=attrs.evolve(verdict.record, ledger=ready.seen.ledger))


def _uncorrected(verdict: Verdict, ready: Ready) -> Verdict:
    """The same, with license time left where it was if that is later."""
    if verdict.record is None or verdict.record_if_refused is None:
        return verdict
    later = max(verdict.record.ledger.license_time, ready.seen.ledger.license_time)
    ledger = attrs.evolve(verdict.record.ledger, license_time=later)
    kept = attrs.evolve(verdict.record_if_refused, ledger=ledger)
    return attrs.evolve(verdict, record=attrs.evolve(verdict.record, ledger=ledger), record_if_refused=kept)


def _unmoved(old: Mark | None, new: Mark) -> Mark:
    """The new mark, with the license time of the old one where both are of one grant."""
    if old is None or (old.record_id, old.nonce) != (new.record_id, new.nonce):
        return new
    return attrs.evolve(new, license_time=old.license_time)


def _rebase(session: Session, record: Record) -> None:
    """Count from a grant, and still all of the running time."""
    session.granted_at = session.base = record.certificate.granted_at
    session.nonce = record.certificate.nonce


FAULTS = (
    Fault(
        "ledger-not-kept",
        "A launch that runs does not store what it saw of the clock.",
        _RULE,
        "two launches at sea, and a clock that is set back in between",
        "nexuslic.rules.record:Record.ran",
        lambda real: lambda record, ledger, wall: real(record, record.ledger, wall),
    ),
    Fault(
        "license-time-is-the-clock",
        "License time is whatever the clock shows.",
        _RULE,
        "a clock that is wrong and steady, and the `days_left`",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: Observation(Ledger(wall, wall), real(ledger, wall, policy).set_back),
    ),
    Fault(
        "license-time-is-the-latest-clock",
        "License time is the latest time that the clock has shown.",
        _RULE,
        "a clock that is set back for good, and the `days_left` some days later",
        _OBSERVE,
        lambda real: (
            lambda ledger, wall, policy: Observation(
                Ledger(max(wall, ledger.license_time), wall), real(ledger, wall, policy).set_back
            )
        ),
    ),
    Fault(
        "set-back-not-charged",
        "A clock that was set back costs nothing.",
        _RULE,
        "a clock that is set back by days at sea, and the `days_left`",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: _charging(ledger, real(ledger, wall, policy), _PURE),
    ),
    Fault(
        "set-back-charged-twice",
        "A clock that was set back costs the charge twice.",
        _RULE,
        "a clock that is set back by days at sea, and the `days_left`",
        _OBSERVE,
        lambda real: (
            lambda ledger, wall, policy: _charging(ledger, real(ledger, wall, policy), 2 * policy.setback_charge)
        ),
    ),
    Fault(
        "set-back-charged-in-full",
        "A clock that was set back costs all the time by which it was.",
        _RULE,
        "a clock that is set back by many days at sea, and the `days_left`",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: _whole(ledger, real(ledger, wall, policy)),
    ),
    Fault(
        "set-back-always-a-day",
        "A set-back costs one day, whatever the policy's charge is.",
        _RULE,
        "a policy `setback_charge` of some days, and a clock that is set back",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: _charging(ledger, real(ledger, wall, policy), DAY),
    ),
    Fault(
        "set-back-charged-every-launch",
        "The last reading stays where it was, so a clock that is wrong and steady pays at every launch.",
        _RULE,
        "a clock that is set back for good, and the `days_left` of two launches after it",
        _OBSERVE,
        lambda real: (
            lambda ledger, wall, policy: _following(real(ledger, wall, policy), max(wall, ledger.last_reading))
        ),
    ),
    Fault(
        "set-back-unsaid",
        "Nobody is told that the clock was set back.",
        _RULE,
        "a clock that is set back by days, and the warning",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: Observation(real(ledger, wall, policy).ledger),
    ),
    Fault(
        "set-back-told-in-whole-days",
        "The warning of a set-back leaves out the hours.",
        _RULE,
        "a clock that is set back by days and some hours, and the warning with both",
        "nexuslic.rules.decision:_warnings",
        lambda real: (
            lambda verdict, left, policy: real(
                attrs.evolve(verdict, set_back=verdict.set_back and verdict.set_back // DAY * DAY), left, policy
            )
        ),
    ),
    Fault(
        "tolerance-excluded",
        "A clock that is behind by just the tolerance is called set back.",
        _RULE,
        "a clock that is set back by the tolerance to the minute",
        _OBSERVE,
        lambda real: (
            lambda ledger, wall, policy: real(
                ledger, wall, _tolerating(policy, policy.clock_tolerance - timedelta(seconds=1))
            )
        ),
    ),
    Fault(
        "tolerance-always-a-day",
        "The tolerance is 24 hours, whatever the policy says.",
        _RULE,
        "a policy `clock_tolerance`, and a clock that is set back by more or less than it",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: real(ledger, wall, _tolerating(policy, DAY)),
    ),
    Fault(
        "tolerance-none",
        "Every step back of the clock is called a set-back.",
        _RULE,
        "a clock that is set back by some hours, and no warning of it",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: real(ledger, wall, _tolerating(policy, _PURE)),
    ),
    Fault(
        "tolerance-without-end",
        "No step back of the clock is ever called a set-back.",
        _RULE,
        "a clock that is set back by days, and the warning",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: real(ledger, wall, _tolerating(policy, timedelta(days=36500))),
    ),
    Fault(
        "small-step-followed",
        "A step back within the tolerance moves the last reading: the same hours can be lived again.",
        _RULE,
        "a clock that is set back within the tolerance, and the `days_left` when it has caught up",
        _OBSERVE,
        lambda real: lambda ledger, wall, policy: _following(real(ledger, wall, policy), wall),
    ),
    Fault(
        "refused-launch-counts",
        "A launch that is refused for a wrong clock uses up what that clock showed.",
        _RULE,
        "a clock a year ahead, a refused launch, and one that runs when the clock is right",
        "nexuslic.rules.decision:_alone",
        lambda real: lambda ready, cause: _committing(real(ready, cause), ready),
    ),
    Fault(
        "refused-user-counts",
        "A launch that is refused for its user or a seat uses up what the clock showed.",
        _RULE,
        "a clock days ahead, a user who is refused, and the `days_left` when the clock is right",
        "nexuslic.rules.decision:refuse",
        lambda real: lambda verdict, launch, reason: attrs.evolve(verdict, reason=reason),
    ),
    Fault(
        "denied-launch-counts",
        "A launch that the license server refuses keeps what the clock showed.",
        _RULE,
        "a clock that is set back, and two launches in contact that are refused, with their warnings",
        "nexuslic.rules.decision:_denied",
        lambda real: lambda ready, reason: _committing(real(ready, reason), ready),
    ),
    Fault(
        "mark-ignored",
        "A workstation does not look at its own mark.",
        _RULE,
        "an older backup and a clock to match, and the `days_left`",
        "nexuslic.rules.license_time:heed_mark",
        lambda real: lambda ledger, *_: ledger,
    ),
    Fault(
        "mark-not-kept",
        "A launch writes no mark.",
        _RULE,
        "an older backup and a clock to match, and the `days_left`",
        "nexuslic.keeping:mark",
        lambda real: lambda client, verdict: None,
    ),
    Fault(
        "mark-of-an-older-grant",
        "A mark counts also where a newer grant has made it void.",
        _RULE,
        "a workstation that saw a later license time before somebody else's contact",
        "nexuslic.rules.license_time:Mark.of_this_grant_or_later",
        lambda real: lambda mark, granted_at, nonce: True,
    ),
    Fault(
        "mark-of-a-later-grant-void",
        "A mark counts only for the very grant that it saw, so a backup from before that grant is free of it.",
        _RULE,
        "a contact, then the backup from before it and a clock to match",
        "nexuslic.rules.license_time:Mark.of_this_grant_or_later",
        lambda real: lambda mark, granted_at, nonce: mark.nonce == nonce,
    ),
    Fault(
        "mark-never-grows",
        "The mark keeps the license time that it was written with first.",
        _RULE,
        "several launches of one workstation, then an older backup and a clock to match",
        _NEXT,
        lambda real: (
            lambda mark, record, seen, *, mismatched: _unmoved(mark, real(mark, record, seen, mismatched=mismatched))
        ),
    ),
    Fault(
        "mismatch-forgets-the-mark",
        "A launch under a wrong name writes the mark anew.",
        _RULE,
        "an older backup that is opened under a wrong name and then under the right one",
        _NEXT,
        lambda real: (
            lambda mark, record, seen, *, mismatched: real(
                None if mismatched else mark, record, seen, mismatched=mismatched
            )
        ),
    ),
    Fault(
        "running-time-not-counted",
        "A session does not count its running time, only the clock.",
        _RULE,
        "a session that runs while the clock is set back within the tolerance",
        "nexuslic.session:later",
        lambda real: lambda at, by: at,
    ),
    Fault(
        "session-never-accounts",
        "A session renews its seat and never looks at the clock.",
        _RULE,
        "a session that runs for days, a clock that is set back, and the `days_left`",
        "nexuslic.session:account",
        lambda real: lambda client, session: None,
    ),
    Fault(
        "session-ignores-a-grant",
        "A session goes on counting from its start after somebody else's contact.",
        _RULE,
        "a contact from another workstation while a session runs, and the `days_left` after it",
        "nexuslic.session:Session.misses",
        lambda real: lambda session, record: False,
    ),
    Fault(
        "session-counts-from-zero-after-a-grant",
        "After a contact a session counts its whole running time once more.",
        _RULE,
        "a contact long after the start of a session, and the `days_left`",
        "nexuslic.session:Session.rebase",
        lambda real: lambda session, record, now: _rebase(session, record),
    ),
    Fault(
        "grant-does-not-correct",
        "A grant does not take back what a clock that was ahead has used up.",
        _RULE,
        "a clock days ahead, a launch, and a contact after it",
        "nexuslic.rules.decision:_granted",
        lambda real: lambda ready, granted: _uncorrected(real(ready, granted), ready),
    ),
    Fault(
        "grant-corrects-to-the-clock",
        "A grant sets license time to what the clock shows, not to the license server's time.",
        _RULE,
        "a clock that is wrong when the license is granted, and the `days_left` at sea",
        "nexuslic.rules.license_time:correct",
        lambda real: lambda granted_at, wall: Ledger(wall, wall),
    ),
    Fault(
        "grant-takes-the-clock-for-right",
        "After a grant the last reading is the license server's time, as if the clock showed it.",
        _RULE,
        "a clock that is wrong when the license is granted, and the `days_left` at sea",
        "nexuslic.rules.license_time:correct",
        lambda real: lambda granted_at, wall: Ledger(granted_at, granted_at),
    ),
    Fault(
        "the-workstations-clock",
        "The clock of the workstation is read, whatever the policy says.",
        _RULE,
        "a workstation whose own clock is wrong, and the `days_left`",
        "nexuslic.simulation.world:World._clock_of",
        lambda real: lambda world, workstation: workstation.clock,
    ),
    Fault(
        "the-databases-clock",
        "The clock of the database server is read, whatever the policy says.",
        _RULE,
        "a policy `clock: workstation`, and a workstation whose own clock is wrong",
        "nexuslic.simulation.world:World._clock_of",
        lambda real: lambda world, workstation: world.database_of(workstation).server.clock,
    ),
)
