"""A voyage in words: one sentence for all of it, and why it was so on one day."""

import pytest

from nexuslic.errors import InputError
from nexuslic.lab import voyage, voyage_told
from nexuslic.lab.voyage import Trip
from nexuslic.scenario.stage_simulated import SimulatedStage


def told(trip: Trip, text: str) -> str:
    answer = voyage.ask(trip, SimulatedStage)
    one = voyage_told.explained(answer, text, SimulatedStage)
    return "" if one is None else "\n".join(voyage_told.in_words(one, answer))


def test_the_answer_is_one_sentence_where_the_trip_is_covered():
    answer = voyage.ask(Trip(days=20), SimulatedStage)
    assert voyage_told.sentence(answer) == "Runs on every day. Grace lasts until day 31 08:30."


def test_the_answer_names_the_refused_days():
    answer = voyage.ask(Trip(days=45), SimulatedStage)
    assert voyage_told.sentence(answer).endswith("Refused on 14 days: day 32 to day 45.")


def test_a_refused_day_says_why_when_and_what_would_have_helped():
    said = told(Trip(), "day 32")
    assert "grace ended on day 31 at 08:30" in said
    assert "license time  day 32 06:00" in said and "deadline      day 31 08:30" in said
    assert "grace      31 days" in said and "extension  1 extra day," in said


def test_a_day_that_ran_says_how_many_days_were_left_and_needs_no_help():
    said = told(Trip(), "day 20")
    assert "Grace, it runs" in said and "days left     12" in said and "would have let" not in said


def test_what_is_said_once_is_not_said_twice():
    assert told(Trip(), "day 20").count("Only 12 days left") == 1


def test_a_clock_that_is_wrong_shows_beside_license_time():
    said = told(Trip(set_clocks=("day 10 -3d",)), "day 11")
    assert "license time  day 11 05:00" in said or "license time  day 11 06:00" in said
    assert "clock         day 8 06:00" in said


def test_a_time_asks_for_what_was_decided_last_by_then():
    trip = Trip(contacts=("day 31 12:00",))
    assert told(trip, "day 31 11:00").startswith("Day 31, Wed 1 Apr 2026: Grace")
    assert told(trip, "day 31 12:30").startswith("Day 31, Wed 1 Apr 2026: Authenticated")


def test_a_day_on_which_one_launch_was_refused_tells_of_that_one():
    assert "06:00 launch by bridge: refused" in told(Trip(contacts=("day 32 12:00",)), "day 32")
    assert told(Trip(contacts=("day 32 12:00",)), "day 32").startswith("Day 32, Thu 2 Apr 2026: Expired")


def test_workstations_that_fare_alike_share_a_line():
    assert "06:00 launch by bridge, ws2, ws3: refused" in told(Trip(workstations=3), "day 32")


def test_before_the_key_is_entered_nothing_is_decided():
    assert told(Trip(), "day 1 07:00") == ""


@pytest.mark.parametrize("text", ["day 46", "day 0", "noon", "end", "+3d", "2026-03-01"])
def test_a_time_outside_the_voyage_is_refused(text: str):
    with pytest.raises(InputError, match="--explain"):
        told(Trip(), text)
