"""Grace: its deadline, to the instant, and what a person is told of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.rules import grace

LAW = settings(max_examples=100, deadline=None, derandomize=True)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def test_a_launch_at_the_deadline_itself_runs(build):
    deadline = grace.deadline(build.certificate())
    assert grace.within(deadline, deadline)


def test_a_launch_an_instant_after_the_deadline_does_not_run(build):
    deadline = grace.deadline(build.certificate())
    assert not grace.within(deadline + TICK, deadline)


def test_a_launch_before_the_deadline_runs(build):
    deadline = grace.deadline(build.certificate())
    assert grace.within(deadline - TICK, deadline)


def test_a_grace_of_0_days_ends_at_the_grant(build):
    certificate = build.certificate(grace_days=0)
    assert grace.deadline(certificate) == certificate.granted_at


def test_the_calendar_changes_nothing(build):
    assert grace.deadline(build.certificate(grace_days=45)) == datetime(2026, 4, 16, 7, 30, tzinfo=UTC)


@LAW
@given(st.integers(0, 90), st.integers(0, 60), st.integers(-10, 400))
def test_the_deadline_is_the_last_grant_and_grace_and_the_carried_extension(build, days, extra, granted):
    certificate = build.certificate(granted=granted, grace_days=days, extra_days=extra)
    assert grace.deadline(certificate) - certificate.granted_at == timedelta(hours=24 * (days + extra))


@LAW
@given(st.integers(0, 90), st.integers(-5, 200))
def test_an_earlier_end_of_term_takes_the_deadlines_place(build, days, ends):
    certificate = build.certificate(grace_days=days, ends=build.day(ends))
    assert grace.deadline(certificate) == build.day(min(days, ends))
    assert grace.grace_deadline(certificate) == build.day(days)


def test_the_term_is_not_past_at_its_last_instant(build):
    certificate = build.certificate(ends=build.day(10))
    assert [grace.past_term(certificate, build.day(10) + step) for step in (-TICK, 0 * TICK, TICK)] == [
        False,
        False,
        True,
    ]


def test_a_license_without_an_end_is_never_past_its_term(build):
    assert grace.past_term(build.certificate(ends=None), build.day(9999)) is False


@pytest.mark.parametrize(
    ("to_go", "days"),
    [
        (30 * DAY, 30),
        (30 * DAY - TICK, 30),
        (29 * DAY + TICK, 30),
        (29 * DAY, 29),
        (DAY, 1),
        (TICK, 1),
        (0 * DAY, 0),
        (-TICK, 0),
        (-3 * DAY, 0),
    ],
)
def test_days_left_are_rounded_up_and_0_from_the_deadline_on(build, to_go, days):
    deadline = build.day(30)
    assert grace.days_left(deadline - to_go, deadline) == days


@LAW
@given(TIMES, TIMES)
def test_days_left_are_the_fewest_whole_days_that_reach_the_deadline(license_time, deadline):
    left = grace.days_left(license_time, deadline)
    assert license_time + left * DAY >= deadline
    assert left == 0 or license_time + (left - 1) * DAY < deadline


@LAW
@given(TIMES, TIMES)
def test_while_days_are_left_the_application_runs(license_time, deadline):
    if grace.days_left(license_time, deadline) > 0:
        assert grace.within(license_time, deadline)
    else:
        assert license_time >= deadline


@LAW
@given(TIMES, TIMES, st.timedeltas(timedelta(0), 400 * DAY))
def test_days_left_never_grow_while_license_time_passes(license_time, deadline, passed):
    assert grace.days_left(license_time + passed, deadline) <= grace.days_left(license_time, deadline)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (12, "Only 12 days left in grace period"),
        (2, "Only 2 days left in grace period"),
        (1, "Only 1 day left in grace period"),
        (0, "Only 0 days left in grace period"),
    ],
)
def test_grace_warns_in_the_products_own_words(left, text):
    assert grace.warning(left, None) == text


def test_the_policy_keeps_the_warning_silent_until_that_many_days_are_left():
    assert [grace.warning(left, 7) is not None for left in (30, 8, 7, 6, 0)] == [False, False, True, True, True]


def test_a_policy_of_0_days_warns_on_the_last_day_only():
    assert [grace.warning(left, 0) for left in (1, 0)] == [None, "Only 0 days left in grace period"]
