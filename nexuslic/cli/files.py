"""Files that a command writes when it is done: looked at before it begins, and written whole or not at all."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

import attrs

from nexuslic.errors import InputError, WorldError


@attrs.frozen
class Target:
    """A file to be written; `option` is the one that named it. `adds`: at its end, after what stands there."""

    option: str
    path: Path
    adds: bool = False

    def check(self) -> None:
        """Refuse it while nothing has run yet. Raises InputError."""
        try:
            self._check()
        except OSError as error:
            raise self._refused(error) from error

    def _check(self) -> None:
        if self.path.is_dir():
            raise InputError(f"{self.option} {self.path}: this is a folder: name a file in it")
        if self.path.exists() and not os.access(self.path, os.W_OK):
            raise InputError(f"{self.option} {self.path}: it cannot be written: its rights forbid it")
        if self._in_place():
            return
        self._beside().open("xb").close()
        self._beside().unlink()

    def write(self, content: str | bytes) -> None:
        """Write it, text as UTF-8. Raises WorldError."""
        try:
            self._write(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)
        except OSError as error:
            raise WorldError(str(self._refused(error))) from error

    def _write(self, data: bytes) -> None:
        if self._in_place():
            with self.path.open("ab") as stream:
                stream.write(data)
            return
        before = self.path.read_bytes() if self.adds and self.path.exists() else b""
        new = self._beside()
        try:
            new.write_bytes(before + data)
            if self.path.exists():
                new.chmod(stat.S_IMODE(self.path.stat().st_mode))
            new.replace(self.path.resolve())
        finally:
            new.unlink(missing_ok=True)

    def _in_place(self) -> bool:
        """Whether it is a device or a pipe, which nothing may take the place of."""
        return self.path.exists() and not self.path.is_file()

    def _beside(self) -> Path:
        real = self.path.resolve()
        return real.with_name(f".{real.name}.{os.getpid()}.new")

    def _refused(self, error: OSError) -> InputError:
        return InputError(f"{self.option} {self.path}: it cannot be written: {error.strerror}")


def check(targets: Iterable[Target]) -> None:
    """Refuse targets that cannot be written, or that are one file. Raises InputError."""
    there: dict[Path, str] = {}
    for target in targets:
        real = target.path.resolve()
        other = there.setdefault(real, target.option)
        if other != target.option:
            raise InputError(f"{other} and {target.option} both name {target.path}: name two files")
        target.check()
