"""Charts of shares show what their frames hold, and say what they mark."""

import re
from itertools import pairwise

import polars as pl
import pytest

from nexuslic.lab.amounts import SPACE
from nexuslic.lab.charts import find_chart, hotspot_chart, inside, left_chart, survival_chart, sweep_chart
from nexuslic.lab.charts.curves import best_days, curves_of

TRIED = pl.DataFrame({"value": [1, 2, 3], "share": [0.5, 0.2, 0.0]})


def words(chart) -> list[str]:
    """The texts of a chart."""
    return [text.replace(SPACE, " ") for text in re.findall(r"<text[^>]*>([^<]*)</text>", inside(chart))]


def test_each_survival_curve_is_labelled_with_its_grace(content):
    assert [word for word in words(survival_chart(content.survival, 30)) if word.endswith("days")] == [
        "90 days",
        "75 days",
        "60 days",
        "45 days",
        "15 days",
        "0 days",
        "30 days",
    ]


def test_the_curve_that_is_looked_at_is_thick_and_in_the_accent(content):
    assert (
        len(
            re.findall(r'stroke="var\(--chart-accent\)" stroke-width="3"', inside(survival_chart(content.survival, 30)))
        )
        == 1
    )


def test_without_a_grace_to_look_at_all_curves_are_alike(content):
    assert "accent" not in inside(survival_chart(content.survival))


def test_few_graces_have_a_curve_each(content):
    few = content.survival.filter(pl.col("grace").is_in([7, 21, 30]))
    assert curves_of(few, 30) == [7, 21, 30]


def test_survival_goes_down_in_steps(content):
    drawn = inside(survival_chart(content.survival.filter(grace=30), 30))
    line = re.findall(r'<path d="M([^"]*)" stroke="var\(--chart-accent\)"', drawn)[0]
    points = [tuple(map(float, point.split(","))) for point in line.split("L")]
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


def test_refused_launches_stand_apart_in_the_colour_of_expired(content):
    drawn = inside(left_chart(content.left))
    assert drawn.count('fill="var(--chart-refused)"') == 1


def test_every_number_of_days_left_has_a_bar(content):
    assert inside(left_chart(content.left)).count('fill="var(--chart-accent)"') == 31


def test_where_every_launch_was_refused_the_chart_says_so():
    left = pl.DataFrame({"days_left": [None], "trips": [5]}, schema={"days_left": pl.Int64, "trips": pl.Int64})
    assert "refused: 100 %" in words(left_chart(left))


@pytest.mark.parametrize(("shares", "told"), [((0.5, 0.4, 0.1), "day 2: 10 %"), ((0.5, 0.1, 0.1), "days 1 to 2: 10 %")])
def test_the_best_days_of_a_hotspot_are_named_and_what_none_is_worth(shares, told):
    hotspot = pl.DataFrame({"day": [0, 1, 2], "share_touched": list(shares)})
    said = words(hotspot_chart(hotspot))
    assert told in said and "without: 50 %" in said


def test_the_best_days_leave_the_fewest_trips_touched(content):
    days, least = best_days(content.hotspot)
    left = content.hotspot.filter(pl.col("day") > 0)
    assert least == left["share_touched"].min() and days == left.filter(share_touched=least)["day"].to_list()


def test_a_sweep_marks_the_grace_that_is_looked_at(content):
    assert "grace 30" in words(sweep_chart(content.by_grace, 30))


def test_a_sweep_without_a_grace_marks_none(content):
    assert not any(word.startswith("grace ") and word[-1].isdigit() for word in words(sweep_chart(content.by_grace)))


@pytest.mark.parametrize(("met", "marked"), [(2, True), (None, False)])
def test_a_search_shows_its_target_and_where_it_is_met(met, marked):
    told = words(find_chart(TRIED, 0.25, met))
    assert "target: 25 %" in told and ("met at 2" in told) is marked


def test_a_search_shows_its_confidence_where_it_has_one():
    sure = TRIED.with_columns(low=pl.col("share") * 0.9, high=pl.col("share") * 1.1)
    assert (
        "opacity" in inside(find_chart(sure, 0.25, 2))
        and inside(find_chart(TRIED, 0.25, 2)).count('opacity="0.2"') == 0
    )


def test_of_an_exact_answer_the_days_of_a_trip_are_drawn(content):
    exact = content.by_grace.drop("days_refused")
    assert "days refused a trip" in words(sweep_chart(exact))
    assert inside(sweep_chart(exact)).count("<path") == inside(sweep_chart(content.by_grace)).count("<path")
