"""What the tests of the server share: an empty registry on each engine, and servers' folders."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from sqlalchemy import Connection

from nexuslic.adapters.chance import SystemChance
from nexuslic.rules.license_time import Reading
from nexuslic.server import making, settings
from nexuslic.server.database import Database
from nexuslic.server.site import Site


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


NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
NAMES = ("localhost", "127.0.0.1")
PASSPHRASE = b"four words of a ship"


@attrs.frozen
class Still:
    """A clock that stands."""

    now: datetime = NOW

    def read(self) -> Reading:
        return Reading(self.now, timedelta(0))


@pytest.fixture
def still() -> Still:
    """A clock that stands at the time that the servers of these tests were made."""
    return Still()


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("server") / "vendor"
    making.make(path, settings.chosen("Survey", NAMES, "127.0.0.1:0"), None, Still(), SystemChance())
    return path


@pytest.fixture
def vendor(_template: Path, tmp_path: Path) -> Path:
    """The folder of a server that was made at `still`, without a passphrase."""
    return Path(shutil.copytree(_template, tmp_path / "vendor"))


@pytest.fixture(scope="session")
def _sealed_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("server") / "vendor"
    making.make(path, settings.chosen("Survey", NAMES, "127.0.0.1:0"), PASSPHRASE, Still(), SystemChance())
    return path


@pytest.fixture
def sealed(_sealed_template: Path, tmp_path: Path) -> Path:
    """The folder of a server whose keys are encrypted."""
    return Path(shutil.copytree(_sealed_template, tmp_path / "sealed"))


@pytest.fixture
def passphrase() -> bytes:
    """What opens `sealed`."""
    return PASSPHRASE


@pytest.fixture
def registry() -> Callable[[Path], AbstractContextManager[Connection]]:
    """Opens the registry of a server's folder for one transaction."""

    @contextmanager
    def opened(path: Path) -> Iterator[Connection]:
        database = Site.at(path, None).database()
        try:
            with database.write() as connection:
                yield connection
        finally:
            database.close()

    return opened
