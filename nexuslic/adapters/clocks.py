"""The one reader of the computer's own clocks."""

import os
import time
from datetime import UTC, datetime, timedelta

import attrs

from nexuslic.rules.license_time import Reading

_DAY = 86_400.0


def _somewhere() -> float:
    return int.from_bytes(os.urandom(4), "big") % 1_000_000 * _DAY


@attrs.frozen
class SystemClock:
    """The system's clock (UTC) and its monotonic one.

    `running` starts at a random offset, so that whoever stores it or compares it across processes is wrong at once.
    """

    offset: float = attrs.field(factory=_somewhere, repr=False)

    def read(self) -> Reading:
        """What it shows now."""
        return Reading(datetime.now(UTC), timedelta(seconds=time.monotonic() + self.offset))


@attrs.frozen
class Stopwatch:
    """How long something takes, for a person's summary; never part of a decision."""

    started: float = attrs.Factory(time.perf_counter)

    def seconds(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self.started


def pause(seconds: float) -> None:
    """Wait so long; Ctrl-C ends it."""
    time.sleep(seconds)
