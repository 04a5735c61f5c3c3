"""Who is where in a world: servers and their names, databases, workstations and how each spells what it connects to.

This is what people know of a place, and what they change when they rename, move and restore. A simulated world keeps
its databases behind these names in memory; on a real stage the same names lead to real ones.
"""

from collections.abc import Callable
from datetime import timedelta

import attrs

from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.rules.binding import fold
from nexuslic.simulation.database import Database, Server
from nexuslic.simulation.time import MachineClock, TrueTime
from nexuslic.simulation.workstation import LOCAL_NAMES, Workstation


@attrs.define(eq=False)
class Atlas:
    """Servers, databases and workstations at one true time (UTC), in the story's order."""

    true: TrueTime
    servers: list[Server] = attrs.Factory(list)
    workstations: dict[str, Workstation] = attrs.Factory(dict)
    _found: dict[tuple[str, str | None, str], Database] = attrs.Factory(dict)
    """What names mean, until a server or a database gets another one."""

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

    # -- what names mean --------------------------------------------------------------------------------------------

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

    # -- what people change -----------------------------------------------------------------------------------------

    def connect(self, workstation: Workstation, server: str, database: str | None = None) -> None:
        """This client spells the server so from now on."""
        workstation.connects_to = server
        if database is not None:
            workstation.database = database

    def move(
        self, fill: Callable[[Database, Database], None], onto: str | None, name: str | None, followers: list[str]
    ) -> None:
        """A backup of the story's database is restored onto a server under a name, and these workstations use it.

        `fill(target, source)` puts the backup there. Who spells the server in a way of their own goes on to.
        """
        source = self.database
        server = source.server if onto is None else self.server_called(onto) or self.add_server(onto)
        wanted = name or source.name
        fill(server.find(wanted) or self.add_database(server, wanted), source)
        for follower in followers:
            workstation = self.workstations[follower]
            stays = server is source.server and self._means(workstation, server)
            workstation.connects_to = workstation.connects_to if stays else onto or server.name
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
