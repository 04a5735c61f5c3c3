"""The walk: a launch step by step, in its own order, without taking or storing anything.

What a launch would decide is asked of the rules (`before_contact`, `after_contact`), over what was looked at and the
contact that was really made. The contact is made even where a launch would not come so far, because what cures those
needs it: then it names no license key.
"""

from collections.abc import Callable
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
from nexuslic.adapters.workstation import ThisComputer, computer_name
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
from nexuslic.rules.decision import DONGLE, Decision, Kept, Launch, Ready, Verdict
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


Told = Callable[[Finding], None]
"""Is told of each finding as soon as it is known, in the order of the steps; of a step told again, the last counts."""


def nobody(finding: Finding) -> None:
    """Who wants to know all at once, at the end."""


@attrs.frozen
class _Telling:
    """What was found so far."""

    told: Told
    findings: list[Finding] = attrs.Factory(list)

    def add(self, *found: Finding) -> None:
        for one in found:
            self.findings.append(one)
            self.told(one)

    def without(self, *steps: Step) -> None:
        self.add(*map(not_reached, steps))

    def report(self, decision: Decision | None) -> Report:
        return Report(tuple(self.findings), decision)


def walk(
    bundle: Path | Bundle, connection: str, application: Path | None = None, world: World | None = None, **given: Any
) -> Report:
    """Walk a launch over the database at a URL; `given` as `nexuslic.open` takes it (user, version, state, clock).

    Raises InputError where the URL or a name cannot be used.
    """
    shipped = _shipped(bundle)
    if isinstance(shipped, Bundle):
        with opening.open(shipped, connection, application=application, **given) as license:
            return walk_of(license, world)
    base = CustomerDatabase(place(connection, server=given.get("server"), database=given.get("database")))
    try:
        return _over_base(base, application, shipped, _Telling(nobody))
    finally:
        base.close()


def walk_of(license: Application, world: World | None = None, told: Told = nobody) -> Report:
    """Walk a launch over a license that is open, and tell of each step once it is known."""
    computer, telling = license.ports.computer, _Telling(told)
    application = computer.application if isinstance(computer, ThisComputer) else None
    usable = _usable(license.bundle)
    if isinstance(usable, InputError) or license.ports.computer.dongle():
        return _over_base(license.base, application, usable, telling)
    telling.add(places.folder(application), places.bundle(usable))
    seen = _seen(license.base)
    if isinstance(seen, Seen):
        telling.add(places.database(license.base.place, seen))
    return _Walk(license, world or World(), seen, telling).report()


def _over_base(
    base: CustomerDatabase, application: Path | None, shipped: Bundle | InputError, telling: _Telling
) -> Report:
    """The walk where a dongle protects, or where there is nothing to ask the license with."""
    telling.add(places.folder(application))
    if places.has_dongle(application):
        telling.without(Step.BUNDLE, Step.DATABASE, *_LICENSE, *network.STEPS, Step.SEAT)
        return telling.report(DONGLE)
    telling.add(places.bundle(shipped), places.database(base.place, _seen(base)))
    telling.without(*_LICENSE, *network.STEPS, Step.SEAT)
    return telling.report(None)


def _shipped(bundle: Path | Bundle) -> Bundle | InputError:
    try:
        return _usable(bundle if isinstance(bundle, Bundle) else opening.read_bundle(bundle))
    except InputError as error:
        return error


def _usable(bundle: Bundle) -> Bundle | InputError:
    try:
        return contact.usable(bundle)
    except InputError as error:
        return error


def _seen(base: CustomerDatabase) -> Seen | DatabaseUnreachable:
    try:
        return sql_looking.look(base)
    except DatabaseUnreachable as error:
        return error


@attrs.frozen
class _Walk:
    """`seen` is what the database showed of itself; `telling` knows the places already."""

    license: Application
    world: World
    seen: Seen | DatabaseUnreachable
    telling: _Telling

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
        standing = Standing(launch, step, self._machines(), client.connection.workstation, *self._server(seen))
        self.telling.add(*standing.findings())
        met = self._met(self._confirming(client, step) if isinstance(step, Ready) else self._stranger(client))
        self.telling.add(self._clock(launch, step, met), *self._told(met, step))
        verdict = decision.after_contact(step, met.contact) if isinstance(step, Ready) else step
        seat, verdict, kept = self._seat(client, launch, verdict)
        self.telling.add(seat)
        return self.telling.report(decision.settle(verdict, launch, kept))

    def _without_database(self, error: DatabaseUnreachable) -> Report:
        """Contact does not need it; what was found in it before it went away counts no more."""
        del self.telling.findings[2:]
        self.telling.add(places.database(self.license.base.place, error))
        self.telling.without(*_LICENSE)
        self.telling.add(*self._told(self._met(self._stranger(self.license.client())), None))
        self.telling.without(Step.SEAT)
        return self.telling.report(no_database(error))

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
