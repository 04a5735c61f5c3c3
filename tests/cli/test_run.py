"""What `nexuslic run` reports, in every format the same, and what it refuses before anything runs."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from nexuslic.cli import main
from nexuslic.cli import run as run_command
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.scenario.stage_simulated import SimulatedStage


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str


@dataclass
class Shell:
    """A folder with stories, and the command in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    story: Callable[..., str]

    def write(self, name: str, title: str = "", one: int = 28, two: int = 28) -> None:
        (self.folder / f"{name}.scenario.yaml").write_text(self.story(title or name, one, two), "utf-8")

    def run(self, *args: str) -> Done:
        self.capsys.readouterr()
        status = main(["run", *(args if any(not a.startswith("-") for a in args[:1]) else (".", *args))])
        printed = self.capsys.readouterr()
        return Done(status, printed.out, printed.err)


@pytest.fixture
def shell(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    story_of_two_cases: Callable[..., str],
) -> Shell:
    folder = tmp_path / "stories"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return Shell(folder, capsys, story_of_two_cases)


@pytest.fixture
def mixed(shell: Shell) -> Shell:
    """One story that holds, one with a case that does not, and one file that is wrong."""
    shell.write("a-good")
    shell.write("b-bad", two=5)
    (shell.folder / "c-wrong.scenario.yaml").write_text("scenario: c\nformat: 1\nwy: b\n")
    return shell


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes stories run on these stages."""

    def use(**stages: type[SimulatedStage]) -> None:
        monkeypatch.setattr(run_command, "stages", lambda _: stages)

    return use


class NotHere(SimulatedStage):
    def begin(self, case) -> None:
        raise NotOnThisStage("nobody turns this clock back")


class Interrupted(SimulatedStage):
    """Ctrl-C comes in the third world."""

    worlds = 0

    def begin(self, case) -> None:
        type(self).worlds += 1
        if type(self).worlds == 3:
            raise KeyboardInterrupt
        super().begin(case)


# -- every format tells the same --------------------------------------------------------------------------------------

PLACES = {("b-bad.scenario.yaml", 9, "was 28 (wanted 5)"), ("c-wrong.scenario.yaml", 3, "`wy` is no word")}


def plain(text: str) -> set[tuple[str, int]]:
    found = re.findall(r"([\w-]+\.scenario\.yaml):([0-9]+):[0-9]+", text)
    return {(file, int(line)) for file, line in found}


WRONG = {("b-bad.scenario.yaml", 9), ("c-wrong.scenario.yaml", 3)}


def test_the_text_says_where(mixed: Shell):
    done = mixed.run()
    assert (done.status, plain(done.out + done.err)) == (2, WRONG)


def test_junit_says_where_the_text_does(mixed: Shell):
    done = mixed.run("--junit", "out.xml")
    cases = ElementTree.parse("out.xml").getroot().iter("testcase")
    told = {(case.get("file"), int(case.get("line") or 0)) for case in cases if len(case)}
    assert (told, done.status) == (WRONG, 2)


def test_the_text_of_a_junit_failure_is_the_report(mixed: Shell):
    done = mixed.run("--junit", "out.xml")
    (failure,) = ElementTree.parse("out.xml").getroot().iter("failure")
    assert failure.text in done.out


def test_tap_says_where_the_text_does(mixed: Shell):
    out = mixed.run("--tap").out
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.$", out, re.MULTILINE | re.DOTALL)
    told = [yaml.safe_load(re.sub("^  ", "", block, flags=re.MULTILINE)) for block in blocks]
    assert {(one["file"], one["line"]) for one in told} == WRONG
    assert out.startswith("TAP version 14\n1..5\nok 1 - a-good [one]\n")


def test_json_lines_say_where_the_text_does(mixed: Shell):
    *cases, last = map(json.loads, mixed.run("--jsonl").out.splitlines())
    assert {(one["file"], one["line"]) for one in cases if one["outcome"] != "passed"} == WRONG
    assert [one["case"] for one in cases] == ["one", "two", "one", "two", ""]
    assert (last["status"], last["run"], last["planned"]) == (2, 5, 5)


def test_annotations_say_where_the_text_does(mixed: Shell):
    out = mixed.run("--github").out
    found = re.findall(r"^::error file=([^,]+),line=([0-9]+),col=[0-9]+,title=", out, re.MULTILINE)
    assert {(file, int(line)) for file, line in found} == WRONG
    assert "FAIL  b-bad  [two]" in out


def test_markdown_says_where_the_text_does(mixed: Shell):
    out = mixed.run("--markdown", "-").out
    assert plain("\n".join(re.findall("<summary>.*</summary>", out))) == WRONG
    assert "ok    a-good" not in out


def test_the_object_says_where_the_text_does(mixed: Shell):
    stories = json.loads(mixed.run("--json").out)["stories"]
    places = [failure["place"] for story in stories for case in story["cases"] for failure in case["failures"]]
    errors = [story["error"] for story in stories if story["error"]]
    assert plain("\n".join(places + errors)) == WRONG


def test_all_of_them_at_once(mixed: Shell):
    done = mixed.run(
        *("--tap", "--github", "--junit", "j.xml", "--markdown", "m.md", "--coverage-html", "c.html"),
    )
    assert done.status == 2
    assert done.out.startswith("TAP version 14") and "::error" not in done.out
    assert done.err.count("::error ") == 2
    assert [Path(name).exists() for name in ("j.xml", "m.md", "c.html")] == [True] * 3


# -- what is refused before anything runs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--shard", "3/2"], "write 1/3, 2/3 or 3/3"),
        (["--shard", "0/2"], "write 1/3, 2/3 or 3/3"),
        (["--repeat", "0"], "1<=x<=100000"),
        (["--repeat", "x"], "'x' is not a valid integer"),
        (["-j", "0"], "1<=x<=256"),
        (["--require-coverage", "101"], "write a number over 0, up to 100"),
        (["--require-coverage", "0"], "write a number over 0, up to 100"),
        (["--require-coverage", "-3"], "write a number over 0, up to 100"),
        (["--require-coverage", "1.2.3"], "write a number over 0, up to 100"),
        (["--junit", "none/a.xml"], "it cannot be written: No such file or directory"),
        (["--coverage-html", "."], "this is a folder"),
        (["--tap", "--json"], "both go to standard output"),
        (["--jsonl", "--markdown", "-"], "both go to standard output"),
        (["--junit", "a", "--markdown", "a"], "both name a"),
        (["--until", "nonsense"], "is no time"),
        (["--format", "xml"], "No such option"),
    ],
)
def test_a_wrong_value_exits_2_and_nothing_runs(shell: Shell, args: list[str], said: str):
    shell.write("a-good")
    done = shell.run(*args)
    assert (done.status, done.out) == (2, "")
    assert said in done.err and "Traceback" not in done.err
    assert sorted(path.name for path in shell.folder.iterdir()) == ["a-good.scenario.yaml"]


# -- what is chosen ---------------------------------------------------------------------------------------------------


def names(out: str) -> list[str]:
    return re.findall(r"^ok [0-9]+ - (.*)$", out, re.MULTILINE)


def test_shards_are_together_all_cases(shell: Shell):
    for name in ("a", "b", "c"):
        shell.write(name)
    parts = [names(shell.run("--tap", "--shard", f"{number}/4").out) for number in range(1, 5)]
    assert sorted(name for part in parts for name in part) == names(shell.run("--tap").out)
    assert all(parts)


def test_a_shard_without_a_case_checks_nothing(shell: Shell):
    shell.write("a")
    assert shell.run("--shard", "3/3").status == 5


def test_only_what_failed_last_time_is_run_again(mixed: Shell):
    mixed.run()
    mixed.write("b-bad", two=28)
    done = mixed.run("--last-failed", "--tap")
    assert names(done.out) == ["b-bad [two]"]
    assert "not ok 2 - c-wrong.scenario.yaml" in done.out


def test_if_nothing_failed_all_are_run_and_it_says_so(shell: Shell):
    shell.write("a")
    done = shell.run("--last-failed", "--tap")
    assert (done.status, names(done.out)) == (0, ["a [one]", "a [two]"])
    assert done.err == "nothing failed last time: all are run\n"


def test_a_part_of_a_story_is_not_remembered(shell: Shell):
    shell.write("a", one=5)
    shell.run()
    shell.run("--until", "day 2")
    assert "[one]" in shell.run("--last-failed", "--tap").out


def test_where_it_cannot_be_remembered_the_run_still_counts(shell: Shell):
    shell.write("a", one=5)
    (shell.folder / ".nexuslic-cache").write_text("in the way")
    done = shell.run()
    assert done.status == 1
    assert "note: " in done.err and "what failed cannot be kept for --last-failed" in done.err


def test_repeating_a_simulated_story_comes_to_the_same(shell: Shell):
    shell.write("a")
    assert shell.run("--repeat", "5").status == 0


# -- where it stops ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_fail_fast_stops_at_the_first_story_and_reports_are_written(shell: Shell, jobs: str):
    shell.write("a-bad", one=5)
    shell.write("b-good")
    done = shell.run("--fail-fast", "-j", jobs, "--junit", "out.xml", "--markdown", "out.md")
    root = ElementTree.parse("out.xml").getroot()
    assert (done.status, root.get("tests")) == (1, "2")
    incomplete = root[0].find("properties/property[@name='incomplete']")
    assert incomplete is not None and incomplete.get("value") == "stopped by --fail-fast after 2 of 4 cases"
    assert "**Incomplete:** stopped by --fail-fast after 2 of 4 cases" in Path("out.md").read_text()


def test_fail_fast_at_the_last_story_leaves_nothing_out(shell: Shell):
    shell.write("a-bad", one=5)
    shell.run("--fail-fast", "--markdown", "out.md")
    assert "Incomplete" not in Path("out.md").read_text()


def test_fail_fast_goes_past_what_a_stage_cannot_do(shell: Shell, staged: Callable[..., None]):
    shell.write("a")
    shell.write("b", one=5)
    staged(real=NotHere, simulation=SimulatedStage)
    assert shell.run("--fail-fast").status == 1


def test_ctrl_c_exits_130_and_reports_are_written(shell: Shell, staged: Callable[..., None]):
    for name in ("a", "b"):
        shell.write(name)
    Interrupted.worlds = 0
    staged(simulation=Interrupted)
    done = shell.run("--tap", "--junit", "out.xml")
    assert done.status == 130
    assert done.out.endswith("Bail out! stopped with Ctrl-C after 2 of 4 cases\n")
    assert ElementTree.parse("out.xml").getroot().get("tests") == "2"


def test_ctrl_c_in_the_middle_of_a_story_keeps_its_cases(shell: Shell, staged: Callable[..., None]):
    shell.write("a")
    shell.write("b")
    Interrupted.worlds = 1
    staged(simulation=Interrupted)
    lines = [json.loads(line) for line in shell.run("--jsonl").out.splitlines()]
    assert [line.get("case") for line in lines] == ["one", None]
    assert lines[-1]["incomplete"] == "stopped with Ctrl-C after 1 of 4 cases"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_real_ctrl_c_ends_endless_repeats_quietly(shell: Shell, jobs: str):
    """As at a terminal: all processes hear it, and one of them says something."""
    shell.write("a")
    long = "ends: day 90\nevery: [{at: every 1h, launch: ws1}]\n"
    Path("a.scenario.yaml").write_text(Path("a.scenario.yaml").read_text() + long)
    words = ["run", "a.scenario.yaml", "--repeat", "100000", "--tap", "-j", jobs, "--junit", "out.xml"]
    command = [sys.executable, "-m", "nexuslic", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as process:
        process.stdout.readline()
        process.stdout.readline()
        if jobs == "2":
            children(process.pid)
        out, err = interrupted(process)
    assert (process.returncode, err) == (130, "")
    assert out == "Bail out! stopped with Ctrl-C after 0 of 2 cases\n"
    assert Path("out.xml").exists()


def interrupted(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """What is printed after a Ctrl-C that all processes hear."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        return process.communicate(timeout=100)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def test_a_real_ctrl_c_ends_the_planting_of_faults_quietly(root: Path):
    command = [sys.executable, "-m", "nexuslic", "run", str(root / "scenarios"), "--mutate", "-j", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, start_new_session=True, **pipes) as process:
        children(process.pid)
        out, err = interrupted(process)
    assert (process.returncode, out, err.strip()) == (130, "", "stopped")


