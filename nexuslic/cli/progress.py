"""How far a long count is, as one line on standard error.

On a terminal the line is drawn again and again, and is gone at the end. Anywhere else a line is written once a minute,
so that the log of a long run says something and that of a short one nothing.
"""

import os
import shutil
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TextIO

import attrs

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.cli.plain import cut

REDRAWN: Final = 0.2
"""Seconds between two drawings on a terminal."""
WRITTEN: Final = 60.0
"""Seconds between two lines anywhere else."""
_RECENT: Final = 50
"""Drawings over which the speed is taken."""
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@attrs.define(eq=False)
class ProgressLine:
    """Told how much is done, of how much, it says so now and then. `seconds`: what has passed since it began."""

    stream: TextIO | None = attrs.Factory(lambda: sys.stderr)
    seconds: Callable[[], float] = attrs.Factory(lambda: Stopwatch().seconds)
    what: str = "trips"
    _marks: deque[tuple[float, int]] = attrs.Factory(lambda: deque([(0.0, 0)], _RECENT))
    _drawn: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")

    def __call__(self, done: int, of: int) -> None:
        """So much is done, of so much."""
        now, redraws = self.seconds(), self._redraws()
        if now - self._marks[-1][0] < (REDRAWN if redraws else WRITTEN):
            return
        before, had = self._marks[0]
        self._marks.append((now, done))
        line = said(done, of, (done - had) / (now - before), self.what)
        if redraws:
            line = cut(line, shutil.get_terminal_size().columns - 1)
            self._write("\r" + line.ljust(self._drawn))
            self._drawn = len(line)
        else:
            self._write(f"{line}\n")

    def _redraws(self) -> bool:
        return self.stream is not None and self.stream.isatty() and os.environ.get("TERM") != "dumb"

    def _write(self, text: str) -> None:
        if self.stream is not None:
            with suppress(OSError):
                self.stream.write(text)
                self.stream.flush()


def said(done: int, of: int, speed: float, what: str) -> str:
    """The line: the share, the counts, the speed (a second) and the time left."""
    left = f", {span((of - done) / speed)} left" if speed > 0 else ""
    return f"{100 * done // of:3d} %  {done:,} of {of:,} {what}, {amount(speed)} a second{left}"


def amount(speed: float) -> str:
    """A number as people say it."""
    if speed >= 1e6:
        return f"{speed / 1e6:,.1f} million"
    return f"{speed:,.0f}"


def span(seconds: float) -> str:
    """A time as people say it: its two largest units."""
    left, parts = round(seconds), list[str]()
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
