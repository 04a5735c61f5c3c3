"""What came of something that a person asked for: a note that stands where they asked for it."""

from collections.abc import Callable
from datetime import datetime

import attrs

from nexuslic.errors import InputError, NexuslicError
from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import TimeWriter, explain
from nexuslic.rules.words import Cause, Protection, Reason
from nexuslic.web.license import texts


@attrs.frozen
class Note:
    """`tone` is good, warn or bad, `at` is UTC. `wrong`: the field cannot be used so, `done`: it can be emptied."""

    tone: str
    title: str
    text: str = ""
    wrong: bool = False
    done: bool = False
    at: datetime | None = None


def told(attempt: Callable[[], Note]) -> Note:
    """What came of it; what went wrong in the error's own sentence."""
    try:
        return attempt()
    except NexuslicError as error:
        return Note("bad", texts.NOT_DONE, sentence(str(error)), wrong=isinstance(error, InputError))


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def granted(decision: Decision, write: TimeWriter) -> Note:
    """What came of a license key or of a renewal code."""
    words = str(explain(decision, write))
    if not decision.runs:
        return Note("bad", texts.NOT_GRANTED, words, wrong=_is_mistyped(decision), at=decision.clock)
    if not decision.stored:
        return Note("bad", texts.NOT_STORED, words, at=decision.clock)
    days = f"{decision.days_left} {texts.DAYS[decision.days_left != 1]}"
    until = "" if decision.deadline is None else texts.GRANTED_UNTIL.format(days, write(decision.deadline))
    tone = "warn" if decision.dropped else "good"
    return Note(tone, texts.GRANTED, f"{words} {until}".strip(), done=True, at=decision.clock)


def _is_mistyped(decision: Decision) -> bool:
    """Whether what was typed is to blame, and not the way to the license server."""
    return decision.reason is Reason.UNKNOWN or (decision.cause is Cause.UNTRUSTED_REPLY and bool(decision.note))


def launched(decision: Decision, write: TimeWriter) -> Note:
    """What a launch decided."""
    words = str(explain(decision, write))
    if not decision.runs:
        return Note("bad", texts.LAUNCH_REFUSED, words, at=decision.clock)
    if decision.protection is Protection.DONGLE:
        return Note("good", texts.LAUNCH_RUNS, words)
    quiet = decision.cause is None and not (decision.dropped or decision.store_failed or decision.warnings)
    title = texts.LAUNCH_RUNS if decision.cause is None else texts.LAUNCH_ALONE
    return Note("good" if quiet else "warn", title, words, at=decision.clock)


def dropped(users: tuple[str, ...], otherwise: Note) -> Note:
    """Whom too small a number has dropped, if anybody."""
    if not users:
        return otherwise
    return attrs.evolve(otherwise, tone="warn", title=texts.TOO_FEW, text=texts.DROPPED.format(", ".join(users)))
