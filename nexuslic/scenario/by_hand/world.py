"""A world in which Python acts: the verbs of the scenario language as methods of the same names.

Words, names, times and durations are those of the language, read by its own reader: `world.launch("bridge")` does what
`launch: bridge` does, and `world.expect(state="Grace")` checks what `expect: {state: Grace}` checks. Time passes only
where `advance` says so, and there is contact only between `online` and `offline`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import attrs

from nexuslic.errors import InputError
from nexuslic.rules.decision import Decision
from nexuslic.rules.words import Cause
from nexuslic.scenario import schema, verbs
from nexuslic.scenario.by_hand.spoken import NOWHERE, node, understood
from nexuslic.scenario.by_hand.verbs import Verbs
from nexuslic.scenario.calendar import Calendar, Moment
from nexuslic.scenario.judge import Subject, Tally, actual
from nexuslic.scenario.kinds import Context, Shape, nearest
from nexuslic.scenario.read import build
from nexuslic.scenario.run import CaseResult
from nexuslic.scenario.source import Fields, written
from nexuslic.scenario.stage import Acted
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Action, CaseStory, Check, Window

STARTS = "2026-03-02 06:00 UTC"
"""When a world begins that does not say when."""

WORKSTATION = "bridge"
"""The workstation of a world that names none."""

Plan = Mapping[str, Any]


class World(Verbs):
    """A simulated world at one moment; `begin` builds it anew.

    At first: day 1 of `STARTS`, one workstation `bridge`, a license of 5 seats and 30 days of grace that nobody has
    requested yet, and no network. What is wrong raises InputError, and nothing has happened then.
    """

    def __init__(self) -> None:
        self.begin()

    @classmethod
    def after(cls, result: CaseResult, stage: SimulatedStage) -> "World":
        """The world as a story left it."""
        world = cls.__new__(cls)
        world._take(result.case, stage, result.tally)
        if result.latest is not None:
            world.decisions = {"": result.latest}
        return world

    def begin(
        self,
        starts: str = STARTS,
        *,
        license: Plan | None = None,
        license_server: Plan | None = None,
        database: Plan | None = None,
        servers: Plan | None = None,
        workstations: Plan | Sequence[str] | None = None,
        users: Sequence[str] | None = None,
        assigned: Sequence[str] | None = None,
        policy: Plan | None = None,
    ) -> None:
        """Build the world of day 1, with the keys of `world:`; workstations may be names alone."""
        if workstations is None:
            workstations = [WORKSTATION]
        if not isinstance(workstations, Mapping):
            workstations = {name: {} for name in workstations}
        given = {
            "license": license,
            "license_server": license_server,
            "database": database,
            "servers": servers,
            "workstations": workstations,
            "users": users,
            "assigned": assigned,
            "policy": policy,
        }
        self._build(starts, {key: value for key, value in given.items() if value is not None})

    def _build(self, starts: str, plan: Plan) -> None:
        told = {"scenario": "by hand", "format": 1, "why": "by hand", "starts": starts, "ends": "+0m", "world": plan}
        root = node(told)
        assert isinstance(root, Fields)
        case = understood("begin", lambda: build(root, NOWHERE.file).cases[0])
        stage = SimulatedStage()
        stage.begin(case)
        self._take(case, stage, Tally())

    def _take(self, case: CaseStory, stage: SimulatedStage, tally: Tally) -> None:
        self.stage, self.tally = stage, tally
        self._dropped: tuple[str, ...] = ()
        self.decisions: dict[str, Decision] = {}
        """What the last verb that decides came to, by workstation."""
        self.calendar: Calendar = attrs.evolve(case.calendar, ends=None)
        """Day 1 and the zone, to write times with."""
        users = case.world.get("users")
        plans = case.world.get("workstations", {})
        self._context = Context(
            self.calendar,
            workstations=tuple(stage.world.workstations),
            users=None if users is None else tuple(users),
            own_servers=tuple(name for name, one in plans.items() if one.get("runs_server", "no") != "no"),
        )

    # -- time and contact -----------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The true time (UTC)."""
        return self.stage.world.true.now

    @property
    def time(self) -> str:
        """The true time as stories write it: `day 12 08:00`."""
        return self.calendar.write(self.now)

    def advance(self, to: str = "", *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass up to a time of the story (`day 12 08:00`), or by elapsed days of 24 hours, hours, minutes."""
        until = understood("advance", lambda: self._until(to, timedelta(days=days, hours=hours, minutes=minutes)))
        if until < self.now:
            raise InputError(f"advance: it is {self.time} already, and time only goes on")
        self.stage.advance(until)
        self.stage.settle()

    def _until(self, to: str, span: timedelta) -> datetime:
        moment = self.calendar.moment(to, self.now) if to else Moment(self.now + span)
        if moment is None or (to and span) or moment.at.second or moment.at.microsecond:
            raise InputError("give either a time of the story, or by how many whole minutes, hours or days")
        return moment.at

    def online(self, *workstations: str) -> None:
        """From now on these workstations (none named: all) can reach the license server."""
        self._connect("online", workstations, opens=True)

    def offline(self, *workstations: str) -> None:
        """From now on these workstations (none named: all) have no network."""
        self._connect("offline", workstations, opens=False)

    def _connect(self, verb: str, workstations: Sequence[str], *, opens: bool) -> None:
        for name in self._named(verb, workstations):
            network = self.stage.world.workstations[name].network
            while opens != bool(network.windows):
                self.stage.window(Window(opens, (name,)))

    def _named(self, verb: str, workstations: Sequence[str]) -> tuple[str, ...]:
        known = self._context.workstations
        for name in workstations:
            if name not in known:
                raise InputError(f"{verb}: there is no workstation `{name}` in this world: {nearest(name, known)}")
        return tuple(workstations) or known

    @contextmanager
    def fault(self, cause: str = "", *workstations: str, database: str = "") -> Iterator[None]:
        """While a `with` lasts: a cause of no contact for these workstations (none named: all), or a database's
        trouble (`read-only`, `full`, `locked`).
        """
        if bool(cause) == bool(database):
            raise InputError("fault: give either a cause of no contact or `database`")
        plan = {"cause": cause} if cause else {"database": database}
        read_plan = self._read("fault", schema.FAULT, plan)
        who, why = self._named("fault", workstations), read_plan.get("cause")
        self._fault(opens=True, who=who, cause=why, trouble=database or None)
        try:
            yield
        finally:
            self._fault(opens=False, who=who, cause=why, trouble=database or None)

    def _fault(self, *, opens: bool, who: tuple[str, ...], cause: Cause | None, trouble: str | None) -> None:
        self.stage.window(Window(opens, who, cause, trouble))

    # -- what is so -----------------------------------------------------------------------------------------------

    @property
    def decision(self) -> Decision:
        """What the last verb that decides came to (of several workstations: the last). Raises InputError before one."""
        latest = next(reversed(self.decisions.values()), None)
        if latest is None:
            raise InputError("decision: nothing was decided yet: authenticate or launch first")
        return latest

    def expect(self, workstation: str = "", **wanted: Any) -> None:
        """Check the latest decision (of one workstation) and the counts so far, with the keys of `expect:`.

        Raises AssertionError that says what it was instead.
        """
        who = self._named("expect", [workstation])[0] if workstation else None
        decision = self.decisions.get(who) if who else next(reversed(self.decisions.values()), None)
        dropped = self._dropped or (() if decision is None else decision.dropped)
        subject = Subject(decision, who, dropped, self.tally, self.stage, self.calendar)
        for key, value in self._read("expect", Shape(schema.EXPECTATIONS), wanted).items():
            holds, was = actual(Check(key, value, "", who, NOWHERE), subject)
            if not holds:
                raise AssertionError(f"{self.time}: {key} was {was}, not {written(node(wanted[key]))}")

    # -- how a verb is done ---------------------------------------------------------------------------------------

    def back_up(self) -> str:
        """Keep the database as it is now; the time to give to `restore`."""
        self.stage.back_up()
        return self.time

    def _decide(self, verb: str, value: Any) -> Decision:
        acted = self._do(verb, value)
        self.decisions = dict(acted.decisions)
        if verb in schema.LAUNCHING:
            for decision in acted.decisions.values():
                self.tally.count(decision, self.now)
        return self.decision

    def _do(self, verb: str, value: Any) -> Acted:
        action = understood(verb, lambda: self._action(verb, value))
        acted = self.stage.act(action)
        self._dropped = acted.dropped
        return acted

    def _action(self, verb: str, value: Any) -> Action:
        named, context = node(value), self._now()
        action = verbs.action(verb, schema.VERBS[verb].kind.read(named, context), named, context, self.now)
        taken = action.args.get("taken", self.now)
        if taken not in {*self.stage.backups, self.now}:
            raise InputError(f"no backup was taken at {self.calendar.write(taken)}: call `back_up` at that time")
        return action

    def _read(self, what: str, shape: Shape, plan: Plan) -> dict[str, Any]:
        return understood(what, lambda: shape.read(node(plan), self._now()))

    def _now(self) -> Context:
        """What names and times mean at this moment; a server that had another name is known by both."""
        now = (name for server in self.stage.world.servers for name in (server.name, *server.names))
        self._context.servers = tuple(dict.fromkeys((*self._context.servers, *now)))
        self._context.before = self.now
        return self._context
