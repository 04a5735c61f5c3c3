"""A day strip as a picture says the same in colours, in letters, in shapes and in words."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario import strip
from nexuslic.scenario.report import LEGEND

SVG = "{http://www.w3.org/2000/svg}"
STRIPS = st.text(st.sampled_from(list(LEGEND)), max_size=120)


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def letters(svg: str) -> str:
    """The letters of the squares, in their places."""
    places: dict[tuple[float, float], str] = {}
    for text in read(svg).iter(f"{SVG}text"):
        if text.get("font-size") == "10":
            for x, letter in zip((text.get("x") or "").split(), text.text or "", strict=True):
                places[float(text.get("y") or 0), float(x)] = letter
    return "".join(places[place] for place in sorted(places))


@given(STRIPS, st.integers(1, 60))
def test_every_day_has_its_letter_in_its_place(days, across):
    assert letters(strip.svg(days, "a trip", across=across)) == days


@pytest.mark.parametrize("letter", list(LEGEND))
def test_every_letter_has_a_colour(letter):
    assert f'fill="{strip.COLOURS[letter]}"' in strip.svg(letter, "a trip")


@pytest.mark.parametrize("letter", [letter for letter in LEGEND if letter != "."])
def test_every_letter_can_be_read_on_its_colour(contrast, letter):
    assert contrast(strip.ink_on(letter), strip.COLOURS[letter]) >= 4.5


@pytest.mark.parametrize("letter", list(LEGEND))
def test_a_day_on_which_it_does_not_run_has_a_bar_too(letter):
    bars = re.findall(r'<path d="M1 29h14v3h-14z" fill="currentColor"/>', strip.svg(letter, "a trip"))
    assert bool(bars) is (letter in "EIUx")


def test_it_says_in_words_what_it_shows():
    svg = strip.svg("AgggE", "a trip")
    assert read(svg).find(f"{SVG}desc").text == "day 1 Authenticated, days 2 to 4 Grace, day 5 Expired"
    assert read(svg).get("role") == "img" and "days 2 to 4 Grace" in read(svg).get("aria-label")


def test_a_long_strip_goes_on_in_lines_with_its_days_numbered():
    svg = strip.svg("g" * 50, "a trip", across=20)
    numbers = [text.text for text in read(svg).iter(f"{SVG}text") if text.get("font-size") == "9"]
    assert numbers == ["1", *map(str, range(5, 51, 5))]
    assert read(svg).get("viewBox") == "0 0 322 108"


def test_a_title_is_no_markup():
    svg = strip.svg("A", '<script>"&')
    assert read(svg).find(f"{SVG}title").text == '<script>"&'


def test_no_day_is_still_a_picture():
    assert read(strip.svg("", "a trip")).find(f"{SVG}desc").text == "no day"
