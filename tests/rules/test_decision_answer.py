"""What becomes of a verdict: users and seats refuse it, a person sees it, a key or a code asks for it."""

from datetime import timedelta

import attrs
import pytest

from nexuslic.rules import decision
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import DONGLE, NO_DATABASE, Keep, Verdict
from nexuslic.rules.license_time import Ledger
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Denied, NoContact, Record
from nexuslic.rules.words import Cause, Protection, Reason, State

OFFLINE = NoContact(Cause.OFFLINE)
ELSEWHERE = Binding("localhost", "survey")


def settled(build, record, contact, wall=3, **fields):
    launch = build.launch(record, wall, **fields)
    ready = decision.before_contact(launch)
    return decision.settle(decision.after_contact(ready, contact), launch)


@pytest.mark.parametrize("reason", [Reason.USER, Reason.SEATS])
def test_a_refused_user_or_seat_leaves_the_state_and_keeps_nothing_of_the_clock(build, reason):
    record, launch = build.record(), build.launch(build.record(), 5)
    refused = decision.refuse(build.verdict(record, OFFLINE, 5), launch, reason)
    assert (refused.state, refused.reason, refused.runs, refused.keep) == (State.GRACE, reason, False, Keep.SAVE)
    assert refused.record == attrs.evolve(record, state=State.GRACE)
    assert refused.mark is None


def test_a_refused_seat_without_contact_marks_only_that_the_names_match_again(build):
    launch = build.launch(build.record(), 5, mark=build.mark(seen=2, mismatched=True))
    verdict = decision.after_contact(decision.before_contact(launch), OFFLINE)
    assert decision.refuse(verdict, launch, Reason.SEATS).mark == build.mark(seen=2, mismatched=False)


def test_a_refused_seat_keeps_the_grant_and_its_mark(build):
    launch = build.launch(build.record(), 5)
    verdict = build.verdict(build.record(), build.granted(), 5)
    refused = decision.refuse(verdict, launch, Reason.SEATS)
    assert refused.record == verdict.record_if_refused
    assert refused.record.certificate.granted_at == build.day(20)
    assert refused.mark == build.mark(granted=20, seen=20)


def test_a_refusal_of_a_verdict_that_keeps_no_record_leaves_its_mark(build):
    verdict = Verdict(State.GRACE, None, Cause.DNS, mark=build.mark(seen=7))
    assert decision.refuse(verdict, build.launch(None), Reason.USER).mark == build.mark(seen=7)


def test_a_verdict_runs_where_its_state_does_and_no_reason_stands_against_it():
    runs = {(state, reason): Verdict(state, reason).runs for state in State for reason in (None, Reason.SEATS)}
    assert {case for case, good in runs.items() if good} == {(State.AUTHENTICATED, None), (State.GRACE, None)}


def test_a_confirmed_launch_has_its_whole_grace_left_and_warns_of_nothing(build):
    answer = settled(build, build.record(), build.granted())
    assert (answer.state, answer.runs, answer.reason, answer.cause) == (State.AUTHENTICATED, True, None, None)
    assert (answer.days_left, answer.deadline, answer.warnings) == (30, build.day(50), ())


def test_a_launch_in_grace_says_how_many_days_are_left(build):
    answer = settled(build, build.record(), OFFLINE, wall=3)
    assert (answer.state, answer.runs, answer.cause) == (State.GRACE, True, Cause.OFFLINE)
    assert (answer.days_left, answer.deadline) == (28, build.day(30))
    assert answer.warnings == ("Only 28 days left in grace period",)


@pytest.mark.parametrize(("warn_from", "said"), [(27, 0), (28, 1)])
def test_the_policy_says_from_when_grace_warns(build, warn_from, said):
    answer = settled(build, build.record(), OFFLINE, policy=Policy(warn_from=warn_from))
    assert len(answer.warnings) == said


def test_a_launch_refused_a_seat_in_grace_still_says_how_many_days_are_left(build):
    launch = build.launch(build.record())
    refused = decision.refuse(build.verdict(build.record(), OFFLINE), launch, Reason.SEATS)
    answer = decision.settle(refused, launch)
    assert (answer.runs, answer.days_left) == (False, 28)
    assert answer.warnings == ("Only 28 days left in grace period",)


