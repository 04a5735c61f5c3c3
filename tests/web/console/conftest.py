"""The console as its people meet it: in process with clocks that a test moves, and as a real server over TLS."""

import asyncio
import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
import uvicorn
from sqlalchemy import select

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.issuing import rotation
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.server import app, audit, logs, making, queries, settings, tokens
from nexuslic.server.database import Database
from nexuslic.server.service import Service
from nexuslic.server.site import Site
from nexuslic.server.tables import audit as lines
from nexuslic.server.tokens import Scope
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Request
from nexuslic.web import serving
from nexuslic.web.console import routes

ADDRESS = "https://license.example.com"
START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
FIELD = re.compile(r'<(?:input(?! type="checkbox")|textarea)[^>]* name="(\w+)"[^>]* value="([^"]*)"')


@attrs.define
class Hands:
    """A clock whose hands a test moves."""

    now: datetime = START
    running: timedelta = timedelta(0)

    def read(self) -> Reading:
        return Reading(self.now, self.running)

    def pass_by(self, time: timedelta) -> None:
        self.now += time
        self.running += time


class Keys:
    """The vendor's keys."""

    def __init__(self) -> None:
        self.keyring = rotation.begin(SystemChance())

    def signatory(self) -> Any:
        return rotation.signatory(self.keyring)


