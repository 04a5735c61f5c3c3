"""From a story to the kernel's program: told once by the simulation, at a grace that never ends.

Contacts, bindings, users and marks do not depend on the grace period, so one run shows them; what does depend on it,
the kernel works out for every grace. What the program cannot say (sessions that run on, damage, terms that change)
raises CannotReduce, and such a trip goes through the simulation, once for each grace.
"""

from datetime import datetime, timedelta

import attrs

from nexuslic.connection import stored_record
from nexuslic.errors import DatabaseUnreachable, NexuslicError
from nexuslic.lab.program import COUNTED, FOREVER, SERVED, STORED, Kind, Program, program, row
from nexuslic.rules.decision import Decision
from nexuslic.rules.record import Record
from nexuslic.rules.words import Event, Protection, Reason
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Action, CaseStory
from nexuslic.simulation.database import Database
from nexuslic.simulation.workstation import Workstation

ENDLESS = 36_500
"""Days of grace at which only what does not depend on it refuses a launch."""
_SECOND = timedelta(seconds=1)
_UNTOLD = {
    "open": "a session that runs on",
    "close": "a session that runs on",
    "crash": "a session that runs on",
    "damage": "a damaged record",
    "change": "terms that change",
}
_GRANTS = (Event.CONFIRM, Event.AUTHENTICATE)
_BY_TIME = (None, Reason.EXPIRED, Reason.TERM)


class CannotReduce(NexuslicError):
    """The kernel's program cannot say what this story does; the text says what."""


def with_grace(case: CaseStory, days: int) -> CaseStory:
    """The story under another grace, without what it expects."""
    terms = {**case.world.get("license", {}), "grace": days}
    agenda = tuple(attrs.evolve(entry, checks=()) for entry in case.agenda)
    return attrs.evolve(case, world={**case.world, "license": terms}, agenda=agenda, always=(), must_visit=())


def reduced(case: CaseStory) -> Program:
    """The program of a story. Raises CannotReduce."""
    for entry in case.agenda:
        if isinstance(entry.what, Action) and entry.what.verb in _UNTOLD:
            raise CannotReduce(f"{_UNTOLD[entry.what.verb]} ({entry.what.place})")
    stage = _Recording(case)
    run_case(with_grace(case, ENDLESS), lambda: stage)
    return program(stage.rows, case.calendar.day(case.ends))


class _Recording(SimulatedStage):
    """The simulated stage, which writes a row for whatever moves the license or asks it."""

    def __init__(self, case: CaseStory) -> None:
        super().__init__()
        self.case = case
        self.rows: list[list[int]] = []
        self._places: dict[object, int] = {}
        self._marks: dict[tuple[str, str], int] = {}

    def _launch(self, workstation: Workstation, user: str | None, *, stays: bool, until: datetime | None) -> Decision:
        decision = super()._launch(workstation, user, stays=stays, until=until)
        self._write(workstation, decision, COUNTED)
        return decision

    def _authenticate(self, workstation: Workstation, key: str) -> Decision:
        decision = super()._authenticate(workstation, key)
        self._entered(workstation, decision)
        return decision

    def _renew_by_code(self, workstation: Workstation, how: str) -> Decision:
        decision = super()._renew_by_code(workstation, how)
        self._entered(workstation, decision)
        return decision

    def _back_up(self, database: Database, at: datetime) -> None:
        super()._back_up(database, at)
        self._copy(self._place(at), self._place(database))

    def _restore(self, taken: datetime | None, target: Database, source: Database) -> None:
        super()._restore(taken, target, source)
        self._copy(self._place(target), self._place(source if taken is None else taken))

    # -- rows -----------------------------------------------------------------------------------------------------

    def _entered(self, workstation: Workstation, decision: Decision) -> None:
        """A key or a code: no launch; without a grant that is stored, nothing changed."""
        if decision.stored and _granted(decision):
            self._write(workstation, decision, 0)

    def _write(self, workstation: Workstation, decision: Decision, counted: int) -> None:
        record = self._record(workstation)
        if decision.protection is Protection.DONGLE:
            self._add(Kind.RUNS, flags=counted)
        elif record is None or decision.clock is None:
            self._add(Kind.REFUSED, flags=counted)
        elif _granted(decision):
            self._grant(workstation, decision, record, counted)
        else:
            self._alone(workstation, decision, record)

    def _alone(self, workstation: Workstation, decision: Decision, record: Record) -> None:
        """A launch that no grant stands behind."""
        place, mark = self._place(self.world.database_of(workstation)), self._mark(workstation, record)
        by_time = decision.cause is not None and record.refused is None and decision.reason in _BY_TIME
        if by_time and decision.clock is not None:
            flags = COUNTED if decision.store_failed else COUNTED | STORED
            self._add(Kind.LAUNCH, place=place, mark=mark, reading=self._seconds(decision.clock), flags=flags)
        else:
            mismatch = decision.reason is Reason.BINDING
            self._add(Kind.REFUSED, place=place, mark=mark if mismatch else -1, flags=COUNTED)

    def _grant(self, workstation: Workstation, decision: Decision, record: Record, counted: int) -> None:
        certificate = record.certificate
        terms, granted_at = certificate.license, decision.last_grant
        if terms.grace_days != ENDLESS or granted_at is None or decision.clock is None:
            raise CannotReduce("terms that are not those of the story")
        self._add(
            Kind.GRANT,
            place=self._place(self.world.database_of(workstation)),
            mark=self._mark(workstation, record),
            reading=self._seconds(decision.clock),
            server=self._seconds(granted_at),
            base=certificate.extra_days,
            swept=1,
            ends=FOREVER if terms.ends is None else self._seconds(terms.ends),
            flags=counted | (0 if decision.store_failed else STORED) | (SERVED if decision.runs else 0),
        )

    def _add(self, kind: Kind, **columns: int) -> None:
        self.rows.append(row(kind, self.case.calendar.day(self.world.true.now), **columns))

    def _copy(self, to: int, source: int) -> None:
        self._add(Kind.COPY, place=to, mark=source, flags=0)

    # -- what rows name -------------------------------------------------------------------------------------------

    def _record(self, workstation: Workstation) -> Record | None:
        try:
            return stored_record(self.world.client(workstation))
        except DatabaseUnreachable:
            return None

    def _place(self, what: Database | datetime) -> int:
        return self._places.setdefault(what if isinstance(what, datetime) else id(what), len(self._places))

    def _mark(self, workstation: Workstation, record: Record) -> int:
        return self._marks.setdefault((workstation.name, record.id), len(self._marks))

    def _seconds(self, at: datetime) -> int:
        return (at - self.case.calendar.starts) // _SECOND


def _granted(decision: Decision) -> bool:
    return any(row.event in _GRANTS for row in decision.path)
