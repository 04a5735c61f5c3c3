"""A plan in an address: what it is read as, what is said to be wrong, and that it comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.lab.trip import Trip
from nexuslic.web.voyage.plan import DEFAULTS, KINDS, MOST_MARKS, Mark, Plan, read

WORDS = st.text(st.characters(codec="utf-8"), max_size=12).map(str.strip)
MARKS = st.lists(st.builds(Mark, st.sampled_from(list(KINDS)), WORDS), max_size=6).map(
    lambda marks: tuple(sorted(marks, key=lambda mark: mark.kind))
)
PLANS = st.builds(Plan, st.fixed_dictionaries(dict.fromkeys(DEFAULTS, WORDS)), MARKS)


@given(PLANS)
def test_whatever_is_typed_comes_back_from_the_address(plan: Plan):
    assert Plan.of_query(plan.query) == plan


@given(PLANS)
def test_whatever_is_typed_is_a_trip_or_is_told_at_its_field(plan: Plan):
    reading = read(plan)
    assert (reading.trip is None) == bool(reading.wrong)
    assert set(reading.wrong) <= {*DEFAULTS, *plan.keys()}


def test_an_empty_address_is_the_trip_of_the_command():
    assert read(Plan.of_query("")).trip == Trip()


def test_a_plan_that_is_as_it_is_at_first_has_an_empty_address():
    assert Plan.of_query("days=45&grace=30&contact=3").query == "contact=3"


def test_all_of_a_trip_stands_in_its_plan():
    trip = Trip(
        days=60,
        grace=20,
        start="2026-10-25 01:30 second Europe/London",
        os="linux",
        workstations=3,
        contacts=("day 20 08:00", "day 30"),
        restores=("day 10",),
        codes=("day 40",),
        set_clocks=("day 5 05:00 -3d", "day 6 +2h ws2"),
        extend=5,
        renames=("day 12",),
    )
    assert read(Plan.of_query(Plan.of_trip(trip).query)).trip == trip


@pytest.mark.parametrize(
    "query, field, told",
    [
        ("days=0", "days", "Write a whole number from 1 to 3650."),
        ("days=4.5", "days", "Write a whole number from 1 to 3650."),
        ("days=%D9%A4", "days", "Write a whole number from 1 to 3650."),
        ("grace=", "grace", "Write a whole number from 0 to 36500."),
        ("crew=51", "crew", "Write a whole number from 1 to 50."),
        ("days=3650&crew=3", "crew", "That is more than 9,000 launches: shorten the trip, or take fewer workstations."),
        ("os=beos", "os", "Choose one of windows-7, windows-10, windows-11, linux."),
        ("date=soon", "date", "Choose a date, such as 2026-03-02."),
        ("zone=Mars/Olympus", "zone", "There is no such time zone: write one such as Europe/Oslo or UTC."),
        ("zone=", "zone", "There is no such time zone: write one such as Europe/Oslo or UTC."),
        ("time=08:00", "time", "The key is entered on day 1 at 07:30: start then, or before."),
        ("date=2026-03-29&time=01:30", "time", "does not exist"),
        ("days=13&date=2011-12-18&zone=Pacific/Apia", "days", "does not exist"),
        ("contact=soon", "contact.0", "Name a day of the trip, such as 20."),
        ("contact=3&contact=0", "contact.1", "The first day is `day 1`."),
        ("contact=45+23:59", "contact.0", "The last minute of the voyage is too late for one."),
        ("code=3+25:00", "code.0", "is no time"),
        ("clock=10", "clock.0", 'Write when and by how much, such as "day 10 -3d".'),
        ("clock=10+-3d+ws2", "clock.0", "There is no workstation `ws2`: bridge."),
        ("clock=1+-3d", "clock.0", "On day 1 write a time after departure, such as 08:00."),
        ("clock=10+-3years", "clock.0", "is no duration"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(query: str, field: str, told: str):
    wrong = read(Plan.of_query(query)).wrong
    assert list(wrong) == [field]
    assert told in wrong[field]


def test_signs_after_the_end_are_left_out():
    reading = read(Plan.of_query("days=20&contact=21&contact=20"))
    assert reading.trip is not None
    assert (reading.trip.contacts, reading.beyond) == (("day 20",), (Mark("contact", "21"),))


def test_there_may_be_so_many_signs_and_no_more():
    many = "&".join(f"contact={day}" for day in range(1, MOST_MARKS + 2))
    assert read(Plan.of_query(f"days=300&{many}")).wrong == {"days": "A plan holds 100 signs: remove some."}
