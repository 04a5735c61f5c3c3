"""Running one case of a file to a record, once or several times; nothing that goes wrong in it is raised."""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.errors import InputError, NexuslicError
from nexuslic.scenario import repeats, report, suite
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.results import SIMULATION, Broken, CaseRecord, FileReport, placed
from nexuslic.scenario.run import CaseResult, Failure, Outcome, run_case
from nexuslic.scenario.stage import MakeStage
from nexuslic.scenario.story import CaseStory, Story
from nexuslic.scenario.suite import Choices, Shelf, Unit


def run_file(file: str, choices: Choices, make_stage: MakeStage, stage: str = SIMULATION) -> FileReport:
    """Run the chosen cases of one file, on the stage of that name. Never raises for what stands in it."""
    shelf = Shelf()
    runner = Runner(shelf, choices, {stage: make_stage})
    records = tuple(map(runner.run, suite.plan([file], choices, [stage], shelf)))
    return FileReport(file, records[0].title if records else "", stage, records)


@attrs.frozen
class Runner:
    """Runs units: `repeat` times each, on the stage that each names."""

    shelf: Shelf
    choices: Choices
    stages: Mapping[str, MakeStage]
    repeat: int = 1

    def run(self, unit: Unit, stopped: Callable[[], bool] = lambda: False) -> CaseRecord:
        """What came of one unit. `stopped` says between two repeats that nobody waits for it any more."""
        watch = Stopwatch()
        try:
            record = self._run(unit, stopped)
        except InputError as error:
            record = _error(unit, Outcome.WRONG, str(error))
        except StageBroke as error:
            record = attrs.evolve(_error(unit, Outcome.BROKE, f"{unit.stage}: {error}"), fatal=True)
        except NexuslicError as error:
            record = _error(unit, Outcome.BROKE, f"{_place(unit)}: {error}")
        except Exception as error:
            record = _error(unit, Outcome.BROKE, bug(unit, f"{type(error).__name__}: {error}"))
        return attrs.evolve(record, seconds=watch.seconds())

    def _run(self, unit: Unit, stopped: Callable[[], bool]) -> CaseRecord:
        if unit.error:
            return _error(unit, Outcome.WRONG, unit.error)
        story = self.shelf.story(unit.file)
        case = next((one for one in story.cases[unit.number :] if one.name == unit.case), None)
        if case is None:
            raise InputError(f"{unit.file}:1:1: the file was changed while it was read: run it again")
        if not case.checks:
            said = f"this story checks nothing{_named(case)}\n  add an `expect`, an `always` or a `must_visit`"
            return _ended(unit, Outcome.NOTHING, f"{_place(unit)}: {said}")
        return self._repeated(unit, story, case, stopped)

    def _repeated(self, unit: Unit, story: Story, case: CaseStory, stopped: Callable[[], bool]) -> CaseRecord:
        first = self._once(case, unit)
        record = self._record(unit, story, case, first)
        for number in range(2, self.repeat + 1):
            if stopped():
                break
            other = repeats.first_difference(first, self._once(case, unit))
            if other is not None:
                text = repeats.told(story, case, other, number)
                return attrs.evolve(record, outcome=Outcome.FAILED, text=text, broken=(other, *record.broken))
        return record

    def _once(self, case: CaseStory, unit: Unit) -> CaseResult:
        until = _until(case, self.choices.until)
        traced = self.choices.trace or self.repeat > 1
        observing = len(self.stages) > 1
        return run_case(case, self.stages[unit.stage], traced=traced, observing=observing, until=until)

    def _record(self, unit: Unit, story: Story, case: CaseStory, result: CaseResult) -> CaseRecord:
        line, column, text = self._told(unit, story, case, result)
        tally, here = result.tally, result.outcome is not Outcome.NOT_HERE
        return CaseRecord(
            unit.file,
            story.title,
            case.name,
            unit.stage,
            result.outcome,
            line,
            column,
            text,
            checked=result.checked if here else 0,
            broken=tuple(_broken(case, failure) for failure in result.gravest_first) if here else (),
            launches=tally.launches,
            refused=tally.refused,
            last_good=None if tally.last_good is None else case.calendar.write(tally.last_good),
            days=report.day_strip(result),
            trace=self._trace(case, result),
            cells=result.cells if here else {},
            causes=frozenset(result.causes if here else ()),
            reasons=frozenset(result.reasons if here else ()),
            number=unit.number,
            observed=tuple(result.observed) if here else (),
        )

    def _told(self, unit: Unit, story: Story, case: CaseStory, result: CaseResult) -> tuple[int, int, str]:
        """Where it stands, and what a person reads about it."""
        line, column, place = unit.line, unit.column, _place(unit)
        if result.outcome is Outcome.NOT_HERE:
            return line, column, f"{place}: not on this stage{_named(case)}: {result.not_here}"
        if result.outcome is Outcome.NOTHING:
            return line, column, f"{place}: nothing is checked up to {self.choices.until}\n  choose a later --until"
        if result.failures:
            first = result.gravest_first[0]
            on = () if unit.stage == SIMULATION else ("--on", unit.stage)
            text = report.failure(story, result, first, len(result.failures) - 1, on)
            return first.place.line, first.place.column, text
        return line, column, ""

    def _trace(self, case: CaseStory, result: CaseResult) -> tuple[str, ...]:
        if not self.choices.trace:
            return ()
        named = (f"{case.name}:",) if case.name else ()
        return (*named, *(report.trace_line(case.calendar, line) for line in result.trace))


def _broken(case: CaseStory, failure: Failure) -> Broken:
    place = failure.place
    return Broken(place.line, place.column, case.calendar.write(failure.at), failure.wanted, failure.was)


def _place(unit: Unit) -> str:
    return f"{unit.file}:{unit.line}:{unit.column}"


def bug(unit: Unit, what: str) -> str:
    """What is said where nexuslic itself broke."""
    return f"{_place(unit)}: nexuslic broke ({what}); please report this with the story"


def _error(unit: Unit, outcome: Outcome, text: str) -> CaseRecord:
    line, column = placed(text) or (unit.line, unit.column)
    return attrs.evolve(_ended(unit, outcome, text), line=line, column=column)


def _ended(unit: Unit, outcome: Outcome, text: str) -> CaseRecord:
    return CaseRecord(unit.file, unit.title, unit.case, unit.stage, outcome, unit.line, unit.column, text)


def lost(unit: Unit) -> CaseRecord:
    """The record of a unit whose process ended under it."""
    return _error(unit, Outcome.BROKE, bug(unit, "the process that ran it has ended"))


def _named(case: CaseStory) -> str:
    return f" (case `{case.name}`)" if case.name else ""


def _until(case: CaseStory, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = case.calendar.moment(text)
    except InputError as error:
        raise InputError(f"--until {text!r}: {error}") from error
    return None if moment is None else moment.at
