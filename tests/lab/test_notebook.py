"""A notebook asks the questions of the command line, gets frames, and imports nothing before it asks."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import attrs
import polars as pl
import pytest

import nexuslic.lab as lab
from nexuslic.errors import InputError
from nexuslic.lab.model import model_called

LIST = (
    "trip,vessel,crew,departure,return\nshort,Sula Bay,4,2026-03-02,2026-03-15\nlong,Sula Bay,5,2026-04-01,2026-05-15\n"
)
HEAVY = {"altair", "distributed", "numba", "numpy", "polars", "vl_convert"}


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    path = tmp_path / "trips.csv"
    path.write_text(LIST, "utf-8")
    return path


@pytest.fixture
def lenient(tmp_path: Path) -> Path:
    path = tmp_path / "lenient.yaml"
    path.write_text("policy: lenient\nformat: 1\ngrace: 60\n", "utf-8")
    return path


def in_a_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return done.stdout.decode("utf-8").strip()


def test_nothing_heavy_is_imported_before_it_is_asked_for():
    assert in_a_process(f"import sys, nexuslic.lab as lab; dir(lab); print({HEAVY} & set(sys.modules))") == "set()"


def test_every_name_that_is_offered_is_there():
    assert [name for name in lab.__all__ if getattr(lab, name, None) is None] == []


def test_the_offered_names_are_shown_by_dir():
    assert set(lab.__all__) <= set(dir(lab))


def test_a_name_that_is_not_offered_is_an_error():
    with pytest.raises(AttributeError, match="sweeep"):
        _ = lab.sweeep  # type: ignore[attr-defined]


def test_a_missing_package_is_said_with_what_installs_it():
    code = "import sys; sys.modules['polars'] = None\nimport nexuslic.lab as lab\n"
    code += "try: lab.sweep\nexcept ImportError as error: print(error)"
    assert in_a_process(code).endswith("run pip install 'nexuslic[lab]'")


def test_a_sweep_is_the_table_of_the_command(trips: Path):
    words = [sys.executable, "-m", "nexuslic", "policy", "sweep", str(trips), "--grace", "7..30", "--csv"]
    printed = subprocess.run(words, capture_output=True, check=True).stdout.decode("utf-8")
    assert lab.sweep(trips, grace=(7, 30)).write_csv() == printed


def test_a_range_leaves_out_its_end_and_steps(trips: Path):
    assert lab.sweep(trips, grace=range(7, 28, 7))["grace"].to_list() == [7, 14, 21]


def test_a_pair_holds_both_ends(trips: Path):
    assert lab.sweep(trips, grace=(20, 22))["grace"].to_list() == [20, 21, 22]


def test_a_list_is_told_trip_by_trip(trips: Path):
    table = lab.sweep(trips, grace=(30, 30), by="trip")
    assert table.select("grace", "trip", "days_refused").rows() == [(30, "short", 0), (30, "long", 14)]


@pytest.mark.parametrize(("by", "rows"), [("length", [14, 45]), ("vessel", ["Sula Bay"])])
def test_rows_come_by_length_and_by_vessel(by: str, rows: list[object], trips: Path):
    assert lab.sweep(trips, grace=(30, 30), by=by)[by].to_list() == rows


def test_trips_of_a_model_are_drawn_from_a_seed():
    first, again, other = (lab.sweep("north-sea", trips=500, grace=(21, 30), seed=seed) for seed in (1, 1, 2))
    assert first.equals(again) and not first.equals(other)


def test_a_model_is_taken_as_it_is():
    model = attrs.evolve(model_called("north-sea"), contact=1.0, windows_7=0.0, restore=0.0, rename=0.0, clock_back=0.0)
    assert lab.sweep(model, trips=100, grace=(7, 7))["trips_touched"].to_list() == [0]


def test_without_a_number_of_trips_a_model_without_memory_is_exact():
    assert "trips" not in lab.sweep("hotspots", grace=(30, 30)).columns
    assert lab.sweep("hotspots", grace=(30, 30), trips=100)["trips"].to_list() == [100]


def test_a_policy_is_a_file_or_a_value(trips: Path, lenient: Path):
    by_file = lab.find(trips, needless_warnings=1.0, by="warn_from", policy=lenient)
    by_value = lab.find(trips, needless_warnings=1.0, by="warn_from", policy=lab.LabPolicy(grace=60))
    assert by_file == by_value and by_file.points[-1].setting == 60


def test_trips_that_nobody_refuses_are_swept_too(trips: Path, lenient: Path):
    assert lab.sweep(trips, grace=(60, 60), policy=lenient)["trips_touched"].to_list() == [0]


def test_survival_has_a_curve_for_each_grace(trips: Path):
    curves = lab.survival(trips, graces=(21, 30))
    assert curves.filter(pl.col("day") == 40)["share"].to_list() == [0.5, 0.5]
    assert curves.filter(pl.col("day") == 25).select("grace", "running").rows() == [(21, 1), (30, 2)]


def test_survival_of_a_model_without_memory_is_exact():
    assert lab.survival("hotspots", graces=(30,)).filter(day=31)["share"].to_list() == [1.0]


def test_the_least_grace_is_found(trips: Path):
    best = lab.find(trips, refused_trips=0.0).best
    assert best is not None and best.setting == 44


def test_a_model_without_memory_is_drawn_where_the_extension_is_turned():
    found = lab.find("hotspots", refused_trips=0.5, by="extension", within=(0, 20), trips=200)
    assert found.trips == 200 and len(found.points) == 21


def test_two_policies_are_compared(trips: Path, lenient: Path):
    compared = lab.compare(lab.LabPolicy(), lenient, trips)
    assert compared.refused == (14, 0) and [one.name for one in compared.telling] == ["long"]


def test_a_voyage_is_drawn_as_its_strip():
    drawn = ElementTree.fromstring(lab.voyage_strip(lab.Trip(days=45, contacts=("day 20",))))
    assert drawn.attrib["aria-label"].startswith("45 days, contact on day 20: day 1 Authenticated, days 2 to 19 Grace")


def test_a_strip_takes_a_title():
    assert "<title>The Sula Bay</title>" in lab.voyage_strip(lab.Trip(days=3), "The Sula Bay")


def test_charts_take_what_the_questions_give(trips: Path):
    assert lab.charts.sweep_chart(lab.sweep(trips)).to_dict()["description"]
    assert lab.charts.survival_chart(lab.survival(trips)).to_dict()["description"]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: lab.sweep("north-see"), "no such model"),
        (lambda: lab.sweep("north-sea", grace=range(30, 30)), "no grace in it"),
        (lambda: lab.sweep("north-sea", grace=(30, 7)), "runs backwards"),
        (lambda: lab.sweep("north-sea", grace=range(-2, 7)), "a grace has 0 to"),
        (lambda: lab.sweep("north-sea", trips=0), "at least one"),
        (lambda: lab.find("north-sea", refused_trips=0.1, trips=0), "at least one"),
        (lambda: lab.sweep("north-sea", by="crew"), "rows are by grace, length, vessel, trip"),
        (lambda: lab.sweep("hotspots", by="trip"), "no list of trips"),
        (lambda: lab.sweep("north-sea", trips=10, by="vessel"), "no list of trips"),
        (lambda: lab.survival("hotspots", graces=()), "name one at least"),
        (lambda: lab.find("hotspots"), "give one target"),
        (lambda: lab.find("hotspots", refused_trips=0.1, refused_days=1), "give one target"),
        (lambda: lab.find("hotspots", refused_trips=0.1, by="warn"), "what is turned is one of"),
        (lambda: lab.voyage_strip(lab.Trip(days=0)), "a voyage takes 1 to"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(ask, said: str):
    with pytest.raises(InputError, match=said):
        ask()
