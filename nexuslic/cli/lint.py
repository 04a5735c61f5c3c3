"""`nexuslic lint`."""

import json
from collections.abc import Sequence
from typing import Any

import attrs
import click

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario import linting, suite
from nexuslic.scenario.source import parse


@attrs.frozen
class Complaint:
    """One thing that is told of a file, with the exit status that it asks for."""

    place: str
    code: str
    problem: str
    hint: str
    status: int

    def __str__(self) -> str:
        code = f"{self.code}: " if self.code else ""
        return f"{self.place}: {code}{self.problem}" + (f"\n  {self.hint}" if self.hint else "")


@click.command("lint")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="Only this rule, by code or name; repeatable.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Not this rule, by code or name; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="What is found as JSON.")
@click.option("--github", is_flag=True, help="What is found as annotations of GitHub Actions.")
def command(
    paths: tuple[str, ...], rules: tuple[str, ...], ignore: tuple[str, ...], as_json: bool, github: bool
) -> int:
    """Check scenario files without running them (default: the folder scenarios).

    Exit status: 0 all are right, 1 a rule found something, 2 one is wrong or unreadable, 5 one checks nothing.
    """
    every = [rule.code for rule in (*linting.RULES, linting.NOTHING_TO_IGNORE)]
    codes = (linting.codes_of(rules) if rules else set(every)) - linting.codes_of(ignore)
    files = suite.find(paths or ("scenarios",))
    subjects, told = _read(files)
    told += [
        Complaint(str(one.place), f"{one.code} {one.name}", one.problem, one.hint, 1)
        for one in linting.findings(subjects, codes)
    ]
    cases = sum(len(subject.story.cases) for subject in subjects)
    if as_json:
        click.echo(json.dumps(_as_json(files, cases, told), indent=1, ensure_ascii=True))
    else:
        _print(told, github)
        if not told:
            click.echo(f"{len(files)} files, {cases} cases: all right")
    return next((status for status in (2, 1, 5) if any(one.status == status for one in told)), 0)


def _read(files: Sequence[str]) -> tuple[list[linting.Subject], list[Complaint]]:
    subjects, told = [], []
    for file in files:
        try:
            story = suite.load(file)
        except SourceError as error:
            told.append(Complaint(error.place, "", error.problem, error.hint, 2))
            continue
        except InputError as error:
            told.append(Complaint(f"{file}:1:1", "", str(error), "", 2))
            continue
        subjects.append(linting.Subject(story, parse("\n".join(story.lines).encode("utf-8"), story.file)))
        if any(not case.checks for case in story.cases):
            told.append(Complaint(str(story.place), "", "this story checks nothing", "add an `expect`", 5))
    return subjects, told


def _print(told: Sequence[Complaint], github: bool) -> None:
    for one in told:
        if github:
            click.echo(annotation(one))
        elif one.status == 1:
            click.echo(str(one))
        else:
            click.echo(f"error: {one}", err=True)


def annotation(one: Complaint) -> str:
    """A complaint as a workflow command of GitHub Actions."""
    from nexuslic.scenario.formats.github import error

    file, line, column = one.place.rsplit(":", 2)
    title = f"nexuslic {one.code}".strip()
    said = f"{one.problem}: {one.hint}" if one.hint else one.problem
    return error(file, line, column, title, said)


def _as_json(files: Sequence[str], cases: int, told: Sequence[Complaint]) -> dict[str, Any]:
    return {"format": 1, "files": len(files), "cases": cases, "findings": [_one_as_json(one) for one in told]}


def _one_as_json(one: Complaint) -> dict[str, Any]:
    file, line, column = one.place.rsplit(":", 2)
    code, _, name = one.code.partition(" ")
    where = {"file": file, "line": int(line), "column": int(column)}
    return {**where, "code": code or None, "name": name or None, "problem": one.problem, "hint": one.hint or None}
