"""Ctrl-C is raised as ever, and kept where Python drops it."""

import signal
import threading

import pytest

from nexuslic.cli.ctrl_c import CtrlC


class Clears:
    """Something whose clearing away is interrupted."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_is_raised_and_kept():
    with CtrlC() as ctrl_c, pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert ctrl_c.pressed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_drops_is_kept():
    with CtrlC() as ctrl_c:
        clears = Clears()
        del clears
    assert ctrl_c.pressed


def test_what_was_there_before_is_there_again():
    before = signal.getsignal(signal.SIGINT)
    with CtrlC():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with CtrlC() as ctrl_c:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not ctrl_c.pressed


def test_another_thread_leaves_interrupts_alone():
    seen = []

    def enter():
        with CtrlC():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
