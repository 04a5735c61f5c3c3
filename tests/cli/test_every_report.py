"""A story that fails is told by every report with the same file, line and reason."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

STORY = """scenario: A wrong hope
format: 1
why: Does the report say where?
starts: 2026-03-02 06:00 UTC
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - at: day 40 07:30
    launch: ws1
    expect: {state: Grace}
"""
FILE, LINE, COLUMN = "hope.scenario.yaml", 10, 21
WAS, WANTED = "Expired", "Grace"
Ran = Callable[..., str]


@pytest.fixture
def ran(tmp_path: Path) -> Ran:
    """Runs a module of Python in a folder that holds the story; what it printed."""
    (tmp_path / FILE).write_text(STORY)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nnexuslic_paths = {FILE}\n")

    def run(*words: str) -> str:
        environment = {**os.environ, "PYTEST_ADDOPTS": "", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_text(ran: Ran):
    told = ran("nexuslic", "run", FILE)
    assert f"{FILE}:{LINE}:{COLUMN}" in told.splitlines()[0]
    assert f"was {WAS}" in told


def test_junit(ran: Ran, tmp_path: Path):
    ran("nexuslic", "run", FILE, "--junit", "report.xml")
    (case,) = ElementTree.parse(tmp_path / "report.xml").iter("testcase")
    (failure,) = case.iter("failure")
    assert (case.get("file"), case.get("line")) == (FILE, str(LINE))
    assert f"{FILE}:{LINE}:{COLUMN}" in str(failure.text)
    assert failure.get("message") == f"was {WAS} (wanted {WANTED})"


def test_tap(ran: Ran):
    told = ran("nexuslic", "run", FILE, "--tap")
    lines = {line.strip() for line in told.splitlines()}
    assert any(line.startswith("not ok 1") for line in lines)
    assert f"line: {LINE}" in lines
    assert {line.split(": ")[0] for line in lines if WAS in line or FILE in line} >= {"file", "was"}


def test_json(ran: Ran):
    (story,) = json.loads(ran("nexuslic", "run", FILE, "--json"))["stories"]
    ((failure,),) = [case["failures"] for case in story["cases"]]
    assert failure["place"] == f"{FILE}:{LINE}:{COLUMN}"
    assert (failure["wanted"], failure["was"]) == (WANTED, WAS)


def test_json_lines(ran: Ran):
    case, _ = map(json.loads, ran("nexuslic", "run", FILE, "--jsonl").splitlines())
    assert (case["file"], case["line"], case["column"]) == (FILE, LINE, COLUMN)
    assert case["failures"][0]["was"] == WAS


def test_github(ran: Ran):
    told = ran("nexuslic", "run", FILE, "--github")
    (line,) = [line for line in told.splitlines() if line.startswith("::error ")]
    assert f"file={FILE},line={LINE},col={COLUMN}" in line
    assert f"was {WAS}" in line


def test_markdown(ran: Ran):
    told = ran("nexuslic", "run", FILE, "--markdown", "-")
    assert f"{FILE}:{LINE}:{COLUMN}" in told
    assert f"was {WAS}" in told


def test_pytest(ran: Ran):
    told = ran("pytest", FILE, "-p", "no:cacheprovider")
    assert f"{FILE}:{LINE}:{COLUMN}" in told
    assert f"wanted {WANTED}, was {WAS}" in told


def test_junit_of_pytest(ran: Ran, tmp_path: Path):
    ran("pytest", FILE, "-p", "no:cacheprovider", "--junitxml", "report.xml")
    (failure,) = ElementTree.parse(tmp_path / "report.xml").iter("failure")
    assert str(failure.get("message")).startswith(f"{FILE}:{LINE}:{COLUMN}: wanted {WANTED}, was {WAS}")


def test_a_difference_between_stages_would_be_told_by_the_same_reports(ran: Ran):
    told = json.loads(ran("nexuslic", "run", FILE, "--on", "simulation,sqlite", "--json"))
    assert (told["compared"], told["differences"]) == (1, 0)
    assert {case["failures"][0]["was"] for story in told["stories"] for case in story["cases"]} == {WAS}
