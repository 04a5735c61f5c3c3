"""Stories in a folder, stages that do not behave, and records of every outcome."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest

from nexuslic.scenario.results import Broken, CaseRecord, Summary, by_file
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.scenario.stage_simulated import SimulatedStage


@pytest.fixture
def write(tmp_path: Path, story_of_two_cases: Callable[..., str]) -> Callable[..., str]:
    """Writes a story of two cases, each of which holds where 28 days are left."""

    def written(name: str = "story", title: str = "A story", one: int = 28, two: int = 28) -> str:
        path = tmp_path / f"{name}.scenario.yaml"
        path.write_text(story_of_two_cases(title, one, two), "utf-8")
        return str(path)

    return written


class _Tags(HTMLParser):
    """Notes tags that do not close each other."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.bad += [] if self.open and self.open.pop() == tag else [tag]


@pytest.fixture
def unbalanced() -> Callable[[str], list[str]]:
    """The tags of a page that do not close each other."""

    def found(page: str) -> list[str]:
        tags = _Tags()
        tags.feed(page)
        return tags.bad + tags.open

    return found


class NotHere(SimulatedStage):
    """A stage that can do nothing."""

    def begin(self, case: Any) -> None:
        raise NotOnThisStage("a bit of a record cannot be flipped here")


class Bug(SimulatedStage):
    """A stage with a bug in it."""

    def begin(self, case: Any) -> None:
        raise KeyError("oops")


@pytest.fixture
def not_here() -> type[SimulatedStage]:
    return NotHere


@pytest.fixture
def bug() -> type[SimulatedStage]:
    return Bug


TEXT = "FAIL  A title  [a case]   a/b.scenario.yaml:7:20\n  at    day 3\n   7 | <x> & y\n     |  ^ was 28"


class Records:
    """Makes records and summaries."""

    def one(self, outcome: Outcome = Outcome.PASSED, **fields: Any) -> CaseRecord:
        """A record of that outcome; the rest has a default that goes with it."""
        base = CaseRecord(
            "a/b.scenario.yaml", "A title", "a case", "simulation", outcome, 5, 3, seconds=0.25, checked=2
        )
        if outcome in (Outcome.FAILED, Outcome.ALWAYS):
            broken = (Broken(7, 20, "day 3 07:30", "5", "28"), Broken(8, 2, "day 4 07:30", "yes", "no"))
            base = attrs.evolve(base, line=7, column=20, text=TEXT, broken=broken)
        elif outcome is not Outcome.PASSED:
            base = attrs.evolve(base, text=f"a/b.scenario.yaml:5:3: this is {outcome.name}\n  do something")
        return attrs.evolve(base, **fields)

    def every(self) -> tuple[CaseRecord, ...]:
        """One record of each outcome, each of a file of its own."""
        return tuple(self.one(outcome, file=f"a/{outcome.name.lower()}.scenario.yaml") for outcome in Outcome)

    def summary(self, *records: CaseRecord, incomplete: str = "") -> Summary:
        return Summary(tuple(by_file(records)), len(records), 1.5, incomplete)


@pytest.fixture
def records() -> Records:
    return Records()
