"""Load: clients on kept-open TLS connections, each asking again as soon as it is answered.

wrk where it is installed, for it takes less of the machine than what it measures; else a generator of our own, which
`server_load.py PORT CLIENTS SECONDS COUNT FILE` runs: until so many seconds or answers, whichever comes first.
"""

import asyncio
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import attrs
from server_processes import OTHERS

_LUA = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local bodies, i = {}, 0
for line in io.lines("%s") do bodies[#bodies + 1] = line end
request = function() i = i + 1; return wrk.format(nil, nil, nil, bodies[i %% #bodies + 1]) end
"""
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@attrs.frozen
class Load:
    """What clients saw: right answers, others, answers a second, and latencies in milliseconds."""

    answered: int
    wrong: int
    rate: float
    p50: float
    p99: float
    generator: str


def load(port: int, clients: int, seconds: float, bodies: Path, count: int = 0) -> Load:
    """Ask for so many seconds; for `count` answers, the generator of our own does it."""
    if shutil.which("wrk") and not count:
        return _wrk(port, clients, seconds, bodies)
    words = [sys.executable, __file__, str(port), str(clients), str(seconds), str(count or 10**9), str(bodies)]
    return Load(**json.loads(_run(words)), generator="asyncio")


def _run(words: list[str]) -> str:
    pinned = lambda: os.sched_setaffinity(0, OTHERS)  # noqa: E731
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, preexec_fn=pinned).stdout


def _wrk(port: int, clients: int, seconds: float, bodies: Path) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % bodies)
        script.flush()
        words = ["wrk", "-t1", f"-c{clients}", f"-d{int(seconds)}s", "--timeout", "10s", "--latency", "-s", script.name]
        told = _run([*words, f"https://127.0.0.1:{port}/v1/contact"])
    asked = int(_found(r"(\d+) requests in", told))
    wrong = int(_found(r"Non-2xx or 3xx responses: (\d+)", told, "0"))
    wrong += sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", told)))
    p50, p99 = (_milliseconds(_found(rf"(?m)^ +{part}% +(\S+)", told)) for part in (50, 99))
    return Load(asked - wrong, wrong, float(_found(r"Requests/sec:\s+(\S+)", told)), p50, p99, "wrk")


def _found(pattern: str, text: str, default: str = "") -> str:
    found = re.search(pattern, text)
    return found[1] if found else default


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]


@attrs.define
class Run:
    """What all clients of a run share; each answer counts, those that come after the end as well."""

    bodies: list[bytes]
    until: float
    left: int
    seen: Counter[str] = attrs.Factory(Counter)
    took: list[float] = attrs.Factory(list)

    def next(self) -> bytes | None:
        """The next request; None at the end."""
        self.left -= 1
        return (
            self.bodies[self.left % len(self.bodies)] if self.left >= 0 and time.perf_counter() < self.until else None
        )


class Client(asyncio.Protocol):
    """One connection that is kept open."""

    def __init__(self, run: Run) -> None:
        self.run, self.ended = run, asyncio.get_running_loop().create_future()
        self.got, self.asked = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, ended, body = self.got.partition(b"\r\n\r\n")
        if ended and len(body) >= int(_found(r"(?i)content-length: *(\d+)", head.decode("latin-1"), "0")):
            self.run.took.append(time.perf_counter() - self.asked)
            self.run.seen[head[9:12].decode("ascii")] += 1
            self.got = b""
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if self.asked:
            self.run.seen["lost"] += 1
        self.ended.set_result(None)

    def _ask(self) -> None:
        body = self.run.next()
        self.asked = time.perf_counter() if body is not None else 0.0
        if body is None:
            self.transport.close()  # type: ignore[attr-defined]
        else:
            self.transport.write(request(body))  # type: ignore[attr-defined]


def request(body: bytes) -> bytes:
    """A contact over HTTP/1.1."""
    head = (
        b"POST /v1/contact HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    return head % len(body) + body


def unverified() -> ssl.SSLContext:
    """TLS to whoever listens there: what is measured is the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def _generate(port: int, clients: int, seconds: float, count: int, bodies: list[bytes]) -> dict[str, float]:
    started = time.perf_counter()
    run, loop = Run(bodies, started + seconds, count), asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Client(run), "127.0.0.1", port, ssl=unverified()) for _ in range(clients)
    ]
    await asyncio.gather(*(client.ended for _, client in made))
    took, right = sorted(run.took), run.seen["200"]
    p50, p99 = (took[int(len(took) * part)] * 1e3 for part in (0.5, 0.99))
    rate = right / (time.perf_counter() - started)
    return {"answered": right, "wrong": run.seen.total() - right, "rate": rate, "p50": p50, "p99": p99}


if __name__ == "__main__":
    port_, clients_, seconds_, count_, file_ = sys.argv[1:]
    asked_ = Path(file_).read_bytes().splitlines()
    print(json.dumps(asyncio.run(_generate(int(port_), int(clients_), float(seconds_), int(count_), asked_))))
