"""`nexuslic lint`: what it prints, in text, as JSON and as annotations, and how it ends."""

import json
from pathlib import Path

import pytest

from nexuslic.cli import main
from nexuslic.cli.lint import Complaint, annotation

STORY = """\
scenario: a
format: 1
why: b?
starts: 2026-03-02 06:00 UTC
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {runs: yes}}
"""
NOTHING = STORY.replace(", expect: {runs: yes}", "")
IDLE = STORY.replace("ws1, e", "ws1, note: x, e").replace("to: day 2}", "to: day 2}, {from: day 1 08:00, to: day 2}")
IDLE = IDLE.replace("starts:", "ends: day 3\nstarts:")


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Look at these texts, each in a file of its own: a, b, c."""
    monkeypatch.chdir(tmp_path)

    def call(*texts: str, options: tuple[str, ...] = ()):
        files = [f"{letter}.scenario.yaml" for letter, _ in zip("abc", texts, strict=False)]
        for file, text in zip(files, texts, strict=True):
            Path(file).write_text(text.replace("scenario: a", f"scenario: {file}"), "utf-8")
        status = main(["lint", *options, *files])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def test_a_right_story_exits_0(lint):
    assert lint(STORY) == (0, "1 files, 1 cases: all right\n", "")


def test_a_finding_exits_1_with_place_code_name_and_what_to_do(lint):
    status, out, err = lint(STORY, IDLE)
    problem = "b.scenario.yaml:6:36: L301 idle-window: nobody asks the license server while this window lasts"
    assert (status, out, err) == (1, f"{problem}\n  launch while it lasts, or leave it out\n", "")


def test_a_wrong_file_exits_2_and_a_story_that_checks_nothing_5(lint):
    assert [lint(*texts)[0] for texts in ((STORY, NOTHING), (NOTHING, IDLE), (NOTHING, IDLE, "a"))] == [5, 1, 2]


def test_errors_are_told_with_their_places(lint):
    status, out, err = lint(NOTHING, STORY.replace("runs:", "rns:"))
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "error: a.scenario.yaml:1:1: this story checks nothing",
        "  add an `expect`",
        "error: b.scenario.yaml:7:51: `rns` is no key here",
        "  did you mean `runs`?",
    ]


@pytest.mark.parametrize("options", [("--ignore", "L301"), ("--ignore", "idle-window"), ("--rule", "L204")])
def test_rules_may_be_left_out(lint, options: tuple[str, ...]):
    assert lint(IDLE, options=options)[0] == 0


def test_one_rule_may_be_asked(lint):
    assert lint(IDLE, options=("--rule", "idle-window"))[0] == 1


def test_a_rule_that_there_is_not_exits_2(lint):
    assert lint(IDLE, options=("--rule", "L30"))[::2] == (2, "error: there is no rule `L30`: did you mean `L303`?\n")


def test_json_holds_all_that_is_told(lint):
    status, out, err = lint(IDLE, "a: b", options=("--json",))
    told = json.loads(out)
    assert (status, err, told["format"], told["files"], told["cases"]) == (2, "", 1, 2, 1)
    assert told["findings"][1] == {
        "file": "a.scenario.yaml",
        "line": 6,
        "column": 36,
        "code": "L301",
        "name": "idle-window",
        "problem": "nobody asks the license server while this window lasts",
        "hint": "launch while it lasts, or leave it out",
    }
    assert told["findings"][0]["code"] is None


def test_json_of_nothing_is_an_empty_list(lint):
    assert json.loads(lint(STORY, options=("--json",))[1])["findings"] == []


def test_github_gets_one_annotation_a_finding(lint):
    status, out, _ = lint(IDLE, options=("--github",))
    where = "file=a.scenario.yaml,line=6,col=36,title=nexuslic L301 idle-window"
    said = "nobody asks the license server while this window lasts: launch while it lasts, or leave it out"
    assert (status, out) == (1, f"::error {where}::{said}\n")


def test_no_text_breaks_out_of_an_annotation():
    one = Complaint("a,b\n:c%:7:2", "L1 x", "one\n::error::two 100%", "", 1)
    assert annotation(one) == "::error file=a%2Cb%0A%3Ac%25,line=7,col=2,title=nexuslic L1 x::one%0A::error::two 100%25"
