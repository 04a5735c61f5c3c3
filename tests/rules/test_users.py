"""Named users: who is assigned, in which order, and whom a smaller number drops."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.rules.binding import fold
from nexuslic.rules.users import assign, fit, is_assigned, unassign

LAW = settings(max_examples=100, deadline=None, derandomize=True)
NAMES = st.sampled_from(["ada", "ADA", " Ada ", "bo", "Bo", "cy", "dee", "eve "])
LISTS = st.lists(NAMES, max_size=8).map(tuple)
ASSIGNED = LISTS.map(lambda names: assign((), names))


@pytest.mark.parametrize("spelt", ["Ada Larsen", "ada larsen", " ADA LARSEN\t"])
def test_users_are_compared_without_regard_to_case_or_surrounding_space(spelt):
    assert is_assigned(("bo", "Ada Larsen"), spelt)


@pytest.mark.parametrize("other", ["ada", "adalarsen", "ada  larsen", ""])
def test_another_name_is_another_user(other):
    assert not is_assigned(("Ada Larsen",), other)


def test_users_are_assigned_in_the_order_of_assignment():
    assert assign(("cy",), ("bo", " ada ")) == ("cy", "bo", "ada")


@LAW
@given(ASSIGNED, LISTS)
def test_nobody_is_assigned_twice(users, more):
    folded = [fold(user) for user in assign(users, more)]
    assert len(folded) == len(set(folded))


@LAW
@given(ASSIGNED, LISTS)
def test_assigning_keeps_whom_it_finds_in_their_places_and_adds_everybody_else(users, more):
    after = assign(users, more)
    assert after[: len(users)] == users
    assert {fold(user) for user in after} == {fold(user) for user in (*users, *more)}


@LAW
@given(ASSIGNED, LISTS)
def test_unassigning_takes_out_those_users_and_no_others(users, fewer):
    gone = {fold(user) for user in fewer}
    assert unassign(users, fewer) == tuple(user for user in users if fold(user) not in gone)


@LAW
@given(ASSIGNED, st.integers(0, 10))
def test_a_smaller_number_keeps_the_earliest_assigned_and_says_whom_it_drops(users, licenses):
    kept, dropped = fit(users, licenses)
    assert kept + dropped == users
    assert len(kept) == min(len(users), licenses)


@LAW
@given(ASSIGNED, LISTS, st.integers(0, 5))
def test_never_are_more_users_assigned_than_there_are_licenses(users, more, licenses):
    kept, _ = fit(assign(fit(users, licenses)[0], more), licenses)
    assert len(kept) <= licenses


def test_while_the_number_is_not_known_nobody_is_dropped():
    assert fit(("ada", "bo"), None) == (("ada", "bo"), ())
