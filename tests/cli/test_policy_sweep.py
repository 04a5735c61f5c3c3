"""`nexuslic policy sweep`: who is refused at every grace, in words, as JSON, CSV, Parquet and a picture."""

import csv
import io
import json
from pathlib import Path

import attrs
import polars as pl
import pytest

from nexuslic.lab.exact import exact
from nexuslic.lab.model import model_called, parsed
from nexuslic.lab.results import read_parquet
from nexuslic.lab.source import fleet
from nexuslic.lab.sweeping import sweep
from tests.cli.conftest import Policy

NORTH_SEA = ("--model", "north-sea", "--trips", 2000, "--seed", 3)


def test_the_answer_stands_first_in_plain_words(policy: Policy):
    done = policy("sweep", "trips.csv", "--grace", "7..45")
    lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[0] == (
        "With 30 days of grace, 9 of 12 trips (75 %) have a refused day: 5.6 days a trip, the earliest on day 11."
    )
    assert lines[1:3] == ["It rests on the 12 trips of trips.csv.", ""]
    assert lines[3].split("  ") == [
        *("grace", "trips", "trips touched", "share touched", "days refused", "days refused per trip"),
        *("people days lost", "first refused day"),
    ]
    assert [line.split()[0] for line in lines[4:]] == ["7", "14", "21", "28", "30", "35", "42", "45"]


def test_of_few_graces_each_has_its_row(policy: Policy):
    done = policy("sweep", "trips.csv", "--grace", "28..32")
    assert [line.split()[0] for line in done.out.splitlines()[4:]] == ["28", "29", "30", "31", "32"]
    done = policy("sweep", "trips.csv", "--grace", "30")
    assert [line.split()[0] for line in done.out.splitlines()[4:]] == ["30"]


def test_a_grace_that_is_not_asked_for_is_not_the_answer(policy: Policy):
    assert policy("sweep", "trips.csv", "--grace", "7..9").out.startswith("With 7 days of grace, 11 of 12 trips")
    assert policy("sweep", "trips.csv", "--policy", "a.yaml").out.startswith("With 21 days of grace, ")


def test_a_model_without_memory_is_answered_exactly(policy: Policy):
    done = policy("sweep", "--model", "hotspots", "--json")
    told, table = json.loads(done.out), exact(model_called("hotspots"), (0, 90)).by_grace()
    assert (told["exact"], told["count"], told["seed"]) == (True, None, None)
    assert told["rows"] == table.to_dicts()
    assert "This is exact: the model Phone hotspots has no memory" in told["answer"].replace("\u00a0", " ")


def test_trips_of_a_model_are_drawn_where_their_number_is_given(policy: Policy):
    done = policy("sweep", *NORTH_SEA, "--grace", "20..40", "--json")
    told = json.loads(done.out)
    table = sweep(model_called("north-sea"), graces=(20, 40), count=2000, seed=3).by_grace()
    assert told["rows"] == table.to_dicts()
    assert {name: told[name] for name in ("format", "trips", "count", "exact", "seed", "policy", "grace")} == {
        "format": 1,
        "trips": "model North Sea survey projects",
        "count": 2000,
        "exact": False,
        "seed": 3,
        "policy": "as documented",
        "grace": [20, 40],
    }
    assert "drawn from seed 3" in told["answer"]


def test_numbers_of_the_model_are_changed(policy: Policy):
    done = policy("sweep", "--model", "hotspots", "--set", "contact=50 %", "--set", "crew=2", "--json")
    model = attrs.evolve(model_called("hotspots"), contact=0.5, crew=2)
    assert json.loads(done.out)["rows"] == exact(model, (0, 90)).by_grace().to_dicts()


def test_a_model_of_ones_own_is_a_file(policy: Policy):
    text = "model: Mine\nformat: 1\nlengths: {9: 1}\ncontact: 0.5\n"
    Path("mine.yaml").write_text(text, "utf-8")
    one, other = policy("sweep", "--model", "mine.yaml", "--json"), policy("sweep", "mine.yaml", "--json")
    assert json.loads(one.out)["rows"] == json.loads(other.out)["rows"]
    assert json.loads(one.out)["rows"] == exact(parsed(text.encode(), "mine"), (0, 90)).by_grace().to_dicts()


@pytest.mark.parametrize(("by", "columns"), [("length", 8), ("vessel", 9), ("grace", 8)])
def test_rows_are_told_for_a_length_or_a_vessel(policy: Policy, by: str, columns: int):
    done = policy("sweep", "trips.csv", "--by", by, "--grace", "0..60", "--csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    answer = sweep(fleet(Path("trips.csv")), graces=(0, 60))
    table = {"length": answer.by_length, "vessel": answer.by_vessel, "grace": answer.by_grace}[by]()
    assert len(rows) == table.height and len(rows[0]) == columns
    assert [row["days_refused"] for row in rows] == [str(days) for days in table["days_refused"]]
    assert by in rows[0]


def test_of_many_tables_a_person_sees_every_month(policy: Policy):
    lines = policy("sweep", "trips.csv", "--by", "vessel", "--grace", "0..60").out.splitlines()[4:]
    assert len(lines) == 6 * 3


def test_stories_are_trips_and_it_is_said_how_many_were_simulated(policy: Policy, root: Path):
    done = policy("sweep", root / "scenarios" / "seats", "--grace", "0..1", "--json")
    told = json.loads(done.out)
    assert told["simulated"] == told["rows"][0]["trips"] > 5
    assert "went through the simulation" in told["answer"]


@pytest.mark.parametrize(
    ("name", "begins"), [("p.svg", b"<svg"), ("p.png", b"\x89PNG"), ("p.html", b"<!doctype html>"), ("P.SVG", b"<svg")]
)
def test_a_picture_is_written_as_its_name_says(policy: Policy, name: str, begins: bytes):
    assert policy("sweep", "--model", "hotspots", "--chart", name).status == 0
    assert Path(name).read_bytes().lower().startswith(begins.lower())


def test_the_rows_are_written_as_parquet_with_what_makes_them_again(policy: Policy):
    done = policy("sweep", *NORTH_SEA, "--policy", "a.yaml", "--parquet", "rows.parquet", "--json")
    frame, origin = read_parquet(Path("rows.parquet"))
    assert frame.equals(pl.DataFrame(json.loads(done.out)["rows"], schema=frame.schema))
    assert (origin.trips, origin.seed) == (2000, 3)
    assert parsed(origin.model.encode(), "model") == model_called("north-sea")
    assert origin.policy.startswith("policy: 'Shorter'\nformat: 1\ngrace: 21")


def test_a_list_as_parquet_has_neither_model_nor_seed(policy: Policy):
    assert policy("sweep", "trips.csv", "--parquet", "rows.parquet").status == 0
    frame, origin = read_parquet(Path("rows.parquet"))
    assert (frame.height, origin.model, origin.seed, origin.trips) == (91, "", None, 12)


def test_the_same_twice_is_the_same_bytes(policy: Policy):
    one, other = (policy("sweep", *NORTH_SEA, "--csv", "--parquet", name).out for name in ("1.parquet", "2.parquet"))
    assert one == other
    assert Path("1.parquet").read_bytes() == Path("2.parquet").read_bytes()
    assert policy("sweep", "--model", "north-sea", "--trips", 2000, "--seed", 4, "--csv").out != one
