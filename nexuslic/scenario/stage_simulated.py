"""The simulated stage: a story's verbs, done to a world in memory."""

from collections.abc import Callable
from datetime import datetime

import attrs

from nexuslic import client as app
from nexuslic.issuing.registry import Issued, Registry
from nexuslic.rules import seats
from nexuslic.rules.decision import Decision
from nexuslic.rules.users import Users
from nexuslic.scenario.stage import CannotAct
from nexuslic.scenario.stage_acting import ActingStage
from nexuslic.simulation import damage
from nexuslic.simulation.database import Contents, Database, Trouble
from nexuslic.simulation.network import Tamper, Tls
from nexuslic.simulation.vendor import bundle
from nexuslic.simulation.workstation import Workstation
from nexuslic.simulation.world import World


class SimulatedStage(ActingStage):
    """A world in memory; make a new one for each case."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.backups: dict[datetime, Contents] = {}

    def _open(self, now: datetime, issued: Issued, accepts: frozenset[Tls]) -> None:
        self.world = self.atlas = World.begin(now, issued.license, issued.extension, self.policy)
        self.sessions, self.license_clock = self.world.sessions, self.world.vendor.clock
        self.world.vendor.accepts = accepts

    def _prepare(self, database: Database, assigned: Users) -> None:
        database.contents = Contents(users=assigned)

    def _authenticate(self, workstation: Workstation, key: str) -> Decision:
        return app.authenticate(self.world.client(workstation), key)

    def _launch(self, workstation: Workstation, user: str | None, *, stays: bool, until: datetime | None) -> Decision:
        return self.world.launch(workstation.name, user, stays=stays, until=until).decision

    def _renew_by_code(self, workstation: Workstation, how: str) -> Decision:
        return self.world.renew_by_code(workstation, how)

    def _assign(self, workstation: Workstation, add: Users, remove: Users) -> Users:
        return app.assign(self.world.client(workstation), add, remove)

    def _support(self, act: Callable[[Registry], object]) -> None:
        act(self.world.vendor.registry)

    def _serve(self, *, runs: bool) -> None:
        self.world.vendor.running = runs

    def _tamper(self, tamper: Tamper) -> None:
        self.world.vendor.tampers.append(tamper)

    def _stop(self, database: Database, *, stopped: bool) -> None:
        database.stopped = stopped

    def _trouble(self, database: Database, trouble: Trouble, *, begins: bool) -> None:
        (database.troubles.append if begins else database.troubles.remove)(trouble)

    def _back_up(self, database: Database, at: datetime) -> None:
        self.backups[at] = database.contents

    def _restore(self, taken: datetime | None, target: Database, source: Database) -> None:
        target.contents = source.contents if taken is None else self.backups[taken]

    def _rename_server(self, new: str) -> None:
        self.world.rename_server(new)

    def _rename_database(self, new: str) -> None:
        self.world.rename_database(new)

    def _damage(self, database: Database, how: str) -> None:
        record = database.contents.record
        if record is None:
            raise CannotAct("there is no record to damage yet: authenticate first")
        database.contents = attrs.evolve(database.contents, record=damage.damaged(record, how, bundle()))

    def _nethasp(self, workstation: Workstation, *, present: bool) -> None:
        workstation.nethasp = present

    def _seats_in_use(self, database: Database) -> int:
        return len(seats.live(database.contents.seats, database.server.clock.wall, self.policy.seat_timeout))

    def _binding(self, database: Database) -> str | None:
        return damage.recorded_binding(database.read().record, bundle())

    def end(self) -> None:
        """Nothing stays of a world in memory."""
