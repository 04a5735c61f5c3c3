"""Steps 2 to 5 of a launch: record, version, binding, what is remembered, and the clock."""

from datetime import timedelta

import attrs
import pytest

from nexuslic.rules import decision
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Keep, Ready, Verdict
from nexuslic.rules.license import Version
from nexuslic.rules.license_time import Ledger
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause, Event, Reason, State

RUNNING_OUT = [State.AUTHENTICATED, State.GRACE, State.EXPIRED]
ELSEWHERE = Binding("localhost", "survey")


def path(step: Verdict | Ready) -> list[str]:
    return [str(row) for row in step.path]


def test_without_a_record_the_application_is_unlicensed(build):
    verdict = decision.before_contact(build.launch(None))
    assert verdict == Verdict(State.UNLICENSED, Reason.UNLICENSED, keep=Keep.NOTHING)


def test_a_record_that_cannot_be_trusted_is_damaged(build):
    verdict = decision.before_contact(build.launch(None, damaged=True))
    assert verdict == Verdict(State.UNLICENSED, Reason.DAMAGED, keep=Keep.NOTHING)


def test_what_a_damaged_record_says_does_not_count(build):
    verdict = decision.before_contact(build.launch(build.record(), damaged=True))
    assert (verdict.state, verdict.reason) == (State.UNLICENSED, Reason.DAMAGED)


@pytest.mark.parametrize("state", [*RUNNING_OUT, State.INVALID_BINDING])
def test_too_old_an_application_does_not_run_and_changes_no_state(build, state):
    verdict = decision.before_contact(build.launch(build.record(state), version=Version((6, 1))))
    assert verdict == Verdict(state, Reason.VERSION, license_time=build.day(1))
    assert not verdict.runs


@pytest.mark.parametrize("numbers", [(6, 2), (6, 2, 1), (6, 10), (7, 0)])
def test_the_minimum_version_and_all_newer_ones_may_go_on(build, numbers):
    assert isinstance(decision.before_contact(build.launch(build.record(), version=Version(numbers))), Ready)


def test_the_version_is_looked_at_before_the_binding(build):
    launch = build.launch(build.record(), version=Version((6, 1)), binding=ELSEWHERE)
    assert decision.before_contact(launch).reason is Reason.VERSION


@pytest.mark.parametrize("state", [*RUNNING_OUT, State.INVALID_BINDING])
def test_another_binding_is_invalid_in_every_state(build, state):
    verdict = decision.before_contact(build.launch(build.record(state), binding=ELSEWHERE))
    assert (verdict.state, verdict.reason, verdict.runs) == (State.INVALID_BINDING, Reason.BINDING, False)
    assert path(verdict) == [f"mismatch: {state} -> Invalid-Binding"]


def test_a_mismatch_writes_to_the_mark_only_and_nothing_of_the_clock(build):
    verdict = decision.before_contact(build.launch(build.record(), wall=25, binding=ELSEWHERE))
    assert (verdict.keep, verdict.record, verdict.record_if_refused) == (Keep.NOTHING, None, None)
    assert verdict.mark == build.mark(seen=1, mismatched=True)


def test_a_mismatch_leaves_what_the_mark_has_seen(build):
    mark = build.mark(granted=0.5, seen=9)
    verdict = decision.before_contact(build.launch(build.record(), binding=ELSEWHERE, mark=mark))
    assert verdict.mark == attrs.evolve(mark, mismatched=True)


@pytest.mark.parametrize("state", RUNNING_OUT)
def test_names_that_match_again_bring_the_records_state_back(build, state):
    ready = build.ready(build.record(state), mark=build.mark(mismatched=True))
    assert ready.state is state
    assert path(ready) == [f"match: Invalid-Binding -> {state}"]


@pytest.mark.parametrize("marked", [{"mismatched": False}, {"mismatched": True, "record_id": "record-0"}])
def test_nothing_matches_again_where_nothing_had_mismatched(build, marked):
    ready = build.ready(build.record(), mark=build.mark(**marked))
    assert (ready.state, path(ready)) == (State.AUTHENTICATED, [])


