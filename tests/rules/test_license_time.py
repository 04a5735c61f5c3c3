"""License time: what one reading, a mark, running time and a grant make of the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.rules import license_time
from nexuslic.rules.license_time import Ledger, Mark, observe
from nexuslic.rules.policy import Policy

LAW = settings(max_examples=100, deadline=None, derandomize=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
LEDGER = Ledger(license_time=NOON - 5 * DAY, last_reading=NOON)
POLICY = Policy()
WALLS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
LEDGERS = st.builds(Ledger, WALLS, WALLS)


@pytest.mark.parametrize("ahead", [TICK, HOUR, 45 * DAY])
def test_a_later_reading_advances_license_time_by_the_difference(ahead):
    seen = observe(LEDGER, NOON + ahead, POLICY)
    assert seen.ledger == Ledger(LEDGER.license_time + ahead, NOON + ahead)
    assert seen.set_back is None


def test_the_same_reading_again_changes_nothing():
    assert observe(LEDGER, NOON, POLICY) == license_time.Observation(LEDGER, None)


@pytest.mark.parametrize("behind", [TICK, HOUR, 24 * HOUR])
def test_a_reading_behind_by_the_tolerance_at_most_moves_nothing(behind):
    assert observe(LEDGER, NOON - behind, POLICY) == license_time.Observation(LEDGER, None)


@pytest.mark.parametrize("behind", [24 * HOUR + TICK, 3 * DAY, 4000 * DAY])
def test_a_clock_that_was_set_back_is_charged_and_followed(behind):
    seen = observe(LEDGER, NOON - behind, POLICY)
    assert seen.ledger == Ledger(LEDGER.license_time + DAY, NOON - behind)
    assert seen.set_back == behind


def test_tolerance_and_charge_are_the_policys():
    policy = Policy(clock_tolerance=HOUR, setback_charge=2 * DAY)
    assert observe(LEDGER, NOON - HOUR, policy).ledger == LEDGER
    assert observe(LEDGER, NOON - 2 * HOUR, policy).ledger == Ledger(LEDGER.license_time + 2 * DAY, NOON - 2 * HOUR)


@LAW
@given(LEDGERS, st.lists(WALLS, max_size=8))
def test_no_clock_makes_license_time_shrink(ledger, walls):
    for wall in walls:
        after = observe(ledger, wall, POLICY).ledger
        assert after.license_time >= ledger.license_time
        ledger = after


@LAW
@given(LEDGERS, st.lists(WALLS, min_size=1, max_size=8))
def test_an_honest_clock_is_counted_once_however_often_it_is_read(ledger, walls):
    walls = sorted([*walls, ledger.last_reading])
    later = [wall for wall in walls if wall >= ledger.last_reading]
    start = ledger
    for wall in later:
        ledger = observe(ledger, wall, POLICY).ledger
    assert ledger.license_time - start.license_time == later[-1] - start.last_reading


@LAW
@given(LEDGERS, st.timedeltas(DAY + TICK, 3000 * DAY), st.lists(st.timedeltas(timedelta(0), 9 * DAY), max_size=5))
def test_a_wrong_but_steady_clock_pays_once(ledger, behind, steps):
    wall, start = ledger.last_reading - behind, ledger.license_time
    ledger = observe(ledger, wall, POLICY).ledger
    for step in steps:
        wall += step
        ledger = observe(ledger, wall, POLICY).ledger
    assert ledger.license_time == start + DAY + sum(steps, timedelta(0))


@LAW
@given(LEDGERS, WALLS)
def test_a_set_back_is_told_exactly_where_it_is_charged(ledger, wall):
    behind = ledger.last_reading - wall
    assert observe(ledger, wall, POLICY).set_back == (behind if behind > DAY else None)


@pytest.mark.parametrize("granted_at", [NOON, NOON + HOUR])
def test_a_mark_of_this_grant_or_a_later_one_keeps_an_older_backup_from_turning_time_back(granted_at):
    mark = Mark("r", granted_at, LEDGER.license_time + 3 * DAY, False)
    heeded = license_time.heed_mark(LEDGER, mark, "".join(["", "r"]), NOON)
    assert heeded == Ledger(LEDGER.license_time + 3 * DAY, NOON)


def test_a_newer_grant_makes_the_mark_void():
    mark = Mark("r", NOON - TICK, LEDGER.license_time + 3 * DAY, False)
    assert license_time.heed_mark(LEDGER, mark, "r", NOON) == LEDGER


@pytest.mark.parametrize("nonce", ["a", "z", ""])
def test_another_grant_of_the_same_second_makes_the_mark_void(nonce):
    mark = Mark("r", NOON, LEDGER.license_time + 3 * DAY, False, nonce)
    assert license_time.heed_mark(LEDGER, mark, "r", NOON, "m") == LEDGER


@pytest.mark.parametrize("nonce", ["a", "m", "z"])
def test_a_mark_of_a_later_grant_counts_whatever_its_nonce(nonce):
    mark = Mark("r", NOON + TICK, LEDGER.license_time + 3 * DAY, False, nonce)
    assert license_time.heed_mark(LEDGER, mark, "r", NOON, "m").license_time == mark.license_time


@pytest.mark.parametrize("other", ["a", "z"])
def test_the_mark_of_another_record_is_not_heeded(other):
    mark = Mark(other, NOON, LEDGER.license_time + 3 * DAY, False)
    assert license_time.heed_mark(LEDGER, mark, "r", NOON) == LEDGER


def test_without_a_mark_the_ledger_stands():
    assert license_time.heed_mark(LEDGER, None, "r", NOON) == LEDGER


@LAW
@given(LEDGERS, WALLS)
def test_license_time_is_raised_to_a_floor_and_never_lowered(ledger, floor):
    raised = license_time.at_least(ledger, floor)
    assert raised == Ledger(max(ledger.license_time, floor), ledger.last_reading)


@LAW
@given(WALLS, WALLS)
def test_a_grant_sets_the_servers_time_whatever_the_clock_shows(granted_at, wall):
    assert license_time.correct(granted_at, wall) == Ledger(license_time=granted_at, last_reading=wall)


@LAW
@given(WALLS, st.timedeltas(-4000 * DAY, 4000 * DAY), st.timedeltas(timedelta(0), 60 * DAY))
def test_a_clock_that_is_off_by_a_constant_loses_no_day(granted_at, error, passed):
    ledger = license_time.correct(granted_at, granted_at + error)
    assert observe(ledger, granted_at + passed + error, POLICY).ledger.license_time == granted_at + passed
