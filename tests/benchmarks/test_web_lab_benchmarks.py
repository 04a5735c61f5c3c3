"""The benchmark of the policy lab's screen still runs."""

import subprocess
import sys
from pathlib import Path


def test_it_prints_its_figures(root: Path, chromium: object):
    script = root / "tests" / "benchmarks" / "web_lab_benchmarks.py"
    done = subprocess.run([sys.executable, str(script), "--quick"], capture_output=True, text=True, check=True)
    assert done.stdout.count("under 100 wanted") == 4 and "under 120 wanted" in done.stdout, done.stdout
