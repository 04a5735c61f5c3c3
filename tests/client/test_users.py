"""Assigning named licenses in the License dialog (rules: Seats and named users)."""

import pytest

from nexuslic import client as app
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable
from nexuslic.rules.words import LicenseType, Reason


@pytest.fixture
def named(make_ship):
    """A ship with two named licenses."""
    ship = make_ship(type=LicenseType.NAMED, seats=2).online()
    ship.authenticate()
    return ship.offline()


def test_users_are_assigned_in_order(named):
    assert app.assign(named.client(), ("bob", "ann")) == ()
    assert named.base.contents.users == ("bob", "ann")


def test_one_too_many_keeps_the_earliest_and_says_whom_it_dropped(named):
    app.assign(named.client(), ("bob", "ann"))
    assert app.assign(named.client(), ("cem", "dan")) == ("cem", "dan")
    assert named.base.contents.users == ("bob", "ann")


def test_the_same_user_in_another_spelling_is_not_assigned_twice(named):
    app.assign(named.client(), ("bob",))
    app.assign(named.client(), (" BOB ",))
    assert named.base.contents.users == ("bob",)


def test_taking_one_away_makes_room_in_the_same_step(named):
    app.assign(named.client(), ("bob", "ann"))
    assert app.assign(named.client(), ("cem",), (" BOB",)) == ()
    assert named.base.contents.users == ("ann", "cem")


def test_who_was_taken_away_does_not_run(named):
    app.assign(named.client(), ("ws1",))
    assert named.launch().runs
    app.assign(named.client(), (), ("ws1",))
    assert named.launch().reason is Reason.USER


def test_one_user_may_run_several_sessions(named):
    app.assign(named.client(), ("ann",))
    assert all(named.world.launch(name, "ann", stays=True).decision.runs for name in ("ws1", "ws2", "ws3"))


def test_before_there_is_a_license_any_number_may_be_assigned(new_ship):
    assert app.assign(new_ship.client(), ("ann", "bob", "cem", "dan")) == ()
    assert len(new_ship.base.contents.users) == 4


def test_the_first_grant_drops_whom_it_has_no_license_for(new_ship):
    new_ship.change(type=LicenseType.NAMED)
    app.assign(new_ship.client(), ("ann", "bob", "cem", "dan"))
    assert new_ship.online().authenticate().dropped == ("cem", "dan")


def test_a_confirmed_launch_drops_whom_it_has_no_license_for(named):
    app.assign(named.client(), ("ws1", "bob"))
    named.change(seats=1)
    assert named.online().launch().dropped == ("bob",)
    assert named.base.contents.users == ("ws1",)


def test_nobody_is_dropped_where_that_cannot_be_stored(named):
    app.assign(named.client(), ("ws1", "bob"))
    named.change(seats=1)
    named.trouble("full")
    assert named.online().launch().dropped == ()
    assert named.base.contents.users == ("ws1", "bob")


@pytest.mark.parametrize(("trouble", "error"), [("full", DatabaseNotWritable), (None, DatabaseUnreachable)])
def test_a_database_that_does_not_take_it_says_so(named, trouble, error):
    named.trouble(trouble)
    named.base.stopped = trouble is None
    with pytest.raises(error):
        app.assign(named.client(), ("ann",))
