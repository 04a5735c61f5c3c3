"""Real servers that are to survive something: made, started, killed; and a client for one connection."""

import os
import secrets
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any

import attrs

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.issuing import keys
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.server import making, settings
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.site import Site
from nexuslic.trust import bundles, signing
from nexuslic.trust.keys import KnownKeys
from nexuslic.trust.wire import Ask, Denial, Malformed, Request, encode

HOST = "127.0.0.1"
JSON = {"Content-Type": "application/json"}
LONG = 60.0
"""Seconds after which something hangs; nothing takes that long unless it is broken."""
FAILED = (OSError, HTTPException)
"""What a client sees of a server that is killed."""


@attrs.frozen
class House:
    """A server's folder, its administrator's token, and what clients know of it."""

    folder: Path
    token: str
    known: KnownKeys
    trusting: ssl.SSLContext

    @property
    def site(self) -> Site:
        return Site.at(self.folder, None)

    @property
    def bearer(self) -> dict[str, str]:
        return {**JSON, "Authorization": f"Bearer {self.token}"}


def make(folder: Path, lines: str = "", database: str = "") -> House:
    """A new server; `lines` are added to its settings."""
    chosen = settings.chosen("Survey", ["localhost", HOST], f"{HOST}:0", database=database)
    made = making.make(folder, chosen, None, SystemClock(), SystemChance())
    file = folder / "server.toml"
    file.write_text(file.read_text().split("\n# Wrong keys")[0] + "\n" + lines)
    context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    return House(folder, made.token, bundles.read((folder / "bundle.json").read_bytes()).known, context)


def issue(house: House, count: int, prefix: str) -> list[LicenseKey]:
    """So many new keys, straight into the registry."""
    database, clock = house.site.database(), SystemClock()
    terms = License(prefix, LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)
    try:
        with database.write() as connection:
            registry = SqlRegistry(connection, clock.read().wall)
            return [keys.issue(registry, SystemChance(), terms).key for _ in range(count)]
    finally:
        database.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server((HOST, 0)) as found:
        return int(found.getsockname()[1])


class Server:
    """One server process; `log` holds its lines and when they came."""

    def __init__(self, house: House, port: int = 0) -> None:
        words = [sys.executable, "-m", "nexuslic", "server", "run", str(house.folder), "--listen", f"{HOST}:{port}"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.log: list[tuple[float, str]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if ":" not in line:
            self._reader.join(LONG)
            raise SystemExit(f"the server did not start: {self.log[-3:]}")
        self.port = int(line.rsplit(":", 1)[1])

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append((time.monotonic(), line))

    def said(self, words: str) -> list[float]:
        """When it logged these words."""
        return [at for at, line in self.log if words in line]

    def status(self, name: str) -> int:
        """A number in /proc/PID/status, such as VmRSS (kB)."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith(f"{name}:")))

    def kill(self) -> None:
        """SIGKILL: nothing is finished."""
        self.process.kill()
        self._gone()

    def stop(self) -> int:
        """In good order; its exit status."""
        self.process.terminate()
        return self._gone()

    def _gone(self) -> int:
        status = self.process.wait(LONG)
        self._reader.join(LONG)
        assert self.process.stdout is not None and self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        return status


def asking(
    ask: Ask, key: LicenseKey | str, binding: Binding, nonce: str = "", version: str = "6.10"
) -> Request | Malformed:
    """A client's request; text as its key is one that may be none."""
    kind: Any = Request if isinstance(key, LicenseKey) else Malformed
    made: Request | Malformed = kind(ask, key, binding, Version.parse(version), nonce or secrets.token_hex(16))
    return made


class Client:
    """One kept-open connection from one address; it connects again after a failure."""

    def __init__(self, house: House, port: int, source: str = "", patience: float = LONG) -> None:
        at = (source, 0) if source else None
        self.house, self.port = house, port
        self._http = HTTPSConnection("localhost", port, context=house.trusting, timeout=patience, source_address=at)
        self._http._create_connection = self._to_host  # type: ignore[attr-defined]

    def _to_host(self, address: Any, timeout: Any, source: Any) -> socket.socket:
        return socket.create_connection((HOST, self.port), timeout, source)

    def http(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, bool]:
        """Status, body, and whether it is an answer that was given before. Raises FAILED."""
        try:
            self._http.request(method, path, body, headers)
            reply = self._http.getresponse()
            return reply.status, reply.read(), reply.headers.get("Idempotent-Replayed") == "true"
        except FAILED:
            self._http.close()
            raise

    def contact(self, request: Request | Malformed) -> tuple[int, Certificate | Denial | None]:
        """The status, and what was granted or denied: verified as a client does. Raises FAILED."""
        status, body, _ = self.http("POST", "/v1/contact", encode(request), JSON)
        if status != 200:
            return status, None
        return status, signing.verify(body, request.nonce, request.binding, self.house.known).value[0]

    def close(self) -> None:
        self._http.close()


def chosen_seed(seed: int | None) -> int:
    """The seed, or one of chance; printed first, so that a run can be made again."""
    found = int.from_bytes(os.urandom(4), "big") if seed is None else seed
    print(f"seed {found}", flush=True)
    return found
