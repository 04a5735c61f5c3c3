"""Real processes: license servers that are made once, started on a free port and stopped by a signal, and the commands
of the vendor and of a customer over them.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
    with starting(60 * LONG) as begin:
        yield begin


@pytest.fixture(scope="module")
def hasty(_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for a whole module, which waits for nobody for longer than half a second."""
    folder = Path(shutil.copytree(_made, tmp_path_factory.mktemp("hasty") / "vendor"))
    with starting(60 * LONG) as begin:
        yield begin(folder, connections="[connections]\nhandshake = 0.5\nrequest = 0.5\nidle = 0.5\nmost = 100\n")


RUNS = "the survey runs"
"""What the program says that a license lets run."""


@attrs.frozen
class Done:
    """How a command ended, and what it printed."""

    words: tuple[str, ...]
    status: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """What it said as JSON, on either stream."""
        found: dict[str, Any] = json.loads(next(line for line in (self.out, self.err) if line.startswith("{")))
        return found

    @property
    def listed(self) -> list[dict[str, Any]]:
        """The items that it said as JSON."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found

    @property
    def line(self) -> str:
        """The one line that it printed, on either stream."""
        (line,) = f"{self.out}{self.err}".splitlines()
        return line


@attrs.define(eq=False)
class Terminal:
    """Somebody who types commands: `environment` is what they have exported, `done` what they have typed."""

    environment: dict[str, str]
    done: list[Done] = attrs.Factory(list)

    def type(self, *words: object, given: str = "") -> Done:
        """One command of nexuslic, as a process."""
        told = tuple(map(str, words))
        command = [sys.executable, "-m", "nexuslic", *told]
        ran = subprocess.run(command, env=self.environment, capture_output=True, text=True, input=given)
        self.done.append(Done(told, ran.returncode, ran.stdout, ran.stderr))
        return self.done[-1]


def surroundings() -> dict[str, str]:
    """What a process finds around it, and no proxy."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


@attrs.define(eq=False)
class Aboard(Terminal):
    """Somebody at a workstation of a customer's, with a program that the license protects."""

    program: Path = Path("integritycentre.exe")

    def connect(self, url: str) -> None:
        """Work with this database from now on."""
        self.environment["NEXUSLIC_DATABASE"] = url

    def pull_the_cable(self) -> None:
        """No way leads to the license server any more."""
        self.environment |= {"https_proxy": "http://127.0.0.1:9", "no_proxy": ""}

    def plug_it_in(self) -> None:
        """There is a way again."""
        for name in ("https_proxy", "no_proxy"):
            self.environment.pop(name, None)

    def license(self, *words: object, given: str = "") -> Done:
        """One of `nexuslic license`."""
        return self.type("license", *words, given=given)

    def launch(self, *options: object) -> Done:
        """Start the program, if the license lets it run."""
        ran = self.type("launch", *options, "--", self.program)
        assert (RUNS in ran.out) == (ran.status == 0)
        return ran

    def launched(self, *options: object) -> dict[str, Any]:
        """The same, and what was decided."""
        ran = self.launch("--json", *options)
        assert ran.status == (0 if ran.told["runs"] else 77)
        return ran.told


@attrs.define(eq=False)
class Vendor(Terminal):
    """Somebody of the vendor's, at the folder of a license server that runs."""

    running: Running = attrs.field(kw_only=True)

    def do(self, *words: object) -> Done:
        """One of the vendor's commands, which succeeds."""
        ran = self.type("vendor", "--folder", self.running.folder, *words)
        assert ran.status == 0, ran.err
        return ran

    def issue(self, *options: object) -> str:
        """A new key."""
        return str(self.do("issue", "--organisation", "Example Survey", *options, "--json").told["key"])

    def answer(self, code: str) -> str:
        """Support's answer to a request code."""
        return str(self.do("answer-code", "--json", code.strip()).told["code"])


@pytest.fixture(scope="module")
def office(_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    """A license server that runs as long as the tests of a module do, and the vendor's people there."""
    folder = Path(shutil.copytree(_made, tmp_path_factory.mktemp("office") / "vendor"))
    with starting(60 * LONG) as begin:
        running = begin(folder)
        leads_to(folder / "bundle.json", f"https://localhost:{running.port}")
        yield Vendor(surroundings(), running=running)


def leads_to(bundle: Path, address: str) -> None:
    """Let a bundle name another address."""
    told = json.loads(bundle.read_text())
    told["bundle"]["address"] = address
    bundle.write_text(json.dumps(told, sort_keys=True, separators=(",", ":")))


@pytest.fixture
def another_bundle(tmp_path: Path) -> Callable[[Path, str], Path]:
    """A copy of a bundle that leads to another address."""

    def made(bundle: Path, address: str) -> Path:
        copy = Path(shutil.copy(bundle, tmp_path / "another-bundle.json"))
        leads_to(copy, address)
        return copy

    return made


@pytest.fixture
def workstation(office: Vendor, tmp_path: Path) -> Callable[..., Aboard]:
    """Makes workstations: each has a state and a program of its own; all work with one SQLite database at first."""
    base = tmp_path / "survey.db"
    sqlite3.connect(base).close()

    def made(name: str = "bridge") -> Aboard:
        folder = tmp_path / name
        folder.mkdir()
        program = folder / "integritycentre.exe"
        program.write_text(f"#!/bin/sh\necho {RUNS}\n")
        program.chmod(0o755)
        bundle = office.running.folder / "bundle.json"
        environment = {"NEXUSLIC_STATE": str(folder / "state"), "NEXUSLIC_BUNDLE": str(bundle)}
        aboard = Aboard({**surroundings(), **environment}, program=program)
        aboard.connect(f"sqlite:///{base}")
        return aboard

    return made


@pytest.fixture
def aboard(workstation: Callable[..., Aboard]) -> Aboard:
    """One workstation of a customer's, with a database that holds no license yet."""
    return workstation()


@pytest.fixture
def quietly() -> Callable[..., None]:
    """Runs a tool that succeeds."""

    def run(*words: object) -> None:
        subprocess.run(list(map(str, words)), check=True, capture_output=True)

    return run
