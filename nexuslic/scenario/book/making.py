"""The book: stories by their folders, each told and run, with a hash that ties a signature to what was signed."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePath

import attrs

from nexuslic.errors import InputError
from nexuslic.rules.license import LicenseKey
from nexuslic.scenario.book.telling import Told, tell
from nexuslic.scenario.results import CaseRecord, Summary, by_file
from nexuslic.scenario.running import Runner
from nexuslic.scenario.story import Story
from nexuslic.scenario.suite import Unit
from nexuslic.version import __version__


@attrs.frozen
class Chapter:
    """A story: its file, what it says of itself, how it is told, what came of it, and the hash of its lines."""

    file: str
    title: str
    why: str
    tags: tuple[str, ...]
    words: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: Told
    records: tuple[CaseRecord, ...]
    digest: str

    @property
    def theme(self) -> str:
        """The folder that it stands in."""
        return PurePath(self.file).parent.as_posix()


@attrs.frozen
class Book:
    """All stories, the version of nexuslic that ran them, and one hash of them all."""

    version: str
    digest: str
    chapters: tuple[Chapter, ...]
    summary: Summary

    def themes(self) -> Mapping[str, tuple[Chapter, ...]]:
        """The chapters by folder, in their order."""
        found: dict[str, tuple[Chapter, ...]] = {}
        for chapter in self.chapters:
            found[chapter.theme] = (*found.get(chapter.theme, ()), chapter)
        return found


def make(units: Iterable[Unit], runner: Runner) -> Book:
    """Run the stories and tell them. Raises InputError where one of them cannot be read."""
    chapters = []
    every = list(units)
    reports = tuple(by_file(map(runner.run, every)))
    for report in reports:
        chapters.append(_chapter(runner.shelf.story(report.file), report.records))
    digest = _hash(chapter.digest for chapter in chapters)
    return Book(__version__, digest, tuple(chapters), Summary(reports, len(every), 0.0))


def _chapter(story: Story, records: tuple[CaseRecord, ...]) -> Chapter:
    words = tuple(story.cases[0].values)
    rows = tuple((case.name, *(_shown(case.values[word]) for word in words)) for case in story.cases)
    return Chapter(
        story.file,
        story.title,
        story.why,
        story.tags,
        words,
        rows,
        tell(story),
        records,
        _hash(story.lines),
    )


def _shown(value: str) -> str:
    """A value of a case; a license key stays unsaid."""
    try:
        LicenseKey.parse(value)
    except InputError:
        return value
    return "a license key"


def _hash(lines: Iterable[str]) -> str:
    """SHA-256 over lines of UTF-8, each ended by a line feed: the same wherever a file was checked out."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
