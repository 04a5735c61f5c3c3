"""The heat map shows every cell of its frame in the class of its refused days."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.lab.charts import heat, heat_map, inside

DAYS = st.sampled_from([0.0, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0])


def frame(rows: list[list[float]], first: int = 0, step: int = 1) -> pl.DataFrame:
    """Rows of means by length 14, 15 ..., and by grace `first`, `first + step` ..."""
    return pl.DataFrame(
        [
            {"length": 14 + down, "grace": first + across * step, "days_refused_per_trip": days}
            for down, row in enumerate(rows)
            for across, days in enumerate(row)
        ]
    )


def class_of(days: float) -> str | None:
    if days == 0:
        return None
    return next((n for edge, n in zip(heat.BREAKS, heat.NAMES, strict=False) if days <= edge), heat.NAMES[-1])


@given(st.integers(1, 12).flatmap(lambda wide: st.lists(st.lists(DAYS, min_size=wide, max_size=wide), min_size=1)))
def test_every_cell_lies_in_one_bar_of_its_class(rows):
    bars = heat.bars(frame(rows)).to_dicts()
    for down, row in enumerate(rows):
        for grace, days in enumerate(row):
            over = [bar for bar in bars if bar["length"] == 14 + down and bar["from"] <= grace <= bar["to"]]
            assert [bar["days"] for bar in over] == [class_of(days)]


def test_cells_of_one_class_side_by_side_are_one_bar():
    assert heat.bars(frame([[0.5, 0.7, 0.9, 0, 0]])).select("from", "to", "days").rows() == [
        (0, 2, "to 1"),
        (3, 4, None),
    ]


@pytest.mark.parametrize(("first", "step", "edges"), [(0, 1, [-0.5, 1.5]), (7, 7, [3.5, 17.5])])
def test_bars_reach_half_way_to_the_next_grace(first, step, edges):
    found = heat.bars(frame([[5.0, 5.0]], first, step))
    assert [found["start"][0], found["end"][0]] == edges


def test_a_single_grace_is_a_column():
    assert heat.bars(frame([[5.0]], 30)).select("start", "end").rows() == [(29.5, 30.5)]


def test_the_grace_that_is_looked_at_is_marked():
    assert "grace 1</text>" in inside(heat_map(frame([[5.0, 1.0]]), 1))


def test_its_colours_are_the_ramp_from_the_least_class_on():
    drawn = inside(heat_map(frame([[40.0, 0.05]])))
    assert 'fill="var(--chart-ramp-7)"' in drawn and 'fill="var(--chart-ramp-1)"' in drawn


def test_of_many_lengths_the_axis_names_the_round_ones():
    drawn = inside(heat_map(frame([[5.0]] * 70)))
    assert ">80</text>" in drawn and ">81</text>" not in drawn
