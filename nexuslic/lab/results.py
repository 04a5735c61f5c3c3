"""Results as Parquet: a table, and in the file itself all that it takes to make it again.

The same table of the same origin is the same bytes.
"""

import io
from pathlib import Path
from typing import Any, Final, Protocol

import attrs
import polars as pl

from nexuslic.errors import InputError
from nexuslic.lab.policies import LabPolicy, changed
from nexuslic.version import __version__

FORMAT: Final = "1"
_OURS: Final = "nexuslic."
"""What our names begin with among those that a Parquet file holds."""


class Target(Protocol):
    """A file that is written whole or not at all."""

    def write(self, content: str | bytes) -> None:
        """Write it. Raises WorldError."""
        ...


@attrs.frozen
class Origin:
    """Where a result comes from: the texts of a model and of a policy as files, the seed, and how many trips.

    A list of trips has neither model nor seed. `version`: of nexuslic.
    """

    policy: str
    trips: int
    model: str = ""
    seed: int | None = None
    version: str = __version__


def policy_text(policy: LabPolicy) -> str:
    """A policy as the file that it can be read from."""
    knobs = {"grace": policy.grace, "extensions": "yes" if policy.extensions else "no", **changed(policy.rules)}
    title = policy.title.replace("'", "''")
    return f"policy: '{title}'\nformat: 1\n" + "".join(f"{key}: {value}\n" for key, value in knobs.items())


def as_parquet(frame: pl.DataFrame, origin: Origin) -> bytes:
    """A table as the bytes of a Parquet file, with its origin."""
    told = {"format": FORMAT, **{name: str(value) for name, value in attrs.asdict(origin).items() if value is not None}}
    file = io.BytesIO()
    frame.write_parquet(file, metadata={_OURS + name: value for name, value in told.items()})
    return file.getvalue()


def write_parquet(frame: pl.DataFrame, origin: Origin, target: Target) -> None:
    """Write a table with its origin. Raises WorldError; then what stood there stands there still."""
    target.write(as_parquet(frame, origin))


def read_parquet(path: Path) -> tuple[pl.DataFrame, Origin]:
    """A table that was written so, and its origin. Raises InputError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror}") from error
    try:
        told = pl.read_parquet_metadata(io.BytesIO(data))
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{path}: this is no Parquet file, or a damaged one: write it again") from error
    return frame, _origin(path, {name.removeprefix(_OURS): told[name] for name in told if name.startswith(_OURS)})


def _origin(path: Path, told: dict[str, Any]) -> Origin:
    version = told.pop("format", None)
    if version != FORMAT:
        why = "it was not written by nexuslic" if version is None else f"its format is {version}, and not {FORMAT}"
        raise InputError(f"{path}: this is no result that can be read here: {why}")
    seed = told.pop("seed", None)
    return Origin(**{**told, "trips": int(told["trips"])}, seed=None if seed is None else int(seed))
