"""The real stage: a story's verbs, done to a license server over TLS, applications' processes and a database engine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import attrs
from sqlalchemy import update

from nexuslic.adapters import nethasp, sql_tables
from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import PATIENCE_SECONDS, place
from nexuslic.adapters.sql_stores import Records, SeatTable, UserTable
from nexuslic.errors import DatabaseUnreachable
from nexuslic.issuing.registry import Issued, Registry
from nexuslic.rules import seats
from nexuslic.rules.decision import Decision
from nexuslic.rules.license_time import Reading
from nexuslic.rules.users import Users
from nexuslic.rules.words import Reason, WhichClock
from nexuslic.scenario.real.computers import Computer
from nexuslic.scenario.real.engine import Handle
from nexuslic.scenario.real.posts import Hindrance, Post
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.real.tls_versions import refuse_unspeakable
from nexuslic.scenario.stage import CannotAct, NotOnThisStage
from nexuslic.scenario.stage_acting import ActingStage
from nexuslic.scenario.story import CaseStory
from nexuslic.simulation import damage, radio
from nexuslic.simulation.atlas import Atlas
from nexuslic.simulation.database import Database, Trouble
from nexuslic.simulation.network import Tamper, Tls
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.sessions import Sessions
from nexuslic.simulation.tampering import Someone
from nexuslic.simulation.time import MachineClock, TrueTime
from nexuslic.simulation.workstation import Workstation

_LONGEST_NAME = 255
"""What a license server takes as the name of a server or a database."""
_HURRY_SECONDS = 0.05
"""How long a store waits for a lock that the story holds on to."""


class RealStage(ActingStage):
    """One story in a theatre; make a new one for each case."""

    def __init__(self, theatre: Theatre) -> None:
        super().__init__()
        self.theatre = theatre
        self.handles: dict[int, Handle] = {}
        self.troubles: dict[int, list[Trouble]] = {}
        self.tampers: list[Tamper] = []
        self.tampered = False
        self.last_reply = b""
        self.used_codes: dict[str, str] = {}
        self.bases: dict[str, CustomerDatabase] = {}

    # -- day 1 ----------------------------------------------------------------------------------------------------

    def begin(self, case: CaseStory) -> None:
        """Build the world of day 1."""
        self.tampered = any(getattr(entry.what, "verb", "") == "reply" for entry in case.agenda)
        super().begin(case)

    def _open(self, now: datetime, issued: Issued, accepts: frozenset[Tls]) -> None:
        true = TrueTime(now)
        self.atlas, self.sessions = Atlas(true), Sessions(true, self.policy)
        self.license_clock, self.accepts = MachineClock(true, now), accepts
        self.theatre.begin(self._answer)
        self.theatre.vendor.issue(issued, now)

    def _prepare(self, database: Database, assigned: Users) -> None:
        self.theatre.engine.create(self._new_handle(database))
        if assigned:
            with self._base(database) as base:
                UserTable(base).update(lambda _: assigned)

    def _new_handle(self, database: Database) -> Handle:
        number = self.atlas.servers.index(database.server) + 1
        handle = self.handles[id(database)] = Handle(number, database.name.strip())
        return handle

    # -- what an application finds --------------------------------------------------------------------------------

    def _post(self, workstation: Workstation, user: str | None = None) -> Post:
        url, machine, patience, hindrance = self._place(workstation)
        self.theatre.vendor.shown.show(self.license_clock.wall)
        if max(len(workstation.connects_to), len(workstation.database)) > _LONGEST_NAME:
            raise NotOnThisStage(f"the license server takes no name of more than {_LONGEST_NAME} letters")
        wall, running = self._server_clock(workstation).wall, workstation.clock.read().running
        own = workstation.clock.wall if self.policy.clock is WhichClock.WORKSTATION else wall
        causes = workstation.network.causes()
        refuse_unspeakable(workstation.tls, self.accepts, causes, self.theatre.vendor.port)
        return Post(
            url=url,
            server=workstation.connects_to,
            database=workstation.database,
            machine=machine,
            user=user or workstation.user,
            version=str(workstation.version),
            workstation=workstation.name,
            folder=str(self._folder(workstation)),
            bundle=self.theatre.vendor.bundle_file,
            policy=self.policy,
            patience=patience,
            hindrance=hindrance,
            clock=Reading(own, running),
            seats_clock=Reading(wall, running),
            way=self.theatre.ways.to(workstation.name, causes, workstation.tls, self.accepts, plain=not self.tampered),
        )

    def _place(self, workstation: Workstation) -> tuple[str, str, float, Hindrance]:
        try:
            database = self.atlas.database_of(workstation)
        except DatabaseUnreachable:
            return self.theatre.engine.nowhere(), "", PATIENCE_SECONDS, Hindrance.NONE
        handle, troubles = self.handles[id(database)], self._troubles_of(database)
        patience = _HURRY_SECONDS if Trouble.LOCKED in troubles else PATIENCE_SECONDS
        hindrance = Hindrance.NO_ROOM if Trouble.FULL in troubles else Hindrance.NONE
        return self.theatre.engine.url(handle), f"server {handle.server}", patience, hindrance

    def _server_clock(self, workstation: Workstation) -> MachineClock:
        try:
            return self.atlas.server_of(workstation).clock
        except DatabaseUnreachable:
            return workstation.clock

    def _folder(self, workstation: Workstation) -> Path:
        return self.theatre.story / f"workstation-{list(self.atlas.workstations).index(workstation.name) + 1}"

    # -- what an application is asked -----------------------------------------------------------------------------

    @contextmanager
    def _computer(self) -> Iterator[Computer]:
        computer = self.theatre.computers.take()
        yield computer
        self.theatre.check()
        self.theatre.computers.give_back(computer)

    def _authenticate(self, workstation: Workstation, key: str) -> Decision:
        with self._computer() as computer:
            decision: Decision = computer.ask("authenticate", self._post(workstation), key)
        return decision

    def _launch(self, workstation: Workstation, user: str | None, *, stays: bool, until: datetime | None) -> Decision:
        computer = self.theatre.computers.take()
        decision: Decision
        decision, runs = computer.ask("launch", self._post(workstation, user), stays=stays)
        self.theatre.check()
        if runs:
            self.sessions.add(RealSession(self, workstation, user, computer, self.atlas.true.now, until))
        else:
            self.theatre.computers.give_back(computer)
        return decision

    def _renew_by_code(self, workstation: Workstation, how: str) -> Decision:
        with self._computer() as computer:
            operator = RealOperator(self, workstation, computer)
            return radio.renew(operator, self, how, self.used_codes, workstation.name)

    def _assign(self, workstation: Workstation, add: Users, remove: Users) -> Users:
        with self._computer() as computer:
            dropped: Users = computer.ask("assign", self._post(workstation), add, remove)
        return dropped

    # -- the license server and the wire --------------------------------------------------------------------------

    def _support(self, act: Callable[[Registry], object]) -> None:
        self.theatre.vendor.support(self.license_clock.wall, act)

    def answer_code(self, code: str, *, in_vain: bool) -> str:
        """What support answers to a request code. Raises DeniedCode."""
        return self.theatre.vendor.answer_code(code, self.license_clock.wall, in_vain=in_vain)

    def _serve(self, *, runs: bool) -> None:
        if runs:
            self.theatre.vendor.start()
        else:
            self.theatre.vendor.stop()

    def _tamper(self, tamper: Tamper) -> None:
        self.tampers.append(tamper)

    def _answer(self, raw: bytes, real: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        """A reply as it goes through a proxy: the real one, or what someone puts in its place."""
        if self.tampers:
            vendor, now = self.theatre.vendor, self.license_clock.wall
            someone = Someone(vendor.copy(now), vendor.signatory, now, self.last_reply)
            return 200, someone.answers(self.tampers.pop(0), raw)
        status, self.last_reply = real()
        return status, self.last_reply

    # -- databases ------------------------------------------------------------------------------------------------

    @contextmanager
    def _base(self, database: Database) -> Iterator[CustomerDatabase]:
        """The stage's own connection to a database; none stays open."""
        url = self.theatre.engine.url(self.handles[id(database)])
        base = self.bases.get(url)
        if base is None:
            base = self.bases[url] = CustomerDatabase(place(url, server=database.server.name, database=database.name))
        try:
            yield base
        finally:
            base.rest()

    @contextmanager
    def _at_ease(self, *databases: Database) -> Iterator[None]:
        """As long as this lasts they can be reached and written: what is wrong with them does not stop who cares."""
        known = [one for one in dict.fromkeys(databases) if id(one) in self.handles]
        stopped = [self.handles[id(one)] for one in known if one in self.stopped]
        for handle in stopped:
            self.theatre.engine.start(handle)
        for one in known:
            for trouble in self._troubles_of(one):
                self.theatre.engine.allow(self.handles[id(one)], trouble)
        yield
        for one in known:
            for trouble in self._troubles_of(one):
                self._forbid(one, trouble)
        for one in known:
            if one in self.stopped:
                self.theatre.engine.stop(self.handles[id(one)])

    def _troubles_of(self, database: Database) -> list[Trouble]:
        return list(dict.fromkeys(self.troubles.get(id(database), [])))

    def _stop(self, database: Database, *, stopped: bool) -> None:
        act = self.theatre.engine.stop if stopped else self.theatre.engine.start
        act(self.handles[id(database)])

    def _trouble(self, database: Database, trouble: Trouble, *, begins: bool) -> None:
        with self._at_ease(database):
            there = self.troubles.setdefault(id(database), [])
            (there.append if begins else there.remove)(trouble)

    def _forbid(self, database: Database, trouble: Trouble) -> None:
        if trouble is Trouble.FULL:
            with self._base(database) as base:
                base.prepare()
        self.theatre.engine.forbid(self.handles[id(database)], trouble)

    def _back_up(self, database: Database, at: datetime) -> None:
        with self._at_ease(database):
            self.theatre.engine.back_up(self.handles[id(database)], self._backup(at))

    def _backup(self, at: datetime) -> Path:
        return self.theatre.story / f"backup-{at:%Y%m%d%H%M%S}"

    def _restore(self, taken: datetime | None, target: Database, source: Database) -> None:
        with self._at_ease(target, source):
            file = self._backup(taken or self.atlas.true.now)
            if taken is None:
                self.theatre.engine.back_up(self.handles[id(source)], file)
            handle = self.handles.get(id(target)) or self._new_handle(target)
            self.theatre.engine.restore(file, handle)

    def _rename_server(self, new: str) -> None:
        self.atlas.rename_server(new)

    def _rename_database(self, new: str) -> None:
        database = self.atlas.database
        before = self.handles[id(database)]
        with self._at_ease(database):
            self.atlas.rename_database(new)
            if before != self._new_handle(database):
                self.theatre.engine.rename(before, self.handles[id(database)])

    def _damage(self, database: Database, how: str) -> None:
        with self._at_ease(database), self._base(database) as base:
            sealed = Records(base).load()
            if sealed is None:
                raise CannotAct("there is no record to damage yet: authenticate first")
            hurt = damage.damaged(sealed, how, self.theatre.vendor.bundle)
            with base.place.engine.begin() as connection:
                connection.execute(update(sql_tables.record).values(sealed=hurt))

    def _seats_in_use(self, database: Database) -> int:
        with self._at_ease(database), self._base(database) as base:
            table = SeatTable(base).look()
        return len(seats.live(table, database.server.clock.wall, self.policy.seat_timeout))

    def _binding(self, database: Database) -> str | None:
        with self._base(database) as base:
            return damage.recorded_binding(Records(base).load(), self.theatre.vendor.bundle)

    def sits_on(self, workstation: Workstation) -> tuple[str, int] | None:
        """The license in the database of a workstation, and its seats."""
        try:
            with self._base(self.atlas.database_of(workstation)) as base:
                record = damage.opened(Records(base).load(), self.theatre.vendor.bundle)
        except DatabaseUnreachable:
            return None
        return None if record is None else (record.id, record.certificate.license.seats)

    # -- workstations ---------------------------------------------------------------------------------------------

    def _nethasp(self, workstation: Workstation, *, present: bool) -> None:
        folder = self._folder(workstation) / "application"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / nethasp.APPLICATION).touch()
        found = nethasp.look(folder)
        if present and found.disabled is not None:
            nethasp.enable(folder)
        elif present:
            (folder / nethasp.DONGLE_FILE).touch()
        elif found.enabled is not None:
            nethasp.disable(folder)

    def end(self) -> None:
        """The story is over, or broke off: no session of it runs on."""
        if hasattr(self, "sessions"):
            for running in list(self.sessions.running):
                self.sessions.forget(running)


