"""The contract of UserStore (nexuslic/ports.py)."""

import pytest

from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable


def test_a_new_database_has_nobody_assigned(site):
    assert site.connect().users.assigned() == ()


def test_users_are_kept_in_their_order_for_every_connection(site):
    wanted = ("zoe", "ann", "Åsa O'Hara", "bob")
    site.connect("ws1").users.update(lambda users: wanted)
    assert site.connect("ws1").users.assigned() == wanted
    assert site.connect("ws2").users.assigned() == wanted


def test_a_change_sees_who_is_assigned(site):
    users = site.connect().users
    users.update(lambda users: ("ann", "bob"))
    users.update(lambda users: users[1:])
    assert users.assigned() == ("bob",)


def test_a_change_may_leave_nobody(site):
    users = site.connect().users
    users.update(lambda users: ("ann",))
    users.update(lambda users: ())
    assert users.assigned() == ()


def test_a_change_that_fails_leaves_them(site):
    users = site.connect().users
    users.update(lambda users: ("ann",))

    def fails(users):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        users.update(fails)
    assert site.connect("ws2").users.assigned() == ("ann",)


def test_changes_at_the_same_moment_all_count(site):
    def add(number):
        site.connect(f"ws{number % 2 + 1}").users.update(lambda users: (*users, f"user {number}"))

    site.together(*(lambda n=n: add(n) for n in range(8)))
    assert sorted(site.connect().users.assigned()) == [f"user {n}" for n in range(8)]


@pytest.mark.parametrize("call", ["assigned", "update"])
def test_a_database_that_cannot_be_reached_says_so(site, call):
    users = site.connect().users
    users.update(lambda users: ("ann",))
    site.stop()
    with pytest.raises(DatabaseUnreachable):
        users.assigned() if call == "assigned" else users.update(lambda users: ())
    site.start()
    assert users.assigned() == ("ann",)


@pytest.mark.parametrize("trouble", ["read-only", "full", "locked"])
def test_a_database_that_does_not_store_says_so_and_changes_nothing(site, trouble):
    users = site.connect().users
    users.update(lambda users: ("ann",))
    site.forbid(trouble)
    with pytest.raises(DatabaseNotWritable):
        users.update(lambda users: ())
    assert users.assigned() == ("ann",)
    site.allow()
    assert users.assigned() == ("ann",)
