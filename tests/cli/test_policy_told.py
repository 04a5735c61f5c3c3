"""How the commands of the policy lab tell what they found, to a person who has not read the documentation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

LIST = "trip,departure,return\nshort,2026-03-02,2026-03-15\nlong,2026-04-01,2026-05-15\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trips.csv").write_text(LIST, "utf-8")
    for days in (21, 30):
        (tmp_path / f"{days}.yaml").write_text(f"policy: {days} days\nformat: 1\ngrace: {days}\n", "utf-8")
    return tmp_path


def asked(folder: Path, *words: str, status: int = 0) -> str:
    command = [sys.executable, "-m", "nexuslic", "policy", *words]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == status, done.stdout
    return done.stdout.decode("utf-8").replace("\u00a0", " ")


@pytest.mark.parametrize("target", [("--refused-trips", "<= 60%"), ("--refused-days", "<= 8")])
def test_of_a_list_nothing_was_drawn(target: tuple[str, str], folder: Path):
    assert "It rests on the 2 trips of trips.csv.\n" in asked(folder, "find", "trips.csv", *target)


def test_of_a_list_nothing_was_drawn_where_no_hotspot_keeps_the_target(folder: Path):
    said = asked(folder, "find", "trips.csv", "--by", "hotspot", "--within", "2..3", "--refused-trips", "0", status=1)
    assert said.endswith("It rests on the 2 trips of trips.csv.\n")


def test_what_is_exact_has_no_interval(folder: Path):
    assert "share low" not in asked(folder, "find", "hotspots", "--refused-trips", "<= 60%")


def test_what_was_drawn_has_an_interval(folder: Path):
    assert "share low" in asked(folder, "find", "hotspots", "--refused-trips", "<= 60%", "--trips", "500")


def test_a_model_without_memory_is_drawn_where_the_extension_is_turned(folder: Path):
    said = asked(folder, "find", "hotspots", "--by", "extension", "--refused-trips", "<= 60%", "--within", "0..3")
    assert "drawn from seed 1" in said


def test_the_letters_of_the_telling_trips_are_explained(folder: Path):
    said = asked(folder, "compare", "30.yaml", "21.yaml", "trips.csv")
    assert said.endswith("one letter a day: A Authenticated, g Grace, E Expired\n")


def test_it_is_said_where_the_stories_are(folder: Path):
    said = asked(folder, "compare", "30.yaml", "21.yaml", "trips.csv", "--stories", "told")
    assert said.endswith("\n2 stories in told: nexuslic run told\n")
    assert len(list((folder / "told").iterdir())) == 2


def test_the_picture_marks_the_grace_of_the_policy(folder: Path):
    asked(folder, "sweep", "trips.csv", "--policy", "21.yaml", "--chart", "s.svg")
    assert "grace 21<" in re.sub(r"\s", " ", (folder / "s.svg").read_text("utf-8"))


def test_the_picture_has_no_mark_where_that_grace_was_not_asked_for(folder: Path):
    asked(folder, "sweep", "trips.csv", "--grace", "40..50", "--chart", "s.svg")
    assert "grace 30<" not in (folder / "s.svg").read_text("utf-8")


@pytest.mark.parametrize("seed", ["-1", str(2**63)])
def test_a_seed_that_is_none_is_said(seed: str, folder: Path):
    assert asked(folder, "sweep", "north-sea", "--seed", seed, status=2).startswith(f"error: --seed {seed}: a seed is")


def test_one_trip_is_not_called_many(folder: Path):
    (folder / "one.csv").write_text("departure,return\n2026-03-02,2026-03-15\n", "utf-8")
    said = asked(folder, "sweep", "one.csv", "--grace", "30")
    assert said.startswith("With 30 days of grace, no trip has a refused day.\nIt rests on the 1 trip of one.csv.\n")
