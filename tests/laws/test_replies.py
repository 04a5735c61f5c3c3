"""Law 6: a reply that is not signed for this request changes nothing that `no contact` would not.

Two worlds go in step; what gets a bad reply in one has no contact in the other, and every byte that is kept stays
the same.
"""

import pytest
from hypothesis.stateful import run_state_machine_as_test


def sail(sea, settings):
    machine = sea.twins.twins_for(sea.voyages.Voyage, sea.actions.RULES, sea.actions.PLANS, sea.actions.BEGINNINGS)
    run_state_machine_as_test(machine, settings=settings)


def test_law_6_a_bad_reply_is_no_contact(sea):
    assert sail(sea, sea.machines.thorough(60)) is None


@pytest.mark.parametrize(
    "fault",
    [
        "the_nonce_is_not_compared",
        "a_reply_for_another_database_counts",
        "a_bad_reply_suspends",
        "any_signature_counts",
    ],
)
def test_a_planted_fault_is_seen(fault, sea, monkeypatch):
    getattr(sea.faults, fault)(monkeypatch)
    with pytest.raises(AssertionError, match="law 6"):
        sail(sea, sea.machines.hasty(100))
