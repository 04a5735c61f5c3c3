"""A program that runs as long as its license does: signals are passed to it, and its exit status is passed on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import attrs

_NAMES = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT", "SIGINT", "SIGQUIT", "SIGBREAK")
_OF_TERMINAL = ("SIGINT", "SIGQUIT", "SIGWINCH", "SIGBREAK")
"""What a terminal sends to the program as well."""


class Interrupted(Exception):
    """A signal came before the program was started."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.number = number


@attrs.define(eq=False)
class Child:
    """The program, from before it starts until it has ended."""

    process: "subprocess.Popen[bytes] | None" = None
    waiting: list[int] = attrs.Factory(list)

    def run(self, command: Sequence[str]) -> int:
        """Start it, and wait: its exit status, or 128 and the signal that ended it. Raises OSError, Interrupted."""
        for number in self.waiting:
            if number in _ENDING:
                raise Interrupted(number)
        self.process = subprocess.Popen(command)
        for number in self.waiting:
            self._send(number)
        status = self.process.wait()
        return status if status >= 0 else 128 - status

    def terminate(self) -> None:
        """Ask it to end, or not to start."""
        self.take(signal.SIGTERM, None)

    def take(self, number: int, frame: FrameType | None) -> None:
        """A signal came."""
        if self.process is None:
            self.waiting.append(number)
        elif not _from_terminal(number):
            self._send(number)

    def _send(self, number: int) -> None:
        if self.process is not None:
            with suppress(OSError, ValueError):
                self.process.send_signal(number)

    @contextmanager
    def signalled(self) -> Iterator[None]:
        """Take signals for it as long as this lasts; those that are ignored it ignores too, as under nohup."""
        known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        numbers = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self.take) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_ENDING = {getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT") if hasattr(signal, name)}


def _from_terminal(number: int) -> bool:
    """Whether the program has had it too: a terminal's keys go to all that run in its foreground."""
    return signal.Signals(number).name in _OF_TERMINAL and _in_foreground()


def _in_foreground() -> bool:
    if not hasattr(os, "tcgetpgrp"):
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)