def test_an_expired_launch_has_a_deadline_and_no_days_left(build):
    answer = settled(build, build.record(), OFFLINE, wall=60)
    assert (answer.state, answer.reason, answer.runs) == (State.EXPIRED, Reason.EXPIRED, False)
    assert (answer.days_left, answer.deadline, answer.warnings) == (None, build.day(30), ())


@pytest.mark.parametrize("denied", [Denied(Reason.REVOKED), Denied(Reason.SUPERSEDED)])
def test_where_the_license_is_gone_or_elsewhere_there_is_no_deadline(build, denied):
    answer = settled(build, build.record(), denied)
    assert (answer.days_left, answer.deadline) == (None, None)


def test_a_denied_version_in_grace_has_its_days_left(build):
    answer = settled(build, build.record(State.GRACE), Denied(Reason.VERSION))
    assert (answer.state, answer.runs, answer.days_left) == (State.GRACE, False, 28)


def test_a_launch_without_a_record_knows_no_dates(build):
    launch = build.launch(None)
    answer = decision.settle(decision.before_contact(launch), launch)
    assert (answer.state, answer.reason) == (State.UNLICENSED, Reason.UNLICENSED)
    assert (answer.recorded, answer.deadline, answer.days_left) == (None, None, None)
    assert (answer.last_grant, answer.last_good, answer.license_time) == (None, None, None)


def test_an_answer_names_the_binding_as_recorded_and_as_connected(build):
    launch = build.launch(build.record(), binding=ELSEWHERE)
    answer = decision.settle(decision.before_contact(launch), launch)
    assert (answer.state, answer.reason) == (State.INVALID_BINDING, Reason.BINDING)
    assert (answer.recorded, answer.connected) == (build.here, ELSEWHERE)


def test_an_answer_tells_the_clock_the_last_grant_and_the_last_good_launch(build):
    answer = settled(build, build.record(), OFFLINE, wall=60)
    assert (answer.clock, answer.last_grant, answer.last_good) == (build.day(60), build.day(0), build.day(1.5))
    assert answer.license_time == build.day(59)


def test_after_a_grant_the_last_grant_is_that_one_and_the_last_good_launch_the_one_before(build):
    answer = settled(build, build.record(), build.granted(), wall=4)
    assert (answer.last_grant, answer.last_good) == (build.day(20), build.day(1.5))


def test_an_answer_shows_the_rows_that_fired(build):
    answer = settled(build, build.record(), OFFLINE)
    assert [str(row) for row in answer.path] == ["lose contact: Authenticated -> Grace"]


@pytest.mark.parametrize("contact", [OFFLINE, Denied(Reason.SUSPENDED)])
def test_a_clock_that_was_set_back_is_told_whatever_the_contact(build, contact):
    answer = settled(build, build.record(), contact, wall=-1.5)
    assert answer.warnings[-1] == "The clock was set back by 3 d 12 h since the last launch; set it right with contact"


def test_in_grace_the_days_left_are_told_before_the_clock(build):
    answer = settled(build, build.record(), OFFLINE, wall=-1)
    assert answer.warnings == (
        "Only 28 days left in grace period",
        "The clock was set back by 3 d 0 h since the last launch; set it right with contact",
    )


@pytest.mark.parametrize(
    ("extra", "text"), [(59, "1 d 0 h"), (60, "1 d 1 h"), (23 * 60 + 59, "1 d 23 h"), (24 * 60, "2 d 0 h")]
)
def test_a_set_back_is_told_in_whole_days_and_hours(build, extra, text):
    record = build.record(ledger=Ledger(build.day(1), build.day(4) + timedelta(minutes=extra)))
    assert text in settled(build, record, build.granted(), wall=3).warnings[0]


def test_a_dongle_lets_it_run_and_says_nothing_else():
    assert (DONGLE.protection, DONGLE.runs, DONGLE.state, DONGLE.stored) == (Protection.DONGLE, True, None, False)


def test_without_a_database_there_is_no_state():
    assert (NO_DATABASE.state, NO_DATABASE.runs, NO_DATABASE.reason) == (None, False, Reason.DATABASE)
    assert (NO_DATABASE.protection, NO_DATABASE.stored, NO_DATABASE.store_failed) == (Protection.SOFTWARE, False, False)


