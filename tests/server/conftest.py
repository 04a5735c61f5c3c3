"""What the tests of the server share: an empty registry on each engine, and servers' folders."""

import asyncio
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from sqlalchemy import Connection, select

from nexuslic.adapters.chance import SystemChance
from nexuslic.issuing import rotation
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.server import app, audit, logs, making, settings, tokens
from nexuslic.server.database import Database
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.service import Limits, Service
from nexuslic.server.site import Site
from nexuslic.server.tables import audit as audit_table
from nexuslic.server.tokens import Scope
from nexuslic.simulation.chance import SeededChance
from nexuslic.trust import signing, wire
from nexuslic.trust.wire import Ask, Denial, Malformed, Request


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


START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@attrs.define
class Hands:
    """A clock whose hands a test moves; running time stands unless it is moved too."""

    now: datetime = START
    running: timedelta = timedelta(0)

    def read(self) -> Reading:
        return Reading(self.now, self.running)


class StaticKeys:
    """The vendor's keys, which a test may exchange while the server runs."""

    def __init__(self) -> None:
        self.keyring = rotation.begin(SeededChance(b"bench"))

    def signatory(self) -> Signatory:
        return rotation.signatory(self.keyring)


class Bench:
    """One license server as an application, asked without a socket between; several may share one registry.

    `ask` sends one HTTP request, `together` many at once. A license, a token and a contact take one line.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self.url, self.clock, self.log = url, options.pop("clock", None) or Hands(), io.StringIO()
        self.database = Database.at(url)
        self.keys: Any = options.pop("keys", None) or StaticKeys()
        self.chance = options.pop("chance", None) or SystemChance()
        self.service = Service(self.database, self.keys, self.clock, self.chance, **options)
        self.app = app.build(self.service, logs.logger(lambda: self.clock.now.isoformat(), self.log))
        self.runner = asyncio.Runner()
        self.run(self._begin())
        self.tokens: dict[Scope, str] = {}

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def _begin(self) -> None:
        """Hold the application's life in a task of its own until it is told to end."""
        self.ending, begun = asyncio.Event(), asyncio.Event()

        async def live() -> None:
            async with self.app.lifespan():
                begun.set()
                await self.ending.wait()

        self.life = asyncio.get_running_loop().create_task(live())
        await begun.wait()

    async def _end(self) -> None:
        self.ending.set()
        await self.life

    def close(self) -> None:
        self.run(self._end())
        self.runner.close()

    # -- HTTP ---------------------------------------------------------------------------------------------------------

    async def request(self, method: str, path: str, *, address: str = "192.0.2.1", **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="https://server", trust_env=False) as client:
            return await client.request(method, path, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request as it is, without a token."""
        return self.run(self.request(method, path, **options))

    def together(self, *requests: Any) -> list[httpx.Response]:
        """Requests (of `request`, `as_` or `sent`) that are under way at the same time."""

        async def all_of_them() -> list[httpx.Response]:
            return list(await asyncio.gather(*requests))

        return self.run(all_of_them())

    def vendor(self, method: str, path: str, body: Any = None, scope: str = "admin", **headers: str) -> httpx.Response:
        """A request of the vendor's people; `body` goes as JSON."""
        return self.run(self.vendor_request(method, path, body, scope, **headers))

    def vendor_request(self, method: str, path: str, body: Any = None, scope: str = "admin", **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if "authorization" not in told:
            told["authorization"] = f"Bearer {self.token(scope)}"
        options = {} if body is None else {"json": body}
        return self.request(method, path, headers=told, **options)

    def token(self, scope: str = "admin") -> str:
        """A token of that scope; the same one each time."""
        if Scope(scope) not in self.tokens:
            self.tokens[Scope(scope)] = self.new_token(scope)
        return self.tokens[Scope(scope)]

    def new_token(self, scope: str, expires_at: datetime | None = None) -> str:
        with self.database.write() as connection:
            return tokens.create(connection, self.chance, self.clock.now, scope, Scope(scope), expires_at)[1]

    # -- the registry -------------------------------------------------------------------------------------------------

    def issued(self, **terms: Any) -> LicenseKey:
        """A new key in the registry, by the way of the vendor's route."""
        done = self.vendor("POST", "/v1/licenses", {"organisation": "Example Survey", **terms})
        assert done.status_code == 201, done.text
        return LicenseKey.parse(done.json()["key"])

    def history(self, key: LicenseKey) -> list[str]:
        """The databases that a key was bound to, oldest first."""
        with self.database.read() as connection:
            issued = SqlRegistry(connection, self.clock.now).find(key)
        assert issued is not None
        return [str(bound.binding) for bound in issued.history]

    def rows(self, table: Any, *columns: str) -> list[Any]:
        """What a table holds, in the order of its keys."""
        wanted = [table.c[name] for name in columns] or [table]
        with self.database.read() as connection:
            return list(connection.execute(select(*wanted).order_by(*table.primary_key.columns)))

    def trail(self) -> list[Any]:
        """The audit trail, which is verified on the way."""
        with self.database.read() as connection:
            audit.verify(connection)
        return self.rows(audit_table)

    # -- contacts -----------------------------------------------------------------------------------------------------

    def contact(self, key: LicenseKey, database: str = "nexus", ask: str = "authenticate", **options: Any) -> Any:
        """What a client makes of the answer to one contact: a certificate, a denial, or the response as it is."""
        version = Version.parse(options.pop("version", "6.10"))
        nonce = options.pop("nonce", None) or os.urandom(16).hex()
        asked = Request(Ask(ask), key, Binding("DB1", database), version, nonce)
        response = self.run(self.sent(wire.encode(asked), **options))
        return self.read(response, asked) if response.status_code == 200 else response

    def sent(self, body: Any, **options: Any) -> Any:
        """The bytes of one contact on their way."""
        headers = {"content-type": "application/json", **options.pop("headers", {})}
        return self.request("POST", "/v1/contact", content=body, headers=headers, **options)

    def read(self, response: httpx.Response, asked: Request | Malformed) -> Certificate | Denial:
        """What a client that trusts this vendor reads in a reply. Raises UntrustedReply."""
        known = rotation.bundle(self.keys.keyring, "Survey", "https://server").known
        return signing.verify(response.content, asked.nonce, asked.binding, known).value[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def registry_url(request: pytest.FixtureRequest) -> str:
    """A registry that is as it was made, on each engine."""
    return str(request.getfixturevalue(f"{request.param}_registry"))


@pytest.fixture(scope="module")
def made_bench(made_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A license server on SQLite that all tests of a module ask."""
    file = shutil.copy(made_registry, tmp_path_factory.mktemp("module") / "made.sqlite")
    made = Bench(f"sqlite:///{file}")
    yield made
    made.close()


@pytest.fixture
def open_bench() -> Iterator[Callable[..., Bench]]:
    """Starts license servers on a registry's URL; they end with the test."""
    opened: list[Bench] = []

    def begin(url: str, **options: Any) -> Bench:
        opened.append(Bench(url, **options))
        return opened[-1]

    yield begin
    for one in reversed(opened):
        one.close()


@pytest.fixture
def bench(open_bench: Callable[..., Bench], sqlite_registry: str) -> Bench:
    """A license server on SQLite."""
    return open_bench(sqlite_registry)


@pytest.fixture
def both(open_bench: Callable[..., Bench], registry_url: str) -> Bench:
    """A license server, on each engine."""
    return open_bench(registry_url)


@pytest.fixture
def limits() -> type[Limits]:
    """What a bench may be given as `limits`."""
    return Limits
