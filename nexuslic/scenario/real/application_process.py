"""An application on a workstation of a real stage, in a process of its own: the real client over real adapters.

It does what it is asked over a pipe, one thing at a time, and holds at most one session. It ends when the pipe does.
"""

import os
import signal
import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import lru_cache
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import attrs

from nexuslic import client as app
from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.https import HttpsLink
from nexuslic.adapters.late_https import LateLink
from nexuslic.adapters.network import Network
from nexuslic.adapters.sql import CustomerDatabase, Unit
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_stores import Records, SeatTable, UserTable
from nexuslic.adapters.workstation import MarkFiles, ThisComputer
from nexuslic.application.application import Application
from nexuslic.client import Connection, Session
from nexuslic.errors import NexuslicError
from nexuslic.ports import PENDING, Clock, Connectivity, Ports
from nexuslic.rules.decision import Decision
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.users import Users
from nexuslic.rules.words import Reason
from nexuslic.scenario.real.posts import Hindrance, Post, Way
from nexuslic.testing.certificates import speaking
from nexuslic.trust import bundles


@attrs.define
class SetClock:
    """A clock that shows what the story says (ports: Clock)."""

    shown: Reading

    def read(self) -> Reading:
        """What it shows."""
        return self.shown


@attrs.define(eq=False)
class HinderedDatabase(CustomerDatabase):
    """A database that may have no room: while it stores, the operating system lets no file of this process grow."""

    no_room: bool = False

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """One transaction."""
        limit = _files_grow_up_to(lambda most: 0) if self.no_room else nullcontext()
        with limit, CustomerDatabase.transaction(self) as unit:
            yield unit


@attrs.frozen
class OwnMarks(MarkFiles):
    """The workstation's own disk has room where the database's has none."""

    def save(self, name: str, blob: bytes) -> None:
        """Keep it."""
        with _files_grow_up_to(lambda most: most) if os.name == "posix" else nullcontext():
            super().save(name, blob)


@contextmanager
def _files_grow_up_to(limit: Callable[[int], int]) -> Iterator[None]:
    """As long as this lasts the operating system lets no file of this process grow further; `limit` is asked with the
    most that may be.
    """
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit(before[1]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def connectivity(way: Way) -> Connectivity:
    """The way that an application takes: the real link, whose name service is the stage's."""
    look_up = _names(way.hosts)
    span = timedelta(seconds=way.span)
    if way.versions is None:
        return LateLink(way.address, way.authority, span, look_up, lambda: True)
    context = speaking(way.authority, way.versions)
    return HttpsLink(way.address, context=context, span=span, network=Network(look_up=look_up, has_route=lambda: True))


def _names(hosts: tuple[str, ...] | None) -> Callable[[str, int], list[str]]:
    def look_up(host: str, port: int) -> list[str]:
        if hosts is not None:
            return list(hosts)
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
        raise LookupError(f"{host} is an address and no name: {found}")

    return look_up


_bundle = lru_cache(maxsize=4)(bundles.read)


class RunningApplication:
    """The application as its process runs it."""

    def __init__(self) -> None:
        self.computers: dict[str, ThisComputer] = {}
        self.bases: dict[tuple[str, str, str], HinderedDatabase] = {}
        self.session: Session | None = None
        self.client: app.Client | None = None

    # -- what it is asked -----------------------------------------------------------------------------------------

    def launch(self, post: Post, *, stays: bool) -> tuple[Decision, bool]:
        """One launch, closed again at once where it does not stay: the decision, and whether a session runs."""
        client = self._client(post)
        launched = app.launch(client)
        if launched.session is None:
            return launched.decision, False
        if not stays:
            app.close(client, launched.session)
            return launched.decision, False
        self.client, self.session = client, launched.session
        return launched.decision, True

    def renew(self, post: Post) -> bool:
        """The session renews its seat; False where it has to end."""
        client, session = self._held(post)
        return app.renew_seat(client, session)

    def close(self, post: Post) -> None:
        """The session ends."""
        client, session = self._held(post)
        app.close(client, session)
        self.client = self.session = None

    def lost(self, post: Post) -> None:
        """The session was told that its seat is gone, and ends."""
        client, session = self._held(post)
        client.ports.computer.end(session.id)
        self.client = self.session = None

    def authenticate(self, post: Post, key: str) -> Decision:
        """A key is entered."""
        return app.authenticate(self._client(post), key)

    def request_code(self, post: Post, key: LicenseKey) -> str:
        """A request code is shown."""
        return app.request_code(self._client(post), key)

    def renew_by_code(self, post: Post, code: str) -> Decision:
        """An answer is typed in."""
        return app.renew_by_code(self._client(post), code)

    def denied(self, post: Post, reason: Reason) -> Decision:
        """Support said no."""
        return app.denied(self._client(post), reason)

    def forget_request(self, post: Post) -> None:
        """The workstation loses what it asked for."""
        self._client(post).ports.marks.remove(PENDING)

    def assign(self, post: Post, add: Users, remove: Users) -> Users:
        """In the License dialog."""
        return app.assign(self._client(post), add, remove)

    # -- what it is made of ---------------------------------------------------------------------------------------

    def _held(self, post: Post) -> tuple[app.Client, Session]:
        """The session, as the workstation connects by now; the names are those of its launch."""
        assert self.client is not None and self.session is not None
        return attrs.evolve(self.client, ports=self._client(post).ports), self.session

    def _client(self, post: Post) -> app.Client:
        base = self._base(post)
        top = Path(post.folder)
        computer = self.computers.setdefault(post.folder, ThisComputer(top / "sessions", top / "application"))
        clock: Clock = SetClock(post.clock)
        ports = Ports(
            clock,
            connectivity(post.way),
            Records(base),
            SeatTable(base),
            UserTable(base),
            OwnMarks(top / "marks"),
            SystemChance(),
            computer,
        )
        names = Connection(base.place.binding, Version.parse(post.version), post.user, post.workstation)
        return Application(base, ports, names, _bundle(post.bundle), post.policy).client()

    def _base(self, post: Post) -> HinderedDatabase:
        where = (post.url, post.server, post.database)
        base = self.bases.get(where)
        if base is None:
            found = place(post.url, server=post.server, database=post.database)
            base = self.bases[where] = HinderedDatabase(found, computer=post.machine)
        base.patience, base.clock = post.patience, SetClock(post.seats_clock)
        base.no_room = post.hindrance is Hindrance.NO_ROOM
        return base

    def rest(self) -> None:
        """Keep no connection open between two events."""
        for base in self.bases.values():
            base.rest()


def serve(pipe: Pipe) -> None:
    """Do what comes over the pipe until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    running = RunningApplication()
    while True:
        try:
            what, args, named = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_answered(running, what, args, named))
        running.rest()


def _answered(running: RunningApplication, what: str, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, Any]:
    try:
        return "done", getattr(running, what)(*args, **named)
    except (NexuslicError, OverflowError) as error:
        return "refused", error
    except Exception:
        return "broke", traceback.format_exc()
