"""What makes two bindings one, and what does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.rules.binding import Binding, fold, same, under_policy
from nexuslic.rules.words import WhichBinding

LAW = settings(max_examples=100, deadline=None, derandomize=True)
NAMES = st.text(max_size=12)
SPACE = st.sampled_from(["", " ", "\t", "  "])


@LAW
@given(NAMES, NAMES, SPACE, SPACE)
def test_case_and_surrounding_space_make_no_other_binding(server, database, before, after):
    spelt = Binding(f"{before}{server.lower()}{after}", f"{after}{database.upper()}{before}")
    assert same(Binding(server.lower(), database.upper().lower()), spelt)


@pytest.mark.parametrize("alias", [".", "localhost", "127.0.0.1", "db1.example.com", "D B1", "DB-1", ""])
def test_another_spelling_of_the_server_is_another_server(alias):
    assert not same(Binding("DB1", "nexus"), Binding(alias, "nexus"))


def test_another_database_on_the_same_server_is_another_binding():
    assert not same(Binding("DB1", "nexus"), Binding("DB1", "nexus2"))


def test_another_server_with_the_same_database_is_another_binding():
    assert not same(Binding("DB1", "nexus"), Binding("DB2", "nexus"))


@LAW
@given(*[st.builds(Binding, *[st.sampled_from(["a", "B", "b ", "c"])] * 2, st.sampled_from(["", "id-7", "id-8"]))] * 2)
def test_two_bindings_are_one_from_either_side(one, other):
    assert same(one, other) is same(other, one)


def test_an_identity_makes_aliases_one_server():
    assert same(Binding("DB1", "nexus", "id-7"), Binding("localhost", "Nexus", "".join(["id", "-7"])))


def test_another_identity_is_another_server_whatever_it_is_called():
    assert not same(Binding("DB1", "nexus", "id-7"), Binding("DB1", "nexus", "id-8"))


def test_an_identity_does_not_make_two_databases_one():
    assert not same(Binding("DB1", "nexus", "id-7"), Binding("DB1", "other", "id-7"))


@pytest.mark.parametrize("identities", [("id-7", ""), ("", "id-7")])
def test_where_only_one_side_has_an_identity_the_names_are_compared(identities):
    one, other = (Binding("DB1", "nexus", identity) for identity in identities)
    assert same(one, other)
    assert not same(one, Binding("DB2", "nexus", identities[1]))


def test_the_policy_spelling_leaves_the_identity_out():
    assert under_policy(Binding("DB1", "nexus", "id-7"), WhichBinding.SPELLING) == Binding("DB1", "nexus", "")


def test_the_policy_identity_keeps_it():
    assert under_policy(Binding("DB1", "nexus", "id-7"), WhichBinding.IDENTITY) == Binding("DB1", "nexus", "id-7")


def test_a_binding_is_printed_as_it_is_spelt():
    assert str(Binding(" NorthSea-SQL ", " survey")) == "NorthSea-SQL/survey"


def test_space_inside_a_name_counts():
    assert fold(" A  b ") == "a  b"
