"""What the tests of the server share: an empty registry on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nexuslic.server.database import Database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty SQLite database of the test's own."""
    file = tmp_path / "registry.sqlite"
    file.touch()
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database, on each engine."""
    database = Database.at(request.getfixturevalue(f"{request.param}_url"))
    yield database
    database.close()
