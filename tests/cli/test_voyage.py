"""`nexuslic voyage` draws what it answers, and says why."""

import builtins
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nexuslic.cli import cli


def call(*args: object) -> Result:
    return CliRunner().invoke(cli, ["voyage", *map(str, args)], standalone_mode=False)


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<svg"), ("a.html", b"<!doctype"), ("A.PNG", b"\x89PNG")])
def test_a_chart_is_written_by_the_ending_of_its_file(tmp_path: Path, name: str, begins: bytes):
    done = call("--chart", tmp_path / name)
    assert done.exception is None and "Last good launch: day 31 06:00." in done.stdout
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("name", ["a.gif", "a", "a.svg.txt"])
def test_another_ending_is_refused_and_nothing_is_written(tmp_path: Path, name: str):
    done = call("--chart", tmp_path / name)
    assert "a picture ends in .svg, .png or .html" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_two_files_of_one_name_are_refused(tmp_path: Path):
    done = call("--chart", tmp_path / "a.svg", "--save", tmp_path / "a.svg")
    assert "--save and --chart both name" in str(done.exception)


def test_a_png_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "vl_convert":
            raise ModuleNotFoundError("no", name=name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'nexuslic[lab]'" in str(call("--chart", tmp_path / "a.png").exception)
    assert call("--chart", tmp_path / "a.svg").exception is None


def test_a_day_is_explained_instead_of_the_whole():
    said = call("--explain", "day 32").stdout
    assert said.startswith("Day 32, Thu 2 Apr 2026: Expired, it does not run.") and "What would cover" not in said


def test_nothing_decided_is_said():
    assert call("--explain", "day 1 07:00").stdout == "Nothing was decided on day 1 07:00.\n"


def test_a_program_gets_the_explanation_beside_the_answer():
    told = json.loads(call("--explain", "day 32", "--json").stdout)
    assert told["refused_days"] == list(range(32, 46))
    assert (told["explained"]["day"], told["explained"]["runs"]) == (32, False)
    assert told["explained"]["would_have_helped"] == {
        "grace": 31,
        "extension": 1,
        "hotspot": {"first": 2, "last": 31},
        "code": {"first": 2, "last": 31},
    }


def test_without_explain_a_program_gets_what_it_always_got():
    assert "explained" not in json.loads(call("--json").stdout)


def test_a_renamed_server_is_told_of():
    said = call("--days", "20", "--rename", "day 5", "--contact", "day 9").stdout
    assert "A renamed server asks for the license key again" in said
    assert "Refused on 4 days: day 6 to day 9." in said


def test_a_rename_outside_the_voyage_is_refused():
    assert "--rename 'day 50'" in str(call("--rename", "day 50").exception)
