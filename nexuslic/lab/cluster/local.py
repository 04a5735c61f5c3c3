"""A cluster of this computer's own: a process in a session of its own, which holds the scheduler and the workers.

It ends when its standard input does. So it is gone whenever the command is, however that ended, and Ctrl-C at the
terminal reaches the command alone, which then ends it in order. Nobody else on this computer can use it: both sides
know credentials that are made for it.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from distributed.security import Security

from nexuslic.errors import InputError, WorldError

MOST = 256
"""Workers of one computer."""
REACH = 60.0
"""Seconds within which the workers are there."""
END = 20.0
"""Seconds that they have to end."""
PARTS = ("tls_ca_file", "tls_client_cert", "tls_client_key")
"""What both sides know, in the words of Dask."""


@contextmanager
def running(workers: int) -> Iterator[tuple[str, Security]]:
    """A cluster of so many processes, one thread each: its address, and what it takes to use it."""
    if not 1 <= workers <= MOST:
        raise InputError(
            f"--workers {workers}: a computer has 1 to {MOST} workers, best as many as processors "
            f"({os.cpu_count()} here): for more, run them elsewhere and name their --scheduler"
        )
    security = Security.temporary()
    with TemporaryDirectory(prefix="nexuslic-", ignore_cleanup_errors=True) as folder:
        log = Path(folder, "log")
        with log.open("wb") as stream:
            process = _start(workers, folder, stream)
        try:
            yield _told(process, security, log), security
        finally:
            _end(process)


def _start(workers: int, folder: str, log: Any) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "nexuslic.lab.cluster.child", str(workers), folder]
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, **apart)


def _told(process: "subprocess.Popen[bytes]", security: Security, log: Path) -> str:
    """Give it the credentials; its address."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps({part: getattr(security, part) for part in PARTS}).encode() + b"\n")
        process.stdin.flush()
    address = process.stdout.readline().decode().strip()
    if not address:
        why = (log.read_text("utf-8", "replace").strip().splitlines() or ["it did not say why"])[-1]
        raise WorldError(f"--workers: the workers could not be started: {why}")
    return address


def _end(process: "subprocess.Popen[bytes]") -> None:
    for stream in filter(None, (process.stdin, process.stdout)):
        with suppress(OSError):
            stream.close()
    try:
        process.wait(END)
    except subprocess.TimeoutExpired:
        _kill(process)
    except KeyboardInterrupt:
        _kill(process)
        raise


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
