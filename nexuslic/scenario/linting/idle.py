"""What happens in vain: windows in which nobody does what they are about, and steps that repeat."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from nexuslic.scenario.linting.finding import Subject, Told
from nexuslic.scenario.story import Action, CaseStory, Entry, Phase, Window

_ASKS = ("authenticate", "launch", "open")
"""The verbs that ask the license server."""

_STORES = (*_ASKS, "renew_by_code", "close", "crash", "assign", "unassign")
"""The verbs that use the database."""

_ADDS_UP = ("open", "close", "crash", "reply", "set_clock", "damage")
"""The verbs that do more when they stand twice."""


def windows(case: CaseStory, _: Subject) -> Iterable[Told]:
    """A window in which nobody does what it is about."""
    for window, since, until in _spans(case):
        inside = [entry.what for entry in case.agenda if since <= entry.at and (until is None or entry.at < until)]
        met = any(isinstance(what, Action) and _meets(window, what) for what in inside)
        if window.place is not None and not met and not (window.trouble and _session_before(case, since)):
            kind = "fault" if window.cause or window.trouble else "window"
            does = "uses the database" if window.trouble else "asks the license server"
            yield Told(window.place, f"nobody {does} while this {kind} lasts")


def _spans(case: CaseStory) -> Iterator[tuple[Window, datetime, datetime | None]]:
    edges = [(entry.at, entry.what) for entry in case.agenda if isinstance(entry.what, Window)]
    closing = {window.place: at for at, window in edges if not window.opens}
    yield from ((window, at, closing.get(window.place)) for at, window in edges if window.opens)


def _meets(window: Window, action: Action) -> bool:
    if window.trouble:
        return action.verb in _STORES
    return action.verb in _ASKS and bool(set(action.actors) & set(window.workstations))


def _session_before(case: CaseStory, since: datetime) -> bool:
    """Whether a session was opened before, which renews its seat by itself."""
    return any(isinstance(e.what, Action) and e.what.verb == "open" and e.at <= since for e in case.agenda)


def steps(case: CaseStory, _: Subject) -> Iterable[Told]:
    """A step that does and expects the same as the one before it, in the same minute."""
    acting = [entry for entry in case.agenda if entry.phase is Phase.STEPS and isinstance(entry.what, Action)]
    for before, entry in pairwise(acting):
        action = entry.what
        assert isinstance(action, Action)
        if action.verb not in _ADDS_UP and _said(before) == _said(entry):
            yield Told(action.place, f"`{action.verb}: {action.text}` stands here twice in one minute")


def _said(entry: Entry) -> object:
    action = entry.what
    assert isinstance(action, Action)
    return entry.at, action.verb, action.text, {(check.who, check.key, check.text) for check in entry.checks}
