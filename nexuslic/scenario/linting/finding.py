"""What a rule finds: where it is, what is wrong, and what to do."""

from collections.abc import Callable, Iterable

import attrs

from nexuslic.scenario.source import Fields, Place
from nexuslic.scenario.story import CaseStory, Story


@attrs.frozen
class Finding:
    """One place where a story does less than it seems to."""

    place: Place
    code: str
    name: str
    problem: str
    hint: str

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.name}: {self.problem}\n  {self.hint}"


@attrs.frozen
class Told:
    """A place and what is wrong there, in the words of one rule."""

    place: Place
    problem: str


@attrs.frozen
class Subject:
    """A story as values and as its file's tree."""

    story: Story
    root: Fields


CaseRule = Callable[[CaseStory, Subject], Iterable[Told]]
StoryRule = Callable[[Subject], Iterable[Told]]
SuiteRule = Callable[[list[Subject]], Iterable[Told]]


@attrs.frozen
class Rule:
    """A rule: its code and name, what it means, what to do, and how it looks.

    `case` looks at one case: what it tells counts where it tells the same of every case. `story` looks at a file,
    `suite` at all files together.
    """

    code: str
    name: str
    about: str
    hint: str
    case: CaseRule | None = None
    story: StoryRule | None = None
    suite: SuiteRule | None = None
