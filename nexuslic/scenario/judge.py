"""Whether an expectation holds: what was, what was wanted, and where they differ."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from nexuslic.rules.binding import fold
from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import explain
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.stage import CannotAct, Stage
from nexuslic.scenario.story import Always, Check


@attrs.define
class Tally:
    """What the whole story counts: launches, refusals, and the last launch that ran (UTC)."""

    launches: int = 0
    refused: int = 0
    last_good: datetime | None = None

    def count(self, decision: Decision, at: datetime) -> None:
        """One launch happened."""
        self.launches += 1
        if decision.runs:
            self.last_good = at
        else:
            self.refused += 1


@attrs.frozen
class Subject:
    """What an expectation looks at."""

    decision: Decision | None
    who: str | None
    dropped: tuple[str, ...]
    tally: Tally
    stage: Stage
    calendar: Calendar


def actual(check: Check, subject: Subject) -> tuple[bool, str]:
    """Whether `check` holds for `subject`, and what was there instead, as the story would write it."""
    if check.key in _STORY:
        return _STORY[check.key](check.value, subject)
    decision = subject.decision
    if decision is None:
        return False, "nothing"
    if check.key in _TEXTS:
        return _contains(check.value, _TEXTS[check.key](decision, subject))
    value, text = _VALUES[check.key](decision, subject)
    return value == check.value, text


def _none(value: object) -> str:
    return "none" if value is None else str(value)


def _yes(value: bool) -> tuple[bool, str]:
    return value, "yes" if value else "no"


def _deadline(decision: Decision, subject: Subject) -> tuple[datetime | None, str]:
    at = decision.deadline
    return at, "none" if at is None else subject.calendar.write(at)


_VALUES: dict[str, Callable[[Decision, Subject], tuple[Any, str]]] = {
    "state": lambda d, _: (d.state, _none(d.state)),
    "runs": lambda d, _: _yes(d.runs),
    "days_left": lambda d, _: (d.days_left, _none(d.days_left)),
    "deadline": _deadline,
    "reason": lambda d, _: (d.reason, _none(d.reason)),
    "cause": lambda d, _: (d.cause, _none(d.cause)),
    "protection": lambda d, _: (d.protection, str(d.protection)),
    "stored": lambda d, _: _yes(d.stored),
}

_TEXTS: dict[str, Callable[[Decision, Subject], str]] = {
    "warns": lambda d, _: "; ".join(d.warnings),
    "message_says": lambda d, s: str(explain(d, s.calendar.write)),
}


def _contains(wanted: tuple[str, ...] | None, text: str) -> tuple[bool, str]:
    if wanted is None:
        return not text, text or "none"
    missing = [part for part in wanted if part.casefold() not in text.casefold()]
    said = f" (missing: {', '.join(missing)})" if missing and len(wanted) > 1 else ""
    return bool(text) and not missing, (text or "none") + said


def _seats(value: int, subject: Subject) -> tuple[bool, str]:
    seats = subject.stage.seats_in_use(subject.who)
    return seats == value, str(seats)


def _binding(value: str | None, subject: Subject) -> tuple[bool, str]:
    binding = subject.stage.binding(subject.who)
    if value is None or binding is None:
        return value is binding, _none(binding)
    return [fold(part) for part in value.split("/")] == [fold(part) for part in binding.split("/")], binding


def _dropped(value: tuple[str, ...] | None, subject: Subject) -> tuple[bool, str]:
    there = subject.dropped
    return sorted(map(fold, value or ())) == sorted(map(fold, there)), ", ".join(there) or "none"


def _last_good(value: Any, subject: Subject) -> tuple[bool, str]:
    at = subject.tally.last_good
    if value is None or at is None:
        return value is at, "none" if at is None else subject.calendar.write(at)
    if value.day_only:
        return subject.calendar.day(at) == subject.calendar.day(value.at), f"day {subject.calendar.day(at)}"
    return at == value.at, subject.calendar.write(at)


_STORY: dict[str, Callable[[Any, Subject], tuple[bool, str]]] = {
    "seats_in_use": _seats,
    "binding": _binding,
    "dropped": _dropped,
    "last_good_launch": _last_good,
    "launches": lambda value, s: (s.tally.launches == value, str(s.tally.launches)),
    "refused_launches": lambda value, s: (s.tally.refused == value, str(s.tally.refused)),
}


def breaks(always: Always, decision: Decision, at: datetime, *, launched: bool) -> bool:
    """Whether a decision breaks an `always` line: `before` excludes its instant, `after` includes it.

    Only launches are refused (rules: License time), so `never: refused` looks at those alone.
    """
    if always.before is not None and at >= always.before:
        return False
    if always.after is not None and at < always.after:
        return False
    if always.state is not None and decision.state is not always.state:
        return False
    if always.never == "runs":
        return decision.runs
    if always.never == "refused":
        return launched and not decision.runs
    return decision.state is not None and decision.state.value == always.never


def observe(
    decision: Decision | None, dropped: tuple[str, ...], who: str | None, stage: Stage, calendar: Calendar
) -> dict[str, str]:
    """All that a story could expect after an action, as it would write it.

    A message that repeats a database's own words, or a code, is no part of it: they are others on each stage.
    """
    subject = Subject(
        decision, who, dropped or (decision.dropped if decision is not None else ()), Tally(), stage, calendar
    )
    seen: dict[str, str] = {}
    if decision is not None:
        seen |= {key: show(decision, subject)[1] for key, show in _VALUES.items()}
        seen |= {key: show(decision, subject) or "none" for key, show in _TEXTS.items()}
        if decision.note:
            del seen["message_says"]
    for key in ("seats_in_use", "binding", "dropped"):
        seen[key] = _shown(_STORY[key], subject)
    return seen


def _shown(show: Callable[[Any, Subject], tuple[bool, str]], subject: Subject) -> str:
    try:
        return show(None, subject)[1]
    except CannotAct:
        return "none"
