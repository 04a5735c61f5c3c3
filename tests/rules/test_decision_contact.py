"""Step 7 of a launch: what a grant, a denial and no contact make of the license, and what is kept of it."""

from datetime import timedelta

import attrs
import pytest

from nexuslic.rules import decision
from nexuslic.rules.decision import Keep, Verdict
from nexuslic.rules.license_time import Ledger
from nexuslic.rules.record import Denied, NoContact, Record
from nexuslic.rules.words import DENIALS, Cause, Reason, State

RUNNING_OUT = [State.AUTHENTICATED, State.GRACE, State.EXPIRED]
OFFLINE = NoContact(Cause.OFFLINE)
TICK = timedelta(microseconds=1)
MATCHED = "match: Invalid-Binding -> Authenticated"

DENIED = {
    Reason.UNKNOWN: (State.UNLICENSED, Keep.REMOVE, "revoke: {} -> Unlicensed"),
    Reason.REVOKED: (State.UNLICENSED, Keep.REMOVE, "revoke: {} -> Unlicensed"),
    Reason.SUSPENDED: (State.EXPIRED, Keep.SAVE, "end: {} -> Expired"),
    Reason.TERM: (State.EXPIRED, Keep.SAVE, "end: {} -> Expired"),
    Reason.SUPERSEDED: (State.INVALID_BINDING, Keep.SAVE, "mismatch: {} -> Invalid-Binding"),
    Reason.VERSION: (None, Keep.NOTHING, None),
}


def path(verdict: Verdict) -> list[str]:
    return [str(row) for row in verdict.path]


def alone_at(build, day, state=State.AUTHENTICATED, **fields) -> Verdict:
    """No contact at a launch at which license time comes to `day`."""
    ledger = Ledger(build.day(1), build.day(1))
    return build.verdict(build.record(state, ledger=ledger, **fields), OFFLINE, wall=day)


@pytest.mark.parametrize("state", RUNNING_OUT)
def test_a_grant_confirms_and_starts_grace_again(build, state):
    verdict = build.verdict(build.record(state), build.granted(), wall=77)
    assert (verdict.state, verdict.reason, verdict.cause, verdict.runs) == (State.AUTHENTICATED, None, None, True)
    assert path(verdict) == [f"confirm: {state} -> Authenticated"]
    assert verdict.license_time == build.day(20)


def test_a_grant_is_stored_with_the_servers_time_and_the_clock_as_it_stands(build):
    verdict = build.verdict(build.record(State.EXPIRED), build.granted(), wall=77)
    certificate, ledger = build.certificate(granted=20), Ledger(build.day(20), build.day(77))
    new = Record("record-1", certificate, "a new proof", State.AUTHENTICATED, None, ledger, build.day(77))
    assert (verdict.keep, verdict.record) == (Keep.SAVE, new)


def test_a_granted_launch_that_is_refused_keeps_the_grant_and_counts_as_no_good_launch(build):
    verdict = build.verdict(build.record(), build.granted(), wall=77)
    assert verdict.record_if_refused == attrs.evolve(verdict.record, last_good=build.day(1.5))


def test_a_grant_makes_a_new_mark(build):
    verdict = build.verdict(build.record(), build.granted(), mark=build.mark(seen=29, mismatched=True))
    assert verdict.mark == build.mark(granted=20, seen=20, mismatched=False)
    assert path(verdict) == [MATCHED, "confirm: Authenticated -> Authenticated"]


@pytest.mark.parametrize("refused", [Reason.SUSPENDED, Reason.TERM])
def test_a_grant_lifts_what_the_record_remembers(build, refused):
    verdict = build.verdict(build.record(State.EXPIRED, refused=refused), build.granted())
    assert (verdict.state, verdict.record.refused) == (State.AUTHENTICATED, None)


def test_a_grant_says_by_how_much_the_clock_had_been_set_back(build):
    assert build.verdict(build.record(), build.granted(), wall=-1).set_back == timedelta(days=3)


def test_every_denial_is_answered_here():
    assert list(DENIED) == list(DENIALS)


@pytest.mark.parametrize("state", RUNNING_OUT)
@pytest.mark.parametrize("reason", DENIED)
def test_a_denial_moves_the_license_as_the_events_say(build, reason, state):
    verdict = build.verdict(build.record(state), Denied(reason))
    after, keep, row = DENIED[reason]
    assert (verdict.state, verdict.keep) == (after or state, keep)
    assert (verdict.reason, verdict.cause, verdict.runs) == (reason, None, False)
    assert path(verdict) == ([row.format(state)] if row else [])


