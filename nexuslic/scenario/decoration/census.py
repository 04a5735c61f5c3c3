"""Every expectation of some stories: one for each value that a file expects, in however many cases it is checked."""

from collections.abc import Iterable, Iterator

import attrs

from nexuslic.scenario.source import Place
from nexuslic.scenario.story import CaseStory, Story

Spot = tuple[str, int, int]
"""The file, line and column of an expectation."""


@attrs.frozen
class Expectation:
    """What a story expects at a place: the key and the value, as they are written."""

    place: Place
    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.place}: {self.key}: {self.value}"


def spot(place: Place) -> Spot:
    """What tells one expectation from another."""
    return place.file, place.line, place.column


def census(stories: Iterable[Story]) -> dict[Spot, Expectation]:
    """The expectations of these stories, in the order of files and lines."""
    found: dict[Spot, Expectation] = {}
    for story in stories:
        here = {spot(one.place): one for case in story.cases for one in _of(case, story.lines)}
        found |= dict(sorted(here.items()))
    return found


def _of(case: CaseStory, lines: tuple[str, ...]) -> Iterator[Expectation]:
    for entry in case.agenda:
        for check in entry.checks:
            yield Expectation(check.place, check.key, _written(check.place, check.text, lines))
    for always in case.always:
        yield Expectation(always.place, "always", _written(always.place, always.text, lines))
    for state, place in case.must_visit:
        yield Expectation(place, "must_visit", _written(place, state.value, lines))


def _written(place: Place, text: str, lines: tuple[str, ...]) -> str:
    """The `$word` where there is one: its value differs from case to case."""
    source = lines[place.line - 1][place.column - 1 :][: place.width]
    return source if source.startswith("$") else text
