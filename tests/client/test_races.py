"""Somebody else is quicker: what another workstation has stored, granted or ended meanwhile is never lost."""

from datetime import timedelta

import attrs
import pytest

from nexuslic import client as app
from nexuslic import session as running
from nexuslic.connection import TRIES
from nexuslic.rules.words import LicenseType, Reason, State


class Died(BaseException):
    """The computer is switched off."""


class Before:
    """A port before whose next call of one method something else happens."""

    def __init__(self, inner, method, act, times=1):
        self.inner, self.method, self.act, self.times = inner, method, act, times

    def __getattr__(self, name):
        if name == self.method and self.times:
            self.times -= 1
            self.act()
        return getattr(self.inner, name)


class DyingAfter:
    """A port whose computer dies as soon as one method has returned."""

    def __init__(self, inner, method):
        self.inner, self.method = inner, method

    def __getattr__(self, name):
        found = getattr(self.inner, name)

        def call(*args):
            found(*args)
            raise Died

        return call if name == self.method else found


def with_port(client, name, wrap, *args, **more):
    port = wrap(getattr(client.ports, name), *args, **more)
    return attrs.evolve(client, ports=attrs.evolve(client.ports, **{name: port}))


def meanwhile(ship, act, name="ws1"):
    """The client of a workstation that waits for its contact while `act` happens."""
    return with_port(ship.client(name), "connectivity", Before, "exchange", act)


def test_a_grant_that_another_was_given_meanwhile_stays(ship):
    ship.sail(days=20)
    ship.online("ws2")
    launched = app.launch(meanwhile(ship, lambda: ship.launch("ws2")))
    assert ship.record.certificate.granted_at == ship.world.true.now
    assert (launched.decision.state, launched.decision.days_left) == (State.GRACE, 30)


def test_a_suspension_that_another_was_told_meanwhile_stays(ship):
    ship.support("suspend")
    ship.online("ws2")
    launched = app.launch(meanwhile(ship, lambda: ship.launch("ws2")))
    assert launched.decision.reason is Reason.SUSPENDED
    assert ship.offline().launch().reason is Reason.SUSPENDED


def test_a_revocation_that_another_was_told_meanwhile_stays(ship):
    ship.support("revoke")
    ship.online("ws2")
    launched = app.launch(meanwhile(ship, lambda: ship.launch("ws2")))
    assert (launched.decision.reason, ship.blob) == (Reason.UNLICENSED, None)


def test_a_new_record_that_another_made_meanwhile_stays(ship):
    ship.online("ws2")
    ids = []
    app.launch(meanwhile(ship, lambda: (ship.authenticate("ws2"), ids.append(ship.record.id))))
    assert [ship.record.id] == ids


def test_a_session_does_not_overwrite_a_grant(ship):
    launched = ship.open("ws1")
    ship.sail(days=20)
    ship.online("ws2")
    ship.world.true.now += timedelta(minutes=1)
    running.account(
        with_port(ship.client("ws1"), "marks", Before, "load", lambda: ship.launch("ws2")), launched.session
    )
    assert ship.record.certificate.granted_at == ship.world.true.now


def waiting(ship, act, times=1):
    """The client of ws1, before whom `act` happens whenever it waits for the right to store."""
    return with_port(ship.client("ws1"), "records", Before, "together", act, times=times)


def asks(ship):
    """How often the license server was asked."""
    return ship.journal.count("connectivity.exchange")


def test_a_launch_before_which_others_store_whenever_it_waits_is_stored_all_the_same(ship):
    ship.sail(days=1)
    decision = app.launch(waiting(ship, lambda: ship.launch("ws2"), TRIES)).decision
    assert (decision.stored, decision.store_failed) == (True, False)


@pytest.mark.parametrize("other", ["online", "offline"])
@pytest.mark.parametrize("own", ["online", "offline"])
def test_a_launch_before_which_others_store_asks_the_license_server_once(ship, own, other):
    getattr(ship, own)("ws1")
    getattr(ship, other)("ws2")
    decision = app.launch(waiting(ship, lambda: ship.world.launch("ws2", None, stays=False))).decision
    assert (decision.stored, asks(ship)) == (True, 1)


