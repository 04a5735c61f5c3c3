"""A file that was given: kept for as long as it takes to read it, and understood as the commands understand it."""

import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import Final

from nexuslic.errors import InputError
from nexuslic.web.lab import texts
from nexuslic.web.lab.choice import Given

MOST_MB: Final = 31
"""The largest file that is taken, in millions of bytes: somewhat less than the largest body."""
_KINDS: Final = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".yaml", ".yml")
_STORY: Final = re.compile(rb"^scenario:", re.MULTILINE)


def read(name: str, data: bytes) -> Given:
    """What a file of that name holds. Raises InputError, which names the file as the person does."""
    from nexuslic.lab.source import trips_of

    plain = PurePosixPath(name.replace("\\", "/")).name or "file"
    if not data and not name:
        raise InputError(texts.NO_FILE)
    if len(data) > MOST_MB * 1_000_000:
        raise InputError(texts.TOO_LARGE.format(MOST_MB))
    with tempfile.TemporaryDirectory(prefix="nexuslic-") as folder:
        path = Path(folder) / _kept_as(plain, data)
        path.write_bytes(data)
        try:
            return Given(plain, trips_of(str(path)))
        except InputError as error:
            raise InputError(str(error).replace(str(path), plain)) from error


def _kept_as(name: str, data: bytes) -> str:
    """A name that says its kind. Raises InputError where it has none that is known."""
    kind = next((one for one in _KINDS if name.lower().endswith(one)), None)
    if kind is None:
        if data[:4] == b"PAR1":
            return "given.parquet"
        if b"\0" in data[:65536]:
            raise InputError(texts.UNREADABLE.format(name))
        kind = ".csv"
    if kind in (".yaml", ".yml") and _STORY.search(data):
        return "given.scenario.yaml"
    return f"given{kind}"
