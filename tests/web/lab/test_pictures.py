"""The lab's pictures and trips: of the same counts as the tables, in the colours of the page."""

from typing import Any

import pytest

from nexuslic.lab.charts import palette
from nexuslic.lab.model import model_called
from nexuslic.web import assets
from nexuslic.web.lab import asking, choice, examples, pictures, tables
from nexuslic.web.lab.asking import Swept
from nexuslic.web.lab.bench import Job, Kind
from nexuslic.web.speech import Speech


@pytest.fixture(scope="module")
def swept() -> Swept:
    asked, _ = choice.question({**choice.beginning(), "count": "5000"}, None)
    assert asked is not None
    return asking.sweep(asked)(Job(1, Kind.SWEEP))


def test_the_charts_have_the_colours_of_every_other_page_of_the_lab():
    assert palette.STYLE in (assets.FOLDER / "lab.css").read_text("utf-8")


def test_another_grace_changes_the_mark_and_nothing_else(swept: Swept):
    one, other = (pictures.heat_map(swept, grace, "days") for grace in (30, 31))
    changed = [name for name in one.sets if one.sets[name] != other.sets[name]]
    assert one.shape == other.shape and [other.sets[name] for name in changed] == [[{"grace": 31, "said": "grace 31"}]]


def test_another_measure_is_another_picture(swept: Swept):
    assert "trips with a refused day" in pictures.heat_map(swept, 30, "touched").shape


@pytest.mark.parametrize("grace", [0, 30, 90])
@pytest.mark.parametrize("length", [0, 45, 70])
def test_the_trips_of_a_cell_are_those_that_its_counts_are_of(swept: Swept, length: int, grace: int):
    found = examples.of_cell(swept, length, grace)
    table = swept.by_grace if length == 0 else swept.by_length.filter(swept.by_length["length"] == length)
    row = table.filter(table["grace"] == grace).to_dicts()[0]
    assert (found.alike, found.touched) == (row["trips"], row["trips_touched"])
    assert {one.days for one in found.worst} <= ({length} if length else {45, 56, 61, 70})


def test_the_worst_come_first_and_each_shows_its_refused_days(swept: Swept):
    found = examples.of_cell(swept, 56, 30)
    days = [one.refused for one in found.worst]
    assert days == sorted(days, reverse=True) and len(found.worst) == len(found.typical) == examples.FEW
    assert max(one.refused for one in found.typical) <= min(days)


def test_a_cell_without_refused_days_shows_trips_that_ran():
    typed = {**choice.beginning(), "trips": "hotspots", **choice.numbers_typed(model_called("hotspots"))}
    asked, _ = choice.question(typed, None)
    assert asked is not None
    found = examples.of_cell(asking.sweep(asked)(Job(1, Kind.SWEEP)), 45, 44)
    assert (found.touched, found.worst, [one.refused for one in found.typical]) == (0, (), [0, 0, 0])


@pytest.mark.parametrize(
    ("language", "name", "value", "said"),
    [
        ("en", "trips", 12345, "12,345"),
        ("de", "trips", 12345, "12.345"),
        ("de", "days_refused_per_trip", 9.1234, "9,12"),
        ("nb", "share_touched", 0.54321, "54,3\u00a0%"),
        ("en", "share_touched", 0.0, "0\u00a0%"),
        ("en", "first_refused_day", None, "never"),
        ("en", "days_refused_per_trip", 0.000123, "< 0.001"),
    ],
)
def test_cells_are_written_as_the_reader_writes(language: str, name: str, value: Any, said: str):
    assert tables.cell(Speech.of(language), name, value).replace("\u202f", "\u00a0") == said