@pytest.mark.parametrize("state", [State.AUTHENTICATED, State.GRACE, State.EXPIRED, State.INVALID_BINDING])
def test_a_key_that_is_granted_makes_a_new_record_from_every_state(build, state):
    old = attrs.evolve(build.record(state, refused=Reason.SUSPENDED), last_good=build.day(7))
    before = build.launch(old, wall=77)
    record, mark, answer = decision.authenticated(before, build.granted(), "record-2")
    ledger = Ledger(build.day(20), build.day(77))
    new = Record(
        "record-2", build.certificate(granted=20), "a new proof", State.AUTHENTICATED, None, ledger, build.day(7)
    )
    assert (record, mark) == (new, build.mark("record-2", granted=20, seen=20))
    assert [str(row) for row in answer.path] == [f"authenticate: {state} -> Authenticated"]


def test_a_key_that_is_granted_answers_with_the_whole_grace(build):
    _, _, answer = decision.authenticated(build.launch(None), build.granted(), "record-1")
    assert (answer.state, answer.runs, answer.reason) == (State.AUTHENTICATED, True, None)
    assert (answer.days_left, answer.deadline, answer.license_time) == (30, build.day(50), build.day(20))
    assert [str(row) for row in answer.path] == ["authenticate: Unlicensed -> Authenticated"]


def test_a_key_that_is_granted_for_the_names_of_this_connection_cures_a_mismatch(build):
    before = build.launch(build.record(), binding=ELSEWHERE)
    _, _, answer = decision.authenticated(before, build.granted(binding=ELSEWHERE), "record-2")
    assert (answer.state, answer.recorded) == (State.AUTHENTICATED, ELSEWHERE)
    assert [str(row) for row in answer.path] == ["authenticate: Invalid-Binding -> Authenticated"]


@pytest.mark.parametrize(
    ("record", "binding", "state"),
    [
        (None, None, State.UNLICENSED),
        (State.GRACE, None, State.GRACE),
        (State.EXPIRED, None, State.EXPIRED),
        (State.GRACE, ELSEWHERE, State.INVALID_BINDING),
    ],
)
def test_a_key_that_is_not_granted_shows_the_state_as_this_connection_has_it(build, record, binding, state):
    before = build.launch(record and build.record(record), binding=binding or build.here)
    answer = decision.not_authenticated(before, None, Cause.DNS, "A note.")
    assert (answer.state, answer.runs, answer.cause, answer.reason) == (state, False, Cause.DNS, None)
    assert (answer.path, answer.warnings, answer.note) == ((), (), "A note.")


def test_a_key_that_is_denied_says_the_servers_reason(build):
    answer = decision.not_authenticated(build.launch(build.record()), Reason.REVOKED, None)
    assert (answer.state, answer.reason, answer.runs, answer.note) == (State.AUTHENTICATED, Reason.REVOKED, False, "")


def test_a_key_that_is_not_granted_shows_the_days_that_the_record_has_left(build):
    answer = decision.not_authenticated(build.launch(build.record(), wall=25), None, Cause.DNS)
    assert (answer.days_left, answer.deadline, answer.license_time) == (29, build.day(30), build.day(1))


def test_an_answer_says_nothing_of_the_database_before_it_was_asked(build):
    _, _, answer = decision.authenticated(build.launch(None), build.granted(), "record-1")
    assert (answer.stored, answer.store_failed, answer.holders, answer.dropped) == (False, False, (), ())


def test_a_record_that_was_stored_is_the_one_that_is_told(build):
    verdict = Verdict(State.GRACE, None, keep=Keep.SAVE, record=build.record())
    answer = decision.settle(verdict, build.launch(build.record()), decision.Kept(stored=True))
    assert (answer.recorded, answer.stored) == (build.record().certificate.binding, True)


@pytest.mark.parametrize(("stored", "told"), [(True, False), (False, True)])
def test_a_record_that_was_removed_is_told_no_more(build, stored, told):
    verdict = Verdict(State.UNLICENSED, Reason.REVOKED, keep=Keep.REMOVE, record=build.record())
    answer = decision.settle(verdict, build.launch(build.record()), decision.Kept(stored=stored))
    assert (answer.recorded is not None) is told
