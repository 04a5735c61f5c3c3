"""The options of `nexuslic run`, and which go together; wrong ones are refused before anything runs."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from nexuslic.cli import files, telling
from nexuslic.cli.files import Target
from nexuslic.cli.telling import STANDARD_OUTPUT, Teller, Told
from nexuslic.errors import InputError
from nexuslic.scenario import stages
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.shards import Shard
from nexuslic.scenario.stages import StageName
from nexuslic.scenario.suite import Choices

if TYPE_CHECKING:
    from fractions import Fraction

_FILE = click.Path(path_type=Path)
_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option("-k", "words", default="", metavar="WORDS", help="Only stories and cases that hold all these words."),
    click.option("--tag", "tags", multiple=True, help="Only stories with this tag."),
    click.option("--case", default="", metavar="NAME", help="Only this case."),
    click.option("--last-failed", is_flag=True, help="Only cases that failed last time; all if none did."),
    click.option("--shard", metavar="I/N", default="1/1", help="Only the I-th of N parts of about the same work."),
    click.option(
        "--on", default="simulation", metavar="STAGES", help="Where: simulation, sqlite, postgresql, or several."
    ),
    click.option(
        "--postgresql", default="", envvar="NEXUSLIC_STAGE_POSTGRESQL", metavar="URL", help="A server for that stage."
    ),
    click.option("--until", default="", metavar="TIME", help="Stop after this moment of the story."),
    click.option("--trace", is_flag=True, help="One line an event."),
    click.option("--fail-fast", is_flag=True, help="Stop at the first story that fails."),
    click.option("--repeat", type=click.IntRange(1, 100_000), default=1, metavar="N", help="Each N times, all alike."),
    click.option("-j", "jobs", type=click.IntRange(1, 256), default=1, metavar="N", help="Processes."),
    click.option("--json", "as_json", is_flag=True, help="Results as JSON, when all are done."),
    click.option("--jsonl", is_flag=True, help="A line of JSON for each case, as it goes."),
    click.option("--tap", is_flag=True, help="TAP 14, as it goes."),
    click.option("--github", is_flag=True, help="Annotations for GitHub Actions, beside the text."),
    click.option("--junit", type=_FILE, metavar="FILE", help="JUnit XML into a file."),
    click.option("--markdown", type=_FILE, metavar="FILE", help="A summary for a pull request (-: standard output)."),
    click.option("--mutate", is_flag=True, help="Plant faults in the rules, one at a time: which does no story catch?"),
    click.option("--coverage", is_flag=True, help="What the stories visited: rows, causes, reasons, combinations."),
    click.option("--coverage-html", type=_FILE, metavar="FILE", help="The same as a page, with the stories of each."),
    click.option("--require-coverage", metavar="[PERCENT]", help="Fail below that share of each (alone: 100)."),
)


def declared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


class Command(click.Command):
    """A command in which `--require-coverage` may stand without a number."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give it its number, and leave a path that comes after it alone."""
        plain = args[: args.index("--")] if "--" in args else args
        for place, word in enumerate(plain):
            after = args[place + 1] if place + 1 < len(args) else ""
            if word == "--require-coverage" and not re.fullmatch(r"[-+.0-9]+%?", after):
                args = [*args[:place], "--require-coverage=100", *args[place + 1 :]]
        return super().parse_args(ctx, args)


