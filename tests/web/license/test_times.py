"""Times of the reader's wall clock, and UTC beside it."""

from datetime import UTC, datetime

import pytest

from nexuslic.rules.instants import LAST
from nexuslic.web.license.times import Times, zone
from nexuslic.web.speech import Speech

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def times(name, accepted="en-GB"):
    return Times(Speech.of(accepted, zone(name)))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "\x00", "x" * 5000, "Europe"])
def test_a_zone_that_is_none_is_utc(name):
    assert zone(name).key == "UTC"


@pytest.mark.parametrize("name", ["Europe/Oslo", "Europe%2FOslo"])
def test_a_browsers_zone_is_taken_as_the_cookie_carries_it(name):
    assert zone(name).key == "Europe/Oslo"


def test_a_sentence_tells_both_clocks():
    assert times("Europe/Oslo").both(NOON) == "2 Mar 2026 13:00 (12:00 UTC)"


def test_the_day_is_told_again_where_it_is_another():
    assert times("Pacific/Auckland").both(NOON) == "3 Mar 2026 01:00 (2 Mar 2026 12:00 UTC)"


def test_a_reader_in_utc_is_told_once():
    assert times("UTC").both(NOON) == "2 Mar 2026 12:00 UTC"


def test_the_last_instant_of_the_calendar_is_told_in_utc():
    assert times("Pacific/Auckland").local(LAST) == "31 Dec 9999 23:59 UTC"
