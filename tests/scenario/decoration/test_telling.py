"""What the report says of a miss: where it stands and what to do."""

import json
from pathlib import Path

import attrs
import pytest

from nexuslic.scenario.decoration import telling
from nexuslic.scenario.decoration.faults import FAULTS
from nexuslic.scenario.decoration.running import mutate

STORY = """\
scenario: A launch
format: 1
why: Does it run?
starts: 2026-03-02 06:00 UTC
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {runs: yes}}
  - {at: day 3 07:30, launch: ws1, expect: {launches: 1}}
"""


def some(*names: str):
    return tuple(fault for fault in FAULTS if fault.name in names)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "one.scenario.yaml"
    path.write_text(STORY, "utf-8")
    return str(path)


def test_each_miss_says_where_and_what_to_do(file: str):
    report = mutate([file], faults=some("no-reply-trusted", "seat-one-too-many"))
    assert telling.text(report).splitlines() == [
        "MISSED  seat-one-too-many: One session more than there are seats is let in.",
        "  no story notices (rules: Seats and named users): write one with as many sessions as there are seats, "
        "and one more",
        f"DECORATION  {file}:8:55: launches: 1",
        "  no fault breaks it: remove it, or expect what the license decides there",
        "1 of 2 faults caught",
        "1 of 2 expectations can be broken",
    ]


def test_a_crash_is_told_apart(file: str):
    def broken(*given):
        raise RuntimeError("no way")

    fault = attrs.evolve(FAULTS[0], where="nexuslic.client:contact", instead=lambda real: broken)
    said = telling.text(mutate([file], faults=(fault,)))
    assert f"CRASH  {fault.name}: " in said
    assert "caught by a crash alone" in said and "RuntimeError: no way" in said
    assert "1 of 1 faults caught, 1 of them by a crash" in said


def test_what_only_blunt_faults_break_is_counted(file: str, tmp_path: Path):
    path = tmp_path / "blunt.scenario.yaml"
    path.write_text(STORY.replace("{launches: 1}", "{runs: yes}"), "utf-8")
    said = telling.text(mutate([str(path)], faults=some("no-reply-trusted")))
    assert said.endswith("2 of 2 expectations can be broken, 2 only by a fault that breaks more than half of all")


def test_the_json_says_the_same(file: str):
    said = telling.as_json(mutate([file], faults=some("no-reply-trusted", "seat-one-too-many")))
    assert json.loads(json.dumps(said)) == said
    assert (said["outcome"], said["faults"]["caught"], said["faults"]["planted"]) == ("failed", 1, 2)
    found, missed = sorted(said["faults"]["each"], key=lambda one: not one["caught"])
    assert (found["fault"], found["breaks"], found["first"]) == ("no-reply-trusted", 1, f"{file}:7:57")
    assert missed["do"].startswith("write a story with ")
    assert said["expectations"]["decoration"] == [
        {
            "place": f"{file}:8:55",
            "key": "launches",
            "value": "1",
            "do": "no fault breaks it: remove it, or expect what the license decides there",
        }
    ]


def test_the_json_of_a_good_run_passes(file: str, tmp_path: Path):
    path = tmp_path / "good.scenario.yaml"
    path.write_text(STORY.replace("{launches: 1}", "{runs: yes}"), "utf-8")
    assert telling.as_json(mutate([str(path)], faults=some("no-reply-trusted")))["outcome"] == "passed"
