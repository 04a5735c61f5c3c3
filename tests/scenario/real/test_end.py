"""A run on a real stage ends in silence, whatever its last story leaves behind."""

import subprocess
import sys
from pathlib import Path

import pytest

STORY = """\
scenario: What is left at the end
format: 1
why: Does it end in silence?
starts: 2031-05-01 06:00 UTC
ends: day 1 12:00
faults: [{from: day 1 09:00, to: day 2, database: TROUBLE}]
steps:
  - {at: day 1 07:00, launch: ws1, expect: {state: Unlicensed}}
"""
STOPPED = "  - {at: day 1 10:00, stop: database}\n"


@pytest.mark.parametrize("stage", ["sqlite", "postgresql"])
@pytest.mark.parametrize("trouble", ["locked", "full"])
@pytest.mark.parametrize("stopped", ["", STOPPED])
def test_a_run_on_a_real_stage_ends_in_silence(tmp_path: Path, stage: str, trouble: str, stopped: str):
    file = tmp_path / "left.scenario.yaml"
    file.write_text(STORY.replace("TROUBLE", trouble) + stopped, "utf-8")
    command = [sys.executable, "-m", "nexuslic", "run", str(file), "--on", stage]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
