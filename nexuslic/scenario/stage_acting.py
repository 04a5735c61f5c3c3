"""What a story's verbs come to, on any stage: who acts, what is called how, which clock is wrong, what is turned on.

A stage does the rest: it launches, authenticates, stores, restores, stops and damages, in memory or for real.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta

from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable, InputError
from nexuslic.issuing import support
from nexuslic.issuing.registry import Issued, Registry
from nexuslic.rules import users
from nexuslic.rules.decision import Decision
from nexuslic.rules.license import Extension
from nexuslic.rules.policy import Policy
from nexuslic.rules.users import Users
from nexuslic.rules.words import WhichClock
from nexuslic.scenario.plans import accepted, add_servers, extension_of, license_of, tls, workstation_of
from nexuslic.scenario.stage import Acted, CannotAct
from nexuslic.scenario.story import Action, CaseStory, Window
from nexuslic.simulation.atlas import Atlas
from nexuslic.simulation.database import Database, Trouble
from nexuslic.simulation.network import Tamper, Tls
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.sessions import Sessions
from nexuslic.simulation.time import MachineClock
from nexuslic.simulation.workstation import Workstation, application


class ActingStage(ABC):
    """A story's verbs; make a new one for each case. The methods with an underscore are what a stage does."""

    atlas: Atlas
    policy: Policy
    sessions: Sessions
    license_clock: MachineClock
    """The license server's."""

    def __init__(self) -> None:
        self.backed_up: set[datetime] = set()
        self.stopped: list[Database] = []
        self.troubled: list[tuple[Trouble, Database]] = []

    # -- what a stage does ----------------------------------------------------------------------------------------

    @abstractmethod
    def _open(self, now: datetime, issued: Issued, accepts: frozenset[Tls]) -> None:
        """Make the world at `now` (UTC): `atlas`, `sessions`, `license_clock`, and a license server that issued that.

        `policy` is known by then.
        """

    @abstractmethod
    def _prepare(self, database: Database, assigned: Users) -> None:
        """The database of day 1, in which these users are assigned."""

    @abstractmethod
    def _authenticate(self, workstation: Workstation, key: str) -> Decision: ...

    @abstractmethod
    def _launch(self, workstation: Workstation, user: str | None, *, stays: bool, until: datetime | None) -> Decision:
        """One launch; where it runs and `stays`, its session is in `sessions` then."""

    @abstractmethod
    def _renew_by_code(self, workstation: Workstation, how: str) -> Decision: ...

    @abstractmethod
    def _assign(self, workstation: Workstation, add: Users, remove: Users) -> Users:
        """Whom it dropped. Raises DatabaseUnreachable, DatabaseNotWritable."""

    @abstractmethod
    def _support(self, act: Callable[[Registry], object]) -> None:
        """Support does something to the vendor's registry."""

    @abstractmethod
    def _serve(self, *, runs: bool) -> None:
        """The license server is started or stopped."""

    @abstractmethod
    def _tamper(self, tamper: Tamper) -> None:
        """The next reply of the license server is replaced."""

    @abstractmethod
    def _stop(self, database: Database, *, stopped: bool) -> None:
        """A database is stopped or started."""

    @abstractmethod
    def _trouble(self, database: Database, trouble: Trouble, *, begins: bool) -> None:
        """Something keeps a database from storing, or no longer does."""

    @abstractmethod
    def _back_up(self, database: Database, at: datetime) -> None:
        """Keep it as it is, under this time."""

    @abstractmethod
    def _restore(self, taken: datetime | None, target: Database, source: Database) -> None:
        """What was kept of the source then (None: what it holds now) takes the place of all that the target holds."""

    @abstractmethod
    def _rename_server(self, new: str) -> None:
        """Raises InputError."""

    @abstractmethod
    def _rename_database(self, new: str) -> None:
        """Raises InputError."""

    @abstractmethod
    def _damage(self, database: Database, how: str) -> None:
        """Raises CannotAct where there is no record."""

    @abstractmethod
    def _nethasp(self, workstation: Workstation, *, present: bool) -> None:
        """NETHASP.ini is renamed or put back."""

    @abstractmethod
    def _seats_in_use(self, database: Database) -> int: ...

    @abstractmethod
    def _binding(self, database: Database) -> str | None:
        """Raises DatabaseUnreachable."""

    @abstractmethod
    def end(self) -> None:
        """The story is over, or broke off: leave nothing behind."""

    # -- day 1 ----------------------------------------------------------------------------------------------------

    def begin(self, case: CaseStory) -> None:
        """Build the world of day 1."""
        plan = case.world
        self.policy = Policy(**plan.get("policy", {}))
        terms, vendor = plan.get("license", {}), plan.get("license_server", {})
        issued = Issued(KEY, license_of(terms), extension_of(terms.get("extension")))
        self._open(case.calendar.starts, issued, accepted(vendor.get("accepts", ("TLS 1.2", "TLS 1.3"))))
        self.license_clock.error = vendor.get("clock", timedelta(0))
        main = add_servers(self.atlas, plan)
        stations = plan.get("workstations") or {"ws1": {}}
        for name, station in stations.items():
            self.atlas.workstations[name] = workstation_of(self.atlas, name, station)
            self._nethasp(self.atlas.workstations[name], present=station.get("nethasp") == "present")
        self._prepare(main, users.assign((), tuple(plan.get("assigned", ()))))

    # -- what a story asks ----------------------------------------------------------------------------------------

    def advance(self, to: datetime) -> None:
        """Let the true time pass."""
        self.sessions.advance(to)

    def settle(self) -> None:
        """Do what running sessions do at this instant."""
        self.sessions.settle()

    def window(self, window: Window) -> None:
        """A window opens or closes."""
        if window.trouble is not None:
            self._troubles(Trouble(window.trouble), begins=window.opens)
            return
        for name in window.workstations:
            network = self.atlas.workstations[name].network
            if window.cause is not None:
                (network.faults.append if window.opens else network.faults.remove)(window.cause)
            else:
                network.windows += 1 if window.opens else -1

    def _troubles(self, trouble: Trouble, *, begins: bool) -> None:
        """A trouble stays with the database that had it, also where the story moves on to another."""
        if begins:
            database = self.atlas.database
            self.troubled.append((trouble, database))
        else:
            trouble, database = ended = next(one for one in self.troubled if one[0] is trouble)
            self.troubled.remove(ended)
        self._trouble(database, trouble, begins=begins)

    def back_up(self) -> None:
        """Keep the database as it is now."""
        now = self.atlas.true.now
        self._back_up(self.atlas.database, now)
        self.backed_up.add(now)

    def act(self, action: Action) -> Acted:
        """One verb."""
        done: Acted | None = getattr(self, action.verb)(action)
        return done or Acted({})

    def seats_in_use(self, who: str | None) -> int:
        """Live seats."""
        return self._seats_in_use(self._database(who))

    def binding(self, who: str | None) -> str | None:
        """SERVER/DATABASE as recorded."""
        try:
            return self._binding(self._database(who))
        except DatabaseUnreachable:
            return None

    def _database(self, who: str | None) -> Database:
        try:
            return self.atlas.database if who is None else self.atlas.database_of(self.atlas.workstations[who])
        except (DatabaseUnreachable, InputError) as error:
            raise CannotAct(str(error)) from error

    def clock_error(self, who: str) -> float:
        """By how many seconds the clock that a launch reads is off."""
        workstation = self.atlas.workstations[who]
        clock = workstation.clock
        if self.policy.clock is WhichClock.DATABASE:
            try:
                clock = self.atlas.server_of(workstation).clock
            except DatabaseUnreachable:
                return 0.0
        return clock.error.total_seconds()

    # -- verbs that decide ----------------------------------------------------------------------------------------

    def _decide(self, action: Action, one: Callable[[Workstation], Decision]) -> Acted:
        return Acted({name: one(self.atlas.workstations[name]) for name in action.actors})

    def authenticate(self, action: Action) -> Acted:
        key = str(action.args.get("key", KEY.digits))
        return self._decide(action, lambda workstation: self._authenticate(workstation, key))

    def launch(self, action: Action) -> Acted:
        user = action.args.get("user")
        return self._decide(action, lambda workstation: self._launch(workstation, user, stays=False, until=None))

    def open(self, action: Action) -> Acted:
        user, length = action.args.get("user"), action.args.get("for")
        until = None if length is None else self.atlas.true.now + length
        return self._decide(action, lambda workstation: self._launch(workstation, user, stays=True, until=until))

    def renew_by_code(self, action: Action) -> Acted:
        how = action.args.get("code", "")
        return self._decide(action, lambda workstation: self._renew_by_code(workstation, how))

    # -- sessions and users ---------------------------------------------------------------------------------------

    def close(self, action: Action) -> None:
        running = self.sessions.latest(self.atlas.workstations[action.actors[0]])
        if running is not None:
            running.close()
            self.sessions.forget(running)

    def crash(self, action: Action) -> None:
        running = self.sessions.latest(self.atlas.workstations[action.actors[0]])
        if running is not None:
            self.sessions.forget(running)

    def assign(self, action: Action) -> Acted:
        return self._in_the_dialog(add=action.args["value"])

    def unassign(self, action: Action) -> Acted:
        return self._in_the_dialog(remove=action.args["value"])

    def _in_the_dialog(self, add: Users = (), remove: Users = ()) -> Acted:
        database = self.atlas.database
        for workstation in self.atlas.workstations.values():
            try:
                if self.atlas.database_of(workstation) is database:
                    return Acted({}, self._assign(workstation, add, remove))
            except DatabaseUnreachable:
                continue
            except DatabaseNotWritable:
                return Acted({})
        return Acted({})

    # -- databases and names --------------------------------------------------------------------------------------

    def restore(self, action: Action) -> None:
        args = action.args
        taken = args.get("taken")
        kept = taken if taken in self.backed_up and taken != self.atlas.true.now else None
        followers = list(args.get("workstations", self.atlas.workstations))
        self.atlas.move(
            lambda target, source: self._restore(kept, target, source), args.get("onto"), args.get("name"), followers
        )

    def rename(self, action: Action) -> None:
        if "server" in action.args:
            self._rename_server(action.args["server"])
        if "database" in action.args:
            self._rename_database(action.args["database"])

    def connects_to(self, action: Action) -> None:
        self.atlas.connect(self.atlas.workstations[action.args["workstation"]], action.args["server"])

    def damage(self, action: Action) -> None:
        self._damage(self.atlas.database, action.args["record"])

    # -- clocks ---------------------------------------------------------------------------------------------------

    def set_clock(self, action: Action) -> None:
        clock = self._clock(action.args["of"])
        if "to" in action.args:
            clock.set_to(action.args["to"])
        else:
            clock.move(action.args["by"])

    def _clock(self, of: str) -> MachineClock:
        if of in self.atlas.workstations:
            return self.atlas.workstations[of].clock
        if of == "database":
            return self.atlas.database.server.clock
        if of == "license server":
            return self.license_clock
        server = self.atlas.server_called(of)
        if server is None:
            raise CannotAct(f"no server is called {of} at this time")
        return server.clock

    # -- the license server ---------------------------------------------------------------------------------------

    def extend(self, action: Action) -> None:
        extension = Extension(action.args["days"], action.args["until"])
        self._support(lambda registry: support.extend(registry, KEY, extension))

    def suspend(self, action: Action) -> None:
        self._support(lambda registry: support.suspend(registry, KEY))

    def reinstate(self, action: Action) -> None:
        self._support(lambda registry: support.reinstate(registry, KEY))

    def revoke(self, action: Action) -> None:
        self._support(lambda registry: support.revoke(registry, KEY))

    def change(self, action: Action) -> None:
        plan = action.args["license"]
        self._support(lambda registry: support.change(registry, KEY, lambda kept: license_of(plan, kept)))
        extension = extension_of(plan.get("extension"))
        if extension is not None:
            self._support(lambda registry: support.extend(registry, KEY, extension))

    def reply(self, action: Action) -> None:
        self._tamper(Tamper(action.args["tamper"]))

    def stop(self, action: Action) -> None:
        if action.args["value"] != "database":
            self._serve(runs=False)
            return
        self.stopped.append(self.atlas.database)
        self._stop(self.atlas.database, stopped=True)

    def start(self, action: Action) -> None:
        if action.args["value"] != "database":
            self._serve(runs=True)
            return
        for database in self.stopped:
            self._stop(database, stopped=False)
        self.stopped.clear()

    # -- workstations ---------------------------------------------------------------------------------------------

    def turn_on(self, action: Action) -> None:
        self.atlas.workstations[action.args["workstation"]].permits |= tls(action.args["tls"])

    def turn_off(self, action: Action) -> None:
        self.atlas.workstations[action.args["workstation"]].permits -= tls(action.args["tls"])

    def nethasp(self, action: Action) -> None:
        workstation = self.atlas.workstations[action.args["workstation"]]
        self._nethasp(workstation, present=action.args["is"] == "present")

    def upgrade(self, action: Action) -> None:
        workstation = self.atlas.workstations[action.args["workstation"]]
        workstation.version, offers = application(action.args["to"])
        if not workstation.own_offers:
            workstation.offers = offers
