"""One trip as a story: also where the zone is odd, and with a server that is renamed."""

import attrs
import pytest

from nexuslic.errors import InputError
from nexuslic.lab import voyage
from nexuslic.lab.voyage import Trip
from nexuslic.scenario.stage_simulated import SimulatedStage


@pytest.mark.parametrize(
    ("start", "days"),
    [
        ("2026-03-23 06:00 America/Santiago", 13),
        ("2026-10-12 06:00 Asia/Beirut", 13),
        ("2026-10-12 06:00 America/Nuuk", 13),
        ("2026-10-24 06:00 Asia/Beirut", 2),
        ("2026-09-05 06:00 America/Santiago", 5),
        ("2011-12-29 06:00 Pacific/Apia", 5),
    ],
)
def test_a_zone_may_skip_or_repeat_a_midnight(start: str, days: int):
    assert voyage.ask(Trip(days=days, start=start, extend=3), SimulatedStage).covered


def test_a_trip_lasts_until_the_later_of_two_midnights():
    assert "\nends: day 13 23:59 second\n" in voyage.write(Trip(days=13, start="2026-03-23 06:00 America/Santiago"))


def test_a_trip_cannot_end_on_a_day_that_the_zone_skips():
    with pytest.raises(InputError, match=r"--days '13': .* does not exist"):
        voyage.ask(Trip(days=13, start="2011-12-18 06:00 Pacific/Apia"), SimulatedStage)


def test_a_contact_in_the_last_minute_is_too_late():
    with pytest.raises(InputError, match="--contact 'day 45 23:59': the last minute"):
        voyage.ask(Trip(contacts=("day 45 23:59",)), SimulatedStage)


def test_a_renamed_server_asks_for_the_key_again_at_the_next_contact():
    answer = voyage.ask(Trip(days=20, renames=("day 5",), contacts=("day 9",)), SimulatedStage)
    assert answer.refused_days == (6, 7, 8, 9)


def test_what_cures_one_day_need_not_cure_the_trip():
    trip = Trip(days=45)
    grace, extension, hotspots, codes = voyage.cures_of_day(trip, 32, SimulatedStage)
    assert (grace, extension, hotspots, codes) == (31, 1, (2, 31), (2, 31))


@pytest.mark.parametrize("day", [32, 40])
def test_a_day_runs_with_what_cures_it_and_not_with_a_day_less(day: int):
    trip = Trip(days=45)
    grace = voyage.cures_of_day(trip, day, SimulatedStage)[0]
    assert grace is not None
    for days, refused in ((grace, False), (grace - 1, True)):
        answer = voyage.ask(attrs.evolve(trip, grace=days), SimulatedStage)
        assert (day in answer.refused_days) == refused
