"""Running a story: minute by minute over the agenda, on whatever stage is handed in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from itertools import groupby
from operator import attrgetter

import attrs

from nexuslic.errors import InputError
from nexuslic.rules.decision import Decision
from nexuslic.rules.words import Cause, Protection, Reason, State
from nexuslic.scenario import coverage, schema
from nexuslic.scenario.coverage import Cell
from nexuslic.scenario.judge import Subject, Tally, actual, breaks, observe
from nexuslic.scenario.source import Place
from nexuslic.scenario.stage import Acted, MakeStage, NotOnThisStage, Stage
from nexuslic.scenario.story import Action, CaseStory, Check, Entry, Phase, Window


class Outcome(Enum):
    """How a case ended; the value is its exit status. NOT_HERE: this stage cannot do it (`not on this stage`)."""

    PASSED = 0
    FAILED = 1
    WRONG = 2
    BROKE = 3
    ALWAYS = 4
    NOTHING = 5
    NOT_HERE = "not on this stage"

    @property
    def status(self) -> int:
        """The exit status where this is the gravest outcome: where no story could be done, nothing was checked."""
        return Outcome.NOTHING.value if self is Outcome.NOT_HERE else int(self.value)


@attrs.frozen
class Happening:
    """One line of the trace: who did what (`who` is what the verb says where nothing was decided), and the decision."""

    at: datetime
    verb: str
    who: str
    decision: Decision | None
    clock_error: float = 0.0


@attrs.frozen
class Observation:
    """All that can be seen after one action, as texts by what they are of; to be compared with another stage's."""

    at: datetime
    verb: str
    who: str
    place: Place
    seen: Mapping[str, str]


@attrs.frozen
class Failure:
    """Something that does not hold: where, when, what it was instead, and the decision behind it."""

    outcome: Outcome
    place: Place
    at: datetime
    wanted: str
    was: str
    decision: Decision | None = None
    whole: bool = False
    """Whether only the whole story shows it."""


@attrs.define
class CaseResult:
    """What came of one case."""

    case: CaseStory
    outcome: Outcome = Outcome.PASSED
    checked: int = 0
    failures: list[Failure] = attrs.Factory(list)
    days: dict[int, str] = attrs.Factory(dict)
    trace: list[Happening] = attrs.Factory(list)
    observed: list[Observation] = attrs.Factory(list)
    visited: set[State] = attrs.Factory(set)
    cells: dict[Cell, int] = attrs.Factory(dict)
    """Which row was visited with which cause by which verb, and the line of the file that did so first."""
    causes: set[Cause] = attrs.Factory(set)
    reasons: set[Reason] = attrs.Factory(set)
    tally: Tally = attrs.Factory(Tally)
    latest: Decision | None = None
    not_here: str = ""
    """Why this stage cannot do it."""

    @property
    def gravest_first(self) -> list[Failure]:
        """The failures, those first that gave the outcome."""
        return sorted(self.failures, key=lambda failure: failure.outcome is not self.outcome)


_NO_DATE = "a time in this story leaves the calendar: stay between the years 2 and 9998"
_LETTERS = {
    State.AUTHENTICATED: "A",
    State.GRACE: "g",
    State.EXPIRED: "E",
    State.INVALID_BINDING: "I",
    State.UNLICENSED: "U",
}


def letter(decision: Decision) -> str:
    """One letter for a day: the state; D under a dongle, x where users, seats, version or database refused it."""
    if decision.protection is Protection.DONGLE:
        return "D"
    if decision.state is None or (decision.state.runs and not decision.runs):
        return "x"
    return _LETTERS[decision.state]


