"""`nexuslic run`."""

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

import click

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.cli import run_options
from nexuslic.cli.ctrl_c import CtrlC
from nexuslic.cli.printing import never_fail_to_print
from nexuslic.cli.run_options import Options
from nexuslic.cli.telling import Teller, Told, say
from nexuslic.errors import WorldError
from nexuslic.scenario import coverage, suite
from nexuslic.scenario.differential import Differential
from nexuslic.scenario.memory import Memory
from nexuslic.scenario.results import FINE, CaseRecord, FileReport, Summary, by_file
from nexuslic.scenario.running import Runner
from nexuslic.scenario.stage import MakeStage
from nexuslic.scenario.stages import StageOn
from nexuslic.scenario.stages import close as close_stages
from nexuslic.scenario.suite import Shelf, Unit

STATUS = """\b
Exit status: of several, the gravest is given: 3, 2, 4, 1, 5, 0.
  0    all expectations hold
  1    an expectation failed, --repeat came to something else, less was
       covered than --require-coverage wants, --mutate found something, or a
       report could not be written
  2    a file is wrong or unreadable, or the command line is: then nothing ran
  3    nexuslic itself broke: please report it
  4    an `always` line broke
  5    nothing was checked, or no stage could do what was asked for
  130  stopped with Ctrl-C, whatever had happened by then
"""


@click.command("run", cls=run_options.Command, epilog=STATUS)
@run_options.declared
def command(**given: Any) -> int:
    """Run stories (default: the folder scenarios), and say whether all that they expect holds.

    A report that takes the place of the text (--json, --jsonl, --tap, --markdown -) goes to standard output, and
    there can be one of them; the others can be asked for together.
    """
    never_fail_to_print()
    options = Options.of(given)
    if options.mutate:
        return mutate(options)
    return Run(options, stages(options)).run()


def mutate(options: Options) -> int:
    """Plant faults in the rules, one at a time. Raises InputError."""
    from nexuslic.scenario.decoration import running, telling

    options.refuse_beside_mutate()
    watch = Stopwatch()
    report = running.mutate(suite.find(options.paths), options.jobs, options.choices)
    told = telling.text(report)
    say(json.dumps(telling.as_json(report), indent=1) if options.as_json else f"{told}  ({watch.seconds():.1f} s)")
    return report.status


def stages(options: Options) -> Mapping[str, MakeStage]:
    """The stages to run on, by name."""
    return {name.value: StageOn(name, options.postgresql) for name in options.on}


class Run:
    """One run: what was asked for, what is to be told, and what came of it so far."""

    def __init__(self, options: Options, stages: Mapping[str, MakeStage]) -> None:
        self.options, self.stages = options, stages
        self.tellers = run_options.tellers(options)
        self.watch, self.memory, self.shelf = Stopwatch(), Memory(), Shelf()
        self.differential = Differential(self.shelf)
        self.reports: list[FileReport] = []
        self.records: list[CaseRecord] = []
        self.ctrl_c = CtrlC()
        self.incomplete = ""
        self.interrupted = False

    def run(self) -> int:
        """Run it all; the exit status. Raises InputError before anything runs."""
        files = suite.find(self.options.paths)
        units: list[Unit] = []
        try:
            units = self._choose(suite.plan(files, self.options.choices, self.stages, self.shelf))
            runner = Runner(self.shelf, self.options.choices, self.stages, self.options.repeat)
            self._each("begin", len(units))
            with self.ctrl_c, closing(self._records(runner, units)) as records:
                self._hear(records, units)
        except KeyboardInterrupt:
            self.incomplete = f"stopped with Ctrl-C after {len(self.records)} of {len(units)} cases"
            self.interrupted = True
        finally:
            close_stages()
        return self._end(len(units))

    def _choose(self, units: list[Unit]) -> list[Unit]:
        """The units that were asked for; each case on all stages, or on none."""
        first = [unit for unit in units if unit.stage == units[0].stage]
        mine = _cases(units, self.options.shard.choose(first))
        if not self.options.last_failed:
            return mine
        again = _cases(mine, self.memory.choose(mine))
        if not again:
            say("nothing failed last time: all are run", err=True)
        return again or mine

    def _records(self, runner: Runner, units: Sequence[Unit]) -> Generator[CaseRecord, None, None]:
        if self.options.jobs == 1:
            return (runner.run(unit) for unit in units)
        from nexuslic.scenario import pool

        return pool.run(runner, units, self.options.jobs)

    def _hear(self, records: Iterable[CaseRecord], units: Sequence[Unit]) -> None:
        """Tell of each case, and of each story as soon as its last case is done: the next one may be long."""
        last = {max(places) for places in _by_story(units).values()}
        for place, record in enumerate(self.differential.beside(records)):
            self.records.append(record)
            self._each("case", record)
            if self.ctrl_c.pressed:
                raise KeyboardInterrupt
            if record.fatal:
                self._story_stops()
                self.incomplete = f"stopped after {place + 1} of {len(units)} cases: the stage {record.stage} broke"
                return
            if place in last and self._story_stops() and place + 1 < len(units):
                self.incomplete = f"stopped by --fail-fast after {place + 1} of {len(units)} cases"
                return

    def _story_stops(self) -> bool:
        """The last story is done; whether it ends the run."""
        *_, one = by_file(self.records[self._told() :])
        self.reports.append(one)
        self._each("story", one)
        return self.options.fail_fast and one.outcome not in FINE

    def _told(self) -> int:
        """How many cases are of stories that are done."""
        return sum(len(one.records) for one in self.reports)

    def _each(self, what: str, *told: object) -> None:
        for teller in self.tellers:
            getattr(teller, what)(*told)

    def _end(self, planned: int) -> int:
        reports = (*self.reports, *by_file(self.records[self._told() :]))
        beside = (self.differential.compared, self.differential.differing)
        summary = Summary(reports, planned, self.watch.seconds(), self.incomplete, *beside)
        covered = coverage.of(summary.records) if self.options.covers else None
        told = Told(summary, covered, self._status(summary, covered))
        failed = [error for error in (_ended(teller, told) for teller in self.tellers) if error]
        self._remember(summary)
        for error in failed:
            say(f"error: {error}", err=True)
        return told.status or (1 if failed else 0)

    def _status(self, summary: Summary, covered: coverage.Coverage | None) -> int:
        if self.interrupted:
            return 130
        wanted = self.options.require_coverage
        short = covered is not None and wanted is not None and covered.short_of(wanted)
        return 1 if short and summary.outcome in FINE else summary.outcome.status

    def _remember(self, summary: Summary) -> None:
        """Keep what failed; a part of a story says nothing of the whole."""
        if self.options.choices.until:
            return
        try:
            self.memory.keep(summary.records)
        except WorldError as error:
            say(f"note: {error}", err=True)


def _by_story(units: Sequence[Unit]) -> dict[tuple[str, str], list[int]]:
    """The places of the units of each file on each stage."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, unit in enumerate(units):
        found.setdefault((unit.stage, unit.file), []).append(place)
    return found


def _cases(units: list[Unit], chosen: Iterable[Unit]) -> list[Unit]:
    """The units of the cases that were chosen."""
    cases = {(unit.file, unit.number) for unit in chosen}
    return [unit for unit in units if (unit.file, unit.number) in cases]


def _ended(teller: Teller, told: Told) -> str:
    """Tell that it is over; what went wrong with that."""
    try:
        teller.end(told)
    except WorldError as error:
        return str(error)
    return ""
