"""The benchmarks still run, and print a figure beside another one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["trips", "startup", "events", "stories"])
def test_a_benchmark_prints_its_ratio(root: Path, name: str):
    script = str(root / "tests" / "benchmarks" / "benchmarks.py")
    done = subprocess.run([sys.executable, script, name, "--quick"], capture_output=True, check=True, cwd=root)
    assert re.search(r"ratio +[0-9]+\.[0-9]", done.stdout.decode())
