"""The closed sets: what a word is spelt like, what runs, which of several causes is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.rules.words import DENIALS, Cause, LicenseType, Protection, Reason, State, earliest

CAUSES = [
    "offline",
    "dns",
    "refused",
    "timeout",
    "tls-protocol",
    "tls-certificate",
    "proxy",
    "server-error",
    "untrusted-reply",
]


@pytest.mark.parametrize("word", [*State, *Reason, *Cause, *LicenseType, *Protection])
def test_a_word_prints_as_it_is_spelt_everywhere(word):
    assert f"{word}" == word.value


@pytest.mark.parametrize("state", State)
def test_the_application_runs_in_authenticated_and_grace_only(state):
    assert state.runs is (state.value in {"Authenticated", "Grace"})


def test_causes_stand_in_the_order_in_which_a_connection_is_made():
    assert [cause.value for cause in Cause] == CAUSES


def test_denials_stand_in_the_order_in_which_they_apply():
    assert [r.value for r in DENIALS] == ["unknown", "revoked", "suspended", "term", "superseded", "version"]


def test_of_no_causes_none_is_the_earliest():
    assert earliest(frozenset()) is None


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.frozensets(st.sampled_from(Cause), min_size=1))
def test_of_several_causes_the_earliest_is_told(causes):
    told = earliest(causes)
    assert told in causes
    assert CAUSES.index(told.value) == min(CAUSES.index(cause.value) for cause in causes)
