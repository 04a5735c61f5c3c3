"""Law 7 under any interleaving: while one workstation launches, another one does, before each call of each port."""

import pytest

MOST_CALLS = 20


def interleaved(sea, at, first, second):
    """The two decisions: `first` is done, and `second` just before its call number `at` of a port."""
    decisions = []

    def act():
        decisions.append(ship.world.launch("ws1", None, stays=True).decision)

    meddler = sea.twins.Meddler(at, act)
    law = sea.watches.Law7(sea.voyages.opened)
    ship = sea.voyages.Voyage({"seats": 1}, laws=(law,), wrap=meddler.wrap)
    for action in (("online", 0, 1), ("authenticate", 0), ("online", 1, second), ("online", 0, first)):
        ship.act(action)
    meddler.armed = True
    decisions.append(ship.act(("open", 0, 0)))
    meddler.armed = False
    return decisions, ship, meddler.count


@pytest.mark.parametrize("first", [0, 1], ids=["first-offline", "first-online"])
@pytest.mark.parametrize("second", [0, 1], ids=["second-offline", "second-online"])
def test_law_7_of_two_that_ask_for_the_last_seat_exactly_one_gets_it(first, second, sea):
    for at in range(1, MOST_CALLS):
        decisions, ship, calls = interleaved(sea, at, first, second)
        if len(decisions) == 1:
            break
        assert sorted(decision.runs for decision in decisions) == [False, True], f"law 7: before call {at} of {calls}"
        assert len(ship.main().contents.seats) == 1, f"law 7: seats after call {at}"
    assert at > 5, "too few calls of ports were seen"


def test_a_planted_fault_is_seen(sea, monkeypatch):
    sea.faults.one_seat_too_many(monkeypatch)
    with pytest.raises(AssertionError, match="law 7"):
        test_law_7_of_two_that_ask_for_the_last_seat_exactly_one_gets_it(0, 0, sea)
