"""What a chart is said to show is what its frame holds."""

import attrs
import polars as pl
import pytest

from nexuslic.errors import InputError
from nexuslic.lab.amounts import SPACE
from nexuslic.lab.report import findings


def lengths(*rows: tuple[int, int, float]) -> pl.DataFrame:
    """Rows of length, days refused and refused days a trip, at grace 30."""
    frame = pl.DataFrame(rows, schema=["length", "days_refused", "days_refused_per_trip"], orient="row")
    return frame.with_columns(grace=pl.lit(30), trips=pl.lit(100), trips_touched=pl.lit(0))


def survival(*shares: float) -> pl.DataFrame:
    return pl.DataFrame({"grace": [30] * len(shares), "day": list(range(1, len(shares) + 1)), "share": list(shares)})


def left(**trips: int) -> pl.DataFrame:
    """Trips by days left (`d0`, `d1` ...), and `refused`."""
    days = [None if name == "refused" else int(name[1:]) for name in trips]
    return pl.DataFrame(
        {"days_left": days, "trips": list(trips.values())}, schema={"days_left": pl.Int64, "trips": pl.Int64}
    )


def hotspot(*shares: float) -> pl.DataFrame:
    """Shares by day, from day 0 on."""
    return pl.DataFrame({"day": list(range(len(shares))), "share_touched": list(shares)})


def said(finding, content, **changes) -> str:
    return finding(attrs.evolve(content, **changes)).replace(SPACE, " ")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(14, 0, 0.0), (28, 0, 0.0)], "no trip loses a day, up to the longest of 28 days."),
        (
            [(14, 0, 0.0), (45, 1300, 13.0)],
            "trips of up to 14 days lose no day; a trip of 45 days loses 13 days on average.",
        ),
        (
            [(35, 5, 0.05), (45, 1300, 13.0)],
            "trips of every length lose days: a trip of 45 days loses 13 days on average.",
        ),
    ],
)
def test_it_says_which_trips_lose_no_day(content, rows, told):
    assert said(findings.of_lengths, content, by_length=lengths(*rows)) == f"With 30 days of grace, {told}"


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((1.0, 1.0), "every trip runs to its end."),
        ((1.0, 0.9, 0.8), "every trip runs up to day 1; 80 % of trips reach their end without a refused day."),
        ((0.9, 0.9), "some trips stop on day 1; 90 % of trips reach their end without a refused day."),
    ],
)
def test_it_says_how_long_trips_run(content, shares, told):
    assert said(findings.of_survival, content, survival=survival(*shares)) == f"With 30 days of grace, {told}"


@pytest.mark.parametrize(
    ("trips", "told"),
    [
        (
            {"refused": 1, "d0": 1, "d5": 1, "d9": 1},
            "25 % of trips the last launch was refused; half of the others had 5 days or more left.",
        ),
        ({"d0": 3, "d9": 1}, "0 % of trips the last launch was refused; half of the others had 0 days or more left."),
        ({"refused": 7}, "100 % of trips the last launch was refused."),
    ],
)
def test_it_says_how_many_days_were_left(content, trips, told):
    assert said(findings.of_left, content, left=left(**trips)) == f"On {told}"


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (
            (0.5, 0.5, 0.1, 0.4),
            "One hour of contact on day 2 is worth most: 10 % of trips lose days, against 50 % without it.",
        ),
        (
            (0.5, 0.1, 0.1),
            "One hour of contact on one of the days 1 to 2 is worth most: 10 % of trips lose days, "
            "against 50 % without it.",
        ),
        ((0.5, 0.5, 0.5), "One hour of contact more helps on no day: 50 % of trips lose days with it or without."),
    ],
)
def test_it_says_what_a_hotspot_is_worth(content, shares, told):
    assert said(findings.of_hotspot, content, hotspot=hotspot(*shares)) == told


def test_a_grace_that_was_not_tried_is_refused(content):
    with pytest.raises(InputError, match="a report on grace 400: that is not among the graces tried"):
        findings.at_grace(attrs.evolve(content, grace=400))
