"""The system's clock and its own chance: the only readers of either."""

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import Stopwatch, SystemClock


def test_the_wall_is_the_computers_own_time_in_utc():
    with freeze_time("2026-03-29 01:30:00"):
        assert SystemClock().read().wall == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_wall_follows_wherever_somebody_sets_it():
    clock = SystemClock()
    with freeze_time("2026-03-05 06:00:00") as frozen:
        before = clock.read()
        frozen.move_to("2026-03-02 06:00:00")
        assert clock.read().wall == before.wall - timedelta(days=3)


def test_running_counts_the_seconds():
    clock = SystemClock()
    with freeze_time("2026-03-05 06:00:00") as frozen:
        before = clock.read()
        frozen.tick(90)
        assert clock.read().running - before.running == timedelta(seconds=90)


def test_running_never_goes_back():
    clock = SystemClock()
    readings = [clock.read().running for _ in range(100)]
    assert readings == sorted(readings)


def test_running_of_two_clocks_cannot_be_compared():
    assert abs(SystemClock().read().running - SystemClock().read().running) > timedelta(hours=1)


def test_chance_gives_as_many_bytes_as_asked_for_and_others_each_time():
    chance = SystemChance()
    assert len(chance.take(12)) == 12
    assert len({chance.take(16) for _ in range(100)}) == 100


def test_a_stopwatch_counts_forward():
    assert Stopwatch().seconds() >= 0
