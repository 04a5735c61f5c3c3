"""Stories as pytest items, and a world for tests in Python.

Stories are collected only where the ini option `nexuslic_paths` says where they are. Without it this plugin collects
nothing and prints nothing; every run of pytest in the environment loads it, so what it needs is imported when it is
needed. The fixture `world` is there for who asks for it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from nexuslic.scenario.by_hand import World
    from nexuslic.scenario.run import CaseResult
    from nexuslic.scenario.story import CaseStory, Story

OPTION = "nexuslic_paths"
ENDING = ".scenario.yaml"
_OF_PYTEST = frozenset(
    {"filterwarnings", "parametrize", "skip", "skipif", "tryfirst", "trylast", "usefixtures", "xfail"}
)
"""Marks that mean something to pytest: a tag of that name must not skip a story."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch."""
    parser.addini(OPTION, f"files and folders whose *{ENDING} are collected (none: nothing is)", "paths", [])


def pytest_configure(config: pytest.Config) -> None:
    """Where pytest goes through its `testpaths`, it goes through the stories too."""
    mark = "scenario(story, case='', until=''): tell this story (a file, or YAML) first, `world` is what it leaves"
    config.addinivalue_line("markers", mark)
    if config.args_source is config.ArgsSource.TESTPATHS:
        config.args += map(str, _paths(config))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """A place that is not there is told before anything runs."""
    missing = next((path for path in _paths(session.config) if not path.exists()), None)
    if missing is not None:
        raise pytest.UsageError(f"{OPTION} in {_ini(session.config)}: {missing} is not there: correct the line")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A story, where stories are collected; one that is named outright while they are not says how they would be."""
    if not file_path.name.endswith(ENDING):
        return None
    paths, named = _paths(parent.config), parent.session.isinitpath(file_path)
    if not paths:
        return SwitchedOff.from_parent(parent, path=file_path) if named else None
    return StoryFile.from_parent(parent, path=file_path) if named or _under(file_path, paths) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A story that a mark names and nobody would tell is an error, not a test that passes."""
    if not _paths(config):
        return
    for item in items:
        mark = item.get_closest_marker("scenario")
        named = str(mark.args[0]) if mark is not None and mark.args else ""
        told = "world" in getattr(item, "fixturenames", ("world",))
        if not told and (named.endswith(ENDING) or "\n" in named):
            raise pytest.UsageError(f"{item.nodeid}: the mark `scenario` does nothing there: take the fixture `world`")


def _paths(config: pytest.Config) -> list[Path]:
    paths: list[Path] = config.getini(OPTION)
    return [Path(os.path.abspath(path)) for path in paths]


def _under(path: Path, places: list[Path]) -> bool:
    return any(path.is_relative_to(place) for place in places)


def _ini(config: pytest.Config) -> str:
    return "the command line" if config.inipath is None else _shown(config.inipath, config)


def _shown(path: Path, config: pytest.Config) -> str:
    """A path as a command takes it where pytest was started."""
    try:
        return Path(os.path.relpath(path, config.invocation_params.dir)).as_posix()
    except ValueError:
        return str(path)


# -- switched off -----------------------------------------------------------------------------------------------------


class SwitchedOff(pytest.File):
    """A story that was named outright where stories are not collected."""

    def collect(self) -> Iterator[pytest.Item]:
        """Nothing but which line to add to which file."""
        shown = _shown(self.path, self.config)
        problem = f"{shown}: stories are not collected here: `{OPTION}` is not set"
        raise self.CollectError(f"{problem}\n  {_line_to_add(self.config, self.path.parent)}")


def _line_to_add(config: pytest.Config, folder: Path) -> str:
    ini = config.inipath
    base = config.rootpath if ini is None else ini.parent
    place = folder.relative_to(base).as_posix() if folder.is_relative_to(base) else str(folder)
    if ini is None:
        return f"there is no ini file: write pytest.ini with the lines `[pytest]` and `{OPTION} = {place}`"
    section = "[tool:pytest]" if ini.name == "setup.cfg" else "[pytest]"
    section = _table_of(ini) if ini.name == "pyproject.toml" else section
    value = f'["{place}"]' if ini.suffix == ".toml" else place
    return f"add to {_shown(ini, config)}, under {section}: {OPTION} = {value}"


def _table_of(pyproject: Path) -> str:
    import tomllib

    own = tomllib.loads(pyproject.read_text("utf-8")).get("tool", {}).get("pytest", {})
    return "[tool.pytest]" if own and "ini_options" not in own else "[tool.pytest.ini_options]"


# -- stories ----------------------------------------------------------------------------------------------------------


class StoryFailed(Exception):
    """What a story expects does not hold; the text is the whole report."""