@attrs.define
class Runner:
    """One case while it runs, a minute at a time; `run_case` is what most want."""

    case: CaseStory
    stage: Stage
    result: CaseResult
    traced: bool = False
    observing: bool = False
    until: datetime | None = None
    recurring: dict[str, Decision] = attrs.Factory(dict)
    acted: dict[str, Decision] = attrs.Factory(dict)

    def run(self) -> None:
        """All of it, from day 1 on."""
        self.stage.begin(self.case)
        for at, entries in minutes(self.case.agenda):
            if self.until is not None and at > self.until:
                return
            self.minute(at, entries)
        if self.until is None:
            self._visits()

    def ended(self) -> CaseResult:
        """What came of it, which is nothing where nothing was checked."""
        if not self.result.checked:
            self.result.outcome = Outcome.NOTHING
        return self.result

    def minute(self, at: datetime, entries: list[Entry]) -> None:
        """All that happens at one instant."""
        self.stage.advance(at)
        self.recurring, self.acted = {}, {}
        clocks = [entry for entry in entries if entry.phase is Phase.CLOCKS]
        for entry in clocks:
            self._entry(entry)
        self.stage.settle()
        for entry in entries[len(clocks) :]:
            self._entry(entry)
        if at in self.case.backups:
            with self._placed(self.case.place, at):
                self.stage.back_up()

    @contextmanager
    def _placed(self, place: Place, at: datetime) -> Iterator[None]:
        """What is wrong with the story is said with the line and the time of it."""
        try:
            yield
        except OverflowError as error:
            raise InputError(f"{place}: {self.case.calendar.write(at)}: {_NO_DATE}") from error
        except InputError as error:
            raise InputError(f"{place}: {self.case.calendar.write(at)}: {error}") from error

    def _entry(self, entry: Entry) -> None:
        if isinstance(entry.what, Window):
            with self._placed(entry.what.place or self.case.place, entry.at):
                self.stage.window(entry.what)
            return
        acted = Acted({})
        if entry.what is not None:
            acted = self._act(entry, entry.what)
        for check in entry.checks:
            self._check(check, entry, acted)

    def _act(self, entry: Entry, action: Action) -> Acted:
        with self._placed(action.place, entry.at):
            acted = self.stage.act(action)
        if not acted.decisions and self.traced:
            self.result.trace.append(Happening(entry.at, action.verb, action.text, None))
        for who, decision in acted.decisions.items():
            self._decided(entry, action, who, decision)
        if self.observing:
            self._observe(entry, action, acted)
        return acted

    def _observe(self, entry: Entry, action: Action, acted: Acted) -> None:
        decisions: Mapping[str, Decision | None] = acted.decisions or {"": None}
        for who, decision in decisions.items():
            seen = observe(decision, acted.dropped, who or None, self.stage, self.case.calendar)
            self.result.observed.append(Observation(entry.at, action.verb, who, action.place, seen))

    def _decided(self, entry: Entry, action: Action, who: str, decision: Decision) -> None:
        result, at = self.result, entry.at
        self.acted[who] = result.latest = decision
        if entry.phase is Phase.RECURRING:
            self.recurring[who] = decision
        launched = action.verb in schema.LAUNCHING
        if launched:
            result.tally.count(decision, at)
        if self.traced:
            error = self.stage.clock_error(who)
            result.trace.append(Happening(at, action.verb, who, decision, error))
        self._cover(decision, action)
        result.days[self.case.calendar.day(at)] = letter(decision)
        for always in self.case.always:
            result.checked += 1
            if breaks(always, decision, at, launched=launched):
                was = f"{who}: {decision.state or 'none'}, {'runs' if decision.runs else 'refused'}"
                self._fail(Failure(Outcome.ALWAYS, always.place, at, always.text, was, decision))

    def _cover(self, decision: Decision, action: Action) -> None:
        if decision.state is not None:
            self.result.visited.add(decision.state)
        for cell in coverage.cells_of(decision.path, decision.cause, action.verb):
            self.result.cells.setdefault(cell, action.place.line)
        if decision.cause is not None:
            self.result.causes.add(decision.cause)
        if decision.reason is not None:
            self.result.reasons.add(decision.reason)

    def _check(self, check: Check, entry: Entry, acted: Acted) -> None:
        looked_at = dict(acted.decisions) or self.recurring or self.acted
        if check.who is not None:
            chosen = {check.who: {**self.acted, **acted.decisions}.get(check.who)}
        else:
            chosen = dict(looked_at) or {"": None}
        for who, decision in chosen.items():
            dropped = acted.dropped or (decision.dropped if decision is not None else ())
            place = check.who if check.who is not None else who or None
            subject = Subject(decision, place, dropped, self.result.tally, self.stage, self.case.calendar)
            holds, was = actual(check, subject)
            self.result.checked += 1
            if not holds:
                named = f"{who}: {was}" if len(chosen) > 1 else was
                self._fail(Failure(Outcome.FAILED, check.place, entry.at, check.text, named, decision))

    def _visits(self) -> None:
        for state, place in self.case.must_visit:
            self.result.checked += 1
            if state not in self.result.visited:
                was = "never entered; visited " + (", ".join(sorted(s.value for s in self.result.visited)) or "none")
                self._fail(Failure(Outcome.FAILED, place, self.case.ends, state.value, was, whole=True))

    def _fail(self, failure: Failure) -> None:
        self.result.failures.append(failure)
        if self.result.outcome is not Outcome.ALWAYS:
            self.result.outcome = failure.outcome


def minutes(agenda: tuple[Entry, ...]) -> Iterator[tuple[datetime, list[Entry]]]:
    """The agenda by its instants."""
    for at, entries in groupby(agenda, attrgetter("at")):
        yield at, list(entries)


def run_case(
    case: CaseStory,
    make_stage: MakeStage,
    *,
    traced: bool = False,
    observing: bool = False,
    until: datetime | None = None,
) -> CaseResult:
    """Run one case on a fresh stage, up to `until` (UTC, included).

    `traced`: with one line an event; `observing`: with all that can be seen after each. Raises InputError where the
    story is wrong.
    """
    result = CaseResult(case)
    stage = make_stage()
    try:
        runner = Runner(case, stage, result, traced, observing, until)
        runner.run()
    except NotOnThisStage as error:
        result.outcome, result.not_here = Outcome.NOT_HERE, str(error)
        return result
    except OverflowError as error:
        raise InputError(f"{case.place}: {_NO_DATE}") from error
    finally:
        stage.end()
    return runner.ended()
