"""Law 8: a crash at any instant leaves the old record or the new one, never neither.

A voyage is sailed once, and the writes of its last action are counted; then it is sailed again for each of them, and
dies there, before the write and after it.
"""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

LAST = st.sampled_from(
    [
        ("launch", 0, ""),
        ("open", 1, 0),
        ("authenticate", 0),
        ("code", 1, ""),
        ("assign", ("ann", "bob")),
        ("close", 1),
        ("wait", 7),
    ]
)
QUIET = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}


def sailed(sea, plan, voyage, last, bomb):
    """The voyage after `last`, which the bomb may have ended."""
    ship = sea.voyages.Voyage(plan, wrap=bomb.wrap)
    for action in voyage:
        ship.act(action)
    bomb.armed = True
    before, written = ship.records(), []
    ship.world.told = None
    for base in before:
        base.told = lambda at, old, new: written.append(new.record)
    with suppress(sea.twins.Crashed):
        ship.act(last)
    bomb.armed = False
    return ship, before, written


def check_every_store(sea, plan, voyage, last):
    whole = sea.twins.Bomb()
    _, _, new = sailed(sea, plan, voyage, last, whole)
    for at in range(1, whole.count + 1):
        for after in (False, True):
            check_one_store(sea, sailed(sea, plan, voyage, last, sea.twins.Bomb(at, after=after)), new, f"store {at}")


def check_one_store(sea, crashed, new, which):
    ship, before, _ = crashed
    revoked = any(reply.denial in ("revoked", "unknown") for reply in ship.heard)
    for base, blob in ship.records().items():
        old = before[base]
        assert blob in (old, *new), f"law 8: neither the old record nor the new one, after {which}"
        assert blob == old or revoked or sea.voyages.opened(blob), f"law 8: no record that unseals, after {which}"
    for workstation in ship.world.workstations.values():
        assert all(len(mark.split(b".")) == 5 for mark in workstation.marks.kept.values()), f"law 8: mark, {which}"


def law_8(sea, examples, phases=None):
    @settings(max_examples=examples, phases=phases or tuple(Phase), **QUIET)
    @given(
        plan=sea.actions.PLANS,
        beginning=sea.actions.BEGINNINGS,
        legs=st.lists(st.one_of(*sea.actions.RULES.values()), max_size=6),
        online=st.booleans(),
        last=LAST,
    )
    def check(plan, beginning, legs, online, last):
        voyage = [one for leg in legs for one in (leg if isinstance(leg[0], tuple) else (leg,))]
        there = [("online", 0, 1), ("online", 1, 1)] if online else []
        check_every_store(sea, plan, [*beginning, *voyage, *there], last)

    check()


def test_law_8_a_crash_at_any_store_leaves_the_old_record_or_the_new_one(sea):
    assert law_8(sea, 200) is None


@pytest.mark.parametrize(
    "fault",
    [
        "a_new_record_takes_the_old_one_away_first",
        "a_launch_takes_the_record_away_first",
        "a_record_is_saved_in_two_halves",
    ],
)
def test_a_planted_fault_is_seen(fault, sea, monkeypatch):
    getattr(sea.faults, fault)(monkeypatch)
    with pytest.raises(AssertionError, match="law 8"):
        law_8(sea, 100, phases=(Phase.generate,))
