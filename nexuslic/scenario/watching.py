"""Files that change under one's hands: what was written or is new, and what is gone, found by looking again."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario import suite

Stamps = Mapping[str, tuple[int, int, int]]
"""What stands for the content of each file: when it was written (ns), its size, and which file it is."""


@attrs.frozen
class Changes:
    """Files to be run again, in their order, and files that are gone."""

    written: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.written or self.gone)


def look(paths: Iterable[str]) -> Stamps:
    """The stories under the paths as they are now; a path without any is no error while it is watched."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in paths:
        try:
            files = suite.find([path])
        except InputError:
            continue
        for file in files:
            try:
                state = Path(file).stat()
            except OSError:
                continue
            found[file] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return found


def changes(before: Stamps, now: Stamps) -> Changes:
    """What happened between two looks."""
    written = tuple(file for file, stamp in now.items() if before.get(file) != stamp)
    return Changes(written, tuple(file for file in before if file not in now))
