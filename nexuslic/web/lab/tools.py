"""The fields beside what is asked about: the target to find, the second policy, the hours of a cheat."""

import re
from collections.abc import Callable
from typing import Any

from nexuslic.web.lab import choice, texts
from nexuslic.web.lab.bench import Job, Kind
from nexuslic.web.lab.choice import Question, Typed, Wrong

MOST_HOURS = 24


def work_of(kind: Kind, question: Question, typed: Typed, wrong: Wrong) -> Callable[[Job], Any] | None:
    """The piece of work that is asked for; None where a field is `wrong`.

    What counts is imported when it begins, so that the page is there before.
    """
    if kind is Kind.FIND:
        return _find(question, typed, wrong)
    if kind is Kind.COMPARE:
        other = choice.policy_of(typed, "q", wrong)
        return None if wrong else lambda job: _asking().compare(question, other)(job)
    if kind is Kind.ABUSE:
        hours = choice.whole(typed.get("hours", ""))
        if hours is None or not 1 <= hours <= MOST_HOURS:
            wrong["hours"] = texts.HOURS_WRONG
            return None
        return lambda job: _asking().abuse(question, hours)(job)
    if kind is Kind.REPORT:
        return lambda job: _asking().report(question)(job)
    return lambda job: _asking().sweep(question)(job)


def _asking() -> Any:
    from nexuslic.web.lab import asking

    return asking


def _find(question: Question, typed: Typed, wrong: Wrong) -> Callable[[Job], Any] | None:
    measure, knob = typed.get("target", ""), typed.get("knob", "")
    most = _bound(typed.get("most", ""), measure, wrong)
    if (measure == "needless warnings") != (knob == "warn_from"):
        wrong["knob"] = texts.KNOB_WARN
    within = None
    if typed.get("within", "").strip():
        within = choice.range_of(typed["within"])
        if within is None:
            wrong["within"] = texts.GRACES_WRONG.format(choice.MOST_GRACE)
    if wrong or most is None or measure not in texts.TARGETS or knob not in texts.KNOBS:
        return None
    return lambda job: _asking().find(question, knob, measure, most, within)(job)


def _bound(text: str, measure: str, wrong: Wrong) -> float | None:
    """A bound such as `1 %`, `0,5 %` or `<= 0.5`."""
    found = re.fullmatch(r"(?:<=|≤)?\s*([0-9]{1,9}(?:[.,][0-9]{1,9})?)\s*(%)?", text.strip())
    if found is None:
        wrong["most"] = texts.BOUND_WRONG
        return None
    most = float(found[1].replace(",", ".")) / (100 if found[2] else 1)
    if measure == "refused days" and found[2]:
        wrong["most"] = texts.BOUND_DAYS
    elif measure != "refused days" and most > 1:
        wrong["most"] = texts.BOUND_SHARE
    return most
