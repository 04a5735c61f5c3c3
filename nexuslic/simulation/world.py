"""The world in memory: it runs the real client, the real `issuing/` and the real verifier.

Deterministic: the only time is `true`, the only chance is seeded, and every collection keeps the story's order.
"""

from datetime import datetime, timedelta

import attrs

from nexuslic import client as app
from nexuslic.client import Client, Connection
from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.issuing.registry import Issued
from nexuslic.ports import Ports
from nexuslic.rules.binding import Binding, fold
from nexuslic.rules.license import Extension, License, LicenseKey
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, WhichClock
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.database import Contents, Database, Records, SeatTable, Server, UserTable
from nexuslic.simulation.network import Link
from nexuslic.simulation.sessions import Sessions
from nexuslic.simulation.time import HybridClock, MachineClock, TrueTime
from nexuslic.simulation.vendor import LicenseServer
from nexuslic.simulation.workstation import LOCAL_NAMES, Workstation

KEY = LicenseKey.from_number(400638133393)
"""The license key of every simulated world."""


@attrs.define(eq=False)
class World:
    """Servers, workstations and a license server at one true time (UTC)."""

    true: TrueTime
    policy: Policy
    vendor: LicenseServer
    chance: SeededChance
    servers: list[Server] = attrs.Factory(list)
    workstations: dict[str, Workstation] = attrs.Factory(dict)
    used_codes: dict[str, str] = attrs.Factory(dict)
    _found: dict[tuple[str, str | None, str], Database] = attrs.Factory(dict)
    """What names mean, until a server or a database gets another one."""
    sessions: Sessions = attrs.Factory(lambda self: Sessions(self.true, self.policy), takes_self=True)

    @classmethod
    def begin(cls, now: datetime, terms: License, extension: Extension | None, policy: Policy) -> "World":
        """A world at `now` (UTC) in which the vendor has issued one key."""
        true = TrueTime(now)
        vendor = LicenseServer(MachineClock(true, now))
        vendor.registry.add(Issued(KEY, terms, extension))
        return cls(true, policy, vendor, SeededChance(b"nexuslic"))

    # -- building -------------------------------------------------------------------------------------------------

    def clock(self) -> MachineClock:
        """A new clock that shows the true time; its computer has been running for 12 hours."""
        return MachineClock(self.true, self.true.now - timedelta(hours=12))

    def add_server(self, name: str, names: tuple[str, ...] = ()) -> Server:
        """A database server; its identity is its own for good."""
        server = Server(name, f"server-{len(self.servers) + 1}", self.clock(), names)
        self.servers.append(server)
        self._found.clear()
        return server

    def add_database(self, server: Server, name: str) -> Database:
        """An empty database."""
        database = Database(name, server)
        server.databases.append(database)
        self._found.clear()
        return database

    def server_called(self, name: str) -> Server | None:
        """The server of that name or alias now."""
        wanted = fold(name)
        for server in self.servers:
            if wanted == fold(server.name) or wanted in map(fold, server.names):
                return server
        return None

    # -- one workstation's view -----------------------------------------------------------------------------------

    def server_of(self, workstation: Workstation) -> Server:
        """The server that a workstation's spelling means. Raises DatabaseUnreachable."""
        spelling = workstation.connects_to
        local = workstation.runs_server if fold(spelling) in LOCAL_NAMES else None
        server = self.server_called(local or spelling)
        if server is None:
            raise DatabaseUnreachable(f"no server answers to {spelling}")
        return server

    def database_of(self, workstation: Workstation) -> Database:
        """The database that a workstation connects to. Raises DatabaseUnreachable."""
        names = (workstation.connects_to, workstation.runs_server, workstation.database)
        database = self._found.get(names)
        if database is None:
            database = self.server_of(workstation).find(workstation.database)
            if database is None:
                raise DatabaseUnreachable(f"no database {workstation.database}")
            self._found[names] = database
        return database

    def client(self, workstation: Workstation, user: str | None = None) -> Client:
        """The application on a workstation, connected as the workstation spells it."""
        try:
            server: Server | None = self.server_of(workstation)
        except DatabaseUnreachable:
            server = None
        locate = lambda: self.database_of(workstation)  # noqa: E731
        ports = Ports(
            HybridClock(lambda: self._clock_of(workstation), workstation.clock),
            Link(lambda: self._causes(workstation), self.vendor.answer),
            Records(locate),
            SeatTable(locate),
            UserTable(locate),
            workstation.marks,
            self.chance,
            workstation,
        )
        binding = Binding(workstation.connects_to, workstation.database, "" if server is None else server.identity)
        connection = Connection(binding, workstation.version, user or workstation.user, workstation.name)
        return Client(ports, connection, workstation.bundle, self.policy)

    def _clock_of(self, workstation: Workstation) -> MachineClock:
        """The clock that the policy names. Raises DatabaseUnreachable."""
        if self.policy.clock is WhichClock.WORKSTATION:
            return workstation.clock
        database = self.database_of(workstation)
        database.read()
        return database.server.clock

    def _causes(self, workstation: Workstation) -> frozenset[Cause]:
        network = workstation.network.causes()
        return network if Cause.OFFLINE in network else network | self.vendor.causes(workstation.tls)

    @property
    def database(self) -> Database:
        """The database that the story is about: the one that most workstations use, the oldest of equals."""
        count: dict[int, int] = {}
        found: dict[int, Database] = {}
        for workstation in self.workstations.values():
            try:
                database = self.database_of(workstation)
            except DatabaseUnreachable:
                continue
            count[id(database)] = count.get(id(database), 0) + 1
            found[id(database)] = database
        if not found:
            raise InputError("no workstation has a database that it can connect to")
        oldest = [base for server in self.servers for base in server.databases]
        return max(found.values(), key=lambda base: (count[id(base)], -oldest.index(base)))

    # -- what people do -------------------------------------------------------------------------------------------

    def launch(self, name: str, user: str | None, *, stays: bool, until: datetime | None = None) -> app.Launched:
        """Launch on a workstation; closed again at once, or left open (until a time)."""
        workstation = self.workstations[name]
        client = self.client(workstation, user)
        launched = app.launch(client)
        if launched.session is not None:
            if stays:
                self.sessions.add(workstation, client, launched.session, until)
            else:
                app.close(client, launched.session)
        return launched

    def connect(self, workstation: Workstation, server: str, database: str | None = None) -> None:
        """This client spells the server so from now on."""
        workstation.connects_to = server
        if database is not None:
            workstation.database = database

    # -- what happens to databases --------------------------------------------------------------------------------

    def restore(self, contents: Contents, onto: str | None, name: str | None, followers: list[str]) -> None:
        """A backup's contents are restored onto a server under a name, and these workstations use it from now on."""
        source = self.database
        target = source.server if onto is None else self.server_called(onto) or self.add_server(onto)
        wanted = name or source.name
        database = target.find(wanted) or self.add_database(target, wanted)
        database.contents = contents
        for follower in followers:
            workstation = self.workstations[follower]
            stays = target is source.server and self._means(workstation, target)
            workstation.connects_to = workstation.connects_to if stays else onto or target.name
            workstation.database = wanted

    def _means(self, workstation: Workstation, server: Server) -> bool:
        try:
            return self.server_of(workstation) is server
        except DatabaseUnreachable:
            return False

    def rename_server(self, new: str) -> None:
        """The database's server gets another name; whoever spelled the old one spells the new one."""
        server = self.database.server
        if self.server_called(new) not in (None, server):
            raise InputError(f"another server is called {new} already")
        self._found.clear()
        old, server.name = server.name, new
        for workstation in self.workstations.values():
            if fold(workstation.connects_to) == fold(old):
                workstation.connects_to = new
            if workstation.runs_server is not None and fold(workstation.runs_server) == fold(old):
                workstation.runs_server = new

    def rename_database(self, new: str) -> None:
        """The database gets another name, and the workstations that use it follow."""
        database = self.database
        if database.server.find(new) not in (None, database):
            raise InputError(f"another database on {database.server.name} is called {new} already")
        users = [ws for ws in self.workstations.values() if self._uses(ws, database)]
        self._found.clear()
        database.name = new
        for workstation in users:
            workstation.database = new

    def _uses(self, workstation: Workstation, database: Database) -> bool:
        try:
            return self.database_of(workstation) is database
        except DatabaseUnreachable:
            return False
