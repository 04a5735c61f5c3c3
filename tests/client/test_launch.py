"""The steps of a launch, in their order (rules: A launch)."""

from datetime import timedelta

import pytest

from nexuslic import client as app
from nexuslic.rules.license import Version
from nexuslic.rules.words import Cause, LicenseType, Protection, Reason, State


def asked(ship, port):
    return [call for call in ship.journal if call.startswith(port)]


def place(ship, call):
    return ship.journal.index(call)


# -- 1: the dongle ------------------------------------------------------------------------------------------------


def test_under_a_dongle_nothing_else_is_asked(ship):
    ship.ws().nethasp = True
    decision = app.launch(ship.client()).decision
    assert (decision.runs, decision.protection, decision.state) == (True, Protection.DONGLE, None)
    assert ship.journal == ["computer.dongle"]


def test_a_dongle_helps_where_the_database_is_stopped(ship):
    ship.ws().nethasp, ship.base.stopped = True, True
    assert app.launch(ship.client()).decision.runs


def test_a_launch_under_a_dongle_has_no_session(ship):
    ship.ws().nethasp = True
    assert app.launch(ship.client()).session is None


# -- 2: the record ------------------------------------------------------------------------------------------------


def test_without_a_record_it_is_unlicensed_and_nobody_is_asked(new_ship):
    new_ship.online()
    decision = app.launch(new_ship.client()).decision
    assert (decision.state, decision.runs, decision.reason) == (State.UNLICENSED, False, Reason.UNLICENSED)
    assert asked(new_ship, "connectivity") == []


@pytest.mark.parametrize("how", ["bit", "truncated", "forged"])
def test_a_damaged_record_is_unlicensed_and_stays_where_it_is(ship, how):
    ship.damage(how)
    before = ship.kept()
    decision = ship.online().launch()
    assert (decision.state, decision.runs, decision.reason) == (State.UNLICENSED, False, Reason.DAMAGED)
    assert ship.kept() == before


def test_a_stopped_database_is_no_state_at_all(ship):
    before = ship.kept()
    ship.base.stopped = True
    decision = app.launch(ship.online().client()).decision
    assert (decision.state, decision.runs, decision.reason) == (None, False, Reason.DATABASE)
    assert (ship.kept(), asked(ship, "connectivity")) == (before, [])


def test_a_record_that_was_copied_to_another_server_is_bound_elsewhere(ship):
    ship.world.restore(ship.base.contents, "DB2", None, ["ws1"])
    decision = ship.launch()
    assert (decision.state, decision.reason) == (State.INVALID_BINDING, Reason.BINDING)


# -- 3: the version -----------------------------------------------------------------------------------------------


def test_an_application_that_is_too_old_does_not_run_and_the_state_stays(ship):
    ship.ws().version = Version.parse("6.1")
    before = ship.kept()
    decision = ship.online().launch()
    assert (decision.state, decision.runs, decision.reason) == (State.AUTHENTICATED, False, Reason.VERSION)
    assert ship.kept() == before


def test_the_version_is_looked_at_before_the_names_and_before_any_contact(ship):
    ship.ws().version, ship.ws().connects_to = Version.parse("6.1"), "localhost"
    decision = app.launch(ship.online().client()).decision
    assert (decision.reason, asked(ship, "connectivity")) == (Reason.VERSION, [])


def test_the_minimum_version_itself_runs(ship):
    ship.ws().version = Version.parse("6.2")
    assert ship.launch().runs


def test_six_ten_is_newer_than_six_two(ship):
    ship.ws().version = Version.parse("6.10")
    assert ship.launch().runs


# -- 4: the names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["localhost", ".", "127.0.0.1", "db1.example"])
def test_another_spelling_of_the_server_is_another_server(ship, spelling):
    ship.ws().connects_to = spelling
    decision = ship.launch()
    assert (decision.state, decision.runs, decision.reason) == (State.INVALID_BINDING, False, Reason.BINDING)


@pytest.mark.parametrize("spelling", ["db1", " DB1 ", "Db1\t"])
def test_case_and_surrounding_space_make_no_other_server(ship, spelling):
    ship.ws().connects_to = spelling
    assert ship.launch().runs