class StoryFile(pytest.File):
    """A file with a story."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its cases, each marked with the tags of the story."""
        story = self._read()
        for tag in story.tags:
            self.add_marker(_marker(self.config, tag))
        for case in story.cases:
            yield StoryCase.from_parent(self, name=_name(case.name or story.title), story=story, case=case)

    def _read(self) -> "Story":
        from nexuslic.errors import InputError
        from nexuslic.scenario.read import read
        from nexuslic.scenario.source import MAX_BYTES

        shown = _shown(self.path, self.config)
        try:
            with self.path.open("rb") as stream:
                return read(stream.read(MAX_BYTES + 1), shown)
        except OSError as error:
            raise self.CollectError(f"{shown}:1:1: the file cannot be read: {error.strerror}") from None
        except InputError as error:
            raise self.CollectError(str(error)) from None


class StoryCase(pytest.Item):
    """One case of a story."""

    def __init__(self, *, story: "Story", case: "CaseStory", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.story, self.case = story, case
        self.extra_keyword_matches.add(story.title)

    def runtest(self) -> None:
        """Run it on the simulated stage."""
        tell(self.story, self.case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report of the story, and nothing of how it was run."""
        from nexuslic.errors import InputError

        if isinstance(excinfo.value, StoryFailed | InputError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, self.story.place.line - 1, self.name


def _name(text: str) -> str:
    """A name that fits in a node id."""
    return " ".join(text.split()).replace("::", ":")


def _marker(config: pytest.Config, tag: str) -> pytest.MarkDecorator:
    name = re.sub(r"[^\w.+-]+", "_", tag).lstrip("_") or "tag"
    name = f"tag_{name}" if name in _OF_PYTEST else name
    config.addinivalue_line("markers", f"{name}: stories with the tag {tag}")
    marker: pytest.MarkDecorator = getattr(pytest.mark, name)
    return marker


def tell(story: "Story", case: "CaseStory", until: str = "") -> "World":
    """The world after a case was told in full, or `until` a time. Raises StoryFailed where it does not hold.

    It is skipped where this stage cannot do it.
    """
    from nexuslic.scenario.by_hand import World
    from nexuslic.scenario.run import Outcome, run_case
    from nexuslic.scenario.stage_simulated import SimulatedStage

    stage, moment = SimulatedStage(), case.calendar.moment(until) if until else None
    result = run_case(case, lambda: stage, until=None if moment is None else moment.at)
    if result.outcome is Outcome.NOT_HERE:
        pytest.skip(f"not on this stage: {result.not_here}")
    if result.outcome is Outcome.NOTHING and moment is None:
        raise StoryFailed(f"{story.place}: nothing was checked: add an `expect`, an `always` or a `must_visit`")
    if result.failures:
        raise StoryFailed(_report(story, result))
    return World.after(result, stage)


def _report(story: "Story", result: "CaseResult") -> str:
    from nexuslic.scenario import report
    from nexuslic.scenario.source import one_line

    first = result.gravest_first[0]
    place = f"{first.place}: wanted {one_line(first.wanted, 100)}, was {one_line(first.was, 100)}"
    return f"{place}\n{report.failure(story, result, first, len(result.failures) - 1)}"


# -- a world for tests in Python --------------------------------------------------------------------------------------


@pytest.fixture
def world(request: pytest.FixtureRequest) -> "World":
    """A simulated world in which the test acts: `world.launch("bridge")`, `world.advance(days=3)`.

    With the mark `scenario(story)` it is the world that this story leaves, once it was told and held.
    """
    from nexuslic.scenario.by_hand import World

    mark = request.node.get_closest_marker("scenario")
    return World() if mark is None else _told(request, *mark.args, **mark.kwargs)


def _told(request: pytest.FixtureRequest, story: str | Path, case: str = "", until: str = "") -> "World":
    from nexuslic.errors import InputError
    from nexuslic.scenario.read import read

    text = str(story)
    inline, file = "\n" in text, request.path.parent / text
    shown = "story" if inline else _shown(file, request.config)
    try:
        read_story = read(text.encode() if inline else file.read_bytes(), shown)
        return tell(read_story, _chosen(read_story, case), until)
    except OSError as error:
        problem = f"{shown}: the story of the mark `scenario` cannot be read: {error.strerror}"
    except (InputError, StoryFailed) as error:
        problem = str(error)
    pytest.fail(problem, pytrace=False)


def _chosen(story: "Story", name: str) -> "CaseStory":
    from nexuslic.errors import InputError

    found = [case for case in story.cases if case.name == name or (not name and len(story.cases) == 1)]
    if not found:
        names = ", ".join(f"`{case.name}`" for case in story.cases)
        said = f"there is no case `{name}`" if name else "the story has several cases"
        raise InputError(f"{story.place}: {said}: write case=... in the mark, one of {names}")
    return found[0]
