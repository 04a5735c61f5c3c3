"""The story's time: every form, and what the clocks of the world do to it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nexuslic.scenario.calendar import Calendar, Moment, TimeError, duration, signed_duration

LAWS = settings(max_examples=150, deadline=None, derandomize=True)
ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
)
GAPS = [
    ("Europe/London", "2026-03-29 01:30", "2026-03-29 02:00"),
    ("America/New_York", "2026-03-08 02:59", "2026-03-08 03:00"),
    ("Australia/Sydney", "2026-10-04 02:00", "2026-10-04 03:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:30"),
    ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 01:00"),
    ("America/Havana", "2013-03-10 00:45", "2013-03-10 01:00"),
]
REPEATS = [
    ("Europe/London", "2026-10-25 01:30", "2026-10-25T00:30:00", "2026-10-25T01:30:00"),
    ("America/New_York", "2026-11-01 01:00", "2026-11-01T05:00:00", "2026-11-01T06:00:00"),
    ("Australia/Sydney", "2026-04-05 02:59", "2026-04-04T15:59:00", "2026-04-04T16:59:00"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00", "2026-04-04T15:15:00"),
    ("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-18T01:30:00", "2018-02-18T02:30:00"),
    ("America/Havana", "2013-11-03 00:00", "2013-11-03T04:00:00", "2013-11-03T05:00:00"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(text: str, starts: str = "2026-03-02 06:00 UTC", before: str | None = None) -> datetime:
    moment = Calendar.beginning(starts).moment(text, None if before is None else utc(before))
    assert moment is not None
    return moment.at


def recurring(text: str, starts: str, since: str, until: str) -> list[str]:
    calendar = Calendar.beginning(starts)
    found = calendar.recurring(text, utc(since), utc(until))
    assert found is not None
    return [f"{calendar.local(one):%Y-%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("day 1", "2026-03-02T00:00"),
        ("day 12", "2026-03-13T00:00"),
        ("day 12 08:00", "2026-03-13T08:00"),
        ("day 012 23:59", "2026-03-13T23:59"),
        ("2026-03-14", "2026-03-14T00:00"),
        ("2026-03-14 08:00", "2026-03-14T08:00"),
        ("+3d", "2026-03-05T06:00"),
        ("+2h", "2026-03-02T08:00"),
        ("+90m", "2026-03-02T07:30"),
        ("+1d 12h", "2026-03-03T18:00"),
        ("+1d12h30m", "2026-03-03T18:30"),
        ("day 366", "2027-03-02T00:00"),
        ("day 732", "2028-03-02T00:00"),
        ("day 99999", "2299-12-14T00:00"),
    ],
)
def test_a_time_is_an_instant(text: str, instant: str):
    assert at(text) == utc(instant)


def test_an_elapsed_time_counts_from_the_step_before():
    assert at("+3d", before="2026-03-10T07:30") == utc("2026-03-13T07:30")


def test_an_elapsed_time_is_no_calendar_arithmetic():
    before = utc("2026-03-28T12:00")
    calendar = Calendar.beginning("2026-03-02 06:00 Europe/London")
    assert calendar.moment("+1d", before) == Moment(before + timedelta(hours=24))
    assert f"{calendar.local(before + timedelta(days=1)):%H:%M}" == "13:00"


@pytest.mark.parametrize("text", ["never", "never 12:00"])
def test_never_is_no_time(text: str):
    assert Calendar.beginning("2026-03-02 06:00 UTC").moment(text) is None


def test_end_is_the_end_of_the_story():
    calendar = attrs.evolve(Calendar.beginning("2026-03-02 06:00 UTC"), ends=utc("2026-03-09T23:59"))
    assert calendar.moment("end") == Moment(utc("2026-03-09T23:59"))


def test_end_needs_an_end():
    with pytest.raises(TimeError, match="needs `ends:`"):
        at("end")


def test_a_moment_knows_whether_only_a_day_was_given():
    calendar = Calendar.beginning("2026-03-02 06:00 UTC")
    days = {text: calendar.moment(text).day_only for text in ("day 3", "2026-03-04", "day 3 00:00", "2026-03-04 00:00")}
    assert days == {"day 3": True, "2026-03-04": True, "day 3 00:00": False, "2026-03-04 00:00": False}


@pytest.mark.parametrize(
    "text",
    [
        *("", "day", "day 0", "day 00", "day -1", "day 1.5", "day 123456", "day one", "Day 1", "day  1"),
        *(
            "day 1 6:00",
            "day 1 24:00",
            "day 1 06:60",
            "day 1 0600",
            "day 1 06:00:00",
            "day 1 06:00 third",
            "day 1 first",
        ),
        *("2026-3-14", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "14.03.2026", "2026-03-14T08:00"),
        *("06:00", "now", "3d", "+", "+3", "+3w", "+-3d", "+3d 3d", "+ 3d", "daily 06:00", "every 6h", "Never", "END"),
        *("day \u0661", "day 1 06:00 ", "day 1\n06:00"),
    ],
)
def test_what_is_no_time_is_refused_in_one_line(text: str):
    with pytest.raises(TimeError) as caught:
        at(text)
    assert str(caught.value).strip()


@pytest.mark.parametrize("year", [2028, 2400])
def test_a_leap_day_is_a_day(year: int):
    assert at("day 2", starts=f"{year}-02-28 06:00 UTC") == utc(f"{year}-02-29")
    assert at("day 3", starts=f"{year}-02-28 06:00 UTC") == utc(f"{year}-03-01")


@pytest.mark.parametrize("year", [2026, 2100])
def test_other_years_have_none(year: int):
    assert at("day 2", starts=f"{year}-02-28 06:00 UTC") == utc(f"{year}-03-01")
    with pytest.raises(TimeError, match="is no date"):
        at(f"{year}-02-29")


def test_the_last_day_of_the_calendar_can_be_named():
    assert at("9999-12-31 23:59") == utc("9999-12-31T23:59")
    assert at("day 2 23:59", starts="9999-12-30 06:00 UTC") == utc("9999-12-31T23:59")


def test_a_day_beyond_the_calendar_is_refused():
    with pytest.raises(TimeError, match="beyond the calendar"):
        at("day 3", starts="9999-12-30 06:00 UTC")


def test_the_rules_of_summer_time_hold_in_far_years():
    assert at("2199-07-01 12:00", starts="2026-03-02 06:00 Europe/London") == utc("2199-07-01T11:00")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02 06:00 UTC", "2026-03-02T06:00"),
        ("2026-07-02 06:00 Europe/London", "2026-07-02T05:00"),
        ("2026-03-02 06:00 Asia/Kathmandu", "2026-03-02T00:15"),
        ("2026-03-02 06:00 Etc/GMT+12", "2026-03-02T18:00"),
        ("2026-10-25 01:30 first Europe/London", "2026-10-25T00:30"),
        ("2026-10-25 01:30 second Europe/London", "2026-10-25T01:30"),
    ],
)
def test_a_story_starts_in_its_zone(text: str, instant: str):
    calendar = Calendar.beginning(text)
    assert calendar.starts == utc(instant)
    assert calendar.day(calendar.starts) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-03-02",
            "2026-03-02 06:00",
            "06:00 UTC",
            "day 1 06:00 UTC",
            "2026-03-02 6:00 UTC",
            "2026-02-30 06:00 UTC",
        ),
        *("2026-03-02 06:00 Nowhere", "2026-03-02 06:00 Europe", "2026-03-02 06:00 +01:00", "2026-03-02 06:00 BST"),
        *("2026-03-02 06:00 ../../etc/passwd", "2026-03-02 06:00 /etc/localtime", "2026-03-02 06:00 Europe/London x"),
        *("2026-03-29 01:30 Europe/London", "2026-10-25 01:30 Europe/London", "2026-03-02 06:00 first UTC", ""),
    ],
)
def test_a_start_that_is_none_is_refused(text: str):
    with pytest.raises(TimeError):
        Calendar.beginning(text)


@pytest.mark.parametrize(("zone", "skipped", "after"), GAPS)
def test_a_time_that_the_zone_skips_does_not_exist(zone: str, skipped: str, after: str):
    with pytest.raises(TimeError, match="does not exist"):
        at(skipped, starts=f"2010-01-01 12:00 {zone}")
    assert at(after, starts=f"2010-01-01 12:00 {zone}")


@pytest.mark.parametrize(("zone", "skipped", "after"), GAPS)
def test_a_skipped_time_is_not_saved_by_first_or_second(zone: str, skipped: str, after: str):
    for which in ("first", "second"):
        with pytest.raises(TimeError, match="does not exist"):
            at(f"{skipped} {which}", starts=f"2010-01-01 12:00 {zone}")


@pytest.mark.parametrize(("zone", "repeated", "first", "second"), REPEATS)
def test_a_time_that_the_zone_repeats_needs_first_or_second(zone: str, repeated: str, first: str, second: str):
    starts = f"2010-01-01 12:00 {zone}"
    with pytest.raises(TimeError, match="add `first` or `second`"):
        at(repeated, starts=starts)
    assert at(f"{repeated} first", starts=starts) == utc(first)
    assert at(f"{repeated} second", starts=starts) == utc(second)


@pytest.mark.parametrize("which", ["first", "second"])
def test_first_and_second_are_refused_where_a_time_happens_once(which: str):
    with pytest.raises(TimeError, match="happens once only"):
        at(f"2026-10-25 02:00 {which}", starts="2026-03-02 06:00 Europe/London")


@pytest.mark.parametrize(("zone", "skipped", "after"), GAPS)
def test_a_daily_time_in_a_gap_goes_to_the_first_instant_after_it(zone: str, skipped: str, after: str):
    day = utc(skipped[:10])
    span = ((day - timedelta(hours=14)).isoformat()[:16], (day + timedelta(hours=20)).isoformat()[:16])
    found = recurring(f"daily {skipped[11:]}", f"2010-01-01 12:00 {zone}", *span)
    assert after in found
    assert skipped not in found


@pytest.mark.parametrize(("zone", "repeated", "first", "second"), REPEATS)
def test_a_daily_time_that_is_repeated_happens_at_the_first_of_the_two(
    zone: str, repeated: str, first: str, second: str
):
    calendar = Calendar.beginning(f"2010-01-01 12:00 {zone}")
    found = calendar.recurring(f"daily {repeated[11:]}", utc(first) - timedelta(hours=9), utc(second))
    assert found is not None
    assert list(found) == [utc(first)]


def test_a_daily_time_is_a_wall_clock_time_on_both_sides_of_a_change():
    found = recurring("daily 06:00", "2026-03-27 06:00 Europe/London", "2026-03-27T06:00", "2026-03-30T06:00")
    assert found == ["2026-03-27 06:00", "2026-03-28 06:00", "2026-03-29 06:00", "2026-03-30 06:00"]


def test_every_six_hours_is_elapsed_time_across_a_change():
    found = recurring("every 6h", "2026-03-28 06:00 Europe/London", "2026-03-28T12:00", "2026-03-29T12:00")
    assert found == ["2026-03-28 12:00", "2026-03-28 18:00", "2026-03-29 00:00", "2026-03-29 07:00", "2026-03-29 13:00"]


def test_every_half_hour_goes_through_the_repeated_hour_twice():
    found = recurring("every 30m", "2026-10-25 00:30 Europe/London", "2026-10-24T23:30", "2026-10-25T02:00")
    assert [one[11:] for one in found] == ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"]


def test_once_a_minute_is_as_often_as_it_gets():
    found = recurring("every 1m", "2026-03-02 06:00 UTC", "2026-03-02T06:00", "2026-03-02T06:02")
    assert found == ["2026-03-02 06:00", "2026-03-02 06:01", "2026-03-02 06:02"]


def test_both_ends_of_a_recurrence_are_included():
    daily = recurring("daily 06:00", "2026-03-02 06:00 UTC", "2026-03-02T06:00", "2026-03-03T06:00")
    hours = recurring("every 6h", "2026-03-02 06:00 UTC", "2026-03-02T06:00", "2026-03-02T12:00")
    assert daily == ["2026-03-02 06:00", "2026-03-03 06:00"]
    assert hours == ["2026-03-02 06:00", "2026-03-02 12:00"]


@pytest.mark.parametrize("text", ["day 2", "daily", "daily 6:00", "daily 24:00", "every", "weekly", "+3d", "never"])
def test_what_does_not_recur_is_none(text: str):
    calendar = Calendar.beginning("2026-03-02 06:00 UTC")
    assert calendar.recurring(text, calendar.starts, calendar.starts) is None


@pytest.mark.parametrize("text", ["every 0h", "every 0m", "every 59s", "every x", "every 6", "every  6h", "every -6h"])
def test_a_recurrence_that_cannot_be_is_refused(text: str):
    calendar = Calendar.beginning("2026-03-02 06:00 UTC")
    with pytest.raises(TimeError):
        calendar.recurring(text, calendar.starts, calendar.starts)


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"),
        ("America/Havana", "2013-03-10", "2013-03-10T05:00"),
        ("America/Havana", "2013-11-03", "2013-11-03T04:00"),
    ],
)
def test_a_day_without_one_midnight_begins_at_its_first_instant(zone: str, day: str, begins: str):
    calendar = Calendar.beginning(f"{day} 12:00 {zone}")
    assert calendar.moment("day 1", whole_day=True) == Moment(utc(begins), day_only=True)
    assert calendar.moment(day, whole_day=True) == Moment(utc(begins), day_only=True)
    with pytest.raises(TimeError, match=r"does not exist|happens twice"):
        calendar.moment("day 1")
    assert calendar.day(utc(begins)) == 1
    assert calendar.day(utc(begins) - timedelta(minutes=1)) == 0


def test_a_day_that_the_zone_leaves_out_begins_with_the_next_one():
    calendar = Calendar.beginning("2011-12-29 12:00 Pacific/Apia")
    assert calendar.moment("day 2", whole_day=True) == Moment(utc("2011-12-30T10:00"), day_only=True)
    assert calendar.moment("day 3") == Moment(utc("2011-12-30T10:00"), day_only=True)
    with pytest.raises(TimeError, match="does not exist"):
        calendar.moment("day 2")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3d", 259_200), ("2h", 7_200), ("90m", 5_400), ("10s", 10), ("1d 12h", 129_600), ("1d12h", 129_600), ("0m", 0)],
)
def test_a_duration_is_elapsed_time(text: str, seconds: int):
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "3", "d", "3 d", "-3d", "+3d", "1.5h", "3D", "1h 2d", "3d  2h", "12345678d", "\u0663d"]
)
def test_what_is_no_duration_is_refused(text: str):
    with pytest.raises(TimeError, match="is no duration"):
        duration(text)


def test_a_signed_duration_goes_either_way():
    assert [signed_duration(text).days for text in ("-3d", "+3d", "3d")] == [-3, 3, 3]


@pytest.mark.parametrize("text", ["", "-", "+", "--3d", "+-3d", "- 3d"])
def test_what_is_no_signed_duration_is_refused(text: str):
    with pytest.raises(TimeError):
        signed_duration(text)


def test_days_are_counted_on_the_storys_calendar():
    calendar = Calendar.beginning("2026-03-02 06:00 Pacific/Auckland")
    assert calendar.day(utc("2026-03-02T10:59")) == 1
    assert calendar.day(utc("2026-03-02T11:00")) == 2


def test_an_instant_is_written_as_the_story_writes_it():
    calendar = Calendar.beginning("2026-03-02 06:00 Europe/London")
    assert calendar.write(utc("2026-04-01T07:30")) == "day 31 08:30"


def once(calendar: Calendar, instant: datetime) -> bool:
    """Whether the wall clock shows this time once."""
    local = calendar.local(instant)
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


@LAWS
@given(st.sampled_from(ZONES), st.integers(2000, 2037), st.integers(0, 60 * 24 * 700))
def test_what_is_written_is_read_as_the_same_instant(zone: str, year: int, minutes: int):
    calendar = Calendar.beginning(f"{year}-01-02 00:00 {zone}")
    instant = calendar.starts + timedelta(minutes=minutes)
    assume(once(calendar, instant))
    assert calendar.moment(calendar.write(instant)) == Moment(instant)


@LAWS
@given(st.sampled_from(ZONES), st.integers(2000, 2037), st.integers(0, 60 * 24 * 365))
def test_the_day_and_the_clock_name_the_instant_or_ask_which(zone: str, year: int, minutes: int):
    calendar = Calendar.beginning(f"{year}-01-02 00:00 {zone}")
    instant = calendar.starts + timedelta(minutes=minutes)
    local = calendar.local(instant)
    which = "" if once(calendar, instant) else (" first", " second")[local.fold]
    assert calendar.moment(f"{local:%Y-%m-%d %H:%M}{which}") == Moment(instant)


@LAWS
@given(st.sampled_from(ZONES), st.integers(2000, 2037), st.times(), st.integers(1, 400))
def test_a_daily_time_happens_once_on_each_day(zone: str, year: int, clock: datetime, days: int):
    calendar = Calendar.beginning(f"{year}-01-02 00:00 {zone}")
    until = calendar.moment(f"day {days + 1}", whole_day=True).at - timedelta(minutes=1)
    found = list(calendar.recurring(f"daily {clock:%H:%M}", calendar.starts, until))
    assert [calendar.day(one) for one in found] == list(range(1, days + 1))


@LAWS
@given(st.sampled_from(ZONES), st.integers(2000, 2037), st.times(), st.integers(1, 400))
def test_a_daily_time_shows_itself_or_the_end_of_a_gap(zone: str, year: int, clock: datetime, days: int):
    calendar = Calendar.beginning(f"{year}-01-02 00:00 {zone}")
    for one in calendar.recurring(f"daily {clock:%H:%M}", calendar.starts, calendar.starts + timedelta(days=days)):
        local = calendar.local(one)
        before = (one - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
        assert f"{local:%H:%M}" == f"{clock:%H:%M}" or before.utcoffset() < local.utcoffset()


@LAWS
@given(st.integers(1, 9_999_999), st.sampled_from("dhms"), st.integers(0, 9_999), st.sampled_from("hms"))
def test_parts_of_a_duration_add_up(one: int, unit: str, other: int, smaller: str):
    assert duration(f"{one}{unit} {other}{smaller}") == duration(f"{one}{unit}") + duration(f"{other}{smaller}")
