"""`nexuslic policy find`: the least that keeps a target, what it rests on, or what comes nearest."""

import csv
import io
import json
from pathlib import Path

import pytest

from nexuslic.lab.exact import exact
from nexuslic.lab.finding import Finder, Knob, Measure, Target
from nexuslic.lab.model import model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.source import fleet
from tests.cli.conftest import Policy

NORTH_SEA = ("--model", "north-sea", "--trips", 2000, "--seed", 3)


def test_the_least_grace_of_a_model_without_memory_is_exact(policy: Policy):
    done = policy("find", "--model", "hotspots", "--refused-trips", "<= 20%")
    shares = exact(model_called("hotspots"), (0, 45)).by_grace()["share_touched"].to_list()
    least = min(grace for grace in range(46) if shares[grace] <= 0.2)
    lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[0].startswith(
        f"Target: at most 20 % of trips refused. The least grace that keeps it is {least} days: "
    )
    assert lines[1].startswith("This is exact: ")
    assert [int(line.split()[0]) for line in lines[4:]] == list(range(least - 3, least + 4))


def test_a_drawn_answer_comes_with_its_interval_and_its_trips(policy: Policy):
    done = policy("find", *NORTH_SEA, "--refused-trips", "<= 30%", "--json")
    found = Finder(model_called("north-sea"), LabPolicy(), 2000, 3).find(
        Knob.GRACE, Target(Measure.TRIPS, 0.3), range(366)
    )
    told = json.loads(done.out)
    assert found.best is not None
    assert told["best"] == {
        "setting": found.best.setting,
        "value": found.best.value,
        "low": found.best.low,
        "high": found.best.high,
    }
    assert (told["count"], told["exact"], told["by"]) == (2000, False, "grace")
    assert told["target"] == {"of": "refused trips", "most": 0.3}
    assert "95 times of 100" in told["answer"] and "2,000 trips" in told["answer"]
    assert len(told["rows"]) == 366


def test_refused_days_are_a_target_too(policy: Policy):
    done = policy("find", "--model", "hotspots", "--refused-days", "<= 0.5")
    assert "at most 0.5 refused days a trip. The least grace that keeps it is" in done.out
    assert "refused days" in done.out.splitlines()[3]


@pytest.mark.parametrize(
    ("by", "bound", "words"),
    [
        ("grace", "--refused-trips", "The least grace that keeps it is "),
        ("extension", "--refused-trips", "The least extension before departure that keeps it is "),
        ("hotspot", "--refused-trips", "The latest day for one hotspot that keeps it is day "),
        ("warn_from", "--needless-warnings", "The earliest warning that keeps it is at "),
    ],
)
def test_each_knob_is_turned(policy: Policy, by: str, bound: str, words: str):
    done = policy("find", "trips.csv", "--by", by, bound, "<= 76%")
    assert (done.status, done.err) == (0, "")
    assert words in done.out and "It rests on the 12 trips of trips.csv." in done.out


def test_settings_are_tried_within_what_is_asked(policy: Policy):
    done = policy("find", "trips.csv", "--refused-trips", "<= 80%", "--within", "20..25", "--csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["grace"] for row in rows] == ["20", "21", "22", "23", "24", "25"]
    found = Finder(fleet(Path("trips.csv")), LabPolicy(), 0, 1).find(
        Knob.GRACE, Target(Measure.TRIPS, 0.8), range(20, 26)
    )
    assert [float(row["value"]) for row in rows] == [point.value for point in found.points]


def test_a_target_that_nothing_keeps_says_what_comes_nearest(policy: Policy):
    done = policy("find", "trips.csv", "--refused-trips", "<= 1%")
    assert (done.status, done.out) == (1, "")
    said = "a grace of 44 days comes nearest: 33 % of trips are refused."
    assert done.err.startswith(f"error: Nothing keeps at most 1 % of trips refused: {said}")
    assert done.err.count("\n") == 1


def test_a_program_hears_of_the_nearest_too(policy: Policy):
    done = policy("find", "trips.csv", "--refused-trips", "<= 1%", "--json")
    told = json.loads(done.out)
    assert (done.status, told["best"], told["nearest"]["setting"]) == (1, None, 44)


@pytest.mark.parametrize("bound", ["<= 76%", "76%", "<=76 %", "0.76", "<= 0.76"])
def test_a_bound_has_several_spellings(policy: Policy, bound: str):
    told = json.loads(policy("find", "trips.csv", "--refused-trips", bound, "--json").out)
    assert told["target"]["most"] == 0.76


@pytest.mark.parametrize(("name", "begins"), [("p.svg", b"<svg"), ("p.png", b"\x89PNG"), ("p.html", b"<!doctype")])
@pytest.mark.parametrize("by", ["grace", "hotspot"])
def test_a_picture_is_written_as_its_name_says(policy: Policy, by: str, name: str, begins: bytes):
    done = policy("find", "trips.csv", "--by", by, "--refused-trips", "<= 80%", "--chart", name)
    assert done.status == 0, done.err
    assert Path(name).read_bytes().lower().startswith(begins.lower())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "give one target"),
        (("--refused-trips", "<= 1%", "--refused-days", "<= 1"), "give one target"),
        (("--refused-trips", "few"), "--refused-trips 'few': write a bound"),
        (("--refused-trips", ">= 1%"), "--refused-trips '>= 1%': write a bound"),
        (("--refused-trips", "<= -1%"), "write a bound"),
        (("--refused-trips", "<= 3"), 'a share of trips is at most 100 %: write "<= 3%"'),
        (("--refused-trips", "<= 101%"), "a share of trips is at most 100 %"),
        (("--refused-days", "<= 5%"), "these are days a trip, and no share"),
        (("--needless-warnings", "<= 5%"), "--needless-warnings goes with --by warn_from"),
        (("--refused-trips", "<= 5%", "--by", "warn_from"), "--by warn_from takes --needless-warnings"),
        (("--refused-trips", "<= 5%", "--by", "luck"), "'luck' is not one of"),
        (("--refused-trips", "<= 5%", "--within", "9..3"), "this range runs backwards: write 3..9"),
        (("--refused-trips", "<= 5%", "--within", "some"), "is no range of days"),
        (("--refused-days", "<= 5", "--chart", "x.svg"), "take --refused-trips"),
    ],
)
def test_a_target_that_is_none_is_refused_in_one_sentence(policy: Policy, args: tuple[str, ...], said: str):
    done = policy("find", "trips.csv", *args)
    assert (done.status, done.out) == (2, "")
    assert said in done.err and "Traceback" not in done.err
    assert not list(Path().glob("*.svg"))