@attrs.frozen(kw_only=True)
class Options:
    """What was asked for."""

    paths: tuple[str, ...]
    choices: Choices
    last_failed: bool
    shard: Shard
    fail_fast: bool
    repeat: int
    jobs: int
    on: tuple[StageName, ...]
    postgresql: str = attrs.field(repr=False)
    as_json: bool
    jsonl: bool
    tap: bool
    github: bool
    junit: Path | None
    markdown: Path | None
    mutate: bool
    coverage: bool
    coverage_html: Path | None
    require_coverage: "Fraction | None"

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Options":
        """From what was typed. Raises InputError."""
        rest = dict(given)
        until = rest.pop("until")
        _check_until(until)
        choices = Choices(rest.pop("words"), rest.pop("tags"), rest.pop("case"), until, rest.pop("trace"))
        paths = rest.pop("paths") or ("scenarios",)
        shard = _option("--shard", rest.pop("shard"), Shard.parse)
        on = _option("--on", rest.pop("on"), stages.named)
        _check_url(rest["postgresql"])
        percent = rest.pop("require_coverage")
        required = None if percent is None else _option("--require-coverage", percent, _percent)
        return cls(paths=paths, choices=choices, shard=shard, on=on, require_coverage=required, **rest)

    def refuse_beside_mutate(self) -> None:
        """Faults are planted in the simulation, and what comes of them is no run. Raises InputError."""
        beside = {
            "--until": self.choices.until != "",
            "--trace": self.choices.trace,
            "--fail-fast": self.fail_fast,
            "--repeat": self.repeat > 1,
            "--shard": self.shard.of > 1,
            "--last-failed": self.last_failed,
            "--on": self.on != (StageName.SIMULATION,),
            "--coverage": self.covers,
            "--jsonl, --tap, --github, --junit and --markdown": bool(
                self.jsonl or self.tap or self.github or self.junit or self.markdown
            ),
        }
        given = [name for name, so in beside.items() if so]
        if given:
            raise InputError(
                f"--mutate runs whole stories in the simulation, and tells for itself: leave out {given[0]}"
            )

    @property
    def covers(self) -> bool:
        """Whether coverage is asked for in any way."""
        return self.coverage or self.require_coverage is not None or self.coverage_html is not None


def _option(name: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _check_url(url: str) -> None:
    if url and not re.match(r"postgres(ql)?(\+psycopg)?://", url):
        raise InputError("--postgresql: this is no URL of a PostgreSQL server: write postgresql://USER@HOST/postgres")


def _percent(text: str) -> "Fraction":
    from fractions import Fraction

    number = text.removesuffix("%")
    percent = Fraction(number) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", number) else Fraction(0)
    if not 0 < percent <= 100:
        raise InputError(f"`{text}` is no per cent to reach: write a number over 0, up to 100")
    return percent


def _check_until(text: str) -> None:
    """Refuse what is a time in no story."""
    if text and text != "end" and not text.startswith("+"):
        try:
            Calendar.beginning("2000-01-01 00:00 UTC").moment(text)
        except InputError as error:
            raise InputError(f"--until: {error}") from error


def tellers(options: Options) -> list[Teller]:
    """Who tells what of the run; every file can be written. Raises InputError."""
    target = options.markdown
    to_stdout = target == STANDARD_OUTPUT
    told: list[tuple[str, Teller]] = [
        *([("--json", telling.Json())] if options.as_json else []),
        *([("--jsonl", telling.Lines())] if options.jsonl else []),
        *([("--tap", telling.Tap())] if options.tap else []),
        *([("--markdown -", telling.Markdown())] if to_stdout else []),
    ]
    if len(told) > 1:
        named = " and ".join(name for name, _ in told[:2])
        raise InputError(f"{named} both go to standard output: ask for one of them, or for one of them later")
    cover = options.coverage or options.require_coverage is not None
    main = told[0][1] if told else telling.Plain(in_full=options.coverage, cover=cover)
    beside: list[Teller] = [telling.Annotations(err=bool(told))] if options.github else []
    wanted = _files(options)
    files.check(file.target for file in wanted)
    return [*wanted, *beside, main]


def _files(options: Options) -> list[telling.File]:
    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    found: list[telling.File] = []

    def add(option: str, path: Path | None, make: Callable[[Told], str]) -> None:
        if path is not None and path != STANDARD_OUTPUT:
            found.append(telling.File(Target(option, path, adds=str(path) == summary), make))

    add("--junit", options.junit, _junit)
    add("--markdown", options.markdown, _markdown)
    add("--coverage-html", options.coverage_html, _coverage_page)
    return found


def _junit(told: Told) -> str:
    from nexuslic.scenario.formats import junit

    return junit.write(told.summary)


def _markdown(told: Told) -> str:
    from nexuslic.scenario.formats import markdown

    return markdown.write(told.summary, told.covered)


def _coverage_page(told: Told) -> str:
    from nexuslic.scenario.formats import coverage_page

    assert told.covered is not None, "it is asked for together with coverage"
    return coverage_page.write(told.covered)
