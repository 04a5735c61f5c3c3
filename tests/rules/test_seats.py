"""Seats: who may sit down, who counts, and what a crash leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.rules.seats import Request, Seat, give_back, live, take

LAW = settings(max_examples=100, deadline=None, derandomize=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)
TIMEOUT = 10 * MINUTE


def seat(session: str, workstation: str = "bridge", age: timedelta = MINUTE) -> Seat:
    return Seat(session, f"user of {session}", workstation, NOON - age)


def ask(session: str, workstation: str = "bridge", running: tuple[str, ...] = ()) -> Request:
    own = "".join(list(session))  # another object than the seat's: sessions are compared by what they say
    return Request(own, f"user of {session}", workstation, frozenset(running))


SEATS = st.lists(
    st.builds(
        seat,
        st.sampled_from("abcdefgh"),
        st.sampled_from(["bridge", "lab", "deck"]),
        st.integers(-25, 25).map(lambda minutes: minutes * MINUTE),
    ),
    max_size=8,
    unique_by=lambda one: one.session,
).map(tuple)
REQUESTS = st.builds(
    ask,
    st.sampled_from("abcdefghxyz"),
    st.sampled_from(["bridge", "lab", "deck"]),
    st.lists(st.sampled_from("abcdefgh"), max_size=3).map(tuple),
)


@pytest.mark.parametrize("age", [0 * MINUTE, TIMEOUT, -TIMEOUT])
def test_a_seat_is_live_while_it_was_renewed_within_the_timeout(age):
    assert live((seat("a", age=age),), NOON, TIMEOUT)


@pytest.mark.parametrize("age", [TICK, TIMEOUT, 9999 * MINUTE])
def test_a_seat_renewed_before_the_clock_was_set_back_counts_as_renewed_now(age):
    assert live((seat("a", age=-age),), NOON, TIMEOUT) == (seat("a", age=0 * MINUTE),)


@pytest.mark.parametrize("age", [TIMEOUT + TICK, 9999 * MINUTE])
def test_a_seat_that_was_not_renewed_is_given_back(age):
    assert live((seat("a", age=age),), NOON, TIMEOUT) == ()


def test_a_free_seat_is_given_and_written_down():
    there = seat("a", "lab")
    seating = take((there,), ask("b"), NOON, 2, TIMEOUT)
    assert seating.taken
    assert seating.seats == (there, Seat("b", "user of b", "bridge", NOON))


@pytest.mark.parametrize("limit", [1, 2])
def test_no_seat_is_given_while_all_are_taken_and_the_answer_says_by_whom(limit):
    there = (seat("a", "lab"), seat("b", "deck"))
    seating = take(there, ask("c"), NOON, limit, TIMEOUT)
    assert not seating.taken
    assert [str(one) for one in seating.holders] == ["user of a at lab", "user of b at deck"]
    assert seating.seats == there


def test_a_license_without_seats_gives_none():
    assert not take((), ask("a"), NOON, 0, TIMEOUT).taken


def test_a_session_renews_the_seat_that_it_has():
    there = (seat("a1"), seat("b", "lab"))
    seating = take(there, ask("a1", running=("a1",)), NOON, 2, TIMEOUT)
    assert seating.taken
    assert seating.seats == (there[1], Seat("a1", "user of a1", "bridge", NOON))
    assert seating.holders == (there[1],)


def test_sessions_that_sit_finish_when_a_grant_brings_fewer_seats():
    there = (seat("session-a"), seat("session-b", "lab"), seat("session-c", "deck"))
    assert take(there, ask("session-a", running=("session-a",)), NOON, 1, TIMEOUT).taken


def test_no_new_session_starts_before_there_is_room_again():
    there = (seat("a"), seat("b", "lab"), seat("c", "deck"))
    assert not take(there, ask("d", "office"), NOON, 1, TIMEOUT).taken


def test_a_session_whose_seat_was_given_away_takes_a_free_one():
    lost = seat("a", age=TIMEOUT + TICK)
    assert take((lost, seat("b", "lab")), ask("a"), NOON, 2, TIMEOUT).taken


def test_a_session_whose_seat_was_given_away_is_told_where_none_is_free():
    lost = seat("a", age=TIMEOUT + TICK)
    assert not take((lost, seat("b", "lab")), ask("a"), NOON, 1, TIMEOUT).taken


def test_a_workstation_gives_back_its_own_crashed_sessions_first():
    seating = take((seat("crashed"),), ask("new"), NOON, 1, TIMEOUT)
    assert seating.taken
    assert [one.session for one in seating.seats] == ["new"]


@pytest.mark.parametrize("workstation", ["bridge", "lab", "aft"])
def test_own_sessions_means_those_of_the_same_workstation(workstation):
    mine = "".join([workstation[:1], workstation[1:]])
    there = (seat("of lab", "lab"), seat("of bridge", "bridge"), seat("of aft", "aft"))
    kept = take(there, ask("new", mine), NOON, 5, TIMEOUT).holders
    assert [one.workstation for one in kept] == [one for one in ("lab", "bridge", "aft") if one != workstation]


def test_a_running_session_of_the_same_workstation_keeps_its_seat():
    assert not take((seat("other"),), ask("new", running=("other",)), NOON, 1, TIMEOUT).taken


def test_the_crash_of_another_workstation_is_waited_for():
    assert not take((seat("crashed", "lab"),), ask("new"), NOON, 1, TIMEOUT).taken


@pytest.mark.parametrize("session", ["a", "b", "c"])
def test_closing_gives_back_the_seat_of_that_session_only(session):
    there = (seat("a"), seat("b"), seat("c"))
    left = give_back(there, "".join(["", session]))
    assert [one.session for one in left] == [one for one in "abc" if one != session]


@LAW
@given(SEATS, REQUESTS, st.integers(0, 6))
def test_a_new_session_never_makes_more_than_the_limit(seats, request, limit):
    had = any(one.session == request.session for one in live(seats, NOON, TIMEOUT))
    seating = take(seats, request, NOON, limit, TIMEOUT)
    if seating.taken and not had:
        assert len(live(seating.seats, NOON, TIMEOUT)) <= limit
    else:
        assert len(live(seating.seats, NOON, TIMEOUT)) <= len(live(seats, NOON, TIMEOUT))


@LAW
@given(SEATS, REQUESTS, st.integers(0, 6))
def test_a_refusal_means_that_the_others_fill_all_seats(seats, request, limit):
    seating = take(seats, request, NOON, limit, TIMEOUT)
    if not seating.taken:
        assert len(seating.holders) >= limit
        assert request.session not in {one.session for one in seating.holders}
    else:
        assert sum(one.session == request.session for one in seating.seats) == 1


@LAW
@given(SEATS, REQUESTS, st.integers(0, 6))
def test_no_live_session_of_another_workstation_loses_its_seat(seats, request, limit):
    others = {one for one in live(seats, NOON, TIMEOUT) if one.workstation != request.workstation}
    others -= {one for one in others if one.session == request.session}
    assert others <= set(take(seats, request, NOON, limit, TIMEOUT).seats)


MOVES = st.lists(
    st.tuples(st.sampled_from(["open", "close", "crash", "wait"]), st.sampled_from(["bridge", "lab", "deck"])),
    max_size=30,
)


@LAW
@given(MOVES, st.integers(1, 3))
def test_under_any_interleaving_live_seats_stay_within_the_license(moves, limit):
    table, now, running = (), NOON, {"bridge": [], "lab": [], "deck": []}
    for number, (move, workstation) in enumerate(moves):
        mine = running[workstation]
        if move == "wait":
            now += 4 * MINUTE
        elif move == "crash":
            mine.clear()
        elif move == "close" and mine:
            table = give_back(table, mine.pop())
        elif move == "open":
            seating = take(table, ask(f"s{number}", workstation, tuple(mine)), now, limit, TIMEOUT)
            table = seating.seats
            mine += [f"s{number}"] if seating.taken else []
        assert len(live(table, now, TIMEOUT)) <= limit
