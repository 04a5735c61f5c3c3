"""The benchmarks of the license server still run, and what they count adds up."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Lines = Callable[[str], str]
ROUNDS, ANSWERS = 2, 60


@pytest.fixture
def printed(root: Path) -> Lines:
    """What a benchmark prints when it is run quickly."""

    def run(name: str) -> str:
        script = str(root / "tests" / "benchmarks" / "server_benchmarks.py")
        return subprocess.run(
            [sys.executable, script, name, "--quick"], stdout=subprocess.PIPE, check=True, text=True
        ).stdout

    return run


def test_every_answer_of_a_measured_run_is_a_grant_in_the_audit_trail(printed: Lines):
    lines = printed("rate")
    assert re.findall(r"grants in its audit trail +(\d+)", lines) == [str(ROUNDS * ANSWERS)] * 2
    assert re.findall(r"wrong (\d+)", lines) == ["0", "0"]


@pytest.mark.parametrize("name", ["growth", "processes"])
def test_a_benchmark_of_the_server_prints_its_ratio(printed: Lines, name: str):
    assert re.search(r"ratio [0-9]+\.[0-9]", printed(name))


def test_a_fleet_from_sea_is_granted_whole(printed: Lines):
    assert re.findall(r"(\d+) granted", printed("fleet")) == ["20", "200", "200", "200"]
