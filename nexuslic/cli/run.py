"""`nexuslic run`."""

import json
import sys
from collections.abc import Iterator
from functools import partial

import click

from nexuslic.adapters.clocks import Stopwatch
from nexuslic.scenario import suite
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, FileReport

_MARKS = {Outcome.PASSED: "ok   ", Outcome.NOTHING: "EMPTY", Outcome.WRONG: "WRONG", Outcome.BROKE: "BROKE"}


@click.command("run")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-k", "words", default="", metavar="WORDS", help="Only stories and cases that hold all these words.")
@click.option("--tag", "tags", multiple=True, help="Only stories with this tag.")
@click.option("--case", default="", metavar="NAME", help="Only this case.")
@click.option("--until", default="", metavar="TIME", help="Stop after this moment of the story.")
@click.option("--trace", is_flag=True, help="One line an event.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first story that fails.")
@click.option("-j", "jobs", type=click.IntRange(1, 256), default=1, metavar="N", help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Results as JSON.")
@click.option("--mutate", is_flag=True, help="Plant faults in the rules, one at a time: which does no story catch?")
@click.option("--coverage", is_flag=True, help="Which rows, causes and reasons the stories visited.")
@click.option("--require-coverage", is_flag=True, help="Fail unless they visited all of them.")
def command(
    paths: tuple[str, ...],
    words: str,
    tags: tuple[str, ...],
    case: str,
    until: str,
    trace: bool,
    fail_fast: bool,
    jobs: int,
    as_json: bool,
    mutate: bool,
    coverage: bool,
    require_coverage: bool,
) -> int:
    """Run stories (default: the folder scenarios), and say whether all that they expect holds.

    Exit status: 0 all hold, 1 an expectation failed, 2 a file is wrong or unreadable, 3 the runner broke,
    4 an `always` line broke, 5 nothing was checked. With --mutate: 0 every fault is caught and every expectation can
    be broken, 1 not so, 2 and 3 as above.
    """
    watch = Stopwatch()
    files = suite.find(paths or ("scenarios",))
    choices = Choices(words, tags, case, until, trace)
    if mutate:
        if until or trace or fail_fast or coverage or require_coverage:
            raise click.UsageError(
                "--mutate runs whole stories: leave out --until, --trace, --fail-fast and --coverage"
            )
        return _mutate(files, choices, jobs, watch, as_json)
    reports: list[FileReport] = []
    try:
        for one in _reports(files, choices, jobs):
            if not one.chosen:
                continue
            reports.append(one)
            if not as_json:
                _print(one)
            _progress(len(reports), len(files), watch, as_json)
            if fail_fast and one.outcome is not Outcome.PASSED:
                break
    except KeyboardInterrupt:
        click.echo(f"stopped after {len(reports)} of {len(files)} stories", err=True)
        return 130
    return _finish(reports, watch, as_json, coverage or require_coverage, require_coverage)


def _mutate(files: list[str], choices: Choices, jobs: int, watch: Stopwatch, as_json: bool) -> int:
    from nexuslic.scenario.decoration import running, telling

    report = running.mutate(files, jobs, choices)
    if as_json:
        click.echo(json.dumps(telling.as_json(report), indent=1))
    else:
        click.echo(f"{telling.text(report)}  ({watch.seconds():.1f} s)")
    return report.status


def _reports(files: list[str], choices: Choices, jobs: int) -> Iterator[FileReport]:
    one = partial(suite.run_file, choices=choices, make_stage=SimulatedStage)
    if jobs == 1 or len(files) < 2:
        yield from map(one, files)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=min(jobs, len(files))) as pool:
        yield from pool.map(one, files, chunksize=1)


def _progress(done: int, total: int, watch: Stopwatch, as_json: bool) -> None:
    if sys.stderr.isatty() and not as_json and watch.seconds() > 1:
        text = f"{done} of {total} stories" if done < total else ""
        click.echo(f"\r{text:<30}\r", nl=False, err=True)


def _print(one: FileReport) -> None:
    mark = _MARKS.get(one.outcome, "FAIL ")
    if one.error:
        click.echo(f"error: {one.error}", err=True)
        return
    if one.outcome is Outcome.PASSED:
        count = f"{len(one.cases)} case{'s' if len(one.cases) != 1 else ''}, {one.checked} checked"
        click.echo(f"{click.style(mark, fg='green')} {one.title}  ({count})")
    for line in one.trace:
        click.echo(f"  {line}")
    for text in one.texts:
        first, rest = text[:4], text[4:]
        click.echo(click.style(first, fg="red") + rest if first == "FAIL" else text, err=one.outcome is Outcome.NOTHING)


def _finish(reports: list[FileReport], watch: Stopwatch, as_json: bool, cover: bool, require: bool) -> int:
    outcome = suite.worst(one.outcome for one in reports)
    cases = [case for one in reports for case in one.cases]
    failed = sum(len(case["failures"]) for case in cases)
    checked = sum(one.checked for one in reports)
    visited = suite.coverage(reports) if cover else {}
    if as_json:
        _print_json(reports, visited, outcome)
    else:
        for name, part in visited.items():
            missing = f"  missing: {', '.join(part['missing'])}" if part["missing"] else ""
            click.echo(f"coverage {name} {part['visited']}/{part['of']}{missing}")
        if not reports:
            click.echo("nothing was checked: no story and no case fits this choice", err=True)
        if outcome is not Outcome.WRONG or cases:
            wrong = sum(bool(one.error) for one in reports)
            said = f", {wrong} unreadable" if wrong else ""
            counts = ", ".join((_some(len(reports), "story"), _some(len(cases), "case"), _some(checked, "expectation")))
            click.echo(f"{counts}: {failed} failed{said}  ({watch.seconds():.1f} s)")
    incomplete = require and any(part["missing"] for part in visited.values())
    return 1 if incomplete and outcome is Outcome.PASSED else outcome.status


def _some(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{count} {noun}s"


def _print_json(reports: list[FileReport], visited: dict[str, dict[str, object]], outcome: Outcome) -> None:
    stories = [
        {
            "file": one.file,
            "title": one.title,
            "outcome": one.outcome.name.lower(),
            "checked": one.checked,
            "error": one.error or None,
            "cases": one.cases,
            **({"trace": one.trace} if one.trace else {}),
        }
        for one in reports
    ]
    body = {"format": 1, "outcome": outcome.name.lower(), "stories": stories}
    click.echo(json.dumps({**body, "coverage": visited} if visited else body, indent=1, ensure_ascii=True))
