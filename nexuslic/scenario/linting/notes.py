"""Comments that wave a finding through: `# nexuslic: ignore=L201`, in its line or in a line of its own above it."""

import re
from collections.abc import Iterator

import attrs

from nexuslic.scenario.linting.finding import Finding
from nexuslic.scenario.source import Place
from nexuslic.scenario.story import Story

_NOTE = re.compile(r"(?:^|\s)#\s*nexuslic:\s*ignore=(?P<codes>[\w-]+(?:\s*,\s*[\w-]+)*)")


@attrs.frozen
class Note:
    """One code of a comment, and the line that it speaks of."""

    code: str
    line: int
    place: Place

    def means(self, finding: Finding) -> bool:
        """Whether it waves this finding through."""
        there = (finding.place.file, finding.place.line)
        return there == (self.place.file, self.line) and self.code in (finding.code, finding.name)


def notes(story: Story) -> Iterator[Note]:
    """The notes of a story; one in a line of its own speaks of the next line that is no comment."""
    for number, line in enumerate(story.lines, 1):
        found = _NOTE.search(line)
        if found:
            place = Place(story.file, number, found.start("codes") + 1, len(found["codes"]))
            for code in re.split(r"\s*,\s*", found["codes"]):
                yield Note(code, _meant(story.lines, number), place)


def _meant(lines: tuple[str, ...], number: int) -> int:
    while number < len(lines) and lines[number - 1].lstrip().startswith("#"):
        number += 1
    return number
