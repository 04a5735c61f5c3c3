"""Ctrl-C that is not lost: Python drops an interrupt that comes while it clears away what nobody uses any more."""

import signal
import threading
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import Self


class CtrlC:
    """As long as it is entered, an interrupt is raised as ever, and also kept."""

    def __init__(self) -> None:
        self.pressed = False
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        if threading.current_thread() is threading.main_thread() and not ignored:
            before = signal.signal(signal.SIGINT, self._heard)
            self._stack.callback(signal.signal, signal.SIGINT, before)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        raise KeyboardInterrupt
