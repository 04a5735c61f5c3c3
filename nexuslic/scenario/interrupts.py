"""Ctrl-C in a run of several processes: the terminal tells it to all of them, and it is the first one's alone."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deaf() -> Iterator[None]:
    """Ctrl-C waits while processes start, which would hear it before they know that it is none of theirs."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_parent() -> None:
    """What a process that was started begins with: from now on it does nothing at Ctrl-C."""
    signal.signal(signal.SIGINT, _unheard)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _unheard(*_: object) -> None:
    """Nothing. A signal that is ignored would be inherited by what the process starts."""