def test_a_grant_of_the_same_second_as_anothers_is_stored_in_its_place(ship):
    ship.online("ws1", "ws2")
    app.launch(waiting(ship, lambda: ship.launch("ws2")))
    assert ship.mark("ws1").nonce == ship.record.certificate.nonce != ship.mark("ws2").nonce


def test_an_answer_that_is_older_than_anothers_grant_is_asked_for_again(ship):
    ship.online("ws1", "ws2")

    def later():
        ship.world.true.now += timedelta(seconds=2)
        ship.launch("ws2")

    app.launch(waiting(ship, later))
    assert asks(ship) == 2


def test_a_denial_says_nothing_of_a_grant_that_another_was_given_since(ship):
    ship.support("suspend")
    ship.online("ws1", "ws2")

    def reinstated():
        ship.support("reinstate")
        ship.launch("ws2")

    assert app.launch(waiting(ship, reinstated)).decision.state is State.AUTHENTICATED


def test_a_key_that_is_entered_while_others_store_makes_its_record_all_the_same(ship):
    ship.online("ws1")
    decision = app.authenticate(waiting(ship, lambda: ship.launch("ws2"), TRIES), ship.key.digits)
    assert (decision.stored, ship.mark("ws1").record_id) == (True, ship.record.id)


def test_where_others_are_quicker_every_time_the_launch_is_decided_and_says_that_nothing_was_stored(ship):
    ship.online("ws2")
    client = with_port(ship.client("ws1"), "records", Before, "save", lambda: ship.launch("ws2"), times=TRIES)
    launched = app.launch(client)
    assert launched.decision.runs
    assert (launched.decision.stored, launched.decision.store_failed) == (False, True)
    assert ship.record.state is State.AUTHENTICATED


def test_a_crash_between_users_and_record_leaves_no_user_too_many(make_ship):
    ship = make_ship(type=LicenseType.NAMED, seats=3).online()
    ship.authenticate()
    app.assign(ship.client(), ("a", "b", "c"))
    ship.change(seats=2)
    with pytest.raises(Died):
        app.authenticate(with_port(ship.client(), "records", DyingAfter, "save"), ship.key.digits)
    assert ship.base.contents.users == ("a", "b")


def test_users_assigned_while_a_smaller_grant_is_stored_are_dropped_by_whoever_comes_second(make_ship):
    ship = make_ship(type=LicenseType.NAMED, seats=3).online()
    ship.authenticate()
    ship.change(seats=1)
    client = with_port(ship.client(), "users", Before, "update", lambda: ship.launch("ws2"))
    assert app.assign(client, ("a", "b", "c")) == ("b", "c")
    assert ship.base.contents.users == ("a",)


def test_a_code_works_once_also_where_its_computer_died_on_it(ship):
    code = ship.answer(app.request_code(ship.client()))
    with pytest.raises(Died):
        app.renew_by_code(with_port(ship.client(), "marks", DyingAfter, "save"), code)
    ship.sail(days=29)
    decision = app.renew_by_code(ship.client(), code)
    assert not decision.runs
    assert "used already" in decision.note


def test_a_mark_of_another_grant_of_the_same_second_is_void(ship):
    ship.set_clock(days=29)
    ship.launch("ws1")
    ship.set_clock(days=-29)
    ship.online("ws2").launch("ws2")
    assert ship.offline().launch("ws1").days_left == 30


def test_a_session_notices_a_grant_of_the_second_in_which_it_began(ship):
    ship.set_clock(days=5)
    launched = ship.open("ws1")
    ship.online("ws2").launch("ws2")
    ship.world.true.now += timedelta(minutes=2)
    running.account(ship.client("ws1"), launched.session)
    assert ship.record.ledger.license_time - ship.record.certificate.granted_at == timedelta(minutes=2)
