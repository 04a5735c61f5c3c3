"""Charts become files: static, from nowhere else, each kind by the ending of its name."""

import io
import re
from xml.etree import ElementTree

import altair as alt
import polars as pl
import pytest
from PIL import Image

from nexuslic.errors import InputError, WorldError
from nexuslic.lab import charts
from nexuslic.lab.charts.palette import DARK, LIGHT

TRIED = pl.DataFrame({"value": [1, 2, 3], "share": [0.5, 0.2, 0.0]})


@pytest.fixture(scope="module")
def chart():
    return charts.find_chart(TRIED, 0.25, 2)


def test_a_chart_is_altairs_own(chart):
    assert isinstance(chart, alt.LayerChart)


@pytest.mark.parametrize(("dark", "palette"), [(False, LIGHT), (True, DARK)])
def test_it_is_drawn_in_light_and_in_dark(chart, dark, palette):
    drawn = charts.draw(chart, dark=dark)
    assert palette.accent in drawn and f'fill="{palette.paper}"' in drawn


def test_inside_a_page_it_names_its_colours_only(chart):
    assert not re.search(r'(fill|stroke)="(#|rgb|[a-z]*black|white)', charts.inside(chart))


def test_inside_a_page_it_says_what_it_shows(chart):
    head = ElementTree.fromstring(charts.inside(chart))
    assert (
        head.get("role") == "img"
        and head.get("aria-label") == "Share of trips by grace, days, and where the target is met"
    )


def test_a_png_is_twice_the_size_of_the_screens(chart):
    image = Image.open(io.BytesIO(charts.png(chart)))
    assert image.format == "PNG" and image.width > 1400


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<svg"), ("a.png", b"\x89PNG"), ("a.HTML", b"<!doctype html>")])
def test_a_file_is_of_the_kind_that_its_name_ends_in(chart, tmp_path, name, start):
    charts.write_chart(chart, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["a.pdf", "a", "svg"])
def test_another_ending_is_refused_before_anything_is_written(chart, tmp_path, name):
    with pytest.raises(InputError, match=r"a picture ends in \.svg, \.png or \.html"):
        charts.write_chart(chart, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_where_it_cannot_be_written_it_says_so(chart, tmp_path):
    with pytest.raises(WorldError, match="it cannot be written: No such file"):
        charts.write_chart(chart, tmp_path / "nowhere" / "a.svg")


def test_what_cannot_take_the_place_of_another_leaves_nothing_behind(chart, tmp_path):
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(WorldError, match="it cannot be written"):
        charts.write_chart(chart, tmp_path / "a.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_a_page_of_its_own_has_no_script_and_both_colours(chart):
    page = charts.standalone(chart)
    assert "<script" not in page and LIGHT.accent in page and DARK.accent in page and "default-src 'none'" in page


def test_a_drawing_reaches_for_nothing_elsewhere(chart):
    addresses = set(re.findall(r"[a-z]+://[^\"'\s<]+", charts.draw(chart)))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
