"""A Status as the License dialog shows it: one sign, one sentence, the days, the names."""

from datetime import datetime

import attrs

from nexuslic.application.status import Status
from nexuslic.rules import explain
from nexuslic.rules.binding import Binding, fold
from nexuslic.rules.explain import TimeWriter
from nexuslic.rules.grace import DAY
from nexuslic.rules.words import LicenseType, Protection, State
from nexuslic.web.license import texts

LETTERS = {
    State.AUTHENTICATED: "A",
    State.GRACE: "g",
    State.EXPIRED: "E",
    State.INVALID_BINDING: "I",
    State.UNLICENSED: "U",
}
_SOON = 7
"""Days from which the end is near."""


@attrs.frozen
class Days:
    """The days of grace: `left` of `total`, since the last validation until the deadline (UTC)."""

    left: int
    total: int
    since: datetime
    until: datetime

    @property
    def tone(self) -> str:
        """How near the end is."""
        return "bad" if self.left == 0 else "warn" if self.left <= _SOON else "good"

    @property
    def words(self) -> str:
        """The same in words."""
        return texts.LEFT_IN_WORDS.format(self.left, self.total)


@attrs.frozen
class Name:
    """One name of the binding in its two spellings."""

    what: str
    recorded: str
    connected: str

    @property
    def differs(self) -> bool:
        """Whether they are two names to the license."""
        return fold(self.recorded) != fold(self.connected)


@attrs.frozen
class View:
    """What is shown.

    `refusal` is why a launch without contact would not run, in two sentences; None where it would. `days` are None
    where they do not matter.
    """

    status: Status
    letter: str
    word: str
    sentence: str
    refusal: explain.Explanation | None
    days: Days | None
    names: tuple[Name, ...]

    @property
    def named(self) -> bool:
        """Whether licenses are assigned to users."""
        return self.status.license is not None and self.status.license.type is LicenseType.NAMED


def view_of(status: Status, write: TimeWriter) -> View:
    """The view of a status; `write` says how a time is written within a sentence."""
    letter, word = _headline(status)
    told = status.protection is Protection.DONGLE or status.alone.runs
    refusal = None if told else explain.explain(attrs.evolve(status.alone, cause=None), write)
    days = None if letter == "x" else _days(status)
    return View(status, letter, word, texts.SENTENCES[letter], refusal, days, _names(status))


def _headline(status: Status) -> tuple[str, str]:
    """What a person needs to know first: the record's state, or what a launch without contact would make of it."""
    if status.protection is Protection.DONGLE:
        return "D", texts.DONGLE
    state = status.state if status.alone.runs else status.alone.state
    if state is None or (state.runs and not status.alone.runs):
        return "x", texts.REFUSED
    return LETTERS[state], state.value


def _days(status: Status) -> Days | None:
    if status.days_left is None or status.deadline is None or status.last_validation is None:
        return None
    total = -((status.last_validation - status.deadline) // DAY)
    return Days(status.days_left, max(total, status.days_left), status.last_validation, status.deadline)


def _names(status: Status) -> tuple[Name, ...]:
    """Both spellings, where they are not one."""
    if status.recorded is None or status.state is not State.INVALID_BINDING or status.protection is Protection.DONGLE:
        return ()
    return _side_by_side(status.recorded, status.connected)


def _side_by_side(recorded: Binding, connected: Binding) -> tuple[Name, ...]:
    return (
        Name(texts.SERVER, recorded.server.strip(), connected.server.strip()),
        Name(texts.DATABASE, recorded.database.strip(), connected.database.strip()),
    )
