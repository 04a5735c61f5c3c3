"""The world in memory: it runs the real client, the real `issuing/` and the real verifier.

Deterministic: the only time is `true`, the only chance is seeded, and every collection keeps the story's order.
"""

from datetime import datetime

import attrs

from nexuslic import client as app
from nexuslic.client import Client, Connection
from nexuslic.errors import DatabaseUnreachable
from nexuslic.issuing.registry import Issued
from nexuslic.ports import Ports
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Decision
from nexuslic.rules.license import Extension, License
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, WhichClock
from nexuslic.simulation import radio
from nexuslic.simulation.atlas import Atlas
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.database import Contents, Database, Records, SeatTable, Server, UserTable
from nexuslic.simulation.network import Link
from nexuslic.simulation.radio import ClientOperator
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.sessions import ClientSession, Sessions
from nexuslic.simulation.time import HybridClock, MachineClock, TrueTime
from nexuslic.simulation.vendor import LicenseServer
from nexuslic.simulation.workstation import Workstation


@attrs.define(eq=False)
class World(Atlas):
    """An atlas whose databases lie in memory, and a license server."""

    policy: Policy = attrs.field(kw_only=True)
    vendor: LicenseServer = attrs.field(kw_only=True)
    chance: SeededChance = attrs.field(kw_only=True)
    used_codes: dict[str, str] = attrs.Factory(dict)
    sessions: Sessions = attrs.Factory(lambda self: Sessions(self.true, self.policy), takes_self=True)

    @classmethod
    def begin(cls, now: datetime, terms: License, extension: Extension | None, policy: Policy) -> "World":
        """A world at `now` (UTC) in which the vendor has issued one key."""
        true = TrueTime(now)
        vendor = LicenseServer(MachineClock(true, now))
        vendor.registry.add(Issued(KEY, terms, extension))
        return cls(true, policy=policy, vendor=vendor, chance=SeededChance(b"nexuslic"))

    # -- one workstation's view -----------------------------------------------------------------------------------

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

    # -- what people do -------------------------------------------------------------------------------------------

    def launch(self, name: str, user: str | None, *, stays: bool, until: datetime | None = None) -> app.Launched:
        """Launch on a workstation; closed again at once, or left open (until a time)."""
        workstation = self.workstations[name]
        client = self.client(workstation, user)
        launched = app.launch(client)
        if launched.session is not None:
            if stays:
                self.sessions.add(ClientSession(workstation, client, launched.session, self.true.now, until))
            else:
                app.close(client, launched.session)
        return launched

    def renew_by_code(self, workstation: Workstation, how: str = "") -> Decision:
        """Renew over the radio; `how` is "" or used, mistyped, foreign, older."""
        operator = ClientOperator(self.client(workstation), workstation.marks, KEY)
        return radio.renew(operator, self.vendor, how, self.used_codes, workstation.name)

    # -- what happens to databases --------------------------------------------------------------------------------

    def restore(self, contents: Contents, onto: str | None, name: str | None, followers: list[str]) -> None:
        """A backup with these contents is restored, and these workstations use it from now on."""

        def fill(target: Database, source: Database) -> None:
            target.contents = contents

        self.move(fill, onto, name, followers)
