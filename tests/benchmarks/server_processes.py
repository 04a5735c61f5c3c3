"""Server processes while they are measured: on which core, what processor time and memory they took (Linux)."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

HERE = Path(__file__).resolve().parent
CORES = sorted(os.sched_getaffinity(0))
SERVER, OTHERS = CORES[:1], CORES[1:] or CORES
"""The core that a measured server has for itself, and those for load and databases."""

LONG = 60.0


@attrs.frozen
class Served:
    """A process that listens on `port`."""

    process: "subprocess.Popen[bytes]"
    port: int

    def seconds(self) -> float:
        """Processor time of all its threads so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def mebibytes(self) -> float:
        """Memory that it holds now."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@contextmanager
def license_server(folder: Path, port: int, cores: list[int] = SERVER) -> Iterator[Served]:
    """`nexuslic server run` on that folder."""
    words = [sys.executable, "-m", "nexuslic", "server", "run", str(folder), "--listen", f"127.0.0.1:{port}"]
    with _started([*words, "--log-level", "warning"], port, cores) as served:
        yield served


@contextmanager
def serving(which: str, program: str, folder: Path, size: int) -> Iterator[Served]:
    """`server_serving.py`: a bare route or the license server on that server program."""
    port = free_port()
    words = [sys.executable, str(HERE / "server_serving.py"), which, program, str(folder), str(port), str(size)]
    with _started(words, port, SERVER) as served:
        yield served


@contextmanager
def _started(words: list[str], port: int, cores: list[int]) -> Iterator[Served]:
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, cores), env=os.environ
    )
    try:
        _wait(process, port)
        yield Served(process, port)
    finally:
        process.terminate()
        try:
            process.wait(LONG)
        finally:
            process.kill()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(int(LONG / 0.05)):
        if process.poll() is not None:
            raise RuntimeError(f"a server ended with status {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("a server does not listen")
