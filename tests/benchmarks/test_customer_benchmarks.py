"""The benchmarks of a launch still run, and print a figure beside another one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["sqlite", "postgresql", "contact", "command"])
def test_a_benchmark_of_a_launch_prints_its_ratio(root: Path, name: str):
    script = str(root / "tests" / "benchmarks" / "customer_benchmarks.py")
    done = subprocess.run([sys.executable, script, name, "--quick"], stdout=subprocess.PIPE, check=True, text=True)
    assert re.search(r"[0-9] ms beside [0-9]+\.[0-9]+ ms: ratio [0-9]+\.[0-9]+ ", done.stdout)
