"""The simulated stage: a story's verbs, done to a world in memory."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

from nexuslic import client as app
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.issuing import support
from nexuslic.rules import seats, users
from nexuslic.rules.binding import fold
from nexuslic.rules.decision import Decision
from nexuslic.rules.license import Extension, License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import LicenseType, WhichClock
from nexuslic.scenario import schema
from nexuslic.scenario.stage import Acted, CannotAct
from nexuslic.scenario.story import Action, CaseStory, Window
from nexuslic.simulation import damage, radio
from nexuslic.simulation.database import Contents, Database, Trouble
from nexuslic.simulation.network import NEXUS_6_2, Tamper, Tls
from nexuslic.simulation.time import MachineClock
from nexuslic.simulation.workstation import DEFAULT_APPLICATION, PRESET, Workstation, application, permitted
from nexuslic.simulation.world import KEY, World

Args = dict[str, Any]


class SimulatedStage:
    """A world in memory; make a new one for each case."""

    world: World

    def __init__(self) -> None:
        self.backups: dict[datetime, Contents] = {}
        self.stopped: list[Database] = []
        self.troubled: list[tuple[Trouble, Database]] = []

    def begin(self, case: CaseStory) -> None:
        """Build the world of day 1."""
        plan = case.world
        terms = license_of(plan.get("license", {}))
        extension = extension_of(plan.get("license", {}).get("extension"))
        policy = Policy(**plan.get("policy", {}))
        self.world = World.begin(case.calendar.starts, terms, extension, policy)
        vendor = plan.get("license_server", {})
        self.world.vendor.accepts = accepted(vendor.get("accepts", ("TLS 1.2", "TLS 1.3")))
        self.world.vendor.clock.error = vendor.get("clock", timedelta(0))
        self._databases(plan)
        stations = plan.get("workstations") or {"ws1": {}}
        for name, station in stations.items():
            self.world.workstations[name] = self._workstation(name, station)
        contents = Contents(users=users.assign((), tuple(plan.get("assigned", ()))))
        self.world.servers[0].databases[0].contents = contents

    def _databases(self, plan: Any) -> None:
        base = plan.get("database", {})
        main = base.get("server", "DB1")
        servers = plan.get("servers", {})
        first = next((one for one in servers if fold(one) == fold(main)), None)
        names = servers[first].get("names", ()) if first is not None else ()
        self.world.add_database(self.world.add_server(main, names), base.get("name", "nexus"))
        for name, more in servers.items():
            if name != first:
                self.world.add_server(name, more.get("names", ()))

    def _workstation(self, name: str, plan: Args) -> Workstation:
        main = self.world.servers[0]
        version, offers = application(plan.get("application", DEFAULT_APPLICATION))
        runs = plan.get("runs_server")
        server = None if runs in (None, "no") else main.name if runs == "yes" else runs
        own = self.world.server_called(server) if server is not None else None
        return Workstation(
            name=name,
            user=plan.get("user", name),
            clock=own.clock if own is not None else self.world.clock(),
            connects_to=plan.get("connects_to", main.name),
            database=main.databases[0].name,
            version=version,
            offers=tls(plan["offers"]) if "offers" in plan else offers,
            permits=permitted(plan.get("os", "windows-10")),
            runs_server=server,
            nethasp=plan.get("nethasp") == "present",
            own_offers="offers" in plan,
        )

    def advance(self, to: datetime) -> None:
        """Let the true time pass."""
        self.world.sessions.advance(to)

    def settle(self) -> None:
        """Do what running sessions do at this instant."""
        self.world.sessions.settle()

    def window(self, window: Window) -> None:
        """A window opens or closes."""
        if window.trouble is not None:
            self._trouble(Trouble(window.trouble), begins=window.opens)
            return
        for name in window.workstations:
            network = self.world.workstations[name].network
            if window.cause is not None:
                (network.faults.append if window.opens else network.faults.remove)(window.cause)
            else:
                network.windows += 1 if window.opens else -1

    def _trouble(self, trouble: Trouble, *, begins: bool) -> None:
        """A trouble stays with the database that had it, also where the story moves on to another."""
        if begins:
            database = self.world.database
            self.troubled.append((trouble, database))
            database.troubles.append(trouble)
            return
        ended = next(one for one in self.troubled if one[0] is trouble)
        self.troubled.remove(ended)
        ended[1].troubles.remove(trouble)

    def back_up(self) -> None:
        """Keep the database as it is now."""
        self.backups[self.world.true.now] = self.world.database.contents

    def act(self, action: Action) -> Acted:
        """One verb."""
        return _VERBS[action.verb](self, action)

    def seats_in_use(self, who: str | None) -> int:
        """Live seats."""
        base = self._database(who)
        now = base.server.clock.wall
        return len(seats.live(base.contents.seats, now, self.world.policy.seat_timeout))

    def binding(self, who: str | None) -> str | None:
        """SERVER/DATABASE as recorded."""
        try:
            return damage.recorded_binding(self._database(who).read().record)
        except DatabaseUnreachable:
            return None

    def _database(self, who: str | None) -> Database:
        try:
            return self.world.database if who is None else self.world.database_of(self.world.workstations[who])
        except DatabaseUnreachable as error:
            raise CannotAct(str(error)) from error

    def clock_error(self, who: str) -> float:
        """By how many seconds the clock that a launch reads is off."""
        workstation = self.world.workstations[who]
        clock = workstation.clock
        if self.world.policy.clock is WhichClock.DATABASE:
            try:
                clock = self.world.server_of(workstation).clock
            except DatabaseUnreachable:
                return 0.0
        return clock.error.total_seconds()

    def end(self) -> None:
        """Nothing stays of a world in memory."""

    # -- verbs ----------------------------------------------------------------------------------------------------

    def _decide(self, action: Action, one: Callable[[str], Decision]) -> Acted:
        return Acted({name: one(name) for name in action.actors})

    def authenticate(self, action: Action) -> Acted:
        key = str(action.args.get("key", KEY.digits))
        return self._decide(
            action, lambda name: app.authenticate(self.world.client(self.world.workstations[name]), key)
        )

    def launch(self, action: Action) -> Acted:
        user = action.args.get("user")
        return self._decide(action, lambda name: self.world.launch(name, user, stays=False).decision)

    def open(self, action: Action) -> Acted:
        user, length = action.args.get("user"), action.args.get("for")
        until = None if length is None else self.world.true.now + length
        return self._decide(action, lambda name: self.world.launch(name, user, stays=True, until=until).decision)

    def close(self, action: Action) -> Acted:
        return self._end(action, gives_back=True)

    def crash(self, action: Action) -> Acted:
        return self._end(action, gives_back=False)

    def _end(self, action: Action, *, gives_back: bool) -> Acted:
        running = self.world.sessions.latest(self.world.workstations[action.actors[0]])
        if running is not None:
            if gives_back:
                app.close(running.client, running.session)
            self.world.sessions.forget(running)
        return Acted({})

    def renew_by_code(self, action: Action) -> Acted:
        how = action.args.get("code", "")
        return self._decide(action, lambda name: radio.renew(self.world, self.world.workstations[name], how))

    def restore(self, action: Action) -> Acted:
        args = action.args
        taken = args.get("taken", self.world.true.now)
        contents = self.backups.get(taken)
        if contents is None or taken == self.world.true.now:
            contents = self.world.database.contents
        followers = list(args.get("workstations", self.world.workstations))
        self.world.restore(contents, args.get("onto"), args.get("name"), followers)
        return Acted({})

    def rename(self, action: Action) -> Acted:
        if "server" in action.args:
            self.world.rename_server(action.args["server"])
        if "database" in action.args:
            self.world.rename_database(action.args["database"])
        return Acted({})

    def connects_to(self, action: Action) -> Acted:
        workstation = self.world.workstations[action.args["workstation"]]
        self.world.connect(workstation, action.args["server"])
        return Acted({})

    def set_clock(self, action: Action) -> Acted:
        clock = self._clock(action.args["of"])
        if "to" in action.args:
            clock.set_to(action.args["to"])
        else:
            clock.move(action.args["by"])
        return Acted({})

    def _clock(self, of: str) -> MachineClock:
        if of in self.world.workstations:
            return self.world.workstations[of].clock
        if of == "database":
            return self.world.database.server.clock
        if of == "license server":
            return self.world.vendor.clock
        server = self.world.server_called(of)
        if server is None:
            raise CannotAct(f"no server is called {of} at this time")
        return server.clock

    def damage(self, action: Action) -> Acted:
        database = self.world.database
        record = database.contents.record
        if record is None:
            raise CannotAct("there is no record to damage yet: authenticate first")
        database.contents = attrs.evolve(database.contents, record=damage.damaged(record, action.args["record"]))
        return Acted({})

    def extend(self, action: Action) -> Acted:
        support.extend(self.world.vendor.registry, KEY, Extension(action.args["days"], action.args["until"]))
        return Acted({})

    def suspend(self, action: Action) -> Acted:
        support.suspend(self.world.vendor.registry, KEY)
        return Acted({})

    def reinstate(self, action: Action) -> Acted:
        support.reinstate(self.world.vendor.registry, KEY)
        return Acted({})

    def revoke(self, action: Action) -> Acted:
        support.revoke(self.world.vendor.registry, KEY)
        return Acted({})

    def change(self, action: Action) -> Acted:
        plan = action.args["license"]
        registry = self.world.vendor.registry
        support.change(registry, KEY, lambda kept: license_of(plan, kept))
        extension = extension_of(plan.get("extension"))
        if extension is not None:
            support.extend(registry, KEY, extension)
        return Acted({})

    def assign(self, action: Action) -> Acted:
        return self._assign(add=action.args["value"])

    def unassign(self, action: Action) -> Acted:
        return self._assign(remove=action.args["value"])

    def _assign(self, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> Acted:
        database = self.world.database
        for workstation in self.world.workstations.values():
            try:
                if self.world.database_of(workstation) is database:
                    return Acted({}, app.assign(self.world.client(workstation), add, remove))
            except DatabaseUnreachable:
                continue
            except DatabaseNotWritable:
                return Acted({})
        return Acted({})

    def turn_on(self, action: Action) -> Acted:
        workstation = self.world.workstations[action.args["workstation"]]
        workstation.permits |= tls(action.args["tls"])
        return Acted({})

    def turn_off(self, action: Action) -> Acted:
        workstation = self.world.workstations[action.args["workstation"]]
        workstation.permits -= tls(action.args["tls"])
        return Acted({})

    def nethasp(self, action: Action) -> Acted:
        self.world.workstations[action.args["workstation"]].nethasp = action.args["is"] == "present"
        return Acted({})

    def upgrade(self, action: Action) -> Acted:
        workstation = self.world.workstations[action.args["workstation"]]
        workstation.version, offers = application(action.args["to"])
        if not workstation.own_offers:
            workstation.offers = offers
        return Acted({})

    def stop(self, action: Action) -> Acted:
        return self._service(action.args["value"], runs=False)

    def start(self, action: Action) -> Acted:
        return self._service(action.args["value"], runs=True)

    def _service(self, what: str, *, runs: bool) -> Acted:
        if what == "database" and runs:
            for database in self.stopped:
                database.stopped = False
            self.stopped.clear()
        elif what == "database":
            self.world.database.stopped = True
            self.stopped.append(self.world.database)
        else:
            self.world.vendor.running = runs
        return Acted({})

    def reply(self, action: Action) -> Acted:
        self.world.vendor.tampers.append(Tamper(action.args["tamper"]))
        return Acted({})


_VERBS: dict[str, Callable[[SimulatedStage, Action], Acted]] = {
    name: getattr(SimulatedStage, name) for name in schema.VERBS
}


def tls(names: tuple[str, ...]) -> frozenset[Tls]:
    """TLS versions by their names."""
    return frozenset(Tls(name) for name in names)


def accepted(names: tuple[str, ...]) -> frozenset[Tls]:
    """What a license server accepts; the preset stands for the product's own."""
    return frozenset().union(*(NEXUS_6_2 if name == PRESET else {Tls(name)} for name in names))


_DEFAULT = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)


def license_of(plan: Args, base: License = _DEFAULT) -> License:
    """The terms of `base` with those of a plan in their place."""
    return License(
        plan.get("organisation", base.organisation),
        plan.get("type", base.type),
        plan.get("seats", base.seats),
        plan.get("grace", base.grace_days),
        Version.parse(plan["minimum_version"]) if "minimum_version" in plan else base.minimum_version,
        plan.get("ends", base.ends),
    )


def extension_of(plan: Args | None) -> Extension | None:
    """An extension of a plan."""
    return None if plan is None else Extension(plan["days"], plan["until"])
