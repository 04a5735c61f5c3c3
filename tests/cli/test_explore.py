"""`nexuslic explore`: what it says, what it writes, and what it refuses."""

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from nexuslic.cli import explore, main

Call = Callable[..., tuple[int, str, str]]
BEFORE = "never: Expired, before: day 20"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command in an empty folder: its status, and what it printed."""
    monkeypatch.chdir(tmp_path)

    def called(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["explore", *args])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return called


def test_it_counts_and_says_that_all_holds(call: Call):
    status, out, _ = call("--depth", "2")
    assert status == 0
    assert re.search(r"^all verbs +31 +2 +[0-9]+ +[0-9]+$", out, re.MULTILINE)
    assert re.search(r"[0-9]+ states, [0-9,]+ transitions, [0-9,]+ decisions: all holds  \([0-9.]+ s\)$", out.rstrip())


def test_as_json_it_is_the_same_every_time(call: Call):
    first, second = (call("--depth", "2", "--json")[1] for _ in range(2))
    told = json.loads(first)
    assert first == second
    assert (told["holds"], told["violation"], told["rows"]["of"]) == (True, None, 28)


def test_a_line_that_does_not_hold_is_told_with_its_story(call: Call):
    status, out, _ = call("--depth", "3", "--always", BEFORE)
    assert status == 4
    assert f"FAIL  `{BEFORE}` does not hold" in out
    assert "the shortest story has 3 steps" in out and "scenario: " in out


def test_the_story_is_written_and_fails_in_run_in_the_same_way(call: Call, tmp_path: Path):
    assert call("--depth", "3", "--always", BEFORE, "--save", "found.scenario.yaml")[0] == 4
    assert main(["run", str(tmp_path / "found.scenario.yaml")]) == 4


def test_json_holds_the_story_and_how_run_ends(call: Call, tmp_path: Path):
    violation = json.loads(call("--depth", "3", "--always", BEFORE, "--json")[1])["violation"]
    assert (violation["run"], violation["steps"], violation["line"]) == (4, 3, None)
    assert violation["story"].startswith("scenario: ")


def test_nothing_is_written_where_all_holds(call: Call, tmp_path: Path):
    assert call("--depth", "1", "--save", "found.scenario.yaml")[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_a_policy_is_read_from_its_file(call: Call, tmp_path: Path):
    (tmp_path / "week.yaml").write_text("policy: a week\nformat: 1\ngrace: 7\n")
    assert "policy a week, 7 days of grace" in call("--depth", "1", "--policy", "week.yaml")[1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--depth", "0"), "a depth is 1 to 12 moves"),
        (("--depth", "99"), "a depth is 1 to 12 moves"),
        (("--depth", "deep"), "not a valid integer"),
        (("--policy", "none.yaml"), "none.yaml: it cannot be read"),
        (("--policy", "wrong.yaml"), "wrong.yaml:3:1: `grase` is no key here\n  did you mean `grace`?"),
        (("--always", "never: Expird"), "did you mean `Expired`?"),
        (("--always", "never: Grace, before: noon"), "`noon` is no time"),
        (("--save", "."), "this is a folder"),
        (("--save", "nowhere/found.yaml"), "it cannot be written"),
    ],
)
def test_bad_input_is_one_clear_error(call: Call, tmp_path: Path, args: tuple[str, ...], said: str):
    (tmp_path / "wrong.yaml").write_text("policy: a\nformat: 1\ngrase: 7\n")
    status, out, err = call(*args)
    assert (status, out) == (2, "")
    assert said in err and "Traceback" not in err


def test_ctrl_c_is_quiet(call: Call, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(explore.Stopwatch, "seconds", lambda _: signal.raise_signal(signal.SIGINT))
    status, out, err = call("--depth", "3")
    assert (status, out, err) == (130, "", "\nstopped\n")
