"""The contract of Clock (nexuslic/ports.py)."""

from datetime import timedelta


def test_a_reading_is_in_utc(site):
    assert site.connect().clock.read().wall.utcoffset() == timedelta(0)


def test_the_wall_is_the_clock_of_the_database(site):
    assert abs(site.connect().clock.read().wall - site.clock()) < timedelta(seconds=5)


def test_wall_and_running_time_pass_alike(site):
    clock = site.connect().clock
    first = clock.read()
    site.pass_time(timedelta(seconds=1))
    second = clock.read()
    walked, ran = second.wall - first.wall, second.running - first.running
    assert walked >= timedelta(seconds=1)
    assert abs(walked - ran) < timedelta(milliseconds=500)


def test_a_clock_that_is_set_moves_the_wall_and_not_the_running_time(site):
    clock = site.connect().clock
    first = clock.read()
    site.set_clock(timedelta(days=-3))
    second = clock.read()
    assert timedelta(days=2.9) < first.wall - second.wall < timedelta(days=3.1)
    assert timedelta(0) <= second.running - first.running < timedelta(minutes=1)


def test_running_time_of_a_connection_never_goes_back(site):
    clock = site.connect().clock
    readings = [clock.read().running for _ in range(10)]
    assert readings == sorted(readings)
