"""A session that runs on: its seat is renewed in the background, and given back when it ends.

The thread touches nothing of the host application: no signal, no logger. It ends with the session, and does not keep a
process alive.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import attrs

from nexuslic import client as app
from nexuslic.client import Client, Session
from nexuslic.rules.policy import SEAT_RENEWAL

Wait = Callable[[threading.Event], bool]
"""Waits for the next renewal, or for the event that ends the session; whether it has ended."""


def wait(ended: threading.Event) -> bool:
    """As long as the rules say: 2 minutes."""
    return ended.wait(SEAT_RENEWAL.total_seconds())


@attrs.define(eq=False)
class _Holding:
    client: Client
    session: Session
    on_seat_lost: Callable[[], None] | None
    wait: Wait
    ended: threading.Event = attrs.Factory(threading.Event)

    def run(self) -> None:
        while not self.wait(self.ended):
            if not app.renew_seat(self.client, self.session):
                if self.on_seat_lost is not None:
                    self.on_seat_lost()
                return


@contextmanager
def held(
    client: Client, session: Session, on_seat_lost: Callable[[], None] | None = None, wait: Wait = wait
) -> Iterator[None]:
    """Hold a session as long as the block lasts, then close it, whatever the block raised."""
    holding = _Holding(client, session, on_seat_lost, wait)
    thread = threading.Thread(target=holding.run, name="nexuslic session", daemon=True)
    thread.start()
    try:
        yield
    finally:
        holding.ended.set()
        thread.join()
        app.close(client, session)
