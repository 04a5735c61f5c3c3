"""One deadline for a whole contact: name, connection, handshake, request and reply together.

A contact runs in a thread of its own, and the caller waits no longer than the deadline, whatever the thread is stuck
in: looking up a name, or a system's check of a certificate, cannot be interrupted. Every operation on a socket gets the
time that is left, so the thread ends by itself then too, and sends nothing any more.
"""

import contextvars
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Generic, TypeVar

import attrs

T = TypeVar("T")


@attrs.define(eq=False)
class Contact:
    """What one contact may still take; `ends` is an instant of the monotonic clock."""

    ends: float
    naming: bool = False
    """Whether a name is being looked up now."""

    def left(self) -> float:
        """Seconds left, more than none. Raises TimeoutError where the time is over."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the contact's time is over")
        return left

    @contextmanager
    def looking_up(self) -> Iterator[None]:
        """As long as a name is looked up."""
        self.naming = True
        try:
            yield
        finally:
            self.naming = False

    def late(self) -> OSError:
        """What has failed if the time is over now."""
        if self.naming:
            return socket.gaierror(socket.EAI_AGAIN, "the name was not found in time")
        return TimeoutError("the contact's time is over")


_CURRENT: contextvars.ContextVar[Contact] = contextvars.ContextVar("contact")


def current() -> Contact:
    """The contact that this thread makes. Raises LookupError outside of one."""
    return _CURRENT.get()


@attrs.define(eq=False)
class _Attempt(Generic[T]):
    act: Callable[[], T]
    contact: Contact
    done: threading.Event = attrs.Factory(threading.Event)
    result: list[T] = attrs.Factory(list)
    error: BaseException | None = None

    def run(self) -> None:
        _CURRENT.set(self.contact)
        try:
            self.result.append(self.act())
        except BaseException as error:
            self.error = error
        self.done.set()


def within(span: timedelta, act: Callable[[], T]) -> T:
    """What `act` returns or raises, if it takes no longer than `span`; else raises what its contact is late with."""
    attempt = _Attempt(act, Contact(time.monotonic() + span.total_seconds()))
    threading.Thread(target=attempt.run, name="nexuslic contact", daemon=True).start()
    if not attempt.done.wait(span.total_seconds()):
        raise attempt.contact.late()
    if attempt.error is not None:
        raise attempt.error
    return attempt.result[0]
