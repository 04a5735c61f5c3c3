"""A server that is killed at any moment keeps what it has said, and does nothing twice."""

import subprocess
import sys
from pathlib import Path


def test_what_was_answered_survives_kill_9(root: Path):
    words = [sys.executable, str(root / "tests" / "stress" / "killing.py"), "--kills", "8", "--seed", "1"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
