"""Renewal codes: a grant over the radio, once, or nothing changed (rules: Support at a distance)."""

from datetime import timedelta

import pytest

from nexuslic import client as app
from nexuslic.errors import CodeRefused, DatabaseUnreachable
from nexuslic.rules.license import Extension, LicenseKey
from nexuslic.rules.words import Cause, LicenseType, Reason, State

WRONG = ["mistyped", "used", "foreign", "older"]


def test_a_code_is_a_grant_like_any_other(ship):
    ship.sail(days=40)
    decision = ship.renew_by_code()
    assert (decision.state, decision.runs, decision.stored, decision.days_left) == (State.AUTHENTICATED, True, True, 30)
    assert ship.launch().state is State.GRACE


def test_a_code_needs_no_contact(ship):
    app.renew_by_code(ship.client(), ship.answer(app.request_code(ship.client())))
    assert "connectivity.exchange" not in ship.journal


def test_a_code_makes_a_first_record_too(new_ship):
    assert new_ship.renew_by_code().state is State.AUTHENTICATED
    assert new_ship.launch().runs


def test_a_code_carries_an_extension(ship):
    ship.support("extend", Extension(20, ship.now + timedelta(days=7)))
    assert ship.renew_by_code().days_left == 50


def test_a_code_carries_changed_terms(ship):
    ship.change(grace_days=60, seats=7, type=LicenseType.NAMED)
    assert ship.renew_by_code().days_left == 60
    assert ship.record.certificate.license.seats == 7


@pytest.mark.parametrize("how", WRONG)
def test_a_wrong_code_is_refused_and_changes_no_record(ship, how):
    ship.renew_by_code()
    before = ship.base.contents
    decision = ship.renew_by_code(how=how)
    assert (decision.runs, decision.stored, decision.cause) == (False, False, Cause.UNTRUSTED_REPLY)
    assert decision.note.startswith("The code was refused: ")
    assert ship.base.contents == before


def test_a_refused_code_changes_nothing_at_all(ship):
    code = ship.answer(app.request_code(ship.client()))
    before = ship.kept()
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    app.renew_by_code(ship.client(), wrong)
    assert ship.kept() == before


def test_a_mistyped_code_can_be_typed_again(ship):
    code = ship.answer(app.request_code(ship.client()))
    app.renew_by_code(ship.client(), code[:-1])
    assert app.renew_by_code(ship.client(), code).runs


def test_a_code_works_once(ship):
    code = ship.answer(app.request_code(ship.client()))
    app.renew_by_code(ship.client(), code)
    before = ship.kept()
    assert not app.renew_by_code(ship.client(), code).runs
    assert ship.kept() == before


def test_a_code_works_on_the_workstation_that_asked(ship):
    code = ship.answer(app.request_code(ship.client("ws1")))
    before = ship.kept()
    assert not app.renew_by_code(ship.client("ws2"), code).runs
    assert ship.kept() == before


def test_an_older_request_s_code_is_refused_and_the_newer_one_s_accepted(ship):
    older = ship.answer(app.request_code(ship.client()))
    newer = ship.answer(app.request_code(ship.client()))
    assert not app.renew_by_code(ship.client(), older).runs
    assert app.renew_by_code(ship.client(), newer).runs


def test_a_code_is_for_the_database_that_it_was_asked_for(ship):
    code = ship.answer(app.request_code(ship.client()))
    ship.world.restore(ship.base.contents, "DB2", None, ["ws1"])
    before = ship.kept()
    assert not app.renew_by_code(ship.client(), code).runs
    assert ship.kept() == before


def test_a_code_cures_a_restore_onto_another_server(ship):
    ship.world.restore(ship.base.contents, "DB2", None, ["ws1", "ws2", "ws3"])
    assert ship.launch().state is State.INVALID_BINDING
    assert ship.renew_by_code().state is State.AUTHENTICATED
    assert ship.launch().runs


def test_a_code_is_accepted_in_lower_case_and_without_spaces(ship):
    code = ship.answer(app.request_code(ship.client()))
    assert app.renew_by_code(ship.client(), code.lower().replace(" ", "")).runs


def test_a_code_that_could_not_be_stored_can_be_entered_again(ship):
    code = ship.answer(app.request_code(ship.client()))
    ship.trouble("full")
    assert app.renew_by_code(ship.client(), code).store_failed
    ship.trouble(None)
    assert app.renew_by_code(ship.client(), code).stored


def test_a_code_keeps_a_damaged_record_aside(ship):
    ship.damage()
    damaged = ship.blob
    assert ship.renew_by_code().stored
    assert ship.base.contents.aside == (damaged,)


def test_a_request_alone_changes_no_record(ship):
    before = ship.base.contents
    app.request_code(ship.client())
    assert ship.base.contents == before


def test_a_request_without_a_record_needs_the_key(new_ship):
    with pytest.raises(CodeRefused, match="license key"):
        app.request_code(new_ship.client())


def test_a_request_may_be_for_another_key(ship):
    with pytest.raises(Exception, match="denies this request: unknown"):
        ship.answer(app.request_code(ship.client(), LicenseKey.from_number(7)))


def test_a_request_needs_the_database(ship):
    ship.base.stopped = True
    with pytest.raises(DatabaseUnreachable):
        app.request_code(ship.client())


def test_a_code_that_meets_a_stopped_database_has_no_state(ship):
    code = ship.answer(app.request_code(ship.client()))
    ship.base.stopped = True
    assert app.renew_by_code(ship.client(), code).reason is Reason.DATABASE


@pytest.mark.parametrize(("what", "reason"), [("suspend", Reason.SUSPENDED), ("revoke", Reason.REVOKED)])
def test_support_may_not_answer_for_a_denied_key(ship, what, reason):
    ship.support(what)
    before = ship.base.contents
    decision = ship.renew_by_code()
    assert (decision.runs, decision.reason, ship.base.contents) == (False, reason, before)
