"""What a story acts on. The stage is handed in: the simulated world, or later the real one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import attrs

from nexuslic.errors import InputError, NexuslicError
from nexuslic.rules.decision import Decision
from nexuslic.rules.users import Users
from nexuslic.scenario.story import Action, CaseStory, Window


class CannotAct(InputError):
    """The story asks for something that is not there, such as damage to a record that does not exist."""


class NotOnThisStage(NexuslicError):
    """The stage cannot really do what the story asks for, and does not pretend to; the text says what, and why."""


@attrs.frozen
class Acted:
    """What came of an action: decisions by workstation, and whom an assignment dropped."""

    decisions: Mapping[str, Decision]
    dropped: Users = ()


class Stage(Protocol):
    """A world in which a story happens."""

    def begin(self, case: CaseStory) -> None:
        """Build the world of day 1. Raises NotOnThisStage, as all that follows may."""
        ...

    def advance(self, to: datetime) -> None:
        """Let the true time (UTC) pass up to `to`."""
        ...

    def settle(self) -> None:
        """Do what running sessions do at this instant."""
        ...

    def window(self, window: Window) -> None:
        """A window opens or closes."""
        ...

    def act(self, action: Action) -> Acted:
        """One verb. Raises CannotAct."""
        ...

    def back_up(self) -> None:
        """Keep the database as it is now, under this time."""
        ...

    def seats_in_use(self, who: str | None) -> int:
        """Live seats in the database of a workstation, or of the story."""
        ...

    def binding(self, who: str | None) -> str | None:
        """SERVER/DATABASE as recorded there, or None."""
        ...

    def clock_error(self, who: str) -> float:
        """By how many seconds the clock that a workstation's license reads is off."""
        ...

    def end(self) -> None:
        """The story is over, or broke off: leave nothing behind."""
        ...


MakeStage = Callable[[], Stage]
"""Makes a new stage for each case; it has to be picklable where cases are run in several processes."""
