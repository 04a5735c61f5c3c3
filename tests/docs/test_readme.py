"""The README says what is so: its story holds, and its voyage prints what it shows."""

import re
import subprocess
import sys
from pathlib import Path

from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage


def block(root: Path, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", (root / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_voyage_prints_what_the_readme_shows(root: Path):
    command = [sys.executable, "-m", "nexuslic", "voyage", "--days", "45"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    assert done.stdout.decode() == block(root, "text")


def test_the_story_of_the_readme_holds(root: Path):
    (case,) = read(block(root, "yaml").encode("utf-8"), "README.md").cases
    assert run_case(case, SimulatedStage).outcome is Outcome.PASSED