@pytest.mark.parametrize("reason", [Reason.SUSPENDED, Reason.TERM, Reason.SUPERSEDED])
def test_what_the_server_refused_is_remembered_and_nothing_of_the_clock(build, reason):
    record = build.record(State.GRACE)
    verdict = build.verdict(record, Denied(reason), wall=25)
    kept = attrs.evolve(record, state=DENIED[reason][0], refused=reason)
    assert verdict.record == verdict.record_if_refused == kept


def test_a_denied_version_keeps_nothing(build):
    verdict = build.verdict(build.record(), Denied(Reason.VERSION), wall=5)
    assert (verdict.record, verdict.record_if_refused, verdict.mark) == (None, None, None)
    assert verdict.license_time == build.day(4)


@pytest.mark.parametrize("reason", DENIED)
def test_a_denial_says_by_how_much_the_clock_had_been_set_back(build, reason):
    assert build.verdict(build.record(), Denied(reason), wall=-1).set_back == timedelta(days=3)


@pytest.mark.parametrize("reason", DENIED)
def test_a_denied_launch_leaves_the_mark_alone(build, reason):
    assert build.verdict(build.record(), Denied(reason), mark=build.mark(seen=9)).mark is None


@pytest.mark.parametrize("reason", DENIED)
def test_a_denied_launch_keeps_in_the_mark_only_that_the_names_match_again(build, reason):
    verdict = build.verdict(build.record(), Denied(reason), wall=25, mark=build.mark(seen=9, mismatched=True))
    assert verdict.mark == build.mark(seen=9, mismatched=False)
    assert path(verdict)[0] == MATCHED


@pytest.mark.parametrize("state", RUNNING_OUT)
def test_without_contact_a_launch_within_grace_runs_in_grace(build, state):
    verdict = alone_at(build, 12, state)
    assert (verdict.state, verdict.reason, verdict.runs) == (State.GRACE, None, True)
    assert path(verdict) == [f"lose contact: {state} -> Grace"]


@pytest.mark.parametrize("state", RUNNING_OUT)
def test_without_contact_a_launch_after_the_deadline_is_expired(build, state):
    verdict = alone_at(build, 31, state)
    assert (verdict.state, verdict.reason, verdict.runs) == (State.EXPIRED, Reason.EXPIRED, False)
    assert path(verdict) == [f"lose contact: {state} -> Expired"]


def test_without_contact_a_launch_at_the_deadline_itself_runs(build):
    assert alone_at(build, 30).state is State.GRACE


def test_without_contact_a_launch_an_instant_after_the_deadline_is_refused(build):
    ledger = Ledger(build.day(30), build.day(30) - TICK)
    assert build.verdict(build.record(ledger=ledger), OFFLINE, wall=30).reason is Reason.EXPIRED


def test_a_carried_extension_counts_without_contact(build):
    extended = build.certificate(extra_days=20)
    assert [alone_at(build, day, certificate=extended).runs for day in (50, 50.1)] == [True, False]


def test_a_launch_in_grace_stores_everything(build):
    record = build.record()
    verdict = build.verdict(record, OFFLINE, wall=5)
    ledger = Ledger(build.day(4), build.day(5))
    assert verdict.keep is Keep.SAVE
    assert verdict.record == attrs.evolve(record, state=State.GRACE, ledger=ledger, last_good=build.day(5))
    assert verdict.license_time == build.day(4)


def test_a_launch_in_grace_that_is_refused_later_stores_the_state_and_nothing_of_the_clock(build):
    record = build.record()
    assert build.verdict(record, OFFLINE, wall=5).record_if_refused == attrs.evolve(record, state=State.GRACE)


def test_an_expired_launch_stores_the_state_and_nothing_of_the_clock(build):
    record = build.record()
    verdict = build.verdict(record, OFFLINE, wall=60)
    assert verdict.keep is Keep.SAVE
    assert verdict.record == verdict.record_if_refused == attrs.evolve(record, state=State.EXPIRED)


def test_a_clock_a_year_ahead_refuses_only_while_it_is_wrong(build):
    expired = build.verdict(build.record(), OFFLINE, wall=400).record
    verdict = build.verdict(expired, OFFLINE, wall=3)
    assert (verdict.state, verdict.license_time) == (State.GRACE, build.day(2))


