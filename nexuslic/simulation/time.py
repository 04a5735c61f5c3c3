"""One true time, and what each computer believes. The wall may go back three days; `running` cannot."""

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs

from nexuslic.rules.license_time import Reading


@attrs.define
class TrueTime:
    """The one time of the story (UTC). Only the runner moves it, and only forward."""

    now: datetime


@attrs.define
class MachineClock:
    """What one computer believes: the true time and its own error, which a story may change."""

    true: TrueTime
    started: datetime
    error: timedelta = timedelta(0)

    def read(self) -> Reading:
        """What it shows now."""
        return Reading(self.wall, self.true.now - self.started)

    @property
    def wall(self) -> datetime:
        """The time that it shows (UTC)."""
        return self.true.now + self.error

    def set_to(self, wall: datetime) -> None:
        """Someone sets it; it runs on from there."""
        self.error = wall - self.true.now

    def move(self, by: timedelta) -> None:
        """Someone moves it forward or back."""
        self.error += by


@attrs.define
class HybridClock:
    """The wall of the clock that the policy names, and the running time of the workstation itself."""

    wall: Callable[[], MachineClock]
    own: MachineClock

    def read(self) -> Reading:
        """What it shows now. Raises DatabaseUnreachable where the wall is that of a database that cannot be read."""
        return Reading(self.wall().wall, self.own.read().running)
