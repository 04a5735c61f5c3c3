"""What the License dialog draws."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario.strip import COLOURS
from nexuslic.web.license import drawing
from nexuslic.web.license.view import LETTERS


def squares(svg, name):
    return len(re.findall("M", re.search(f'class="{name}" d="([^"]*)"', svg)[1]))


@given(total=st.integers(1, drawing.MOST_SQUARES), data=st.data())
def test_each_day_is_a_square_and_those_left_are_filled(total, data):
    left = data.draw(st.integers(0, total))
    svg = drawing.days(left, total, "words")
    assert (squares(svg, "left"), squares(svg, "gone")) == (left, total - left)


def test_many_days_are_one_bar():
    svg = drawing.days(100, 400, "100 of 400 days left")
    assert 'class="left" d="M300 .05H400V' in svg and 'aria-label="100 of 400 days left"' in svg


@pytest.mark.parametrize("letter", [*LETTERS.values(), "x", "D"])
def test_a_state_has_the_strips_colour_and_letter(letter):
    sign = ET.fromstring(drawing.sign(letter))
    assert (sign.get("fill"), sign[1].text) == (COLOURS[letter], letter)


def test_no_two_states_share_a_shape():
    shapes = [re.search(r"><(\w+ [^>]*)/>", drawing.sign(letter))[1] for letter in LETTERS.values()]
    assert len(set(shapes)) == len(LETTERS)


def test_a_request_code_is_read_from_its_picture():
    code = "HPBBG5AD31DTTC4-WDPEFM9HVCE733G"
    assert decoded(drawing.qr(code)) == code


def decoded(svg):
    """What a reader sees in the picture, painted module by module."""
    import numpy
    import zxingcpp

    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    picture = numpy.full((side, side), 255, numpy.uint8)
    x = y = 0
    for move, a, b in re.findall(
        r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", re.search(r'class="qrline"[^>]* d="([^"]*)"', svg)[1]
    ):
        if move == "M":
            x, y = int(float(a)), int(float(b))
        elif move == "m":
            x, y = x + int(float(a)), y + int(float(b))
        else:
            picture[y, x : x + int(a)] = 0
            x += int(a)
    return zxingcpp.read_barcode(numpy.kron(picture, numpy.ones((4, 4), numpy.uint8))).text
