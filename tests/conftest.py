"""What all tests share."""

import importlib.util
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from nexuslic.testing import postgresql
from nexuslic.testing.certificates import Authority

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent.parent


def _secrecy() -> Any:
    """The module beside this one that looks for secrets in all output."""
    spec = importlib.util.spec_from_file_location("nexuslic_secrecy", Path(__file__).with_name("secrecy.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_SECRECY, _PATCH = _secrecy(), pytest.MonkeyPatch()
_WATCH = _SECRECY.Watch()


def pytest_configure() -> None:
    """From now on all that comes out is looked through, and signals reach what a test starts, however tests began."""
    _SECRECY.watching(_WATCH, _PATCH)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_unconfigure() -> None:
    """No more."""
    _PATCH.undo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """A test in whose time a secret came out has failed."""
    report = yield
    if report.when == "teardown":
        leaks = _WATCH.end(report.sections)
        if leaks and not report.failed:
            report.outcome, report.longrepr = "failed", "\n".join(leaks)
    return report


@pytest.fixture
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that this machine's settings say about proxies counts in a test."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The vendor's own authority."""
    return Authority()


_STORY = """scenario: {title}
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 UTC
cases: [{{case: one, left: {one}}}, {{case: two, left: {two}}}]
online: [{{from: day 1 07:00, to: day 1 08:00}}]
steps:
  - {{at: day 1 07:30, authenticate: ws1}}
  - {{at: day 3 07:30, launch: ws1, expect: {{days_left: $left}}}}
"""


@pytest.fixture
def story_of_two_cases() -> Callable[..., str]:
    """Makes the text of a story with a title, whose cases `one` and `two` expect so many days left; 28 holds."""

    def text(title: str, one: int = 28, two: int = 28) -> str:
        return _STORY.format(title=title, one=one, two=two)

    return text


@pytest.fixture
def root() -> Path:
    """The top of the project."""
    return ROOT


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[Any]:
    """A PostgreSQL server that runs for this session; it starts with the first test that asks for it."""
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server(_postgresql: Any) -> str:
    """The URL of the session's PostgreSQL server."""
    return str(_postgresql.get_uri())


@pytest.fixture
def postgresql_outage(_postgresql: Any) -> Callable[[], AbstractContextManager[None]]:
    """Stops the session's PostgreSQL server for as long as a `with` lasts."""

    @contextmanager
    def outage() -> Iterator[None]:
        _postgresql.stop()
        try:
            yield
        finally:
            _postgresql.ensure_postgres_running()

    return outage


_NUMBERS = count(1)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    with _empty_database(postgresql_server) as url:
        yield url


@pytest.fixture
def another_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Another empty PostgreSQL database of the test's own."""
    with _empty_database(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def made_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty registry, to be copied: to make one takes a while."""
    file = tmp_path_factory.mktemp("registry") / "registry.sqlite"
    file.touch()
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_registry(made_registry: Path, tmp_path: Path) -> str:
    """A SQLite registry that is as it was made."""
    return f"sqlite:///{shutil.copy(made_registry, tmp_path / 'made.sqlite')}"


@pytest.fixture
def postgresql_registry(postgresql_url: str) -> str:
    """A PostgreSQL registry that is as it was made."""
    _migrated(postgresql_url)
    return postgresql_url


def _migrated(url: str) -> None:
    from nexuslic.server import migrate
    from nexuslic.server.database import Database

    database = Database.at(url)
    migrate.upgrade(database)
    database.close()


@pytest.fixture
def postgresql_port(postgresql_server: str) -> Iterator[int]:
    """The session's PostgreSQL server on a port of 127.0.0.1; by itself it listens on none."""
    from sqlalchemy import make_url

    from nexuslic.testing.tap import Tap

    def connected() -> socket.socket:
        there = socket.socket(socket.AF_UNIX)
        there.connect(f"{make_url(postgresql_server).query['host']}/.s.PGSQL.5432")
        return there

    with Tap(connected) as tap:
        yield tap.port


@pytest.fixture(scope="session")
def postgresql_tools() -> Path:
    """Where pg_dump and pg_restore of that server are."""
    return postgresql.tools()


@pytest.fixture(scope="module")
def module_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty PostgreSQL database of a module's own."""
    with _empty_database(postgresql_server) as url:
        yield url


@contextmanager
def _empty_database(postgresql_server: str) -> Iterator[str]:
    import psycopg

    name = f"registry_{next(_NUMBERS)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 has it; `#fff` and `#ffffff`."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.fixture(scope="session")
def contrast() -> Callable[[str, str], float]:
    """The contrast of two colours, from 1 to 21; words need 4.5 and graphics 3 (WCAG 2, AA)."""

    def of(one: str, two: str) -> float:
        low, high = sorted((_luminance(one), _luminance(two)))
        return (high + 0.05) / (low + 0.05)

    return of


_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
_NO_BROWSER = "no Chromium is here: apt-get install chromium, or playwright install chromium"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A Chromium without a window (Playwright's `Browser`), for the tests of one module.

    It ends with its module: while it runs, Playwright's event loop has the thread, and no other loop can begin there.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        installed = next(filter(None, map(shutil.which, _BROWSERS)), playwright.chromium.executable_path)
        if not Path(installed).exists():
            pytest.skip(_NO_BROWSER)
        browser = playwright.chromium.launch(executable_path=installed)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> Path:
    """The script of axe-core, which looks through a page for what keeps people out."""
    return ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
