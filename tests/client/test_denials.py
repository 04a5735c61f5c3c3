"""What the license server refuses, and what the record remembers of it (rules: Events, Contact)."""

from datetime import timedelta

import pytest

from nexuslic import client as app
from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.rules.words import Cause, Reason, State


def test_a_suspension_expires_the_license(ship):
    ship.support("suspend")
    decision = ship.online().launch()
    assert (decision.state, decision.runs, decision.reason) == (State.EXPIRED, False, Reason.SUSPENDED)


def test_pulling_the_cable_does_not_lift_a_suspension(ship):
    ship.support("suspend")
    ship.online().launch()
    decision = ship.offline().launch()
    assert (decision.state, decision.reason, decision.cause) == (State.EXPIRED, Reason.SUSPENDED, Cause.OFFLINE)


def test_a_suspension_that_nobody_was_told_of_does_nothing_at_sea(ship):
    ship.support("suspend")
    assert ship.launch().runs


def test_the_next_grant_lifts_a_suspension(ship):
    ship.support("suspend")
    ship.online().launch()
    ship.support("reinstate")
    assert ship.launch().state is State.AUTHENTICATED
    assert ship.offline().launch().state is State.GRACE


@pytest.mark.parametrize("reason", [Reason.REVOKED, Reason.UNKNOWN])
def test_a_revoked_or_unknown_key_removes_the_record(ship, reason):
    if reason is Reason.REVOKED:
        ship.support("revoke")
    else:
        ship.world.vendor.registry.kept.clear()
    decision = ship.online().launch()
    assert (decision.state, decision.runs, decision.reason) == (State.UNLICENSED, False, reason)
    assert (ship.blob, decision.recorded) == (None, None)


def test_after_a_revocation_it_is_unlicensed(ship):
    ship.support("revoke")
    ship.online().launch()
    assert ship.launch().reason is Reason.UNLICENSED


def test_a_revocation_that_cannot_be_stored_leaves_the_record(ship):
    ship.support("revoke")
    ship.trouble("read-only")
    before = ship.blob
    decision = ship.online().launch()
    assert (decision.state, decision.store_failed, ship.blob) == (State.UNLICENSED, True, before)


def test_the_server_says_that_the_term_has_ended(ship):
    ship.change(ends=ship.now)
    ship.sail(days=1)
    decision = ship.online().launch()
    assert (decision.state, decision.reason) == (State.EXPIRED, Reason.TERM)
    assert ship.offline().launch().reason is Reason.TERM


def test_the_term_takes_the_deadline_s_place_at_sea(make_ship):
    ship = make_ship(ends=make_ship.now + timedelta(days=10)).online()
    ship.authenticate()
    ship.offline().sail(days=10)
    assert (ship.launch().runs, ship.launch().days_left) == (True, 0)
    ship.sail(seconds=1)
    assert (ship.launch().state, ship.launch().reason) == (State.EXPIRED, Reason.TERM)


def test_a_longer_term_heals_at_the_next_grant(ship):
    ship.change(ends=ship.now)
    ship.sail(days=1)
    ship.online().launch()
    ship.change(ends=None)
    assert ship.launch().state is State.AUTHENTICATED


def test_the_server_refuses_a_version_and_the_state_stays(ship):
    ship.change(minimum_version=Version.parse("7.0"))
    before = ship.blob
    decision = ship.online().launch()
    assert (decision.state, decision.runs, decision.reason) == (State.AUTHENTICATED, False, Reason.VERSION)
    assert (ship.blob, decision.stored) == (before, False)


def test_a_refused_version_runs_on_at_sea_under_the_old_terms(ship):
    ship.change(minimum_version=Version.parse("7.0"))
    ship.online().launch()
    assert ship.offline().launch().state is State.GRACE


def test_a_denial_stores_nothing_of_the_clock(ship):
    ship.support("suspend")
    before = ship.record
    ship.set_clock(days=3)
    ship.online().launch()
    assert (ship.record.ledger, ship.record.refused) == (before.ledger, Reason.SUSPENDED)


def test_an_old_copy_that_goes_online_again_is_superseded(ship):
    ship.world.restore(ship.base.contents, "DB2", None, ["ws2"])
    ship.online().authenticate("ws2")
    decision = ship.launch("ws1")
    assert (decision.state, decision.runs, decision.reason) == (State.INVALID_BINDING, False, Reason.SUPERSEDED)


def test_superseded_is_remembered_and_asks_nobody(ship):
    ship.world.restore(ship.base.contents, "DB2", None, ["ws2"])
    ship.online().authenticate("ws2")
    ship.launch("ws1")
    before = ship.blob
    decision = ship.offline().launch("ws1")
    assert (decision.state, decision.reason, decision.cause) == (State.INVALID_BINDING, Reason.SUPERSEDED, None)
    assert ship.blob == before


def test_superseded_is_cured_by_authenticating_here(ship):
    ship.world.restore(ship.base.contents, "DB2", None, ["ws2"])
    ship.online().authenticate("ws2")
    ship.launch("ws1")
    assert ship.authenticate("ws1").state is State.AUTHENTICATED
    assert ship.launch("ws2").reason is Reason.SUPERSEDED


@pytest.mark.parametrize("how", ["forged", "replayed", "stale", "html", "truncated", "huge", "other-binding"])
def test_a_bad_reply_is_no_contact_whatever_it_says(ship, how):
    ship.tamper(how)
    decision = ship.online().launch()
    assert (decision.state, decision.cause) == (State.GRACE, Cause.UNTRUSTED_REPLY)


def test_a_signed_grant_of_another_key_is_no_contact(ship):
    other = LicenseKey.from_number(7)
    ship.world.vendor.registry.add(Issued(other, ship.record.certificate.license))
    decision = app.launch(ship.asking_for_another_key(other)).decision
    assert (decision.state, decision.cause) == (State.GRACE, Cause.UNTRUSTED_REPLY)


def test_a_mismatch_in_a_suspended_record_is_told_as_the_mismatch(ship):
    ship.support("suspend")
    ship.online().launch()
    ship.ws().connects_to = "localhost"
    assert ship.launch().reason is Reason.BINDING
    ship.ws().connects_to = "DB1"
    assert ship.offline().launch().reason is Reason.SUSPENDED
