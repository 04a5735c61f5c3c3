"""The table is total, and its two readers agree: proved by enumeration over states, events and guard facts.

`FROM` and `to` say once more, in other words, what the contract's table of events says. The checking functions are
shown planted faults in copies of the table, so that none of them is a check that cannot fail.
"""

from itertools import product

import attrs
import pytest

from nexuslic.errors import NoTransition
from nexuslic.rules.machine import TABLE, Facts, Row, diagram_dot, diagram_mermaid, follow, holds, row_for
from nexuslic.rules.words import Event, Guard, State

RUNNING_OUT = {State.AUTHENTICATED, State.GRACE, State.EXPIRED}
FROM = {
    Event.AUTHENTICATE: set(State),
    Event.CONFIRM: RUNNING_OUT,
    Event.LOSE_CONTACT: RUNNING_OUT,
    Event.MISMATCH: RUNNING_OUT | {State.INVALID_BINDING},
    Event.MATCH: {State.INVALID_BINDING},
    Event.END: RUNNING_OUT,
    Event.REVOKE: RUNNING_OUT,
}
RECORDED = [state for state in State if state is not State.UNLICENSED]
"""A record never says Unlicensed: without a license there is no record."""

FACTS = [Facts(within, recorded) for within, recorded in product((False, True), RECORDED)]
CASES = list(product(State, Event, FACTS))
NAMED = [(state, event, facts) for state, event, facts in CASES if state in FROM[event]]
UNNAMED = [(state, event, facts) for state, event, facts in CASES if state not in FROM[event]]


def to(event, facts):
    """Where an event leads, by the contract."""
    return {
        Event.AUTHENTICATE: State.AUTHENTICATED,
        Event.CONFIRM: State.AUTHENTICATED,
        Event.LOSE_CONTACT: State.GRACE if facts.within_grace else State.EXPIRED,
        Event.MISMATCH: State.INVALID_BINDING,
        Event.MATCH: facts.recorded,
        Event.END: State.EXPIRED,
        Event.REVOKE: State.UNLICENSED,
    }[event]


def answering(table, state, event, facts):
    return [row for row in table if (row.source, row.event) == (state, event) and holds(row.guard, facts)]


def ambiguous(table):
    return [case for case in CASES if len(answering(table, *case)) > 1]


def silent(table):
    return [case for case in NAMED if not answering(table, *case)]


def talkative(table):
    return [case for case in UNNAMED if answering(table, *case)]


def astray(table):
    return [case for case in NAMED for row in answering(table, *case) if row.target is not to(case[1], case[2])]


def unreachable(table):
    reached, before = {State.UNLICENSED}, set()
    while reached != before:
        before = set(reached)
        reached |= {row.target for row in table if row.source in reached}
    return set(State) - reached


def without(source, event):
    return [row for row in TABLE if (row.source, row.event) != (source, event)]


def redirected(event, target):
    return [attrs.evolve(row, target=target) if row.event is event else row for row in TABLE]


def test_at_most_one_row_answers():
    assert ambiguous(TABLE) == []


def test_a_second_row_for_the_same_event_is_seen():
    assert ambiguous([*TABLE, Row(Event.LOSE_CONTACT, State.GRACE, Guard.ALWAYS, State.GRACE)])


def test_no_event_is_silent_in_a_state_that_the_contract_names():
    assert silent(TABLE) == []


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_missing_row_is_seen(row):
    assert silent([other for other in TABLE if other != row])


def test_the_table_is_silent_everywhere_else():
    assert talkative(TABLE) == []


def test_a_row_too_many_is_seen():
    assert talkative([*TABLE, Row(Event.CONFIRM, State.INVALID_BINDING, Guard.ALWAYS, State.AUTHENTICATED)])


def test_every_event_leads_where_the_contract_says():
    assert astray(TABLE) == []


def test_a_row_that_leads_astray_is_seen():
    assert astray(redirected(Event.END, State.GRACE))


def test_every_state_is_reachable():
    assert unreachable(TABLE) == set()


def test_a_state_that_nothing_leads_to_is_seen():
    assert unreachable(redirected(Event.MISMATCH, State.EXPIRED)) == {State.INVALID_BINDING}


@pytest.mark.parametrize("event", Event)
def test_the_machine_moves_as_the_plain_table_does(event):
    moves = [
        (follow(state, event, facts), row_for(state, event, facts).target) for state, e, facts in NAMED if e is event
    ]
    assert moves
    assert [moved for moved, _ in moves] == [target for _, target in moves]


@pytest.mark.parametrize("event", Event)
def test_the_row_that_is_given_is_the_one_that_answers(event):
    for state, _, facts in [case for case in NAMED if case[1] is event]:
        assert [row_for(state, event, facts)] == answering(TABLE, state, event, facts)


@pytest.mark.parametrize(("state", "event"), sorted({(s, e) for s, e, _ in UNNAMED}, key=str))
def test_where_the_table_is_silent_both_readers_say_so(state, event):
    for facts in FACTS:
        assert row_for(state, event, facts) is None
        with pytest.raises(NoTransition, match=f"nothing in the table answers {event} in {state}"):
            follow(state, event, facts)


def test_guards_that_all_fail_are_no_transition():
    impossible = Facts(True, State.UNLICENSED)
    with pytest.raises(NoTransition, match="answers match in Invalid-Binding"):
        follow(State.INVALID_BINDING, Event.MATCH, impossible)


def test_two_machines_in_flight_do_not_meet():
    within, past = (Facts(good, State.GRACE) for good in (True, False))
    assert [follow(State.GRACE, Event.LOSE_CONTACT, facts) for facts in (within, past, within)] == [
        State.GRACE,
        State.EXPIRED,
        State.GRACE,
    ]


@pytest.mark.parametrize("facts", [Facts(within, state) for within, state in product((False, True), State)])
def test_a_guard_asks_one_fact(facts):
    assert {guard for guard in Guard if holds(guard, facts)} == {
        Guard.ALWAYS,
        Guard.WITHIN_GRACE if facts.within_grace else Guard.PAST_GRACE,
        *[guard for guard in Guard if guard.value == f"record says {facts.recorded}"],
    }


def test_the_mermaid_diagram_has_an_edge_for_each_row():
    head, start, *edges = diagram_mermaid().splitlines()
    assert (head, start) == ("stateDiagram-v2", "    [*] --> Unlicensed")
    assert len(edges) == len(TABLE)
    assert "    Authenticated --> Grace: lose contact (within grace)" in edges
    assert "    Expired --> Invalid_Binding: mismatch" in edges


def test_the_dot_diagram_has_an_edge_for_each_row():
    head, _, *edges, tail = diagram_dot().splitlines()
    assert (head, tail) == ("digraph license {", "}")
    assert len(edges) == len(TABLE)
    assert '    "Grace" -> "Expired" [label="lose contact (past grace)"];' in edges
    assert '    "Unlicensed" -> "Authenticated" [label="authenticate"];' in edges


def test_a_row_reads_as_one_line():
    assert str(Row(Event.END, State.GRACE, Guard.ALWAYS, State.EXPIRED)) == "end: Grace -> Expired"