def children(parent: int) -> None:
    """Wait until it has two."""
    while len(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()) < 2:
        pass


# -- stages and statuses ----------------------------------------------------------------------------------------------


def test_what_a_stage_cannot_do_is_printed_counted_and_no_pass(shell: Shell, staged: Callable[..., None]):
    shell.write("a")
    staged(simulation=SimulatedStage, real=NotHere)
    done = shell.run()
    assert done.status == 0
    assert "a.scenario.yaml:5:9: not on this stage (case `one`): nobody turns this clock back" in done.out
    assert "2 stories, 4 cases, 2 expectations: 0 failed, 2 cases not on this stage" in done.out


def test_where_no_stage_can_do_anything_nothing_was_checked(shell: Shell, staged: Callable[..., None]):
    shell.write("a")
    staged(real=NotHere)
    assert shell.run().status == 5


def test_each_stage_is_named_in_reports(shell: Shell, staged: Callable[..., None]):
    shell.write("a")
    staged(simulation=SimulatedStage, other=SimulatedStage)
    done = shell.run("--junit", "out.xml")
    assert "ok    a on other  (2 cases, 2 checked)" in done.out
    suites = [suite.get("name") for suite in ElementTree.parse("out.xml").getroot()]
    assert suites == ["nexuslic on simulation", "nexuslic on other"]


