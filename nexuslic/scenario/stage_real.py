"""The real stage: a story's verbs, done to a license server over TLS, applications' processes and a database engine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import attrs

from nexuslic.adapters import nethasp
from nexuslic.adapters.sql_engines import PATIENCE_SECONDS
from nexuslic.application.opening import named
from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.issuing.registry import Issued, Registry
from nexuslic.rules import seats
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Decision
from nexuslic.rules.license_time import Reading
from nexuslic.rules.users import Users
from nexuslic.rules.words import Reason, WhichBinding, WhichClock
from nexuslic.scenario.real.computers import Computer
from nexuslic.scenario.real.databases import Databases
from nexuslic.scenario.real.posts import Hindrance, Post
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.real.tls_versions import refuse_unspeakable
from nexuslic.scenario.stage import CannotAct, NotOnThisStage
from nexuslic.scenario.stage_acting import ActingStage
from nexuslic.scenario.story import CaseStory
from nexuslic.server import contacts
from nexuslic.simulation import damage, radio
from nexuslic.simulation.atlas import Atlas
from nexuslic.simulation.database import Database, Trouble
from nexuslic.simulation.network import Tamper, Tls
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.sessions import Sessions
from nexuslic.simulation.tampering import Someone
from nexuslic.simulation.time import MachineClock, TrueTime
from nexuslic.simulation.workstation import Workstation

_HURRY_SECONDS = 0.05
"""How long a store waits for a lock that the story holds on to."""


class RealStage(ActingStage):
    """One story in a theatre; make a new one for each case."""

    def __init__(self, theatre: Theatre) -> None:
        super().__init__()
        self.theatre = theatre
        self.tampers: list[Tamper] = []
        self.tampered = False
        self.last_reply = b""
        self.used_codes: dict[str, str] = {}
        self.in_session: list[Computer] = []

    # -- day 1 ----------------------------------------------------------------------------------------------------

    def begin(self, case: CaseStory) -> None:
        """Build the world of day 1."""
        self.tampered = any(getattr(entry.what, "verb", "") == "reply" for entry in case.agenda)
        super().begin(case)

    def _open(self, now: datetime, issued: Issued, accepts: frozenset[Tls]) -> None:
        true = TrueTime(now)
        self.atlas, self.sessions = Atlas(true), Sessions(true, self.policy)
        self.license_clock, self.accepts = MachineClock(true, now), accepts
        self.databases = Databases(self.theatre.engine, self.atlas, bases=self.theatre.bases)
        self.theatre.begin(self._answer)
        self.theatre.vendor.issue(issued, now)

    def _prepare(self, database: Database, assigned: Users) -> None:
        _refuse_users(assigned)
        self.databases.create(database, assigned)

    # -- what an application finds --------------------------------------------------------------------------------

    def _post(self, workstation: Workstation, user: str | None = None) -> Post:
        url, machine, patience, hindrance = self._place(workstation)
        self.theatre.vendor.shown.show(self.license_clock.wall)
        _refuse_names(workstation, user)
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
        self._refuse_one_identity(database)
        troubles = self.databases.troubles_of(database)
        patience = _HURRY_SECONDS if Trouble.LOCKED in troubles else PATIENCE_SECONDS
        hindrance = Hindrance.NO_ROOM if Trouble.FULL in troubles else Hindrance.NONE
        return self.databases.url(database), self.databases.machine(database), patience, hindrance

    def _refuse_one_identity(self, database: Database) -> None:
        """Two servers of the story that are one in truth would have one identity."""
        identity = self.policy.binding is WhichBinding.IDENTITY
        if identity and self.theatre.engine.one_for_all and database.server is not self.atlas.servers[0]:
            raise NotOnThisStage("the given server stands for all of the story's, and its identity is one")

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
        """A process that is free again at the end; one under which something broke is used no more."""
        computers = self.theatre.computers
        computer = computers.take()
        try:
            yield computer
            self.theatre.check()
        except BaseException:
            computers.kill(computer)
            raise
        if computer not in self.in_session:
            computers.give_back(computer)

    def _authenticate(self, workstation: Workstation, key: str) -> Decision:
        with self._computer() as computer:
            decision: Decision = computer.ask("authenticate", self._post(workstation), key)
        return decision

    def _launch(self, workstation: Workstation, user: str | None, *, stays: bool, until: datetime | None) -> Decision:
        decision: Decision
        with self._computer() as computer:
            decision, runs = computer.ask("launch", self._post(workstation, user), stays=stays)
            if runs:
                self.in_session.append(computer)
                self.sessions.add(RealSession(self, workstation, user, computer, self.atlas.true.now, until))
        return decision

    def _renew_by_code(self, workstation: Workstation, how: str) -> Decision:
        with self._computer() as computer:
            operator = RealOperator(self, workstation, computer)
            return radio.renew(operator, self, how, self.used_codes, workstation.name)

    def _assign(self, workstation: Workstation, add: Users, remove: Users) -> Users:
        _refuse_users(add)
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

    def _stop(self, database: Database, *, stopped: bool) -> None:
        self.databases.stop(database, stopped=stopped)

    def _trouble(self, database: Database, trouble: Trouble, *, begins: bool) -> None:
        self.databases.trouble(database, trouble, begins=begins)

    def _back_up(self, database: Database, at: datetime) -> None:
        self.databases.back_up(database, self._backup(at))

    def _backup(self, at: datetime) -> Path:
        return self.theatre.story / f"backup-{at:%Y%m%d%H%M%S}"

    def _restore(self, taken: datetime | None, target: Database, source: Database) -> None:
        file = self._backup(taken or self.atlas.true.now)
        if taken is None:
            self.databases.back_up(source, file)
        self.databases.restore(file, target)
        self._refuse_no_number(target)

    def _refuse_no_number(self, database: Database) -> None:
        """A server's identity stays what it is; a SQLite file has one only as long as its tables are there."""
        identity = self.policy.binding is WhichBinding.IDENTITY
        if identity and self.theatre.engine.known_by_tables and not self.databases.has_tables(database):
            raise NotOnThisStage("a SQLite file is known by its license tables, and this backup is from before them")

    def _rename_server(self, new: str) -> None:
        """A server is called what the stage's own look-up says; the databases on it stay where they are."""
        self.atlas.rename_server(new)

    def _rename_database(self, new: str) -> None:
        database = self.atlas.database
        self.atlas.rename_database(new)
        self.databases.rename(database)

    def _damage(self, database: Database, how: str) -> None:
        def hurt(sealed: bytes) -> bytes:
            return damage.damaged(sealed, how, self.theatre.vendor.bundle)

        if not self.databases.change_record(database, hurt):
            raise CannotAct("there is no record to damage yet: authenticate first")

    def _seats_in_use(self, database: Database) -> int:
        return len(seats.live(self.databases.seats(database), database.server.clock.wall, self.policy.seat_timeout))

    def _binding(self, database: Database) -> str | None:
        return damage.recorded_binding(self.databases.sealed(database), self.theatre.vendor.bundle)

    def sits_on(self, workstation: Workstation) -> tuple[str, int] | None:
        """The license in the database of a workstation, and its seats."""
        try:
            sealed = self.databases.sealed(self.atlas.database_of(workstation))
        except DatabaseUnreachable:
            return None
        record = damage.opened(sealed, self.theatre.vendor.bundle)
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


def _refuse_names(workstation: Workstation, user: str | None) -> None:
    if not contacts.plain(Binding(workstation.connects_to, workstation.database)):
        longest = contacts.LONGEST_NAME
        raise NotOnThisStage(f"the license server takes no name of more than {longest} letters, all of which print")
    _refuse_users((workstation.name, user or workstation.user))


def _refuse_users(names: Users) -> None:
    try:
        for name in names:
            named("an application's user or workstation", name)
    except InputError as error:
        raise NotOnThisStage(str(error)) from error


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
        self.stage.in_session.remove(self.computer)
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
