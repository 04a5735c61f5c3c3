"""The README says what is so: its story holds, and its voyage prints what it shows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage


def block(root: Path, language: str, place: int = 0) -> str:
    readme = (root / "README.md").read_text("utf-8")
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    return found[place]


COMMANDS = ("voyage --days 45", "policy sweep hotspots --grace 28..32")


@pytest.mark.parametrize("words", COMMANDS)
def test_the_command_prints_what_the_readme_shows(words: str, root: Path):
    command = [sys.executable, "-m", "nexuslic", *words.split()]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    assert done.stdout.decode() == block(root, "text", COMMANDS.index(words))
    assert f"`nexuslic {words}`" in (root / "README.md").read_text("utf-8")


def test_the_story_of_the_readme_holds(root: Path):
    (case,) = read(block(root, "yaml").encode("utf-8"), "README.md").cases
    assert run_case(case, SimulatedStage).outcome is Outcome.PASSED
