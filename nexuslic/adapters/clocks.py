"""The one reader of the computer's own clocks."""

import time

import attrs


@attrs.frozen
class Stopwatch:
    """How long something takes, for a person's summary; never part of a decision."""

    started: float = attrs.Factory(time.perf_counter)

    def seconds(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self.started
