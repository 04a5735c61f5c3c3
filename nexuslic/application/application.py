"""What an application asks of its license: launch, authenticate, codes, users, seats, status."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType

import attrs

from nexuslic import client as app
from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_stores import SeatTable
from nexuslic.application import holding
from nexuslic.application.assigned import AssignedUsers
from nexuslic.application.status import Status, status_of
from nexuslic.client import Client, Connection
from nexuslic.errors import CodeRefused, DatabaseNotWritable, DatabaseUnreachable, InputError
from nexuslic.ports import Ports
from nexuslic.rules import seats
from nexuslic.rules.decision import Decision
from nexuslic.rules.license import LicenseKey
from nexuslic.rules.policy import Policy
from nexuslic.rules.seats import Seat, Seats
from nexuslic.rules.words import WhichBinding
from nexuslic.trust.keys import Bundle

_KEY = re.compile(r"(?:[0-9][\s-]*){13}", re.ASCII)
"""13 digits, mistyped ones among them."""


@attrs.define(eq=False)
class Application:
    """The license check of one application (see `nexuslic.open`); threads may share one, each with its own launches."""

    base: CustomerDatabase
    ports: Ports
    connection: Connection
    bundle: Bundle
    policy: Policy
    wait: holding.Wait = holding.wait

    def __enter__(self) -> "Application":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database's connections; an engine that the application brought stays open for it."""
        self.base.close()

    def client(self) -> Client:
        """The check of one moment, with what the database server is known by now where the policy compares that."""
        connection = self.connection
        if self.policy.binding is WhichBinding.IDENTITY:
            with suppress(DatabaseUnreachable):
                binding = attrs.evolve(connection.binding, identity=self.base.identity)
                connection = attrs.evolve(connection, binding=binding)
        return Client(self.ports, connection, self.bundle, self.policy)

    # -- launches -------------------------------------------------------------------------------------------------

    @contextmanager
    def launch(self, *, on_seat_lost: Callable[[], None] | None = None) -> Iterator[Decision]:
        """One launch: its Decision, and as long as the block lasts, the seat of the session that it began.

        The seat is renewed in the background every 2 minutes (rules: Seats). `on_seat_lost` is called, in that
        thread, where the seat was given away meanwhile and none is free: the session has to end. Never raises for
        what the world does; a refusal is a Decision that does not run.
        """
        client = self.client()
        launched = app.launch(client)
        if launched.session is None:
            yield launched.decision
            return
        with holding.held(client, launched.session, on_seat_lost, self._rest):
            yield launched.decision

    def _rest(self, ended: threading.Event) -> bool:
        """Until the next renewal the session needs no connection."""
        self.base.rest()
        return self.wait(ended)

    # -- the License dialog ---------------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the License dialog shows; asks nobody but the database. Raises DatabaseUnreachable."""
        return status_of(self.client(), self.seats())

    def authenticate(self, key: str) -> Decision:
        """Request the license of a key for this database; without a grant nothing changes (rules: Authentication)."""
        return app.authenticate(self.client(), key)

    def request_code(self, key: str | None = None) -> str:
        """A code to read to support; `key` where the database holds no license.

        Raises DatabaseUnreachable, CodeRefused, MistypedKey.
        """
        wanted = None if key is None else LicenseKey.parse(key)
        if self.policy.binding is WhichBinding.IDENTITY:
            self._keep_identity()
        return app.request_code(self.client(), wanted)

    def _keep_identity(self) -> None:
        """A SQLite file is known by its tables: without them the answer would find another identity than asked."""
        with suppress(DatabaseUnreachable, DatabaseNotWritable):
            self.base.prepare()

    def renew_by_code(self, code: str) -> Decision:
        """Accept support's answer: a grant like any other, once (rules: Support at a distance).

        A license key in its place is refused before it could be named in a message. Raises CodeRefused.
        """
        if _KEY.fullmatch(code.strip()):
            raise CodeRefused("this is a license key and no code: request the license with it")
        return app.renew_by_code(self.client(), code)

    @property
    def users(self) -> AssignedUsers:
        """The users that licenses are assigned to."""
        return AssignedUsers(self.client())

    def seats(self) -> Seats:
        """Who holds a seat now, by the database's clock. Raises DatabaseUnreachable."""
        return seats.live(SeatTable(self.base).look(), self.base.read().wall, self.policy.seat_timeout)

    def release(self, session: str) -> Seat:
        """Give back the seat of a session that crashed; one that runs takes another at its next renewal, or ends.

        Raises InputError, DatabaseUnreachable, DatabaseNotWritable.
        """
        found: list[Seat] = []

        def change(table: Seats, now: datetime) -> Seats:
            found[:] = [seat for seat in table if seat.session == session]
            return seats.give_back(table, session)

        self.ports.seats.update(change)
        if not found:
            raise InputError(f"no session {session!r} holds a seat here: `nexuslic license seats` names those that do")
        return found[0]
