"""Many stories: finding the files, reading each once, and choosing what to run."""

import io
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

import attrs

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario.read import read
from nexuslic.scenario.source import MAX_BYTES
from nexuslic.scenario.story import CaseStory, Story

ENDING = ".scenario.yaml"
STANDARD_INPUT = "-"


@attrs.frozen
class Choices:
    """Which stories and cases to run, and how."""

    words: str = ""
    tags: tuple[str, ...] = ()
    case: str = ""
    until: str = ""
    trace: bool = False


def find(paths: Iterable[str]) -> list[str]:
    """The scenario files under `paths`, folders in order of name. Raises InputError."""
    found: list[str] = []
    for text in paths:
        path = Path(text)
        if text == STANDARD_INPUT:
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
    if file == STANDARD_INPUT:
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


class Shelf:
    """Stories as they were read, so that none is read twice; more than `room` events are read again, not kept.

    Another process begins with an empty one, unless it is a fork.
    """

    def __init__(self, room: int = 200_000) -> None:
        self.room = room
        self.kept: dict[str, Story] = {}

    def story(self, file: str) -> Story:
        """The story in a file. Raises SourceError."""
        if file in self.kept:
            return self.kept[file]
        story = load(file)
        weight = sum(case.weight for case in story.cases)
        if weight <= self.room or file == STANDARD_INPUT:
            self.room -= weight
            self.kept[file] = story
        return story

    def __reduce__(self) -> tuple[type["Shelf"], tuple[()]]:
        return Shelf, ()


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


@attrs.frozen
class Unit:
    """The least that is run: one case of one file on one stage. A file that cannot be read is one, with its error."""

    file: str
    title: str
    case: str
    number: int
    line: int
    column: int
    stage: str
    weight: int
    error: str = ""


def plan(files: Iterable[str], choices: Choices, stages: Iterable[str], shelf: Shelf) -> list[Unit]:
    """What is to be run: stage by stage, in the order of the files, in the order of their cases."""
    every = [unit for file in files for unit in _units(file, choices, shelf)]
    return [attrs.evolve(unit, stage=stage) for stage in stages for unit in every]


def _units(file: str, choices: Choices, shelf: Shelf) -> list[Unit]:
    try:
        story = shelf.story(file)
    except InputError as error:
        return [Unit(file, "", "", 0, 1, 1, "", 1, str(error))]
    through = {id(case) for case in chosen(story, choices)}
    return [
        Unit(file, story.title, case.name, number, case.place.line, case.place.column, "", case.weight)
        for number, case in enumerate(story.cases)
        if id(case) in through
    ]
