"""The walk: a launch step by step, in its own order, without taking or storing anything.

What a launch would decide is asked of the rules (`before_contact`, `after_contact`), over what was looked at and the
contact that was really made. The contact is made even where a launch would not come so far, because what cures those
needs it: then it names no license key.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs

from nexuslic import client as app
from nexuslic.adapters import machines, sql_looking
from nexuslic.adapters.clocks import SystemClock
from nexuslic.adapters.network import Network
from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_looking import Seen
from nexuslic.adapters.sql_stores import SeatTable
from nexuslic.adapters.sql_tables import Kind
from nexuslic.adapters.workstation import computer_name
from nexuslic.application import opening
from nexuslic.application.application import Application
from nexuslic.client import Client, no_database
from nexuslic.connection import known_by, look
from nexuslic.doctor import clock, contact, network, places, seating
from nexuslic.doctor.aliases import Machines
from nexuslic.doctor.contact import Asking, Look
from nexuslic.doctor.findings import Finding, Report, Step, not_reached
from nexuslic.doctor.standing import Standing, refused
from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.ports import Clock, Connectivity
from nexuslic.rules import decision
from nexuslic.rules.decision import DONGLE, Kept, Launch, Ready, Verdict
from nexuslic.rules.record import Contact, Denied
from nexuslic.rules.words import WhichClock
from nexuslic.trust.keys import Bundle
from nexuslic.trust.wire import Ask

_PORTS = {Kind.POSTGRESQL: "5432", Kind.MSSQL: "1433"}
_LICENSE = (Step.RECORD, Step.VERSION, Step.BINDING, Step.CLOCK)


@attrs.frozen
class World:
    """What stands in the place of the real world, for who knows better: name look-ups, network, clocks, spans."""

    addresses: machines.Addresses = machines.addresses
    network: Network = attrs.Factory(Network)
    clock: Clock = attrs.Factory(SystemClock)
    span: timedelta | None = None
    """How long one contact, and one handshake, may take (None: as long as a launch's)."""


def walk(
    bundle: Path | Bundle, connection: str, application: Path | None = None, world: World | None = None, **given: Any
) -> Report:
    """Walk a launch over the database at a URL; `given` as `nexuslic.open` takes it (user, version, state, clock).

    Raises InputError where the URL or a name cannot be used.
    """
    folder = places.folder(application)
    if places.has_dongle(application):
        return Report((folder, *_none(Step.BUNDLE, Step.DATABASE, *_LICENSE, *network.STEPS, Step.SEAT)), DONGLE)
    shipped = _shipped(bundle)
    base = CustomerDatabase(place(connection, server=given.get("server"), database=given.get("database")))
    try:
        seen = _seen(base)
        before = (folder, places.bundle(shipped), places.database(base.place, seen))
        if isinstance(shipped, InputError):
            return Report((*before, *_none(*_LICENSE, *network.STEPS, Step.SEAT)), None)
        with opening.open(shipped, connection, application=application, **given) as license:
            return _Walk(license, world or World(), seen, before).report()
    finally:
        base.close()


def _none(*steps: Step) -> Iterator[Finding]:
    return map(not_reached, steps)


def _shipped(bundle: Path | Bundle) -> Bundle | InputError:
    try:
        return contact.usable(bundle if isinstance(bundle, Bundle) else opening.read_bundle(bundle))
    except InputError as error:
        return error


def _seen(base: CustomerDatabase) -> Seen | DatabaseUnreachable:
    try:
        return sql_looking.look(base)
    except DatabaseUnreachable as error:
        return error


@attrs.frozen
class _Walk:
    """`before` holds the findings of the places, `seen` what the database showed of itself."""

    license: Application
    world: World
    seen: Seen | DatabaseUnreachable
    before: tuple[Finding, ...]

    def report(self) -> Report:
        if isinstance(self.seen, DatabaseUnreachable):
            return self._without_database(self.seen)
        client = self.license.client()
        try:
            launch, _ = look(client)
            return self._over(client, launch, self.seen)
        except DatabaseUnreachable as error:
            return self._without_database(error)

    def _over(self, client: Client, launch: Launch, seen: Seen) -> Report:
        """The walk over what the database holds. Raises DatabaseUnreachable where it goes away meanwhile."""
        step = decision.before_contact(launch)
        met = self._met(self._confirming(client, step) if isinstance(step, Ready) else self._stranger(client))
        verdict = decision.after_contact(step, met.contact) if isinstance(step, Ready) else step
        seat, verdict, kept = self._seat(client, launch, verdict)
        standing = Standing(launch, step, self._machines(), client.connection.workstation, *self._server(seen))
        found = [*self.before, *standing.findings(), self._clock(launch, step, met)]
        found += self._told(met, step)
        return Report((*found, seat), decision.settle(verdict, launch, kept))

    def _without_database(self, error: DatabaseUnreachable) -> Report:
        """Contact does not need it."""
        database = places.database(self.license.base.place, error)
        met = self._met(self._stranger(self.license.client()))
        found = (*self.before[:2], database, *_none(*_LICENSE), *self._told(met, None), not_reached(Step.SEAT))
        return Report(found, no_database(error))

    # -- contact ------------------------------------------------------------------------------------------------------

    def _met(self, asking: Asking) -> Look:
        return contact.look(self.license.bundle, asking, self.world.network, self.world.span)

    def _confirming(self, client: Client, ready: Ready) -> Asking:
        """The question that a launch would ask."""

        def ask(connectivity: Connectivity) -> Contact:
            asking = attrs.evolve(client, ports=attrs.evolve(client.ports, connectivity=connectivity))
            key, known = ready.record.certificate.key, known_by(client, ready.record)
            return app.contact(asking, Ask.CONFIRM, key, ready.launch.binding, known)

        return ask

    def _stranger(self, client: Client) -> Asking:
        nonce = client.ports.chance.take(16).hex()
        return contact.stranger(client.connection.binding, client.connection.version, nonce, client.bundle.known)

    def _told(self, met: Look, step: Verdict | Ready | None) -> tuple[Finding, ...]:
        found = network.findings(met, self.world.clock.read().wall)
        if not isinstance(step, Ready) or not isinstance(met.contact, Denied):
            return found
        text = f"signed by the license server: denied ({met.contact.reason})"
        return (*found[:-1], refused(Step.REPLY, text, met.contact.reason))

    # -- the others ---------------------------------------------------------------------------------------------------

    def _clock(self, launch: Launch, step: Verdict | Ready, met: Look) -> Finding:
        database = self.license.policy.clock is WhichClock.DATABASE and self._has_server
        read = clock.DATABASE if database else clock.HERE
        clocks = clock.of(launch, step, read, self.world.clock.read().wall, met)
        return clock.finding(clocks, self.license.policy)

    def _seat(self, client: Client, launch: Launch, verdict: Verdict) -> tuple[Finding, Verdict, Kept]:
        if not verdict.runs:
            return not_reached(Step.SEAT), verdict, Kept()
        base = self.license.base
        return seating.ask(client, launch, verdict, SeatTable(base).look(), base.read().wall)

    @property
    def _has_server(self) -> bool:
        return self.license.base.place.kind is not Kind.SQLITE

    def _server(self, seen: Seen) -> tuple[str, bool]:
        return seen.calls_itself, self._has_server

    def _machines(self) -> Machines:
        usual = _PORTS.get(self.license.base.place.kind, "")
        return Machines(self.world.addresses, computer_name(), usual)
