"""Colours can be read in light, in dark, and in black and white."""

from itertools import pairwise

import pytest

from nexuslic.lab.charts.palette import DARK, LIGHT, STYLE, VARIABLES


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "dim", "accent"])
def test_words_have_the_contrast_of_aa(contrast, palette, name):
    assert contrast(getattr(palette, name), palette.paper) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_bar_of_refused_trips_has_the_contrast_of_graphics(contrast, palette):
    assert contrast(palette.refused, palette.paper) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_more_refused_days_stand_out_more_from_the_paper_also_in_black_and_white(contrast, palette):
    steps = [contrast(colour, palette.paper) for colour in (palette.paper, *palette.ramp)]
    assert all(two / one > 1.2 for one, two in pairwise(steps))


def test_a_page_has_a_colour_for_every_variable():
    names = [VARIABLES.ink, VARIABLES.dim, VARIABLES.line, VARIABLES.paper, VARIABLES.accent, VARIABLES.refused]
    assert all(STYLE.count(f"{name[4:-1]}:") == 3 for name in (*names, *VARIABLES.ramp))