def test_the_mark_is_of_this_record_by_its_id_and_not_by_its_order(build):
    ready = build.ready(build.record(), mark=build.mark(record_id="record-2", mismatched=True, seen=9))
    assert (path(ready), ready.seen.ledger.license_time) == ([], build.day(2))


def test_a_remembered_supersession_needs_no_contact_to_be_told_again(build):
    record = build.record(State.INVALID_BINDING, refused=Reason.SUPERSEDED)
    verdict = decision.before_contact(build.launch(record, wall=25))
    assert verdict == Verdict(State.INVALID_BINDING, Reason.SUPERSEDED, path=verdict.path)
    assert path(verdict) == ["mismatch: Invalid-Binding -> Invalid-Binding"]


def test_names_that_match_again_do_not_cure_a_supersession(build):
    record = build.record(State.INVALID_BINDING, refused=Reason.SUPERSEDED)
    verdict = decision.before_contact(build.launch(record, mark=build.mark(seen=9, mismatched=True)))
    assert (verdict.reason, verdict.keep) == (Reason.SUPERSEDED, Keep.NOTHING)
    assert path(verdict) == [
        "match: Invalid-Binding -> Invalid-Binding",
        "mismatch: Invalid-Binding -> Invalid-Binding",
    ]
    assert verdict.mark == build.mark(seen=9, mismatched=False)


@pytest.mark.parametrize("refused", [Reason.SUSPENDED, Reason.TERM])
def test_whoever_was_suspended_may_still_ask_the_license_server(build, refused):
    ready = build.ready(build.record(State.EXPIRED, refused=refused))
    assert (ready.state, path(ready)) == (State.EXPIRED, [])


def test_the_clock_is_observed_before_the_contact(build):
    assert build.ready(build.record(), wall=5).seen.ledger == Ledger(build.day(4), build.day(5))


def test_a_clock_that_was_set_back_is_charged_before_the_contact(build):
    seen = build.ready(build.record(), wall=-1).seen
    assert (seen.ledger, seen.set_back) == (Ledger(build.day(2), build.day(-1)), timedelta(days=3))


@pytest.mark.parametrize(("seen", "time"), [(9, 9), (1.5, 2)])
def test_license_time_is_at_least_the_marks_once_the_clock_was_observed(build, seen, time):
    ready = build.ready(build.record(), wall=3, mark=build.mark(seen=seen))
    assert ready.seen.ledger == Ledger(build.day(time), build.day(3))


def test_a_mark_of_an_older_grant_is_void(build):
    assert build.ready(build.record(), mark=build.mark(granted=-1, seen=9)).seen.ledger.license_time == build.day(2)


@pytest.mark.parametrize("wall", [2, 31.9, 32.1, -5])
def test_no_decision_depends_on_whether_match_fired(build, wall):
    one, other = (
        build.verdict(build.record(), NoContact(Cause.OFFLINE), wall, mark=build.mark(mismatched=mismatched))
        for mismatched in (True, False)
    )
    assert (one.state, one.reason, one.record, one.license_time) == (
        other.state,
        other.reason,
        other.record,
        other.license_time,
    )


@pytest.mark.parametrize("state", RUNNING_OUT)
def test_how_a_connection_stands_is_the_records_state(build, state):
    assert decision.standing(build.record(state), False, build.here) == (state, None)


def test_how_a_connection_stands_where_the_names_differ(build):
    assert decision.standing(build.record(), False, ELSEWHERE) == (State.INVALID_BINDING, Reason.BINDING)


def test_how_a_connection_stands_tells_what_was_refused(build):
    record = build.record(State.EXPIRED, refused=Reason.SUSPENDED)
    assert decision.standing(record, False, build.here) == (State.EXPIRED, Reason.SUSPENDED)


def test_moving_gives_the_row_that_answered(build):
    facts = decision.Facts(True, State.GRACE)
    state, rows = decision.move(State.EXPIRED, Event.LOSE_CONTACT, facts)
    assert (state, [str(row) for row in rows]) == (State.GRACE, ["lose contact: Expired -> Grace"])
