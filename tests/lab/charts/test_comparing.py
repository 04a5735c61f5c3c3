"""Policies side by side, each with its number."""

import polars as pl

from nexuslic.lab.amounts import SPACE
from nexuslic.lab.charts import compare_chart, inside

FRAME = pl.DataFrame(
    {
        "policy": ["today", "21 days"],
        "share_touched": [0.04, 0.12],
        "days_refused": [1200, 2_500_000],
        "first_refused_day": [None, 23],
    }
)


def test_every_number_stands_at_its_bar():
    drawn = inside(compare_chart(FRAME)).replace(SPACE, " ")
    assert all(f">{told}</text>" in drawn for told in ("4 %", "12 %", "1,200", "2.5 million", "none", "day 23"))


def test_only_measures_of_the_frame_are_drawn():
    assert "people-days" not in inside(compare_chart(FRAME))


def test_policies_that_cost_nothing_are_drawn_too():
    drawn = inside(compare_chart(FRAME.with_columns(share_touched=pl.lit(0.0), days_refused=pl.lit(0))))
    assert drawn.replace(SPACE, " ").count(">0 %</text>") == 2


def test_a_policy_named_like_markup_stays_text():
    drawn = inside(compare_chart(FRAME.with_columns(policy=pl.Series(["<script>", "b"]))))
    assert "<script" not in drawn and "&lt;script&gt;" in drawn
