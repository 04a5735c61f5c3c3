"""The GitHub Action: what its file may hold, and its steps run as GitHub runs them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

KEYS = {"name", "description", "author", "branding", "inputs", "outputs", "runs"}
STEP_KEYS = {"name", "id", "if", "shell", "env", "run", "uses", "with", "working-directory", "continue-on-error"}
PROGRAM = """#!{python}
import json, pathlib, sys
from nexuslic.cli.run import command
from nexuslic.cli import main
words = sys.argv[1:]
pathlib.Path({asked!r}).write_text(json.dumps(words))
known = {{name for one in command.params for name in one.opts}}
for name, holds in (("--github", False), ("--junit", True), ("--markdown", True)):
    if name in words and name not in known:
        place = words.index(name)
        if holds:
            pathlib.Path(words[place + 1]).write_text("the summary\\n")
        del words[place : place + 1 + holds]
sys.exit(main(words))
"""
"""nexuslic, which writes down what it was asked; an option that it does not have yet is done in its place."""


def problems(action: dict) -> list[str]:
    """What GitHub would refuse in a composite action, and text of an input that would be run."""
    steps = action.get("runs", {}).get("steps", [])
    found = [f"key {key}" for key in set(action) - KEYS]
    found += [f"{key} is missing" for key in ("name", "description", "runs") if key not in action]
    if action.get("runs", {}).get("using") != "composite":
        found.append("it is not composite")
    for step in steps:
        found += [f"key {key} of a step" for key in set(step) - STEP_KEYS]
        if ("run" in step) == ("uses" in step):
            found.append("a step has either run or uses")
        if "run" in step and "shell" not in step:
            found.append("run without shell")
        if "${{" in step.get("run", ""):
            found.append("an expression in the text of a shell")
        if "uses" in step and not re.fullmatch(r"[\w.-]+/[\w./-]+@[\w.-]+", step["uses"]):
            found.append("uses without a version")
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps([steps, action.get("outputs", {})])))
    given = set(action.get("inputs", {}))
    found += [f"input {name}" for name in used ^ given]
    found += [f"{name} says nothing" for name, one in action.get("inputs", {}).items() if not one.get("description")]
    return sorted(found)


BAD = {
    "name": "a",
    "input": {},
    "inputs": {"b": {"description": ""}},
    "runs": {
        "using": "composite",
        "steps": [{"run": "echo ${{ inputs.c }}"}, {"uses": "actions/checkout", "when": "x"}, {"name": "d"}],
    },
}


def test_a_bad_action_is_found():
    assert problems(BAD) == [
        "a step has either run or uses",
        "an expression in the text of a shell",
        "b says nothing",
        "description is missing",
        "input b",
        "input c",
        "key input",
        "key when of a step",
        "run without shell",
        "uses without a version",
    ]


@pytest.fixture
def action(root: Path) -> dict:
    return yaml.safe_load((root / "action.yml").read_text("utf-8"))


def test_the_action_is_one_that_github_takes(action: dict):
    assert problems(action) == []


STORY = """\
scenario: a
format: 1
why: b?
starts: 2026-03-02 06:00 UTC
tags: quay
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {runs: yes}}
"""


class Runner:
    """A machine of GitHub's, in a folder; `step` runs a step of the action."""

    def __init__(self, action: dict, folder: Path) -> None:
        self.action, self.folder = action, folder
        self.asked = folder / "asked.json"
        tools, self.work = folder / "tools", folder / "work"
        for path in (tools, self.work, folder / "temp"):
            path.mkdir()
        program = tools / "nexuslic"
        program.write_text(PROGRAM.format(python=sys.executable, asked=str(self.asked)), "utf-8")
        program.chmod(0o755)
        (self.work / "scenarios").mkdir()
        self.story(STORY)
        self.environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_PATH": str(folder / "path"),
        }

    def story(self, text: str) -> None:
        (self.work / "scenarios" / "a.scenario.yaml").write_text(text, "utf-8")

    def run(self, **inputs: str) -> "subprocess.CompletedProcess[str]":
        """The step that runs the stories, with these inputs (`_` for `-`)."""
        (step,) = [one for one in self.action["runs"]["steps"] if one.get("id") == "stories"]
        given = {name: one["default"] for name, one in self.action["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        environment = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], value)
            for name, value in step["env"].items()
        }
        script = self.folder / "step.sh"
        script.write_text(step["run"], "utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.work,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def words(self) -> list[str]:
        """What nexuslic was asked, but for the files that are written."""
        words: list[str] = json.loads(self.asked.read_text("utf-8"))
        assert words[:3] == ["run", "--github", "--junit"] and words[4] == "--markdown"
        return words[6:]


@pytest.fixture
def runner(action: dict, tmp_path: Path) -> Runner:
    return Runner(action, tmp_path)


def test_stories_that_hold_pass_and_leave_a_summary_and_a_junit_file(runner: Runner):
    done = runner.run()
    assert (done.returncode, runner.words) == (0, ["--", "scenarios"]), done.stderr
    assert (runner.folder / "summary").read_text("utf-8")
    assert (runner.work / "nexuslic-junit.xml").exists()
    assert (runner.folder / "output").read_text("utf-8") == "junit=nexuslic-junit.xml\n"


def test_a_story_that_does_not_hold_fails_the_step_and_is_summed_up(runner: Runner):
    runner.story(STORY.replace("runs: yes", "runs: no"))
    assert runner.run().returncode == 1
    assert (runner.folder / "summary").read_text("utf-8")


def test_a_wrong_file_fails_the_step(runner: Runner):
    runner.story(STORY.replace("runs: yes", "rns: no"))
    assert runner.run().returncode == 2


def test_paths_stand_one_a_line(runner: Runner):
    runner.run(paths="scenarios/a.scenario.yaml\nwith a space\n\n--json")
    assert runner.words == ["--", "scenarios/a.scenario.yaml", "with a space", "--json"]


def test_more_options_are_taken_apart_as_a_shell_does(runner: Runner):
    done = runner.run(args="--tag quay -k \"a b\" --case ''")
    assert runner.words == ["--tag", "quay", "-k", "a b", "--case", "", "--", "scenarios"]
    assert done.returncode == 5


def test_a_quote_without_its_other_half_fails_before_anything_runs(runner: Runner):
    assert runner.run(args='-k "a').returncode != 0
    assert not runner.asked.exists()


@pytest.mark.parametrize(
    ("given", "words"), [("false", []), ("", []), ("true", ["--require-coverage"]), ("80", ["--require-coverage=80"])]
)
def test_coverage_is_asked_for(runner: Runner, given: str, words: list[str]):
    runner.run(require_coverage=given)
    assert runner.words == [*words, "--", "scenarios"]


@pytest.mark.parametrize("name", ["paths", "args", "require_coverage", "junit"])
def test_no_input_is_run(runner: Runner, name: str):
    runner.run(**{name: "$(touch ran) `touch ran` ; touch ran\n&& touch ran"})
    assert not list(runner.folder.rglob("ran"))
    outputs = (runner.folder / "output").read_text("utf-8").splitlines() if (runner.folder / "output").exists() else []
    assert len(outputs) <= 1


def test_the_version_is_the_one_asked_for_or_the_actions_own(action: dict):
    (step,) = [one for one in action["runs"]["steps"] if one["name"] == "Install nexuslic"]
    words = re.search(r'"(\$\{VERSION:\+[^"]+)"', step["run"])
    assert words is not None
    said = f'VERSION="$1" GITHUB_ACTION_PATH=/here; echo "{words[1]}"'
    asked = [subprocess.check_output(["bash", "-c", said, "-", one], text=True).strip() for one in ("1.2", "")]
    assert asked == ["nexuslic==1.2", "/here"]
