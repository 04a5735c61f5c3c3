"""Many stories: finding the files, running each, and what they come to together."""

import io
import stat
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from nexuslic.errors import InputError, NexuslicError, SourceError
from nexuslic.rules.machine import TABLE
from nexuslic.rules.words import Cause, Reason
from nexuslic.scenario import report
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Outcome, run_case
from nexuslic.scenario.source import MAX_BYTES
from nexuslic.scenario.stage import Stage
from nexuslic.scenario.story import CaseStory, Story

ENDING = ".scenario.yaml"
_GRAVITY = (
    *(Outcome.BROKE, Outcome.WRONG, Outcome.ALWAYS, Outcome.FAILED, Outcome.NOTHING),
    *(Outcome.PASSED, Outcome.NOT_HERE),
)
"""Gravest first: what a stage cannot do is worse than what it has done only where it has done nothing."""


@attrs.frozen
class Choices:
    """Which stories and cases to run, and how."""

    words: str = ""
    tags: tuple[str, ...] = ()
    case: str = ""
    until: str = ""
    trace: bool = False


@attrs.define
class FileReport:
    """What came of one file, as plain data that can cross processes."""

    file: str
    title: str = ""
    outcome: Outcome = Outcome.NOT_HERE
    """The gravest of its cases so far."""
    cases: list[dict[str, Any]] = attrs.Factory(list)
    texts: list[str] = attrs.Factory(list)
    trace: list[str] = attrs.Factory(list)
    checked: int = 0
    error: str = ""
    rows: set[str] = attrs.Factory(set)
    causes: set[str] = attrs.Factory(set)
    reasons: set[str] = attrs.Factory(set)
    chosen: bool = True


def find(paths: Iterable[str]) -> list[str]:
    """The scenario files under `paths`, folders in order of name. Raises InputError."""
    found: list[str] = []
    for text in paths:
        path = Path(text)
        if text == "-":
            found.append(text)
        elif path.is_dir():
            inside = sorted(str(one) for one in path.rglob(f"*{ENDING}") if one.is_file())
            if not inside:
                raise InputError(f"{text}: no stories in this folder: their names end in {ENDING}")
            found += inside
        elif not path.exists():
            raise InputError(f"{text}: there is no such file or folder")
        else:
            found.append(text)
    return list(dict.fromkeys(found))


def load(file: str) -> Story:
    """The story in a file; `-` is standard input. Raises SourceError."""
    if file == "-":
        stream = getattr(sys.stdin, "buffer", io.BytesIO())
        return read(stream.read(MAX_BYTES + 1), "<stdin>")
    path = Path(file)
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
            raise SourceError(f"{file}:1:1", "this is no file that holds a story", f"name a *{ENDING} file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{file}:1:1", f"the file cannot be read: {error.strerror}") from error
    return read(data, file)


def run_file(file: str, choices: Choices, make_stage: Callable[[], Stage]) -> FileReport:
    """Run the chosen cases of one file. Never raises for what stands in it."""
    done = FileReport(file)
    try:
        story = load(file)
        done.title = story.title
        cases = chosen(story, choices)
        done.chosen = bool(cases)
        for case in cases:
            _run(done, story, case, choices, make_stage)
    except InputError as error:
        done.outcome, done.error = Outcome.WRONG, str(error)
    except NexuslicError as error:
        done.outcome, done.error = Outcome.BROKE, f"{file}: {error}"
    return done


def chosen(story: Story, choices: Choices) -> tuple[CaseStory, ...]:
    """The cases of a story that the choices let through."""
    if choices.tags and not set(choices.tags) & set(story.tags):
        return ()
    named = f"{story.file} {story.title}"
    return tuple(
        case
        for case in story.cases
        if (not choices.case or case.name == choices.case)
        and all(word.casefold() in f"{named} {case.name}".casefold() for word in choices.words.split())
    )


def _run(done: FileReport, story: Story, case: CaseStory, choices: Choices, make_stage: Callable[[], Stage]) -> None:
    if not case.checks:
        done.outcome = worst([done.outcome, Outcome.NOTHING])
        done.texts.append(
            f"{story.place}: this story checks nothing{_case(case)}\n  add an `expect`, an `always` or a `must_visit`"
        )
        return
    result = run_case(case, make_stage, traced=choices.trace, until=_until(case, choices.until))
    if result.outcome is Outcome.NOT_HERE:
        done.texts.append(f"{story.place}: not on this stage{_case(case)}: {result.not_here}")
    if result.outcome is Outcome.NOTHING:
        done.texts.append(f"{story.place}: nothing is checked up to {choices.until}\n  choose a later --until")
    done.outcome = worst([done.outcome, result.outcome])
    done.checked += result.checked
    done.rows |= result.rows
    done.causes |= result.causes
    done.reasons |= result.reasons
    if choices.trace:
        done.trace += [f"{case.name}:"] if case.name else []
        done.trace += [report.trace_line(case.calendar, line) for line in result.trace]
    if result.failures:
        first = next((f for f in result.failures if f.outcome is result.outcome), result.failures[0])
        done.texts.append(report.failure(story, result, first, len(result.failures) - 1))
    done.cases.append(_as_json(case, result))


def _case(case: CaseStory) -> str:
    return f" (case `{case.name}`)" if case.name else ""


def _until(case: CaseStory, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = case.calendar.moment(text)
    except InputError as error:
        raise InputError(f"--until {text!r}: {error}") from error
    return None if moment is None else moment.at


def _as_json(case: CaseStory, result: CaseResult) -> dict[str, Any]:
    tally = result.tally
    return {
        "case": case.name,
        "outcome": result.outcome.name.lower(),
        "checked": result.checked,
        **({"not_here": result.not_here} if result.not_here else {}),
        "launches": tally.launches,
        "refused_launches": tally.refused,
        "last_good_launch": None if tally.last_good is None else case.calendar.write(tally.last_good),
        "days": report.day_strip(result),
        "failures": [
            {
                "place": str(failure.place),
                "at": case.calendar.write(failure.at),
                "wanted": failure.wanted,
                "was": failure.was,
            }
            for failure in result.failures
        ],
    }


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The gravest of several outcomes."""
    there = set(outcomes)
    return next((outcome for outcome in _GRAVITY if outcome in there), Outcome.NOTHING)


def coverage(reports: Iterable[FileReport]) -> dict[str, dict[str, Any]]:
    """Which rows of the table, causes and reasons the stories visited, as exact fractions and what is missing."""
    rows: set[str] = set()
    causes: set[str] = set()
    reasons: set[str] = set()
    for one in reports:
        rows, causes, reasons = rows | one.rows, causes | one.causes, reasons | one.reasons
    wanted = {
        "rows": ([str(row) for row in TABLE], rows),
        "causes": ([cause.value for cause in Cause], causes),
        "reasons": ([reason.value for reason in Reason], reasons),
    }
    return {
        name: {
            "visited": len([one for one in all_of if one in seen]),
            "of": len(all_of),
            "missing": [one for one in all_of if one not in seen],
        }
        for name, (all_of, seen) in wanted.items()
    }
