"""The nine lines of "Always true", each as a function that looks at one decision, in the form that it can show there.

A function gives None where its line holds, and a sentence where it does not. Line 7 has more to say in `seating`.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from nexuslic.lab.exploring.letter import Letter
from nexuslic.lab.exploring.moves import LAUNCHING, Verb
from nexuslic.lab.exploring.physics import Asked, Decides, decided
from nexuslic.lab.exploring.values import DAY, TICK, How, Outcome, Record
from nexuslic.rules.words import Cause, Reason, State


class Seen(NamedTuple):
    """One decision: what was asked, what came of it, who decided, and the letter for names and deadlines."""

    asked: Asked
    outcome: Outcome
    rules: Decides
    letter: Letter

    @property
    def launched(self) -> bool:
        """Whether it was a launch."""
        return self.asked.verb in LAUNCHING

    @property
    def shift(self) -> int:
        """By how much times before it and after it differ: the length of a session."""
        return TICK if self.asked.verb is Verb.WORK else 0

    @property
    def granted(self) -> bool:
        """Whether the record that it left carries a new grant."""
        old, new = self.asked.look.base.record, self.outcome.record
        return new is not None and (old is None or new.granted + self.shift != old.granted)

    def same_names(self, record: Record) -> bool:
        """Whether the connection's binding is the record's."""
        return self.letter.same(self.asked.look.place, record.bound)


_DENIED: Final = frozenset({Reason.SUSPENDED, Reason.REVOKED, Reason.UNKNOWN, Reason.SUPERSEDED})


def grace_is_kept(seen: Seen) -> str | None:
    """Line 1: binding unchanged, not denied, clock honest: a launch at most grace after the record's grant runs."""
    look, answer = seen.asked.look, seen.outcome.answer
    record = look.base.record
    if record is None or not seen.launched or not look.base.clean or not seen.same_names(record) or look.guest:
        return None
    denied = record.refused is not None or (look.how is How.ONLINE and answer.reason in _DENIED)
    if denied or seen.letter.deadline(record) < 0 or answer.runs:
        return None
    return f"refused ({answer.reason}) {_days(-record.granted)} after the grant, under an honest clock"


def grace_ends(seen: Seen) -> str | None:
    """Line 2: no launch runs at license time later than last grant + grace (+ carried extension)."""
    record = seen.outcome.record
    if seen.asked.verb is not Verb.LAUNCH or not seen.outcome.answer.runs or seen.granted or record is None:
        return None
    late = record.seen - seen.letter.deadline(record)
    return f"it runs at a license time {_days(late)} after the deadline" if late > 0 else None


def no_day_is_gained(seen: Seen) -> str | None:
    """Line 3: license time does not shrink, and days left do not exceed those at the last launch that ran."""
    old, new, left = seen.asked.look.base.record, seen.outcome.record, seen.outcome.answer.days_left
    if old is None or new is None or seen.granted:
        return None
    if new.seen + seen.shift < old.seen:
        return f"license time went back by {_days(old.seen - new.seen - seen.shift)}"
    most = -((old.seen - seen.letter.deadline(old)) // DAY)
    if seen.launched and left is not None and left > max(0, most):
        return f"{left} days are left, and {max(0, most)} were"
    return None


def running_time_counts(seen: Seen) -> str | None:
    """Line 4: license time since the last grant >= the running time of a session since then."""
    record = seen.outcome.record
    if seen.asked.verb is not Verb.WORK or record is None or not seen.outcome.answer.runs or seen.granted:
        return None
    counted = record.seen - record.granted
    return None if counted >= TICK else f"a session ran for {_days(TICK)}, and license time says {_days(counted)}"


def names_bind(seen: Seen) -> str | None:
    """Line 5: an Invalid-Binding launch never runs, and changes nothing in the record."""
    record, answer = seen.asked.look.base.record, seen.outcome.answer
    if answer.state is State.INVALID_BINDING and answer.runs:
        return "it runs in Invalid-Binding"
    if record is None or not seen.launched or seen.same_names(record):
        return None
    if answer.runs:
        return "it runs, although the names differ"
    changed = seen.outcome.record is None or seen.outcome.record.seen + seen.shift != record.seen
    return "a mismatch of names wrote to the record" if changed else None


def unsigned_is_nothing(seen: Seen) -> str | None:
    """Line 6: a reply that is not signed for this request changes nothing that `no contact` would not."""
    if seen.asked.look.how is not How.FORGED:
        return None
    verb, look, by = seen.asked
    alone = decided(seen.rules, Asked(verb, look._replace(how=How.OFFLINE), by))
    cause = Cause.UNTRUSTED_REPLY if alone.answer.cause is not None else None
    expected = alone._replace(answer=alone.answer._replace(cause=cause))
    return None if expected == seen.outcome else "a forged reply did what no contact would not have done"


def who_is_not_assigned_waits(seen: Seen) -> str | None:
    """Line 7, of one user: who has no license does not run. Seats and assignments are walked through in `seating`."""
    refused = seen.asked.look.guest and seen.outcome.answer.runs
    return "a user without an assigned license runs" if refused else None


def old_or_new(seen: Seen) -> str | None:
    """Line 8: what is stored is the old record or a new one, never neither, unless the license was revoked."""
    old, new = seen.asked.look.base.record, seen.outcome.record
    revoked = seen.outcome.answer.reason in (Reason.REVOKED, Reason.UNKNOWN) and seen.launched
    return "the record is gone" if old is not None and new is None and not revoked else None


def twice_the_same(seen: Seen) -> str | None:
    """Line 9: the same decision, asked once more after all the others, comes to the same."""
    again = decided(seen.rules, seen.asked)
    return None if again == seen.outcome else "the same decision, asked twice, came to two answers"


Line = Callable[[Seen], str | None]
LINES: Final[dict[int, Line]] = {
    1: grace_is_kept,
    2: grace_ends,
    3: no_day_is_gained,
    4: running_time_counts,
    5: names_bind,
    6: unsigned_is_nothing,
    7: who_is_not_assigned_waits,
    8: old_or_new,
    9: twice_the_same,
}
_OF_ANY: Final = {number: LINES[number] for number in (3, 8, 9)}
"""Those that have something to say of a decision that is no launch."""
AGAIN: Final = 8
"""Line 9 asks every so many-th decision once more."""


def broken(seen: Seen, *, again: bool) -> Iterator[tuple[int, str]]:
    """The lines that a decision breaks, with what is wrong; `again`: line 9 too."""
    for number, line in (LINES if seen.launched else _OF_ANY).items():
        said = line(seen) if number != 9 or again else None
        if said is not None:
            yield number, said


def wanted(number: int, seen: Seen) -> tuple[tuple[str, str], ...]:
    """What a story expects where a line is broken and the letter says the same as the rules."""
    return (("runs", "yes" if number == 1 else "no"),) if seen.launched else ()


def _days(seconds: int) -> str:
    return f"{seconds / DAY:g} d"
