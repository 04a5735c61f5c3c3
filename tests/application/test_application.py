"""What an application asks of its license, over a real database."""

import sqlite3
import threading
from datetime import timedelta

import pytest

import nexuslic
from nexuslic.errors import CodeRefused
from nexuslic.issuing import support
from nexuslic.rules.license import LicenseKey
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, LicenseType, Protection, Reason, State, WhichBinding
from nexuslic.simulation.vendor import first_signatory


def launched(license):
    with license.launch() as decision:
        return decision


def answered(customer, code):
    """Support's answer to a request code."""
    vendor = customer.vendor
    return support.answer_code(code, vendor.registry, first_signatory(), customer.clock.wall.replace(microsecond=0))


def test_a_database_without_a_license_is_refused_and_left_as_it_was(customer):
    before = customer.path.read_bytes()
    assert launched(customer.open()).reason is Reason.UNLICENSED
    assert customer.path.read_bytes() == before


def test_a_key_that_was_granted_runs_the_next_launch(customer, key):
    license = customer.open()
    assert license.authenticate(key).state is State.AUTHENTICATED
    assert launched(license).runs


def test_a_mistyped_key_sends_nothing(customer):
    decision = customer.open().authenticate("1234567890123")
    assert (decision.runs, customer.vendor.asked) == (False, 0)
    assert "mistyped" in decision.note


def test_without_contact_grace_counts_down(customer, license):
    customer.vendor.cause = Cause.OFFLINE
    customer.clock.sail(days=20)
    decision = launched(license)
    assert (decision.state, decision.warnings) == (State.GRACE, ("Only 10 days left in grace period",))


def test_another_file_of_the_same_content_is_another_database(customer, license):
    other = customer.folder / "copy.db"
    other.write_bytes(customer.path.read_bytes())
    customer.file = "copy.db"
    assert launched(customer.open()).reason is Reason.BINDING


def test_a_renewal_code_is_a_grant(customer, license):
    customer.vendor.cause = Cause.OFFLINE
    customer.clock.sail(days=40)
    assert launched(license).reason is Reason.EXPIRED
    assert license.renew_by_code(answered(customer, license.request_code())).state is State.AUTHENTICATED
    assert launched(license).days_left == 30


def test_a_code_for_a_database_without_a_license_needs_the_key(customer, key):
    license = customer.open()
    with pytest.raises(nexuslic.CodeRefused, match="give the license key too"):
        license.request_code()
    assert license.renew_by_code(answered(customer, license.request_code(key))).runs


def test_a_request_that_cannot_be_kept_is_refused_before_it_is_read_to_anybody(customer, license):
    blocked = customer.folder / "blocked"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(nexuslic.CodeRefused, match="cannot keep"):
        customer.open(state=blocked).request_code()


def test_users_are_assigned_and_the_surplus_is_named(make_customer, key):
    license = make_customer(type=LicenseType.NAMED).open()
    license.authenticate(key)
    assert license.users.assign("ann", "bob", "cleo") == ("cleo",)
    license.users.unassign("ANN")
    assert license.users.assigned() == ("bob",)
    assert launched(license).reason is Reason.USER


def test_the_seat_of_a_session_is_seen_and_given_back(customer, license):
    with license.launch():
        assert [str(seat) for seat in license.seats()] == ["ann at ws1"]
    assert license.seats() == ()


def test_the_last_seat_is_refused_with_the_names_of_those_who_sit(customer, license):
    with license.launch(), customer.open("ws2", user="bob").launch():
        decision = launched(customer.open("ws3", user="cleo"))
    assert (decision.reason, decision.holders) == (Reason.SEATS, ("ann at ws1", "bob at ws2"))


def test_an_error_of_the_application_gives_the_seat_back(customer, license):
    with pytest.raises(ZeroDivisionError), license.launch():
        raise ZeroDivisionError
    assert license.seats() == ()


def test_a_seat_that_is_released_is_free(customer, license):
    with license.launch():
        (seat,) = license.seats()
        assert license.release(seat.session) == seat
        assert license.seats() == ()


def test_a_session_that_nobody_has_cannot_be_released(license):
    with pytest.raises(nexuslic.InputError, match="no session 'nobody'"):
        license.release("nobody")


class Steps:
    """Waits for the test instead of for 2 minutes, and says when a renewal is over."""

    def __init__(self):
        self.go, self.there = threading.Semaphore(0), threading.Semaphore(0)

    def wait(self, ended):
        self.there.release()
        while not self.go.acquire(timeout=0.01):
            if ended.is_set():
                return True
        return False

    def renew(self):
        """One renewal, from its beginning to its end."""
        assert self.there.acquire(timeout=30)
        self.go.release()
        assert self.there.acquire(timeout=30)
        self.there.release()


