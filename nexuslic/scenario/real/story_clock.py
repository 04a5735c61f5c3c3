"""The story's time in another process: eight bytes in a file, which one process writes and others read.

A license server's process reads its clock through the same port as ever; behind it stands this one.
"""

import mmap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from nexuslic.adapters.clocks import SystemClock
from nexuslic.rules.license_time import Reading

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BYTES = 8


class ShownTime:
    """The writing end: what the clock of a license server shows (UTC)."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.write_bytes(bytes(_BYTES))
        with file.open("r+b") as stream:
            self._page = mmap.mmap(stream.fileno(), _BYTES)

    def show(self, wall: datetime) -> None:
        """From now on it shows that."""
        self._page[:] = ((wall - _EPOCH) // _MICROSECOND).to_bytes(_BYTES, "little", signed=True)

    def close(self) -> None:
        """Let go of the file."""
        self._page.close()


@attrs.define(eq=False)
class StoryClock:
    """The reading end (ports: Clock). Until it is `set`, it shows the system's time, as while a server starts."""

    page: mmap.mmap
    started: bool = False
    _system: SystemClock = attrs.Factory(SystemClock)

    @classmethod
    def of(cls, file: Path) -> "StoryClock":
        """The clock that shows what is written to `file`."""
        with file.open("rb") as stream:
            return cls(mmap.mmap(stream.fileno(), _BYTES, access=mmap.ACCESS_READ))

    def read(self) -> Reading:
        """The story's time, and this computer's own running time."""
        here = self._system.read()
        if not self.started:
            return here
        shown = int.from_bytes(self.page[:], "little", signed=True)
        return Reading(_EPOCH + shown * _MICROSECOND, here.running)