def test_a_mismatch_makes_no_contact_and_no_seat_and_leaves_the_record(ship):
    before = ship.blob
    ship.ws().connects_to = "localhost"
    app.launch(ship.online().client())
    assert (asked(ship, "connectivity"), asked(ship, "seats"), ship.blob) == ([], [], before)


def test_a_mismatch_is_remembered_by_the_workstation_alone(ship):
    ship.ws().connects_to = "localhost"
    ship.launch()
    assert (ship.mark().mismatched, ship.mark("ws2")) == (True, None)


def test_a_mismatch_names_both_bindings(ship):
    ship.ws().connects_to = "localhost"
    decision = ship.launch()
    assert (str(decision.recorded), str(decision.connected)) == ("DB1/nexus", "localhost/nexus")


# -- 5: the clock -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("online", [True, False])
def test_the_clock_is_read_exactly_once(ship, online):
    if online:
        ship.online()
    app.launch(ship.client())
    assert asked(ship, "clock") == ["clock.read"]


def test_the_clock_is_read_before_the_contact(ship):
    app.launch(ship.online().client())
    assert place(ship, "clock.read") < place(ship, "connectivity.exchange")


# -- 6 and 7: the contact -----------------------------------------------------------------------------------------


def test_the_license_server_is_asked_once_however_it_ends(ship):
    ship.fault("timeout")
    app.launch(ship.online().client())
    assert asked(ship, "connectivity") == ["connectivity.exchange"]


def test_a_bad_reply_is_not_asked_for_again(ship):
    ship.tamper("html")
    decision = app.launch(ship.online().client()).decision
    assert (decision.cause, len(asked(ship, "connectivity"))) == (Cause.UNTRUSTED_REPLY, 1)


def test_a_grant_confirms_and_starts_grace_again(ship):
    ship.sail(days=10)
    decision = ship.online().launch()
    assert (decision.state, decision.days_left, decision.cause) == (State.AUTHENTICATED, 30, None)
    assert ship.record.certificate.granted_at == ship.world.true.now


def test_a_grant_corrects_license_time(ship):
    ship.set_clock(days=20)
    ship.launch()
    ship.online().launch()
    assert ship.record.ledger.license_time == ship.world.true.now
    assert ship.record.ledger.last_reading == ship.world.true.now + timedelta(days=20)


def test_a_grant_heals_expired(ship):
    ship.sail(days=31)
    assert ship.launch().state is State.EXPIRED
    assert ship.online().launch().state is State.AUTHENTICATED


def test_without_contact_it_is_grace_and_says_how_many_days_are_left(ship):
    ship.sail(days=18)
    decision = ship.launch()
    assert (decision.state, decision.runs, decision.days_left) == (State.GRACE, True, 12)
    assert "Only 12 days left in grace period" in decision.warnings


def test_a_launch_at_the_deadline_itself_runs(ship):
    ship.sail(days=30)
    assert (ship.launch().runs, ship.launch().days_left) == (True, 0)


def test_a_launch_after_the_deadline_does_not(ship):
    ship.sail(days=30, seconds=1)
    decision = ship.launch()
    assert (decision.state, decision.runs, decision.reason) == (State.EXPIRED, False, Reason.EXPIRED)


def test_a_grant_of_one_workstation_starts_grace_for_all(ship):
    ship.sail(days=29)
    ship.online("ws2").launch("ws2")
    assert ship.launch("ws1").days_left == 30


def test_grace_of_no_days_needs_contact_at_every_launch(make_ship):
    ship = make_ship(grace_days=0).online()
    ship.authenticate()
    ship.offline().sail(seconds=1)
    assert ship.launch().reason is Reason.EXPIRED


def test_the_clock_does_not_go_back_with_a_setting_and_the_answer_warns(ship):
    ship.sail(days=10)
    ship.launch()
    ship.set_clock(days=-8)
    decision = ship.launch()
    assert decision.days_left == 19
    assert any("clock was set back" in text for text in decision.warnings)


# -- 8: users and seats -------------------------------------------------------------------------------------------


def test_seats_are_asked_last_before_the_store(ship):
    app.launch(ship.online().client())
    assert place(ship, "connectivity.exchange") < place(ship, "seats.update") < place(ship, "records.save")


