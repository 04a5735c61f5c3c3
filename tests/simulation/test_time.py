"""One true time, and what each computer believes (rules: License time)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.simulation.time import HybridClock, MachineClock, TrueTime

HOUR = timedelta(hours=1)
BEGUN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def test_a_clock_that_was_set_runs_on_from_there(now):
    true = TrueTime(now)
    clock = MachineClock(true, now)
    clock.set_to(now - 3 * HOUR)
    true.now += HOUR
    assert clock.wall == now - 2 * HOUR


def test_moves_add_up(now):
    clock = MachineClock(TrueTime(now), now)
    clock.move(-3 * HOUR)
    clock.move(HOUR)
    assert (clock.wall, clock.error) == (now - 2 * HOUR, -2 * HOUR)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(moves=st.lists(st.tuples(st.integers(0, 10**6), st.integers(-(10**6), 10**6)), max_size=10))
def test_running_time_is_true_time_however_the_wall_is_set(moves):
    start = TrueTime(BEGUN)
    clock = MachineClock(start, BEGUN)
    for seconds, moved in moves:
        start.now += timedelta(seconds=seconds)
        clock.move(timedelta(seconds=moved))
    assert clock.read().running == timedelta(seconds=sum(seconds for seconds, _ in moves))


def test_a_hybrid_shows_the_wall_of_one_and_the_running_time_of_the_other(now):
    true = TrueTime(now)
    server, own = MachineClock(true, now - 5 * HOUR, HOUR), MachineClock(true, now - 2 * HOUR)
    reading = HybridClock(lambda: server, own).read()
    assert (reading.wall, reading.running) == (now + HOUR, 2 * HOUR)
