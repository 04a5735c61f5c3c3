"""What the License dialog shows."""

from datetime import timedelta

from nexuslic.rules.words import Cause, LicenseType, Reason, State


def test_a_new_database_shows_its_names_and_that_there_is_no_license(customer):
    status = customer.open().status()
    assert (status.state, status.reason, status.license) == (State.UNLICENSED, Reason.UNLICENSED, None)
    assert (status.connected.database, status.product) == (str(customer.path), "nexuslic")
    assert not status.alone.runs


def test_what_was_retrieved_is_shown(customer, license):
    status = license.status()
    assert (status.license.organisation, status.license.seats, status.license.grace_days) == ("Example Survey", 2, 30)
    assert (status.state, status.days_left, status.extra_days) == (State.AUTHENTICATED, 30, 0)
    assert status.deadline - status.last_validation == timedelta(days=30)


def test_status_asks_nobody_and_stores_nothing(customer, license):
    asked, before = customer.vendor.asked, customer.path.read_bytes()
    license.status()
    assert (customer.vendor.asked, customer.path.read_bytes()) == (asked, before)


def test_days_left_go_on_counting_without_a_launch(customer, license):
    customer.clock.sail(days=12)
    status = license.status()
    assert (status.state, status.days_left, status.alone.days_left) == (State.AUTHENTICATED, 18, 18)


def test_a_license_that_would_not_run_alone_says_so(customer, license):
    customer.clock.sail(days=31)
    assert (license.status().alone.reason, license.status().days_left) == (Reason.EXPIRED, 0)


def test_a_mismatch_shows_both_names(customer, license):
    customer.path.rename(customer.folder / "moved.db")
    customer.file = "moved.db"
    status = customer.open().status()
    assert (status.state, status.days_left, status.deadline) == (State.INVALID_BINDING, None, None)
    assert status.recorded.database != status.connected.database


def test_who_sits_where_is_shown(customer, license):
    with license.launch():
        assert [str(seat) for seat in license.status().seats] == ["ann at ws1"]


def test_assigned_users_are_shown(make_customer, key):
    license = make_customer(type=LicenseType.NAMED).open()
    license.authenticate(key)
    license.users.assign("ann")
    assert license.status().users == ("ann",)


def test_a_launch_that_ran_is_the_last_good_one(customer, license):
    customer.vendor.cause = Cause.OFFLINE
    assert license.status().last_good is None
    with license.launch():
        assert license.status().last_good == customer.clock.wall