def test_the_third_session_on_two_seats_is_refused_and_told_who_sits(ship):
    ship.open("ws1")
    ship.open("ws2")
    decision = ship.launch("ws3")
    assert (decision.state, decision.runs, decision.reason) == (State.GRACE, False, Reason.SEATS)
    assert decision.holders == ("ws1 at ws1", "ws2 at ws2")


def test_a_refused_user_takes_no_seat(make_ship):
    ship = make_ship(type=LicenseType.NAMED).online()
    ship.authenticate()
    assert (ship.launch().reason, ship.base.contents.seats) == (Reason.USER, ())


def test_who_entered_the_key_needs_an_assigned_license_too(make_ship):
    ship = make_ship(type=LicenseType.NAMED).online()
    ship.authenticate()
    decision = ship.launch()
    assert (decision.state, decision.runs, decision.reason) == (State.AUTHENTICATED, False, Reason.USER)


def test_an_assigned_user_runs_by_any_spelling_of_their_name(make_ship):
    ship = make_ship(type=LicenseType.NAMED).online()
    ship.authenticate()
    app.assign(ship.client(), ("Ann Smith",))
    assert ship.launch(user=" ANN smith ").runs


def test_a_grant_for_a_refused_user_counts_for_everybody(make_ship):
    ship = make_ship(type=LicenseType.NAMED).online()
    ship.authenticate()
    ship.sail(days=5)
    ship.launch()
    assert ship.record.certificate.granted_at == ship.world.true.now
    assert ship.record.last_good is None


def test_a_refused_user_leaves_the_clock_alone(ship):
    ship.open("ws1")
    ship.open("ws2")
    before = ship.record.ledger
    ship.set_clock(minutes=5)
    assert ship.launch("ws3").reason is Reason.SEATS
    assert ship.record.ledger == before


def test_nobody_waits_for_their_own_crash(make_ship):
    ship = make_ship(seats=1).online()
    ship.authenticate()
    ship.open("ws1")
    ship.world.sessions.forget(ship.world.sessions.latest(ship.ws()))
    assert ship.launch("ws2").reason is Reason.SEATS
    assert ship.launch("ws1").runs


# -- 9: the store -------------------------------------------------------------------------------------------------


def test_it_is_stored_before_the_answer(ship):
    decision = app.launch(ship.client()).decision
    assert (decision.stored, ship.record.state) == (True, State.GRACE)
    assert ship.journal[-2:] == ["chance.take", "marks.save"]
    assert asked(ship, "records") == ["records.load", "records.together", "records.load", "records.save"]


@pytest.mark.parametrize("trouble", ["read-only", "full", "locked"])
def test_what_cannot_be_stored_is_decided_all_the_same_and_said(ship, trouble):
    before = ship.blob
    ship.trouble(trouble)
    decision = ship.launch()
    assert (decision.runs, decision.stored, decision.store_failed) == (True, False, True)
    assert ship.blob == before


def test_a_refused_launch_stores_the_state_and_nothing_of_the_clock(ship):
    before = ship.record
    ship.set_clock(days=40)
    ship.launch()
    assert (ship.record.state, ship.record.ledger) == (State.EXPIRED, before.ledger)
    assert ship.record.last_good == before.last_good


def test_a_clock_that_was_a_year_ahead_refuses_only_while_it_is_wrong(ship):
    ship.sail(days=5)
    ship.launch()
    ship.set_clock(days=365)
    assert ship.launch().reason is Reason.EXPIRED
    ship.set_clock(days=-365)
    assert (ship.launch().state, ship.launch().days_left) == (State.GRACE, 25)


def test_a_launch_that_runs_is_the_last_good_one(ship):
    ship.sail(days=3)
    ship.launch()
    assert ship.record.last_good == ship.world.true.now


def test_a_refusal_says_what_the_clock_shows_and_when_things_were_good(ship):
    ship.sail(days=3)
    ship.launch()
    ship.sail(days=40)
    decision = ship.launch()
    assert decision.clock == ship.world.true.now
    assert (decision.last_grant, decision.last_good) == (ship.now, ship.now + timedelta(days=3))
