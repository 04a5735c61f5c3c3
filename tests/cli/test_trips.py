"""`nexuslic trips` says what a list holds, or all that is wrong with it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nexuslic.cli import cli

HEAD = "departure,return,vessel,crew,contacts"


def call(*args: object) -> Result:
    return CliRunner().invoke(cli, ["trips", *map(str, args)], standalone_mode=False)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "trips.csv"
    assert call("example", "--out", path).exception is None
    return path


def test_the_example_is_printed_as_it_is_written(example: Path):
    assert call("example").stdout == example.read_text("utf-8")


def test_the_example_is_twelve_trips_and_all_right(example: Path):
    done = call("check", example)
    assert (done.return_value, done.stderr) == (0, "")
    assert f"{example}: all right" in done.stdout and "12 trips of 6 vessels" in done.stdout


def test_what_was_understood_is_told_in_plain_words(tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_text(f"{HEAD},remarks\n2026-03-02,2026-03-15,A,3,day 3; day 5\n2026-04-02,2026-04-15,a,1250,\n", "utf-8")
    said = [line.split("  ", 1)[1].strip() for line in call("check", path).stdout.splitlines()]
    assert said == [
        f"{path}: all right",
        "2 trips of 1 vessel",
        "from 2026-03-02 to 2026-04-02",
        "2026-04-15",
        "14 days (2 trips)",
        "3 to 1,250 people, 1,253 over all trips",
        "2, on 1 trip",
        *["0, on 0 trips"] * 4,
        "remarks",
    ]


def test_many_lengths_are_told_by_their_range(tmp_path: Path):
    path = tmp_path / "trips.csv"
    rows = [f"2026-03-01,2026-03-{day}" for day in range(10, 25)]
    path.write_text("departure,return\n" + "\n".join(rows), "utf-8")
    assert "and 7 other lengths from 10 to 24 days" in call("check", path).stdout


def test_fifty_problems_are_shown_and_the_others_counted(tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_text("departure,return\n" + "2026-03-02,2026-03-01\n" * 2000, "utf-8")
    done = call("check", path)
    assert (done.return_value, done.stdout) == (2, "")
    assert done.stderr.count('column "return": 2026-03-01 is before the departure') == 50
    assert done.stderr.endswith("and 1,950 more\n")


def test_a_program_gets_the_same(example: Path):
    told = json.loads(call("check", example, "--json").stdout)
    assert (told["trips"], told["vessels"], told["lengths"]["70"], told["problems"]) == (12, 6, 2, [])


def test_a_program_gets_the_problems_by_row_and_column(tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_text("departure,return\n2026-03-02,never\n", "utf-8")
    done = call("check", path, "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.return_value, problem["row"], problem["column"]) == (2, 2, "return")


def test_what_stands_in_a_file_moves_no_cursor(tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_text("departure,return\n2026-03-02,\x1b[2Jnever\n", "utf-8")
    assert "\x1b" not in call("check", path).stderr
