"""Lists of trips as tests write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

Listed = Callable[..., Path]


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """A CSV file with these lines."""

    def write(*lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "trips.csv"
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write