def test_a_session_renews_its_seat_as_long_as_it_runs(customer, license):
    license.wait = (steps := Steps()).wait
    with license.launch():
        for _ in range(3):
            customer.clock.sail(minutes=9)
            steps.renew()
            assert [seat.renewed_at for seat in license.seats()] == [customer.clock.wall]


def test_a_session_accounts_for_its_running_time(customer, license):
    license.wait = (steps := Steps()).wait
    customer.vendor.cause = Cause.OFFLINE
    with license.launch() as decision:
        customer.clock.running += timedelta(days=3)
        customer.clock.wall += timedelta(minutes=1)
        steps.renew()
    assert launched(license).days_left == decision.days_left - 3


def test_a_session_whose_seat_was_given_away_is_told_so(customer, license):
    license.wait = (steps := Steps()).wait
    lost = threading.Event()
    with license.launch(on_seat_lost=lost.set):
        customer.clock.sail(minutes=11)
        with customer.open("ws2").launch(), customer.open("ws3").launch():
            assert steps.there.acquire(timeout=30)
            steps.go.release()
            assert lost.wait(30)


def test_threads_share_one_application(customer, make_customer, key):
    license = make_customer(seats=8).open()
    license.authenticate(key)
    decisions = []
    everybody = threading.Barrier(8)

    def launch():
        with license.launch() as decision:
            decisions.append(decision)
            everybody.wait(30)

    threads = [threading.Thread(target=launch) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [decision.runs for decision in decisions] == [True] * 8
    assert license.seats() == ()


def test_the_dongle_protects_while_its_file_is_there(customer):
    (customer.folder / "nethasp.INI").touch()
    decision = launched(customer.open(application=customer.folder))
    assert (decision.protection, decision.runs, customer.vendor.asked) == (Protection.DONGLE, True, 0)


def test_an_identity_that_is_the_same_lets_a_name_differ(customer, key):
    policy = Policy(binding=WhichBinding.IDENTITY)
    assert customer.open(policy=policy, server="DB1", database="survey").authenticate(key).stored
    assert launched(customer.open(policy=policy, server=".", database="survey")).runs
    assert not launched(customer.open(server=".", database="survey")).runs


def test_a_code_is_for_the_same_identity_after_the_application_was_closed(customer, key):
    policy = Policy(binding=WhichBinding.IDENTITY)
    code = answered(customer, customer.open(policy=policy).request_code(key))
    assert customer.open(policy=policy).renew_by_code(code).stored
    assert launched(customer.open(policy=policy)).runs


def test_an_identity_of_another_computer_is_another(customer, key, monkeypatch):
    policy = Policy(binding=WhichBinding.IDENTITY)
    assert customer.open(policy=policy).authenticate(key).stored
    monkeypatch.setattr("platform.node", lambda: "another computer")
    assert launched(customer.open(policy=policy)).reason is Reason.BINDING


def test_a_damaged_record_is_kept_for_support_and_a_key_brings_a_new_one(customer, license, key):
    with sqlite3.connect(customer.path) as raw:
        raw.execute("UPDATE nexuslic_record SET sealed = ?", (b"damaged",))
    raw.close()
    assert launched(license).reason is Reason.DAMAGED
    assert license.authenticate(key).runs
    with sqlite3.connect(customer.path) as raw:
        assert raw.execute("SELECT sealed FROM nexuslic_aside").fetchall() == [(b"damaged",)]
    raw.close()


def test_an_engine_of_the_application_stays_open_for_it(customer, key):
    from sqlalchemy import create_engine, text

    from nexuslic.simulation.vendor import bundle

    engine = create_engine(f"sqlite:///{customer.path}")
    with nexuslic.open(bundle(), engine, state=customer.folder / "ws1", connectivity=customer.vendor) as license:
        assert license.authenticate(key).runs
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM nexuslic_record")).scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "two\nlines", "bell\a"])
def test_a_user_without_a_name_that_can_be_shown_is_refused(customer, name):
    with pytest.raises(nexuslic.InputError, match="user: a name has 1 to 200 characters"):
        customer.open(user=name or " ")


def test_a_key_of_another_license_changes_nothing(customer, license):
    other = LicenseKey.from_number(123456789012)
    before = customer.path.read_bytes()
    assert license.authenticate(other.digits).reason is Reason.UNKNOWN
    assert customer.path.read_bytes() == before


@pytest.mark.parametrize("written", [str, lambda key: f" {key}\n", lambda key: f"{key[:4]}-{key[4:8]} {key[8:]}"])
def test_a_license_key_in_the_place_of_a_code_is_named_by_nobody(license, key, written):
    code = written(key)
    with pytest.raises(CodeRefused) as caught:
        license.renew_by_code(code)
    assert str(caught.value) == "this is a license key and no code: request the license with it"
