"""What failed last time, kept beside the stories' folder for `--last-failed`, so that it can be run again by itself.

It stands in `.nexuslic-cache` in the folder where nexuslic was called, which tells git to leave it alone. A case that
was not run keeps its place in it. Where nothing has ever failed there is no such folder.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import attrs

from nexuslic.errors import WorldError
from nexuslic.scenario.results import FINE, CaseRecord
from nexuslic.scenario.suite import STANDARD_INPUT, Unit

FOLDER = Path(".nexuslic-cache")
_FORMAT = 1

Name = tuple[str, str, str]
"""A case: its file as seen from the folder, its name, its stage."""


def _name(one: CaseRecord | Unit) -> Name:
    with suppress(ValueError):
        return Path(os.path.relpath(one.file)).as_posix(), one.case, one.stage
    return Path(one.file).as_posix(), one.case, one.stage


def _as_file(name: Name) -> Name:
    """The name that a file has where it cannot be read."""
    return name[0], "", name[2]


def _failed(unit: Unit, failed: set[Name], files: set[str]) -> bool:
    name = _name(unit)
    return name in failed or (unit.error != "" and name[0] in files)


@attrs.frozen
class Memory:
    """The cases that failed when each was run last."""

    folder: Path = FOLDER

    @property
    def _file(self) -> Path:
        return self.folder / "last-failed.json"

    def failed(self) -> set[Name]:
        """Them; none where nothing was kept, or nothing that can be read."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            return {(str(file), str(case), str(stage)) for file, case, stage in kept["failed"]}
        except (OSError, ValueError, KeyError, TypeError):
            return set()

    def choose(self, units: Iterable[Unit]) -> list[Unit]:
        """Those units that failed last time; all of a file that could not be read, and one that now cannot."""
        failed = self.failed()
        files = {file for file, _, _ in failed}
        return [unit for unit in units if _as_file(_name(unit)) in failed or _failed(unit, failed, files)]

    def keep(self, records: Iterable[CaseRecord]) -> None:
        """Remember what failed, and forget what does not any more, and files that are gone. Raises WorldError."""
        before = self.failed()
        after = {name for name in before if Path(name[0]).exists()}
        for one in records:
            if one.file != STANDARD_INPUT:
                after.discard(_as_file(_name(one)))
                (after.discard if one.outcome in FINE else after.add)(_name(one))
        if after == before:
            return
        try:
            self._write({"format": _FORMAT, "failed": sorted(after)})
        except OSError as error:
            raise WorldError(f"{self._file}: what failed cannot be kept for --last-failed: {error.strerror}") from error

    def _write(self, kept: object) -> None:
        self.folder.mkdir(exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        new = self._file.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        new.replace(self._file)
