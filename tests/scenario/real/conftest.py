"""A theatre for the tests of this folder, and stories in a few lines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nexuslic.scenario.read import read
from nexuslic.scenario.real.sqlite import SqliteEngine
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.run import CaseResult, run_case
from nexuslic.scenario.stage_real import RealStage

HEAD = "scenario: A story\nformat: 1\nwhy: Does it hold?\nstarts: 2031-05-01 06:00 UTC\nends: day 60 23:59\n"


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    """What all stories of a module are run in, on SQLite."""
    opened = Theatre.open(SqliteEngine)
    yield opened
    opened.close()


@pytest.fixture
def play(theatre: Theatre) -> Callable[[str], CaseResult]:
    """Runs the lines that follow the head of a story, with all that can be seen."""

    def run(lines: str) -> CaseResult:
        (case,) = read(f"{HEAD}{lines}".encode(), "story").cases
        return run_case(case, lambda: RealStage(theatre), observing=True)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "databases"
    made.mkdir()
    return made
