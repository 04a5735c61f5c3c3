"""All that a run on a real stage keeps from story to story, and takes down at its end, however that comes."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import attrs

from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.computers import Computers
from nexuslic.scenario.real.engine import Engine
from nexuslic.scenario.real.license_server import RealLicenseServer
from nexuslic.scenario.real.ways import Answer, Ways

_LEAST_BYTES = 200 * 2**20
_LONGEST_PATH = 80
"""In bytes; the path of a Unix socket in such a folder has 107 at most."""


@attrs.define(eq=False)
class Theatre:
    """A license server, processes for applications, a database engine, the wire, and a folder for a story's files."""

    top: Path
    engine: Engine
    vendor: RealLicenseServer
    computers: Computers
    ways: Ways
    answer: Answer
    bases: dict[tuple[str, str, str], CustomerDatabase] = attrs.Factory(dict)
    """The stage's own connections to databases, by where they are and what they are called."""
    _ended: Any = None

    @classmethod
    def open(cls, engine: Callable[[Path], Engine]) -> "Theatre":
        """A new one, which is taken down with this process at the latest. Raises StageBroke."""
        top = _folder()
        try:
            vendor = RealLicenseServer.made(top)
            theatre = cls(top, engine(top / "databases"), vendor, Computers(), _ways(vendor), _unanswered)
        except BaseException:
            shutil.rmtree(top, ignore_errors=True)
            raise
        theatre.ways.answer = lambda raw, real: theatre.answer(raw, real)
        theatre._ended = Finalize(None, theatre._close, exitpriority=100)
        return theatre

    @property
    def story(self) -> Path:
        """The folder of the current story."""
        return self.top / "story"

    def begin(self, answer: Answer) -> None:
        """A story begins, whose replies go through `answer` where they go through a proxy. Raises StageBroke."""
        self.answer = answer
        shutil.rmtree(self.story, ignore_errors=True)
        try:
            self.story.mkdir()
        except OSError as error:
            raise StageBroke(f"{self.top} cannot be written ({error.strerror}): free disk space there") from error
        self.engine.begin()
        self.vendor.start()

    def check(self) -> None:
        """Raises StageBroke where a part ended by itself: what it should have done is then nobody's cause."""
        self.vendor.check()
        self.ways.check()
        self.engine.check()

    def close(self) -> None:
        """Stop every process, and remove every file."""
        if self._ended is not None:
            self._ended()

    def _close(self) -> None:
        """What has died cannot be closed, which was told when it died; the rest goes all the same."""
        for part in (self.computers, self.vendor, self.ways, self.engine):
            with suppress(Exception):
                part.close()
        shutil.rmtree(self.top, ignore_errors=True)


def _folder() -> Path:
    try:
        top = Path(tempfile.mkdtemp(prefix="nexuslic-stage-"))
        free = shutil.disk_usage(top).free
    except OSError as error:
        raise StageBroke(f"there is no room for temporary files ({error}): free some, or set TMPDIR") from error
    if len(os.fsencode(top)) > _LONGEST_PATH:
        shutil.rmtree(top, ignore_errors=True)
        raise StageBroke(f"the path {top.parent} is too long for the sockets of a real stage: set TMPDIR")
    if free < _LEAST_BYTES:
        shutil.rmtree(top, ignore_errors=True)
        raise StageBroke(f"{top.parent} has {free >> 20} MB free: a real stage needs {_LEAST_BYTES >> 20}; set TMPDIR")
    return top


def _ways(vendor: RealLicenseServer) -> Ways:
    return Ways(lambda: vendor.port, vendor.bundle.authority, _unanswered)


def _unanswered(raw: bytes, real: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    return real()
