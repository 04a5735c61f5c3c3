"""Each line of "Always true" turns red where it must, and only there."""

import pytest

from nexuslic.lab.exploring import always
from nexuslic.lab.exploring.always import LINES, Seen
from nexuslic.lab.exploring.by_rules import ByRules
from nexuslic.lab.exploring.letter import Letter
from nexuslic.lab.exploring.moves import Verb
from nexuslic.lab.exploring.physics import Asked, decided
from nexuslic.lab.exploring.values import DAY, TICK, Answer, Base, How, Look, Outcome, Place, Record, Server
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.words import Reason, State

POLICY = LabPolicy()
RECORD = Record(0, Place.HERE, -10 * DAY, 0, State.GRACE, None, -10 * DAY + TICK, -10 * DAY + TICK)


def look(record=RECORD, place=Place.HERE, how=How.OFFLINE, guest=False, clean=True):
    return Look(Base(record, False, clean), None, place, 0, how, guest, Server(Place.HERE))


def seen(asked, outcome=None, **answer):
    """A decision as the rules make it, with something of its answer made wrong."""
    rules = ByRules(POLICY)
    outcome = outcome or decided(rules, asked)
    return Seen(asked, outcome._replace(answer=outcome.answer._replace(**answer)), rules, Letter(POLICY))


def broken(one, again=False):
    return [number for number, _ in always.broken(one, again=again)]


LAUNCH = Asked(Verb.LAUNCH, look(), 0)
WORK = Asked(Verb.WORK, look(), 0)


@pytest.mark.parametrize("asked", [LAUNCH, WORK, Asked(Verb.LAUNCH, look(how=How.FORGED), 0)])
def test_a_decision_of_the_rules_breaks_no_line(asked):
    assert broken(seen(asked), again=True) == []


def test_line_1_a_refusal_within_grace():
    assert 1 in broken(seen(LAUNCH, runs=False, state=State.EXPIRED, reason=Reason.EXPIRED))


def test_line_1_says_nothing_where_the_clock_was_touched():
    touched = Asked(Verb.LAUNCH, look(clean=False), 0)
    assert broken(seen(touched, runs=False, state=State.EXPIRED, reason=Reason.EXPIRED)) == []


def test_line_1_says_nothing_after_the_deadline():
    old = RECORD._replace(granted=-30 * DAY - 1)
    assert broken(seen(Asked(Verb.LAUNCH, look(old), 0))) == []


def test_line_1_holds_at_the_deadline_itself():
    old = RECORD._replace(granted=-30 * DAY)
    assert broken(seen(Asked(Verb.LAUNCH, look(old), 0), runs=False)) == [1]


def test_line_2_a_launch_past_the_deadline():
    late = RECORD._replace(seen=20 * DAY + 1)
    outcome = decided(ByRules(POLICY), LAUNCH)
    assert 2 in broken(seen(LAUNCH, outcome._replace(record=late)))


def test_line_3_license_time_that_goes_back():
    outcome = decided(ByRules(POLICY), LAUNCH)
    earlier = outcome.record._replace(seen=RECORD.seen - 1)
    assert broken(seen(LAUNCH, outcome._replace(record=earlier))) == [3]


def test_line_3_more_days_left_than_before():
    assert broken(seen(LAUNCH, days_left=31)) == [3]


def test_line_4_running_time_that_is_not_counted():
    fresh = RECORD._replace(granted=0, seen=0, read=0)
    asked = Asked(Verb.WORK, look(fresh), 0)
    outcome = decided(ByRules(POLICY), asked)
    short = outcome.record._replace(seen=outcome.record.seen - 1)
    assert broken(seen(asked, outcome._replace(record=short))) == [4]


def test_line_5_a_launch_under_another_name_that_runs():
    assert 5 in broken(seen(Asked(Verb.LAUNCH, look(place=Place.ALIAS), 0), state=State.GRACE, runs=True))


def test_line_5_an_invalid_binding_that_runs():
    assert 5 in broken(seen(LAUNCH, state=State.INVALID_BINDING, runs=True))


def test_line_5_a_mismatch_that_gains_time():
    asked = Asked(Verb.LAUNCH, look(place=Place.ALIAS), 0)
    outcome = decided(ByRules(POLICY), asked)
    gained = outcome.record._replace(seen=RECORD.seen - DAY)
    assert 5 in broken(seen(asked, outcome._replace(record=gained)))


def test_line_6_a_forged_reply_that_does_something():
    asked = Asked(Verb.LAUNCH, look(how=How.FORGED), 0)
    assert broken(seen(asked, state=State.EXPIRED)) == [6]


def test_line_7_a_guest_who_runs():
    assert broken(seen(Asked(Verb.LAUNCH, look(guest=True), 0), runs=True)) == [7]


def test_line_8_a_record_that_is_gone():
    answer = Answer(State.GRACE, True, None, None, 20, 20 * DAY, False)
    assert 8 in broken(seen(LAUNCH, Outcome(answer, None, None)))


def test_line_8_says_nothing_of_a_revoked_license():
    asked = Asked(Verb.LAUNCH, look(how=How.ONLINE)._replace(server=Server(Place.HERE, revoked=True)), 0)
    assert broken(seen(asked)) == []


def test_line_9_a_decision_that_changes_when_it_is_asked_again():
    assert broken(seen(LAUNCH, days_left=19), again=True) == [9]


def test_there_are_nine_lines():
    assert list(LINES) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
