"""Who tells what of a run, and where: one on standard output, others beside it, and files when it is done."""

import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import click

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.cli.files import Target
from nexuslic.cli.printing import whether_read_or_not
from nexuslic.scenario.coverage import Coverage
from nexuslic.scenario.formats import text
from nexuslic.scenario.results import CaseRecord, FileReport, Summary
from nexuslic.scenario.run import Outcome

STANDARD_OUTPUT = Path("-")


@attrs.frozen
class Told:
    """What a run came to, what it covered where that was asked for, and the exit status."""

    summary: Summary
    covered: Coverage | None
    status: int


class Teller:
    """Hears of a run as it goes; each tells what it wants to."""

    def begin(self, planned: int) -> None:
        """So many cases are to be run."""

    def case(self, one: CaseRecord) -> None:
        """A case is done."""

    def story(self, one: FileReport) -> None:
        """All chosen cases of a file are done on a stage."""

    def end(self, told: Told) -> None:
        """The run is over, or was stopped."""


def say(line: str, *, err: bool = False) -> None:
    """Print a line; a reader who is gone stops no run."""
    whether_read_or_not(line, err=err)


class Plain(Teller):
    """Text for a person."""

    def __init__(self, *, in_full: bool, cover: bool) -> None:
        self.in_full, self.cover = in_full, cover
        self.watch = Stopwatch()
        self.done = self.planned = 0

    def begin(self, planned: int) -> None:
        self.planned = planned

    def case(self, one: CaseRecord) -> None:
        self.done += 1
        if sys.stderr.isatty() and self.watch.seconds() > 1:
            shown = f"{self.done} of {self.planned} cases" if self.done < self.planned else ""
            click.echo(f"\r{shown:<30}\r", nl=False, err=True)

    def story(self, one: FileReport) -> None:
        if one.outcome is Outcome.PASSED:
            say(f"{click.style('ok   ', fg='green')} {text.passed(one)}")
        for record in one.records:
            for line in record.trace:
                say(f"  {line}")
        for told in one.texts:
            self._wrong(one, told)

    def _wrong(self, one: FileReport, told: str) -> None:
        if told.startswith("FAIL"):
            say(click.style(told[:4], fg="red") + told[4:])
        elif one.error:
            say(f"error: {told}", err=True)
        else:
            say(told, err=one.outcome is Outcome.NOTHING)

    def end(self, told: Told) -> None:
        if told.covered is not None and self.cover:
            for line in text.coverage(told.covered, in_full=self.in_full):
                say(line)
        summary = told.summary
        if not summary.records and not summary.incomplete:
            say("nothing was checked: no story and no case fits this choice", err=True)
        if summary.incomplete:
            say(summary.incomplete, err=True)
        if summary.outcome is not Outcome.WRONG or summary.cases:
            say(text.counts(summary))


class Tap(Teller):
    """TAP 14, as it goes."""

    def __init__(self) -> None:
        from nexuslic.scenario.formats import tap

        self.tap, self.number = tap, 0

    def begin(self, planned: int) -> None:
        say(self.tap.head(planned))

    def case(self, one: CaseRecord) -> None:
        self.number += 1
        say(self.tap.point(self.number, one))

    def end(self, told: Told) -> None:
        if told.summary.incomplete:
            say(self.tap.bail_out(told.summary.incomplete))


class Lines(Teller):
    """A line of JSON for each case, the moment it is done."""

    def __init__(self) -> None:
        from nexuslic.scenario.formats import objects

        self.objects = objects

    def case(self, one: CaseRecord) -> None:
        say(self.objects.line(one))

    def end(self, told: Told) -> None:
        say(self.objects.last_line(told.summary, told.status))


class Json(Teller):
    """One object when it is over."""

    def end(self, told: Told) -> None:
        from nexuslic.scenario.formats import objects

        say(objects.whole(told.summary, told.covered))


class Markdown(Teller):
    """A summary on standard output."""

    def end(self, told: Told) -> None:
        from nexuslic.scenario.formats import markdown

        say(markdown.write(told.summary, told.covered).rstrip("\n"))


class Annotations(Teller):
    """Workflow commands of GitHub Actions; `err` where standard output holds something for a program."""

    def __init__(self, *, err: bool) -> None:
        from nexuslic.scenario.formats import github

        self.github, self.err = github, err

    def case(self, one: CaseRecord) -> None:
        line = self.github.annotation(one)
        if line:
            say(line, err=self.err)


@attrs.frozen
class File(Teller):
    """A file that is written when it is over."""

    target: Target
    make: Callable[[Told], str]

    def end(self, told: Told) -> None:
        """Raises WorldError where it cannot be written after all."""
        self.target.write(self.make(told))
