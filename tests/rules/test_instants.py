"""Adding to an instant stays within the calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from nexuslic.rules.instants import LAST, later

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("by", [timedelta(0), TICK, timedelta(days=30), -timedelta(days=30)])
def test_within_the_calendar_it_is_a_sum(by):
    assert later(NOON, by) == NOON + by


def test_the_last_instant_itself_is_reached():
    assert later(NOON, LAST - NOON) == LAST


@pytest.mark.parametrize("by", [LAST - NOON + TICK, timedelta.max])
def test_beyond_the_calendar_it_is_the_last_instant(by):
    assert later(NOON, by) == LAST
