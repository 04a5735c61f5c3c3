"""SQLite as a real stage uses it: a folder for each server, a file for each database, the engine's own online backup.

SQLite has no server that could be stopped: the file is taken away instead, as when a share is gone. Read-only is how
applications open the file then; locked, a connection that writes; full, an operating system that lets no file grow.
"""

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import attrs

from nexuslic.scenario.real.engine import Handle
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.database import Trouble

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,60}")
"""Names that are a file's name on every system; others are told by their hash."""


@attrs.define(eq=False)
class SqliteEngine:
    """All files are in `top`."""

    top: Path
    blockers: dict[Handle, sqlite3.Connection] = attrs.Factory(dict)
    read_only: set[Handle] = attrs.Factory(set)
    one_for_all: bool = attrs.field(default=False, init=False)
    known_by_tables: bool = attrs.field(default=True, init=False)

    def begin(self) -> None:
        """Nothing is left of the story before."""
        self.close()
        self.top.mkdir()

    def create(self, handle: Handle) -> None:
        """An empty file."""
        file = self._file(handle)
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)
        sqlite3.connect(file).close()

    def url(self, handle: Handle) -> str:
        """Its path; how it may be opened while it is read-only."""
        path = quote(str(self._file(handle)))
        return f"sqlite:///file:{path}?mode={'ro' if handle in self.read_only else 'rw'}&uri=true"

    def nowhere(self) -> str:
        """A path where nothing is."""
        return f"sqlite:///file:{quote(str(self.top / 'nowhere'))}?mode=rw&uri=true"

    def rename(self, old: Handle, new: Handle) -> None:
        """Rename the file."""
        self._file(old).rename(self._file(new))

    def back_up(self, handle: Handle, file: Path) -> None:
        """SQLite's online backup into a file."""
        _copy(self._file(handle), file)

    def restore(self, file: Path, handle: Handle) -> None:
        """SQLite's online backup out of it."""
        self._file(handle).parent.mkdir(exist_ok=True)
        _copy(file, self._file(handle))

    def stop(self, handle: Handle) -> None:
        """Take the file away."""
        self._file(handle).rename(self._away(handle))

    def start(self, handle: Handle) -> None:
        """Put it back."""
        self._away(handle).rename(self._file(handle))

    def forbid(self, handle: Handle, trouble: Trouble) -> None:
        """Locked: another connection is about to write. Full is done where applications store."""
        if trouble is Trouble.LOCKED:
            blocker = self.blockers[handle] = sqlite3.connect(self._file(handle), isolation_level=None)
            blocker.execute("BEGIN IMMEDIATE")
        elif trouble is Trouble.READ_ONLY:
            self.read_only.add(handle)
        elif not _can_limit():
            raise NotOnThisStage("this operating system cannot keep the files of a process from growing")

    def allow(self, handle: Handle, trouble: Trouble) -> None:
        """That is over."""
        if trouble is Trouble.LOCKED:
            self.blockers.pop(handle).close()
        elif trouble is Trouble.READ_ONLY:
            self.read_only.discard(handle)

    def check(self) -> None:
        """There is no server that could end."""

    def close(self) -> None:
        """The run is over."""
        for blocker in self.blockers.values():
            blocker.close()
        self.blockers.clear()
        self.read_only.clear()
        shutil.rmtree(self.top, ignore_errors=True)

    def _file(self, handle: Handle) -> Path:
        plain = _PLAIN.fullmatch(handle.name)
        name = handle.name if plain else hashlib.sha256(handle.name.encode("utf-8", "surrogatepass")).hexdigest()
        return self.top / f"server-{handle.server}" / f"{name}.sqlite"

    def _away(self, handle: Handle) -> Path:
        return self._file(handle).with_suffix(".away")


def _can_limit() -> bool:
    try:
        import resource
    except ImportError:
        return False
    return hasattr(resource, "RLIMIT_FSIZE")


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
