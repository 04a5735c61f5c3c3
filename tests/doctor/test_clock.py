"""Clocks side by side, and which difference is one that matters."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest

from nexuslic.doctor import clock
from nexuslic.doctor.clock import DATABASE, HERE, Clocks
from nexuslic.doctor.findings import Level
from nexuslic.rules.policy import Policy

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def clocks(**given):
    return Clocks(
        **{
            "read": HERE,
            "license": NOW,
            "workstation": NOW,
            "server": None,
            "license_time": None,
            "set_back": None,
            **given,
        }
    )


@pytest.mark.parametrize(("apart", "level"), [(DAY, "good"), (DAY + timedelta(seconds=1), "bad"), (-2 * DAY, "bad")])
def test_more_than_the_tolerance_from_the_license_server_is_bad(apart, level):
    assert clock.finding(clocks(server=NOW + apart), Policy()).level is Level(level)


@pytest.mark.parametrize(("apart", "said"), [(2 * DAY, "2 d 0 h behind"), (-2 * DAY, "2 d 0 h ahead of")])
def test_which_clock_is_ahead_is_told(apart, said):
    assert f"it is {said} the license server's" in clock.finding(clocks(server=NOW + apart), Policy()).why


def test_a_clock_that_was_set_back_is_told_by_how_much():
    found = clock.finding(clocks(set_back=3 * DAY), Policy())
    assert found.why == "the clock of this computer is wrong: it was set back by 3 d 0 h since the last launch"


def test_this_computer_stands_beside_a_database_server():
    found = clock.finding(clocks(read=DATABASE, workstation=NOW - timedelta(minutes=5)), Policy())
    assert found.text == "the database server shows 2026-03-02 08:30 UTC, this computer 5 min behind"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=1, minutes=30), "1 h 30 min"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h"),
        (timedelta(seconds=30), "0 min"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_greatest_units(length, said):
    assert clock.span(length) == said


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Mar 2026 08:30:00 GMT"])
def test_a_license_server_that_tells_no_time_is_not_asked_again(date):
    look = SimpleNamespace(watch=SimpleNamespace(headers=httpx.Headers({"date": date})))
    assert clock.told(look) is None


@pytest.mark.parametrize("date", ["Mon, 02 Mar 2026 08:30:00 GMT", "Mon, 02 Mar 2026 09:30:00 +0100"])
def test_the_license_servers_time_is_told_in_utc(date):
    look = SimpleNamespace(watch=SimpleNamespace(headers=httpx.Headers({"date": date})))
    assert clock.told(look) == NOW
