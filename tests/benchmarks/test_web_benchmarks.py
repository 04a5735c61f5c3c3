"""The benchmark of the screens still runs, whatever it measures."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    "name, figures",
    [
        ("paint", r"voyage planner +first paint +[0-9.]+ ms .* [0-9.]+ kB"),
        ("voyage", r" all +strip median +[0-9.]+, p99"),
    ],
)
def test_a_benchmark_of_the_screens_prints_its_figures(root: Path, chromium: Any, name: str, figures: str):
    script = str(root / "tests" / "benchmarks" / "web_benchmarks.py")
    done = subprocess.run([sys.executable, script, name, "--quick"], stdout=subprocess.PIPE, check=True, text=True)
    assert re.search(figures, done.stdout)