@attrs.define(eq=False)
class Browser:
    """What one browser does: it keeps cookies, and sends the forms of the pages that it was shown."""

    run: Callable[[Any], Any]
    client: httpx.AsyncClient
    page: httpx.Response | None = None

    def open(self, path: str, **headers: str) -> httpx.Response:
        """Go to a page, and where it leads."""
        self.page = self.run(self.client.get(path, headers=headers, follow_redirects=True))
        return self.page

    def fields(self, action: str) -> dict[str, str]:
        """What the form to `action` on the page carries before anything is typed."""
        found = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', self.text, re.DOTALL)
        assert found is not None, f"there is no form to {action}"
        chosen = re.findall(r'<select[^>]* name="(\w+)".*?<option value="(\w+)" selected', found[0], re.DOTALL)
        return {name: unescape(value) for name, value in [*FIELD.findall(found[0]), *chosen]}

    def offers(self, action: str) -> bool:
        """Whether the page has a form to `action`."""
        return f' action="{action}"' in self.text

    def send(self, action: str, *, follow: bool = True, **typed: str) -> httpx.Response:
        """Fill in the form to `action`, and send it."""
        return self.post(action, {**self.fields(action), **typed}, follow=follow)

    def post(self, action: str, fields: dict[str, str], *, follow: bool = True, **headers: str) -> httpx.Response:
        """Send these fields, whatever the page says."""
        told = {"origin": ADDRESS, **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent = self.client.post(action, data=fields, headers=told, follow_redirects=follow)
        self.page = self.run(sent)
        return self.page

    def sign_in(self, token: str) -> httpx.Response:
        """Sign in with a token."""
        self.open("/console/sign-in")
        return self.send("/console/sign-in", token=token)

    @property
    def text(self) -> str:
        """What the page says."""
        assert self.page is not None
        return self.page.text

    @property
    def place(self) -> str:
        """Where it is."""
        assert self.page is not None
        return self.page.url.path


class Vendor:
    """A license server whose clock a test sets, with its console; nothing serves it yet."""

    def __init__(self, url: str) -> None:
        self.clock, self.keys, self.log = Hands(), Keys(), io.StringIO()
        self.database = Database.at(url)
        service = Service(self.database, self.keys, self.clock, SystemChance())
        log = logs.logger(lambda: self.clock.now.isoformat(), self.log)
        self.app = app.build(service, log, routes.made(SystemChance()))

    def token(self, scope: str = "admin", name: str = "", expires: datetime | None = None) -> str:
        """A new token's text."""
        with self.database.write() as connection:
            return tokens.create(connection, SystemChance(), self.clock.now, name or scope, Scope(scope), expires)[1]

    def end_token(self, token: str) -> None:
        with self.database.write() as connection:
            tokens.revoke(connection, token.split("_")[1], self.clock.now)

    def trail(self) -> list[Any]:
        """The audit trail, which is verified on the way."""
        with self.database.read() as connection:
            audit.verify(connection)
            return list(connection.execute(select(lines).order_by(lines.c.seq)))

    def acts(self) -> list[tuple[str, str]]:
        """Who did what."""
        return [(line.who, line.act) for line in self.trail()]

    def key(self, number: int) -> LicenseKey:
        """The key of a license, by its number."""
        with self.database.read() as connection:
            return queries.numbered(connection, number)


class Server(Vendor):
    """It in this process, for browsers that need no window."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.runner = asyncio.Runner()
        self.clients: list[httpx.AsyncClient] = []
        self.run(self._begin())

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def _begin(self) -> None:
        self.ending, begun = asyncio.Event(), asyncio.Event()

        async def live() -> None:
            async with self.app.lifespan():
                begun.set()
                await self.ending.wait()

        self.life = asyncio.get_running_loop().create_task(live())
        await begun.wait()

    async def _end(self) -> None:
        for client in self.clients:
            await client.aclose()
        self.ending.set()
        await self.life

    def close(self) -> None:
        self.run(self._end())
        self.runner.close()

    def browser(self, scope: str = "", name: str = "", address: str = "192.0.2.1") -> Browser:
        """A browser of its own, signed in with a new token of that scope."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 50_000))
        self.clients.append(httpx.AsyncClient(transport=transport, base_url=ADDRESS, trust_env=False))
        browser = Browser(self.run, self.clients[-1])
        if scope:
            assert browser.sign_in(self.token(scope, name)).url.path == "/console/licenses", browser.text
        return browser

    def contact(self, key: LicenseKey, database: str = "nexus", address: str = "198.51.100.7") -> int:
        """A client requests the license for a database of its own."""
        browser = self.browser(address=address)
        headers = {"content-type": "application/json"}
        answer = self.run(browser.client.post("/v1/contact", content=asked(key, "DB1", database), headers=headers))
        return int(answer.status_code)


def asked(key: LicenseKey, server: str, database: str) -> bytes:
    """What a client sends to be granted a license."""
    request = Request(Ask.AUTHENTICATE, key, Binding(server, database), Version.parse("6.10"), os.urandom(16).hex())
    return wire.encode(request)


def issued(browser: Browser, **terms: str) -> int:
    """The number of a new license."""
    browser.open("/console/issue")
    browser.send("/console/issue", organisation="Northern Survey", **terms)
    return int(browser.place.rsplit("/", 1)[1])


@pytest.fixture
def issue() -> Callable[..., int]:
    """Issues a license in a browser; its number."""
    return issued


@pytest.fixture
def server(sqlite_registry: str) -> Iterator[Server]:
    """A license server on SQLite."""
    made = Server(sqlite_registry)
    yield made
    made.close()


@attrs.frozen
class Shown:
    """A license server at an address of this computer, and what a client sends to it."""

    vendor: Vendor
    address: str

    def contact(self, page: Any, number: int, server: str, database: str = "survey") -> None:
        """A client is granted this license for a database."""
        sent = page.request.post(
            f"{self.address}/v1/contact",
            data=asked(self.vendor.key(number), server, database),
            headers={"content-type": "application/json"},
        )
        assert sent.ok, sent.text()


@pytest.fixture
def shown(sqlite_registry: str, authority: Any) -> Iterator[Shown]:
    """A license server whose clock a test sets, for a real browser."""
    vendor, listening = Vendor(sqlite_registry), serving.bound(0)
    config = uvicorn.Config(vendor.app, log_level="critical", ws="none")
    config.load()
    config.ssl = authority.server_context("localhost")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    yield Shown(vendor, f"https://localhost:{listening.getsockname()[1]}")
    running.should_exit = True
    thread.join(30)


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A license server on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("server")
        return
    made = Server(request.getfixturevalue("postgresql_registry"))
    yield made
    made.close()


@attrs.frozen
class Live:
    """A license server's process that speaks TLS, and tokens for it."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def token(self, scope: str, name: str) -> str:
        """A new token's text."""
        database = Site.at(self.folder, None).database()
        now = SystemClock().read().wall
        with database.write() as connection:
            told = tokens.create(connection, SystemChance(), now, name, Scope(scope), None)[1]
        database.close()
        return told

    def key(self, number: int) -> str:
        """The key of a license, by its number."""
        database = Site.at(self.folder, None).database()
        with database.read() as connection:
            found = queries.numbered(connection, number)
        database.close()
        return str(found)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A license server that runs as long as the tests of a module do."""
    folder = tmp_path_factory.mktemp("live") / "vendor"
    making.make(folder, settings.chosen("Survey", ["localhost"], "127.0.0.1:0"), None, SystemClock(), SystemChance())
    words = [sys.executable, "-m", "nexuslic", "server", "run", str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        watchdog = threading.Timer(300, process.kill)
        watchdog.start()
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("nexuslic server: listening on https://"), line
        yield Live(folder, int(line.rsplit(":", 1)[1]))
        watchdog.cancel()
        process.terminate()
        process.wait(30)
