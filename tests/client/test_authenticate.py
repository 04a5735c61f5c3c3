"""Entering a license key: a grant makes a new record, anything else changes nothing (rules: Authentication)."""

from datetime import timedelta

import pytest

from nexuslic import client as app
from nexuslic.errors import DatabaseUnreachable
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.rules.words import Cause, LicenseType, Reason, State

MISTYPED = ["4006381333931", "40063813339", "4006-3813-3393X", "", "not a key"]


def test_a_grant_makes_a_record_for_this_binding(new_ship):
    decision = new_ship.online().authenticate()
    assert (decision.state, decision.runs, decision.stored, decision.days_left) == (State.AUTHENTICATED, True, True, 30)
    assert str(new_ship.record.certificate.binding) == "DB1/nexus"


@pytest.mark.parametrize("text", ["4006-3813-33930", " 4006 3813 33930 "])
def test_spaces_and_hyphens_in_a_key_are_ignored(new_ship, text):
    digits = "".join(letter for letter in text if letter.isdigit())
    assert new_ship.key.digits == digits
    assert new_ship.online().authenticate(key=text).runs


@pytest.mark.parametrize("text", MISTYPED)
def test_a_mistyped_key_is_refused_before_anything_is_sent(ship, text):
    before = ship.kept()
    decision = app.authenticate(ship.online().client(), text)
    assert (decision.runs, decision.reason, decision.cause) == (False, Reason.UNKNOWN, None)
    assert "mistyped" in decision.note
    assert (ship.kept(), "connectivity.exchange" in ship.journal) == (before, False)


def test_a_key_that_was_never_issued_is_unknown_and_costs_no_record(ship):
    before = ship.kept()
    decision = ship.online().authenticate(key=LicenseKey.from_number(1).digits)
    assert (decision.state, decision.runs, decision.reason) == (State.AUTHENTICATED, False, Reason.UNKNOWN)
    assert ship.kept() == before


@pytest.mark.parametrize("what", ["suspend", "revoke"])
def test_a_denied_authentication_changes_nothing(ship, what):
    ship.support(what)
    before = ship.kept()
    decision = ship.online().authenticate()
    assert (decision.runs, decision.state) == (False, State.AUTHENTICATED)
    assert decision.reason in (Reason.SUSPENDED, Reason.REVOKED)
    assert ship.kept() == before


def test_an_ended_term_denies_an_authentication(new_ship):
    new_ship.change(ends=new_ship.now - timedelta(days=1))
    assert new_ship.online().authenticate().reason is Reason.TERM


def test_too_old_a_version_denies_an_authentication(new_ship):
    new_ship.ws().version = Version.parse("6.1")
    decision = new_ship.online().authenticate()
    assert (decision.state, decision.reason, new_ship.blob) == (State.UNLICENSED, Reason.VERSION, None)


@pytest.mark.parametrize("cause", list(Cause)[1:-1], ids=str)
def test_a_dead_network_never_costs_a_good_record(ship, cause):
    before = ship.kept()
    ship.fault(cause.value)
    decision = ship.authenticate()
    assert (decision.state, decision.runs, decision.cause, decision.reason) == (State.AUTHENTICATED, False, cause, None)
    assert ship.kept() == before


@pytest.mark.parametrize("how", ["forged", "replayed", "stale", "html", "truncated", "huge", "other-binding"])
def test_a_bad_reply_to_an_authentication_changes_nothing(ship, how):
    before = ship.kept()
    ship.tamper(how)
    decision = ship.online().authenticate()
    assert (decision.runs, decision.cause) == (False, Cause.UNTRUSTED_REPLY)
    assert ship.kept() == before


def test_without_a_grant_the_state_is_the_connection_s(ship):
    ship.ws().connects_to = "localhost"
    assert ship.authenticate().state is State.INVALID_BINDING


def test_a_stopped_database_is_no_state(ship):
    ship.base.stopped = True
    decision = ship.online().authenticate()
    assert (decision.state, decision.runs, decision.reason) == (None, False, Reason.DATABASE)


def test_a_new_record_has_a_new_id(ship):
    before = ship.record.id
    ship.online().authenticate()
    assert ship.record.id != before


def test_a_mismatch_is_cured(ship):
    ship.ws().connects_to = "localhost"
    ship.launch()
    assert ship.online().authenticate().state is State.AUTHENTICATED
    assert (ship.launch().runs, ship.launch("ws2").reason) == (True, Reason.BINDING)


@pytest.mark.parametrize("how", ["bit", "truncated", "forged"])
def test_a_damaged_record_is_kept_aside_for_support(ship, how):
    ship.damage(how)
    damaged = ship.blob
    ship.online().authenticate()
    assert ship.base.contents.aside == (damaged,)
    assert ship.launch().runs


def test_a_sound_record_is_not_kept_aside(ship):
    ship.online().authenticate()
    assert ship.base.contents.aside == ()


def test_it_takes_no_seat_and_checks_no_user(make_ship):
    ship = make_ship(seats=1).online()
    ship.authenticate()
    ship.open("ws2")
    before = ship.base.contents.seats
    assert ship.authenticate().runs
    assert ship.base.contents.seats == before


def test_it_is_no_launch(new_ship):
    new_ship.online().authenticate()
    assert new_ship.record.last_good is None


def test_it_works_while_a_dongle_is_present(new_ship):
    new_ship.ws().nethasp = True
    assert new_ship.online().authenticate().state is State.AUTHENTICATED
    assert new_ship.record is not None


@pytest.mark.parametrize("trouble", ["read-only", "full", "locked"])
def test_what_cannot_be_stored_is_said_and_leaves_the_old_record(ship, trouble):
    before = ship.kept()
    ship.trouble(trouble)
    decision = ship.online().authenticate()
    assert (decision.stored, decision.store_failed, ship.kept()) == (False, True, before)


def test_a_damaged_record_is_never_overwritten_where_it_cannot_be_kept_aside(ship):
    ship.damage()
    before = ship.kept()
    ship.trouble("full")
    ship.online().authenticate()
    assert ship.kept() == before


def test_fewer_licenses_drop_the_latest_assigned_and_say_so(make_ship):
    ship = make_ship(type=LicenseType.NAMED, seats=3).online()
    ship.authenticate()
    app.assign(ship.client(), ("ann", "bob", "cem"))
    ship.change(seats=2)
    assert ship.authenticate().dropped == ("cem",)
    assert ship.base.contents.users == ("ann", "bob")


def test_it_starts_grace_again_and_forgets_what_was_refused(ship):
    ship.support("suspend")
    ship.online().launch()
    ship.support("reinstate")
    ship.sail(days=3)
    ship.authenticate()
    assert (ship.record.refused, ship.offline().launch().days_left) == (None, 30)


def test_the_newest_binding_is_the_key_s(ship):
    ship.ws().connects_to = "localhost"
    ship.online().authenticate()
    issued = ship.world.vendor.registry.find(ship.key)
    assert [str(line.binding) for line in issued.history] == ["DB1/nexus", "localhost/nexus"]


def test_what_a_denied_request_code_shows_changes_nothing(ship):
    before = ship.kept()
    decision = app.denied(ship.client(), Reason.SUSPENDED)
    assert (decision.state, decision.runs, decision.reason) == (State.AUTHENTICATED, False, Reason.SUSPENDED)
    assert ship.kept() == before


def test_a_denied_request_code_needs_a_database(ship):
    ship.base.stopped = True
    with pytest.raises(DatabaseUnreachable):
        app.denied(ship.client(), Reason.SUSPENDED)