@pytest.mark.parametrize("refused", [Reason.SUSPENDED, Reason.TERM])
@pytest.mark.parametrize("state", RUNNING_OUT)
def test_pulling_the_cable_does_not_lift_what_the_server_refused(build, state, refused):
    verdict = alone_at(build, 2, state, refused=refused)
    assert (verdict.state, verdict.reason, verdict.cause) == (State.EXPIRED, refused, Cause.OFFLINE)
    assert path(verdict) == [f"end: {state} -> Expired"]
    assert verdict.record.refused is refused


def test_the_last_instant_of_the_term_still_runs(build):
    assert alone_at(build, 10, certificate=build.certificate(ends=build.day(10))).state is State.GRACE


def test_past_the_term_the_license_has_ended(build):
    verdict = alone_at(build, 10.5, certificate=build.certificate(ends=build.day(10)))
    assert (verdict.state, verdict.reason) == (State.EXPIRED, Reason.TERM)
    assert path(verdict) == ["end: Authenticated -> Expired"]


def test_the_end_of_term_by_the_clock_is_not_remembered_as_a_refusal(build):
    assert alone_at(build, 10.5, certificate=build.certificate(ends=build.day(10))).record.refused is None


def test_a_suspension_is_told_before_the_end_of_term(build):
    verdict = alone_at(build, 11, certificate=build.certificate(ends=build.day(10)), refused=Reason.SUSPENDED)
    assert verdict.reason is Reason.SUSPENDED


def test_grace_that_ends_before_the_term_is_expired(build):
    assert alone_at(build, 31, certificate=build.certificate(ends=build.day(60))).reason is Reason.EXPIRED


@pytest.mark.parametrize("cause", Cause)
def test_no_contact_always_carries_its_cause(build, cause):
    assert [build.verdict(build.record(), NoContact(cause), wall=day).cause for day in (3, 60)] == [cause, cause]


@pytest.mark.parametrize("wall", [-1, -50])
def test_without_contact_the_verdict_says_by_how_much_the_clock_had_been_set_back(build, wall):
    assert build.verdict(build.record(), OFFLINE, wall=wall).set_back == timedelta(days=2 - wall)


def test_a_launch_in_grace_marks_the_license_time_that_it_saw(build):
    assert build.verdict(build.record(), OFFLINE, wall=5).mark == build.mark(seen=4)


def test_a_launch_in_grace_marks_that_the_names_match_again(build):
    verdict = build.verdict(build.record(), OFFLINE, wall=5, mark=build.mark(seen=2, mismatched=True))
    assert verdict.mark == build.mark(seen=4, mismatched=False)
    assert path(verdict) == [MATCHED, "lose contact: Authenticated -> Grace"]


def test_an_expired_launch_leaves_the_mark_alone(build):
    assert build.verdict(build.record(), OFFLINE, wall=60, mark=build.mark(seen=9)).mark is None


def test_an_expired_launch_marks_only_that_the_names_match_again(build):
    verdict = build.verdict(build.record(), OFFLINE, wall=60, mark=build.mark(seen=9, mismatched=True))
    assert verdict.mark == build.mark(seen=9, mismatched=False)


def test_an_expired_launch_does_not_touch_the_mark_of_another_record(build):
    for other in ("record-0", "record-2"):
        mark = build.mark(record_id=other, mismatched=True)
        assert build.verdict(build.record(), OFFLINE, wall=60, mark=mark).mark is None


@pytest.mark.parametrize(("seen", "marked"), [(4, 9), (12, 12)])
@pytest.mark.parametrize("granted", [0, 0.5])
def test_the_mark_keeps_the_highest_license_time_since_the_latest_grant(build, granted, seen, marked):
    mark = build.mark(granted=granted, seen=9)
    after = decision.next_mark(mark, build.record(), build.day(seen), mismatched=False)
    assert after == build.mark(granted=granted, seen=marked)


@pytest.mark.parametrize(
    "mark", [{"granted": -0.5, "seen": 9}, {"record_id": "record-0"}, {"record_id": "record-2"}, None]
)
def test_a_mark_of_an_older_grant_or_another_record_starts_anew(build, mark):
    before = None if mark is None else build.mark(**{"seen": 9, **mark})
    assert decision.next_mark(before, build.record(), build.day(4), mismatched=True) == build.mark(
        seen=4, mismatched=True
    )