@attrs.define(eq=False)
class RealSession:
    """A session in a process of its own."""

    stage: RealStage
    workstation: Workstation
    user: str | None
    computer: Computer
    since: datetime
    until: datetime | None
    ended: bool = False

    def renew(self) -> bool:
        """Renew its seat; where it is gone, the application is told, and ends."""
        renewed: bool = self.computer.ask("renew", self._post())
        if not renewed:
            self.computer.ask("lost", self._post())
            self.ended = True
        return renewed

    def close(self) -> None:
        """End it in good order."""
        self.computer.ask("close", self._post())
        self.ended = True

    def forget(self) -> None:
        """It is over; one that did not end itself has crashed, here by kill -9."""
        computers = self.stage.theatre.computers
        (computers.give_back if self.ended else computers.kill)(self.computer)

    def sits_on(self) -> tuple[str, int] | None:
        """The license that it runs on, and how many seats that has."""
        return self.stage.sits_on(self.workstation)

    def _post(self) -> Post:
        return self.stage._post(self.workstation, self.user)


@attrs.frozen
class RealOperator:
    """Who types at a workstation of a real stage."""

    stage: RealStage
    workstation: Workstation
    computer: Computer

    def request_code(self) -> str:
        """What the client shows."""
        code: str = self.computer.ask("request_code", self._post(), KEY)
        return code

    def renew_by_code(self, code: str) -> Decision:
        """An answer is typed in."""
        decision: Decision = self.computer.ask("renew_by_code", self._post(), code)
        return decision

    def denied(self, reason: Reason) -> Decision:
        """What the dialog says then."""
        decision: Decision = self.computer.ask("denied", self._post(), reason)
        return decision

    def forget_request(self) -> None:
        """The workstation loses what was asked for."""
        self.computer.ask("forget_request", self._post())

    def _post(self) -> Post:
        return self.stage._post(self.workstation)
