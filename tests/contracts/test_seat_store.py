"""The contract of SeatStore (nexuslic/ports.py)."""

from datetime import timedelta

import pytest

from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.rules.seats import Seat


def table(site, name="ws1"):
    """The seats as one connection sees them."""
    seen = []
    site.connect(name).seats.update(lambda seats, now: seen.append(seats) or seats)
    return seen[0]


def seat(site, session):
    return Seat(session, "ann", "ws1", site.clock())


def add(site, session, name="ws1"):
    site.connect(name).seats.update(lambda seats, now: (*seats, Seat(session, "ann", name, now)))


def test_a_new_database_has_no_seats(site):
    assert table(site) == ()


def test_a_change_is_stored_for_every_connection_in_its_order(site):
    wanted = tuple(seat(site, session) for session in ("s3", "s1", "s2"))
    site.connect("ws1").seats.update(lambda seats, now: wanted)
    assert table(site, "ws1") == wanted
    assert table(site, "ws2") == wanted


def test_names_come_back_as_they_were(site):
    odd = Seat("s1", "Åsa O'Hara \N{ANCHOR}", "bridge;--", site.clock())
    site.connect().seats.update(lambda seats, now: (odd,))
    assert table(site) == (odd,)


def test_a_change_may_empty_the_table(site):
    add(site, "s1")
    site.connect().seats.update(lambda seats, now: ())
    assert table(site) == ()


def test_a_change_is_told_the_clock_of_the_database(site):
    seen = []
    site.connect().seats.update(lambda seats, now: seen.append(now) or seats)
    assert abs(seen[0] - site.clock()) < timedelta(seconds=5)
    assert seen[0].utcoffset() == timedelta(0)


def test_the_clock_that_is_told_follows_the_database_back(site):
    before, after = [], []
    site.connect().seats.update(lambda seats, now: before.append(now) or seats)
    site.set_clock(timedelta(days=-3))
    site.connect("ws2").seats.update(lambda seats, now: after.append(now) or seats)
    assert timedelta(days=2.9) < before[0] - after[0] < timedelta(days=3.1)


def test_a_change_that_fails_leaves_the_table(site):
    add(site, "s1")
    before = table(site)

    def fails(seats, now):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        site.connect().seats.update(fails)
    assert table(site, "ws2") == before


def test_changes_at_the_same_moment_all_count(site):
    site.together(*(lambda n=n: add(site, f"s{n}", f"ws{n % 2 + 1}") for n in range(8)))
    assert sorted(one.session for one in table(site)) == [f"s{n}" for n in range(8)]


def test_a_database_that_cannot_be_reached_asks_no_change(site):
    add(site, "s1")
    before, seats = table(site), site.connect().seats
    asked = []
    site.stop()
    with pytest.raises(DatabaseUnreachable):
        seats.update(lambda seats, now: asked.append(now) or ())
    site.start()
    assert (asked, table(site)) == ([], before)


@pytest.mark.parametrize("trouble", ["read-only", "full", "locked"])
def test_a_database_that_does_not_store_asks_first_and_changes_nothing(site, trouble):
    add(site, "s1")
    before, seats = table(site), site.connect().seats
    asked = []
    site.forbid(trouble)
    with pytest.raises(DatabaseNotWritable):
        seats.update(lambda seats, now: asked.append(seats) or ())
    site.allow()
    assert (asked[-1], table(site)) == (before, before)
