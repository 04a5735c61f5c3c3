"""`nexuslic watch`."""

from collections.abc import Callable

import click

from nexuslic.adapters import clocks
from nexuslic.cli.printing import never_fail_to_print
from nexuslic.cli.telling import Plain, Told, say
from nexuslic.errors import InputError
from nexuslic.scenario import running, suite, watching
from nexuslic.scenario.formats.text import some
from nexuslic.scenario.results import FileReport, Summary
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import STANDARD_INPUT, Choices
from nexuslic.scenario.watching import Changes, Stamps

_SECONDS = 0.5
"""Between two looks."""


@click.command("watch")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-k", "words", default="", metavar="WORDS", help="Only stories and cases that hold all these words.")
@click.option("--tag", "tags", multiple=True, help="Only stories with this tag.")
@click.option("--case", default="", metavar="NAME", help="Only this case.")
def command(paths: tuple[str, ...], words: str, tags: tuple[str, ...], case: str) -> int:
    """Run stories, and again each time that one is written (default: the folder scenarios).

    Only what was written is run again; the last line counts all. Ctrl-C ends it, with exit status 130.
    """
    never_fail_to_print()
    where = paths or ("scenarios",)
    if STANDARD_INPUT in where:
        raise InputError("`-` cannot be watched: name a file or a folder")
    suite.find(where)
    return Watch(where, Choices(words, tags, case), clocks.pause).run()


class Watch:
    """Looks, runs what was written, and tells, until Ctrl-C."""

    def __init__(self, paths: tuple[str, ...], choices: Choices, pause: Callable[[float], None]) -> None:
        self.paths, self.choices, self.pause = paths, choices, pause
        self.seen: Stamps = {}
        self.reports: dict[str, FileReport] = {}

    def run(self) -> int:
        """Go on until Ctrl-C; its exit status."""
        try:
            while True:
                self.look()
                self.pause(_SECONDS)
        except KeyboardInterrupt:
            return 130

    def look(self) -> None:
        """Run what was written since the last look."""
        now = watching.look(self.paths)
        found = watching.changes(self.seen, now)
        self.seen = now
        if found:
            self._run(found)

    def _run(self, found: Changes) -> None:
        watch, teller = clocks.Stopwatch(), Plain(in_full=False, cover=False)
        click.clear()
        for file in found.gone:
            self.reports.pop(file, None)
        for file in found.written:
            report = running.run_file(file, self.choices, SimulatedStage)
            self.reports.pop(file, None)
            if report.records:
                self.reports[file] = report
                teller.story(report)
        every = tuple(self.reports.values())
        summary = Summary(every, sum(len(one.records) for one in every), watch.seconds())
        teller.end(Told(summary, None, 0))
        say(f"watching {some(len(self.seen), 'file')}, Ctrl-C ends it")
