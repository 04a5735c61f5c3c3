"""`nexuslic policy compare`: what changes from one policy to another, for whom, and the most telling trips."""

import json
from pathlib import Path

import pytest

from nexuslic.cli import main
from nexuslic.lab.comparing import compare
from nexuslic.lab.model import model_called
from nexuslic.lab.policies import read_policy
from tests.cli.conftest import Policy

NORTH_SEA = ("--model", "north-sea", "--trips", 500, "--seed", 3)


def test_what_changes_is_said_in_plain_words(policy: Policy):
    done = policy("compare", "a.yaml", "b.yaml", "trips.csv")
    lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[0].startswith(
        "Of 12 trips, 0 (0 %) lose days only under By identity, and 1 (8.3 %) only under Shorter."
    )
    assert lines[1].startswith("Refused days: 123 under Shorter, ")
    assert "The most telling trips:" in lines
    assert any(line.startswith("  By identity ") and "gggg" in line for line in lines)


def test_the_same_twice_changes_nothing(policy: Policy):
    done = policy("compare", "a.yaml", "a.yaml", "trips.csv")
    assert done.out.startswith("Nothing changes on these 12 trips: both refuse the same days.")


def test_a_program_gets_the_counts(policy: Policy):
    told = json.loads(policy("compare", "a.yaml", "b.yaml", *NORTH_SEA, "--json").out)
    found = compare(
        *(read_policy(Path(name)) for name in ("a.yaml", "b.yaml")), model_called("north-sea"), count=500, seed=3
    )
    assert told["rows"] == found.by_length.to_dicts()
    assert (told["only_in_first"], told["only_in_second"], told["refused_in_both"], told["in_neither"]) == (
        *(found.first, found.second, found.both, found.neither),
    )
    assert told["days_refused"] == list(found.refused)
    assert [(one["trip"], one["days_refused"]) for one in told["telling"]] == [
        (one.name, list(one.days)) for one in found.telling
    ]
    assert told["policies"] == ["Shorter", "By identity"]


def test_a_spreadsheet_gets_the_lengths(policy: Policy):
    lines = policy("compare", "a.yaml", "b.yaml", "trips.csv", "--csv").out.splitlines()
    assert lines[0].startswith("length,trips,refused_in_both,only_in_first,only_in_second,in_neither")
    assert len(lines) == 1 + 6


def test_the_stories_of_telling_trips_pass_in_run(policy: Policy):
    done = policy("compare", "a.yaml", "b.yaml", *NORTH_SEA, "--stories", "told/here")
    files = sorted(path.name for path in Path("told/here").iterdir())
    assert done.status == 0
    assert files == [f"telling-{number}-{letter}.scenario.yaml" for number in range(1, 6) for letter in "ab"]
    assert main(["run", "told/here"]) == 0


@pytest.mark.parametrize(("name", "begins"), [("p.svg", b"<svg"), ("p.png", b"\x89PNG"), ("p.html", b"<!doctype")])
def test_a_picture_is_written_as_its_name_says(policy: Policy, name: str, begins: bytes):
    done = policy("compare", "a.yaml", "b.yaml", "trips.csv", "--chart", name)
    assert done.status == 0, done.err
    assert Path(name).read_bytes().lower().startswith(begins.lower())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("none.yaml", "b.yaml", "trips.csv"), "none.yaml: it cannot be read"),
        (("a.yaml", "trips.csv", "trips.csv"), "trips.csv:"),
        (("a.yaml", "b.yaml"), "name either a list of trips or --model"),
        (("a.yaml", "b.yaml", "trips.csv", "--stories", "a.yaml"), "--stories a.yaml: this is a file"),
        (("a.yaml", "b.yaml", "trips.csv", "--stories", "a.yaml/x"), "--stories a.yaml/x: it cannot be made"),
        (("a.yaml", "b.yaml", "trips.csv", "--json", "--csv"), "--json and --csv: choose one"),
        (("a.yaml",), "Missing argument 'B.yaml'"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(policy: Policy, args: tuple[str, ...], said: str):
    done = policy("compare", *args)
    assert (done.status, done.out) == (2, "")
    assert said in done.err and "Traceback" not in done.err
