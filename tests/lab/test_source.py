"""Where trips come from: what a name or a path means."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from nexuslic.errors import InputError
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel, built_in, model_called, text_of_model
from nexuslic.lab.source import fleet, stories, trips_of
from nexuslic.lab.trip_files import read_trips

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "nexuslic" / "lab" / "fleet" / "example.csv"
STORY = ROOT / "scenarios" / "replies" / "every-cause.scenario.yaml"


def test_a_list_is_its_trips_with_their_vessels_and_people():
    read = read_trips(EXAMPLE)
    assert trips_of(str(EXAMPLE)) == fleet(EXAMPLE)
    assert fleet(EXAMPLE) == tuple(Listed(one.name, one.vessel, one.crew, one.trip.days, one.trip) for one in read)


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt", "t"])
def test_a_list_may_have_any_ending(name: str, tmp_path: Path):
    shutil.copy(EXAMPLE, tmp_path / name)
    assert trips_of(str(tmp_path / name)) == fleet(EXAMPLE)


def test_a_list_may_be_parquet(tmp_path: Path):
    pl.DataFrame({"departure": ["2026-03-02"], "return": ["2026-03-09"]}).write_parquet(tmp_path / "t.parquet")
    (one,) = trips_of(str(tmp_path / "t.parquet"))
    assert isinstance(one, Listed) and one.days == 8


@pytest.mark.parametrize("name", built_in())
def test_a_model_is_meant_by_its_name(name: str):
    assert trips_of(name) == model_called(name)


@pytest.mark.parametrize("ending", ["yaml", "yml"])
def test_a_model_of_ones_own_is_meant_by_its_file(ending: str, tmp_path: Path):
    path = tmp_path / f"mine.{ending}"
    path.write_text(text_of_model("platform").replace("Hitches", "My hitches"), "utf-8")
    found = trips_of(str(path))
    assert isinstance(found, TripModel) and found.title == "My hitches on a platform"


def test_each_case_of_a_story_is_a_trip_with_its_name():
    found = trips_of(str(STORY))
    assert found == stories(STORY)
    assert len(found) > 1
    assert all(one.case is not None and one.trip is None and one.case.name in one.name for one in found)
    assert len({one.name for one in found}) == len(found)


def test_a_folder_is_all_of_its_stories():
    files = list((ROOT / "scenarios" / "binding").glob("*.scenario.yaml"))
    found = trips_of(str(ROOT / "scenarios" / "binding"))
    assert isinstance(found, tuple)
    assert len({one.name.split(" [")[0] for one in found}) == len(files)


def test_what_is_neither_is_said_with_the_models_that_there_are(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.csv: there is no such file, and no such model: the models are deep"):
        trips_of(str(tmp_path / "none.csv"))
