"""`nexuslic generate`: what it writes, where, what it says, and what it refuses."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nexuslic.cli import main

TRIP = Path(__file__).resolve().parents[2] / "scenarios/offshore/45-day-north-sea-trip.scenario.yaml"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """A command in an empty folder: its status, and what it printed."""
    monkeypatch.chdir(tmp_path)

    def called(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(list(args))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return called


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_one_file_a_story_is_written_and_all_of_them_hold(call: Call, tmp_path: Path):
    assert call("generate", "--seed", "7", "--count", "12")[0] == 0
    assert files(tmp_path) == [f"7-{number:03d}.scenario.yaml" for number in range(1, 13)]
    assert call("run", "generated")[0] == 0


def test_the_seed_comes_first_and_what_was_visited_last(call: Call):
    lines = call("generate", "--seed", "7", "--count", "3")[1].splitlines()
    assert lines[0] == "seed 7"
    assert [line.split()[0] for line in lines[1:8]] == [
        *("verbs", "states", "rows", "causes", "reasons", "tampers", "troubles")
    ]
    assert re.fullmatch(
        r"3 stories in generated, [0-9]+ launches, [0-9]+ refused; now: nexuslic run generated", lines[-1]
    )


def test_without_a_seed_a_new_one_is_told_that_gives_the_same_again(call: Call, tmp_path: Path):
    seed = call("generate", "--count", "2", "--into", "one")[1].split()[1]
    call("generate", "--count", "2", "--into", "two", "--seed", seed)
    one, two = ((tmp_path / name / f"{seed}-002.scenario.yaml").read_bytes() for name in ("one", "two"))
    assert one == two


def test_two_new_seeds_differ(call: Call):
    assert call("generate", "--count", "1")[1].split()[1] != call("generate", "--count", "1")[1].split()[1]


def test_the_same_again_changes_nothing(call: Call, tmp_path: Path):
    call("generate", "--seed", "7", "--count", "2")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    assert call("generate", "--seed", "7", "--count", "3")[0] == 0
    assert {path: path.read_bytes() for path in before} == before


def test_other_content_is_never_written_over(call: Call, tmp_path: Path):
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "7-003.scenario.yaml").write_text("mine", "utf-8")
    status, _, err = call("generate", "--seed", "7", "--count", "5")
    assert status == 2 and err == (
        f"error: {Path('generated/7-003.scenario.yaml')} exists already with other content: "
        "nothing was written, choose another --into\n"
    )
    assert files(tmp_path) == ["7-003.scenario.yaml"]
    assert (tmp_path / "generated" / "7-003.scenario.yaml").read_text("utf-8") == "mine"


def test_a_folder_in_the_place_of_a_file_is_left_alone(call: Call, tmp_path: Path):
    (tmp_path / "generated" / "7-001.scenario.yaml").mkdir(parents=True)
    assert call("generate", "--seed", "7", "--count", "2")[0] == 2
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--seed", "../up"), "--seed '../up': a seed is up to 40"),
        (("--seed", " "), "--seed ' '"),
        (("--seed", "x" * 41), "a seed is up to 40"),
        (("--count", "0"), "--count"),
        (("--count", "many"), "--count"),
        (("--plant", "21"), "--plant 21: there are stories 1 to 20"),
        (("--plant", "0"), "--plant 0"),
        (("--like", "nowhere.scenario.yaml"), "nowhere.scenario.yaml:1:1: the file cannot be read"),
        (("--like", "."), "no file that holds a story"),
        (("--shrink", "nowhere.scenario.yaml"), "nowhere.scenario.yaml:1:1: the file cannot be read"),
        (("--shrink", str(TRIP)), "there is nothing to make shorter"),
        (("--shrink", str(TRIP), "--seed", "7"), "leave --seed, --like and --plant out"),
        (("--into", "taken"), "it cannot be written"),
    ],
)
def test_what_is_wrong_is_told_once_before_anything_is_written(call: Call, tmp_path: Path, args: tuple, said: str):
    (tmp_path / "taken").write_text("a file", "utf-8")
    status, _, err = call("generate", *args)
    assert status == 2 and said in err and err.lower().count("error") == 1
    assert files(tmp_path) == ["taken"]


def test_stories_like_one(call: Call, tmp_path: Path):
    assert call("generate", "--seed", "7", "--count", "4", "--like", str(TRIP))[0] == 0
    assert files(tmp_path) == [f"45-day-north-sea-trip-7-00{number}.scenario.yaml" for number in range(1, 5)]
    assert call("run", "generated")[0] == 0


def test_a_program_gets_the_seed_the_files_and_what_each_visits(call: Call):
    status, out, _ = call("generate", "--seed", "7", "--count", "3", "--plant", "2", "--json")
    told = json.loads(out)
    assert status == 0 and list(told) == ["format", "seed", "stories", "visited"] and told["seed"] == "7"
    assert [story["file"] for story in told["stories"]] == [f"generated/7-00{n}.scenario.yaml" for n in (1, 2, 3)]
    assert [story["planted"] for story in told["stories"]] == [False, True, False]
    assert set(told["stories"][0]["visits"]) == set(told["visited"])


def test_one_planted_fault_in_a_hundred_stories_is_found_and_named(call: Call):
    """The canary: the other 99 pass."""
    call("generate", "--seed", "canary", "--count", "100", "--plant", "63")
    status, out, _ = call("run", "generated", "--json")
    stories = json.loads(out)["stories"]
    failed = [Path(story["file"]).name for story in stories if story["outcome"] != "passed"]
    assert (status, len(stories), failed) == (1, 100, ["canary-063.scenario.yaml"])


def test_the_report_of_a_planted_fault_names_its_file(call: Call):
    said = call("generate", "--seed", "7", "--count", "5", "--plant", "4")[1]
    path = Path("generated/7-004.scenario.yaml")
    status, out, _ = call("run", "generated")
    assert f"planted   one wrong expectation in {path}\n" in said
    assert status == 1 and out.count("FAIL") == 1 and f"{path}:" in out


def test_a_failing_story_is_made_short_and_fails_by_the_same(call: Call, tmp_path: Path):
    call("generate", "--seed", "7", "--count", "5", "--plant", "4")
    status, out, _ = call("generate", "--shrink", "generated/7-004.scenario.yaml", "--into", "short")
    assert status == 0 and out.startswith("fails by ")
    short = tmp_path / "short" / "7-004-short.scenario.yaml"
    assert len(short.read_text("utf-8").splitlines()) <= 20
    ran, report, _ = call("run", "short")
    key = out.split()[2]
    assert ran == 1 and f"expect: {{{key}: " in report


def test_a_program_gets_what_was_made_short(call: Call):
    call("generate", "--seed", "7", "--count", "5", "--plant", "4")
    told = json.loads(call("generate", "--shrink", "generated/7-004.scenario.yaml", "--json")[1])
    before, after = told["lines"]
    assert told["file"] == "generated/7-004-short.scenario.yaml" and after < before


def test_a_few_of_many_missing_words_are_told(call: Call):
    lines = call("generate", "--seed", "7", "--count", "1")[1].splitlines()
    assert re.fullmatch(r"reasons +[0-9]+/13  missing: [a-z]+, [a-z]+, [a-z]+, [a-z]+ and [0-9]+ more", lines[5])


def test_a_story_is_made_short_only_where_two_stages_differ(call: Call, tmp_path: Path):
    assert call("generate", "--seed", "7", "--count", "1")[0] == 0
    status, _, told = call("generate", "--shrink", "generated/7-001.scenario.yaml", "--on", "simulation,sqlite")
    assert status == 2
    assert "it is the same on simulation and sqlite" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "simulation,sqlite"], "--on goes with --shrink"),
        (["--shrink", "generated/7-001.scenario.yaml", "--on", "sqlite"], "name the two stages that differ"),
        (["--shrink", "generated/7-001.scenario.yaml", "--on", "moon"], "`moon` is no stage"),
    ],
)
def test_stages_are_named_where_they_are_needed(call: Call, words: list[str], said: str):
    assert call("generate", "--seed", "7", "--count", "1")[0] == 0
    status, _, told = call("generate", *words)
    assert status == 2
    assert said in told
