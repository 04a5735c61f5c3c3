"""The documentation: generated pages are current, and its stories and commands run."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def blocks(language: str) -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for text in re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            found.append((page.name, text))
    return found


def test_the_generated_pages_are_current():
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, text in module.pages().items():
        assert path.read_text("utf-8") == text, f"{path.name} is stale: run docs/make_reference.py"


def test_every_story_in_the_docs_holds():
    stories = [(page, text) for page, text in blocks("yaml") if text.startswith("scenario:")]
    assert stories
    for page, text in stories:
        for case in read(text.encode("utf-8"), page).cases:
            assert run_case(case, SimulatedStage).outcome is Outcome.PASSED


@pytest.mark.parametrize("page", sorted({page for page, _ in blocks("sh")}))
def test_every_command_in_the_docs_runs(page: str, tmp_path: Path):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    lines = [line for name, text in blocks("sh") if name == page for line in text.splitlines()]
    assert lines
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "nexuslic"
        done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