def test_a_bug_exits_3_and_is_in_the_reports(shell: Shell, staged: Callable[..., None]):
    class Bug(SimulatedStage):
        def begin(self, case) -> None:
            raise ZeroDivisionError("oops")

    shell.write("a")
    staged(simulation=Bug)
    done = shell.run("--junit", "out.xml")
    assert done.status == 3
    assert "nexuslic broke (ZeroDivisionError: oops); please report this" in done.err
    assert ElementTree.parse("out.xml").getroot().get("errors") == "2"


def test_a_report_that_cannot_be_written_after_all_fails_the_run(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    shell.write("a")
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    done = shell.run("--junit", "out.xml", "--markdown", "out.md")
    assert done.status == 1
    assert done.err.count("No space left on device") == 2
    assert "1 story, 2 cases" in done.out


def test_the_steps_summary_is_added_to_where_it_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    shell.write("a")
    summary = shell.folder.parent / "summary.md"
    summary.write_text("of the step before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    shell.run()
    assert summary.read_text() == "of the step before\n"
    shell.run("--markdown", str(summary))
    assert summary.read_text().startswith("of the step before\n### Stories: all hold\n")


def test_another_file_is_replaced(shell: Shell):
    shell.write("a")
    Path("out.md").write_text("old\n")
    shell.run("--markdown", "out.md")
    assert Path("out.md").read_text().startswith("### Stories: all hold\n")


# -- coverage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "status"), [([], 1), (["100"], 1), (["0.4"], 0), (["1%"], 0), (["1.46"], 1)])
def test_coverage_that_is_wanted_is_met_or_fails_with_what_is_missing(shell: Shell, percent: list[str], status: int):
    shell.write("a")
    text = (shell.folder / "a.scenario.yaml").read_text()
    refused = "  - {at: day 40, launch: ws1, expect: {runs: no}}\n"  # so that causes and reasons are more than none
    (shell.folder / "a.scenario.yaml").write_text(text + refused)
    done = shell.run("--require-coverage", *percent)
    assert done.status == status
    assert "coverage combinations 3/206" in done.out
    assert "  missing of reasons: unlicensed" in done.out


def test_a_path_may_stand_after_the_flag(shell: Shell):
    shell.write("a")
    done = shell.run("--require-coverage", "a.scenario.yaml")
    assert (done.status, "coverage rows 2/28" in done.out) == (1, True)


def test_a_story_that_fails_is_graver_than_coverage(shell: Shell):
    shell.write("a", one=5)
    text = (shell.folder / "a.scenario.yaml").read_text()
    (shell.folder / "a.scenario.yaml").write_text(text + "always: [{never: Grace}]\n")
    assert shell.run("--require-coverage").status == 4


def test_the_text_of_coverage_has_a_line_for_each_row(shell: Shell):
    shell.write("a")
    out = shell.run("--coverage").out
    assert re.search(r"^  lose contact: Authenticated -> Grace +launch 1/9, open 0/9$", out, re.MULTILINE)


def test_help_says_every_exit_status(shell: Shell):
    done = shell.run("a", "--help")
    assert [re.search(rf"^ +{status} +\w", done.out, re.MULTILINE) is not None for status in (0, 1, 2, 3, 4, 5, 130)]
    assert "3, 2, 4, 1, 5, 0" in done.out
    assert os.getcwd() == str(shell.folder)


def test_what_broke_a_stage_is_told_in_one_sentence(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    def begin(stage: SimulatedStage, case: object) -> None:
        raise StageBroke("there is no room: free some")

    monkeypatch.setattr(SimulatedStage, "begin", begin)
    shell.write("a")
    done = shell.run()
    assert done.status == 3
    assert "simulation: there is no room: free some" in done.out + done.err
