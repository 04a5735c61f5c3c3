"""A voyage as a picture: everything that happened is marked, and it loads nothing."""

import re
import xml.etree.ElementTree as ET

import pytest
import vl_convert

from nexuslic.lab import voyage, voyage_chart
from nexuslic.lab.voyage import Answer, Trip
from nexuslic.scenario import strip
from nexuslic.scenario.stage_simulated import SimulatedStage


def drawn(**trip: object) -> tuple[Answer, str]:
    answer = voyage.ask(Trip(**trip), SimulatedStage)
    return answer, voyage_chart.svg(answer)


def test_it_is_well_formed_and_says_what_it_shows():
    _, svg = drawn()
    root = ET.fromstring(svg)
    names = {one.tag.split("}")[1]: one.text for one in root}
    assert names["title"].startswith("45 days from Mon 2 Mar 2026")
    assert "Refused on 14 days" in names["desc"] and "days 32 to 45 Expired" in names["desc"]


EVENTS = {
    "contacts": ("day 9", "contact"),
    "codes": ("day 9", "renewal code"),
    "restores": ("day 9", "restore"),
    "renames": ("day 9", "server renamed"),
    "set_clocks": ("day 9 -3d", "clock set"),
}


@pytest.mark.parametrize(("kind", "text", "word"), [(kind, *rest) for kind, rest in EVENTS.items()])
def test_what_happened_is_marked_on_its_day_and_named(kind: str, text: str, word: str):
    _, svg = drawn(days=20, **{kind: (text,)})
    x, y = strip.corner(9, 45, 14)
    assert f'translate({x + 7} {y + 26})"' in svg
    assert f">{word}</text>" in svg


def test_the_quay_is_a_contact_and_nothing_else_is_marked():
    _, svg = drawn(days=20)
    assert svg.count('stroke="currentColor"/>') == 2
    assert ">renewal code</text>" not in svg


def test_two_marks_of_a_day_stand_side_by_side():
    _, svg = drawn(days=20, contacts=("day 9",), set_clocks=("day 9 -3d",))
    x, y = strip.corner(9, 45, 14)
    assert f"translate({x + 2.5} {y + 26})" in svg and f"translate({x + 11.5} {y + 26})" in svg


def test_the_end_of_grace_is_a_line_in_the_square_of_its_day():
    _, svg = drawn()
    x, y = strip.corner(31, 45, 14)
    assert f'd="M{x + 16 * 8.5 / 24:.1f} {y - 3}v24"' in svg


def test_grace_that_ends_after_the_trip_has_no_line():
    _, svg = drawn(days=20)
    assert "grace ends" not in svg


def test_it_is_dark_where_the_screen_is():
    assert "prefers-color-scheme:dark" in drawn()[1]


@pytest.mark.parametrize("days", [1, 45, 46, 300])
def test_every_day_is_within_the_picture(days: int):
    _, svg = drawn(days=days)
    height = int(re.search(r'height="(\d+)" viewBox', svg)[1])
    assert strip.corner(days, 45, 14)[1] + 40 < height


def test_a_page_loads_nothing_and_has_the_same_in_a_table():
    answer, _ = drawn(contacts=("day 9",))
    page = voyage_chart.page(answer)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert not re.search(r"<script|(?:src|href)=|url\(|@import", page)
    assert '<tr><th scope="row">day 10 to day 27</th><td>Grace</td></tr>' in page
    assert '<tr><th scope="row">day 9</th><td>contact</td></tr>' in page
    assert '<tr><th scope="row">day 39 13:30</th><td>grace ends</td></tr>' in page


def test_a_page_says_its_sentence_once_to_the_eye():
    answer, _ = drawn()
    assert len(re.findall(r">Last good launch", voyage_chart.page(answer))) == 2


def test_it_becomes_a_png():
    assert vl_convert.svg_to_png(drawn()[1], scale=2).startswith(b"\x89PNG")
