"""Real server processes: made once, started on a free port, and stopped by a signal."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import httpx
import pytest

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.server import making, settings

LONG = 30.0
"""Seconds after which a test gives up; none waits that long unless something is broken."""


@attrs.frozen
class Running:
    """One server process and how to reach it."""

    folder: Path
    process: "subprocess.Popen[str]"
    port: int

    def trusting(self) -> ssl.SSLContext:
        """TLS as an application speaks it: it trusts the vendor's authority and nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.folder / "authority.pem")
        return context

    def plain(self) -> socket.socket:
        """A connection without TLS."""
        return socket.create_connection(("127.0.0.1", self.port), LONG)

    def connected(self, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        """A connection with TLS."""
        return (context or self.trusting()).wrap_socket(self.plain(), server_hostname="localhost")

    def told(self, words: str) -> str:
        """The next line of the log that holds these words."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if words in line:
                return line
        raise AssertionError(f"the log ended without {words!r}")

    def http(self, token: str = "") -> httpx.Client:
        """A client of its routes, with a token where one is given."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        address = f"https://localhost:{self.port}"
        return httpx.Client(base_url=address, verify=self.trusting(), headers=headers, trust_env=False, timeout=LONG)

    def kilobytes(self) -> int:
        """The most memory that it ever had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status."""
        self.process.send_signal(sign)
        return self.process.wait(LONG)


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("real") / "vendor"
    chosen = settings.chosen("Survey", ["localhost", "127.0.0.1"], "127.0.0.1:0")
    making.make(path, chosen, None, SystemClock(), SystemChance())
    return path


@pytest.fixture
def vendor(_made: Path, tmp_path: Path) -> Path:
    """A server's folder of the test's own."""
    return Path(shutil.copytree(_made, tmp_path / "vendor"))


@contextmanager
def starting(patience: float) -> Iterator[Callable[..., Running]]:
    """Starts servers' processes, each once it says where it listens; at the end none is left."""
    started: list[subprocess.Popen[str]] = []
    watchdogs: list[threading.Timer] = []

    def begin(folder: Path, *args: str, connections: str = "") -> Running:
        if connections:
            file = folder / "server.toml"
            file.write_text(file.read_text().split("[connections]")[0] + connections)
        words = [sys.executable, "-m", "nexuslic", "server", "run", str(folder), *args]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
        started.append(process)
        watchdogs.append(threading.Timer(patience, process.kill))
        watchdogs[-1].start()
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert line.startswith("nexuslic server: listening on https://127.0.0.1:"), process.stderr.read()
        return Running(folder, process, int(line.rsplit(":", 1)[1]))

    try:
        yield begin
    finally:
        for watchdog in watchdogs:
            watchdog.cancel()
        for process in started:
            process.kill()
            process.communicate()


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts a server's process and waits for the line that says where it listens."""
    with starting(LONG) as begin:
        yield begin


@pytest.fixture(scope="module")
def start_for_module() -> Iterator[Callable[..., Running]]:
    """The same for processes that all tests of a module ask."""
    with starting(10 * LONG) as begin:
        yield begin


@pytest.fixture(scope="module")
def hasty(_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for a whole module, which waits for nobody for longer than half a second."""
    folder = Path(shutil.copytree(_made, tmp_path_factory.mktemp("hasty") / "vendor"))
    with starting(10 * LONG) as begin:
        yield begin(folder, connections="[connections]\nhandshake = 0.5\nrequest = 0.5\nidle = 0.5\nmost = 100\n")
