"""Line 7 by itself: seats and assigned users, walked through breadth first, one thing after the other.

Two computers whose sessions open, close and crash, with one or two seats; three people who are assigned and
unassigned, with none to two licenses. What two do at the very same moment is no part of it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final, NamedTuple

import attrs

from nexuslic.lab import policies
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules import seats, users
from nexuslic.rules.seats import Request, Seat

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
STATIONS: Final = ("bridge", "ws2")
ROUNDS: Final = 7
"""How many things happen, one after the other."""
_PEOPLE: Final = ("anna", "ben", "carla")


class Chair(NamedTuple):
    """A seat in the table: the workstation that took it, whether its session still runs, and its age in minutes."""

    station: int
    alive: bool
    age: int


Table = tuple[Chair, ...]
Act = tuple[str, int]
"""A verb, and the workstation that it is of (or the minutes that pass)."""


@attrs.frozen
class Broken:
    """What is wrong, after which acts, with how many seats, and what a story expects of the last act instead."""

    what: str
    acts: tuple[Act, ...] = ()
    seats: int = 0
    expects: str = ""


@attrs.frozen
class Seated:
    """How many tables and changes were looked at, and what is wrong (None: nothing)."""

    states: int
    transitions: int
    broken: Broken | None


def explore(timeout: timedelta, beat: Callable[[], None] = lambda: None) -> Seated:
    """Every table of seats, then every list of users."""
    states = transitions = 0
    for limit in (1, 2):
        beat()
        found = _tables(timeout, limit)
        states, transitions = states + found.states, transitions + found.transitions
        if found.broken is not None:
            return Seated(states, transitions, found.broken)
    lists, wrong = _lists()
    return Seated(states, transitions + lists, wrong)


def _tables(timeout: timedelta, limit: int) -> Seated:
    wait = max(1, timeout // MINUTE)
    acts: list[Act] = [(verb, at) for verb in ("open", "close", "crash") for at in range(len(STATIONS))]
    acts += [("wait", wait), ("wait", 1)]
    level: list[tuple[Table, tuple[Act, ...]]] = [((), ())]
    reached: set[Table] = {()}
    transitions = 0
    for _ in range(ROUNDS):
        below = []
        for (table, path), act in product(level, acts):
            after, wrong = _after(table, act, limit, timeout)
            transitions += 1
            if wrong:
                expects = _expected(table, act, limit, wait)
                return Seated(len(reached), transitions, Broken(wrong, (*path, act), limit, expects))
            if after not in reached:
                reached.add(after)
                below.append((after, (*path, act)))
        level = below
    return Seated(len(reached), transitions, None)


def _others(table: Table, station: int, timeout: int) -> int:
    """How many seats are live when a workstation launches, which first gives back those of its own crashes.

    Counted from the rules' words, without the product's functions.
    """
    return sum(chair.alive or (chair.station != station and chair.age <= timeout) for chair in table)


def _expected(table: Table, act: Act, limit: int, timeout: int) -> str:
    """What a story expects of the last act."""
    if act[0] == "close":
        return f"seats_in_use: {sum(chair.alive or chair.age <= timeout for chair in table) - 1}"
    others = _others(table, act[1], timeout)
    said = "runs: yes, reason: none" if others < limit else "runs: no, reason: seats"
    return f"{said}, seats_in_use: {others + (others < limit)}"


def _after(table: Table, act: Act, limit: int, timeout: timedelta) -> tuple[Table, str]:
    verb, value = act
    if verb == "open":
        return _opened(table, value, limit, timeout)
    if verb == "wait":
        return tuple(c if c.alive else c._replace(age=min(c.age + value, 10_000)) for c in table), ""
    mine = next((chair for chair in reversed(table) if chair.alive and chair.station == value), None)
    if mine is None:
        return table, ""
    place = table.index(mine)
    rest = (*table[:place], *table[place + 1 :])
    if verb == "crash":
        return tuple(sorted((*rest, mine._replace(alive=False)))), ""
    left = seats.give_back(_seats(table), str(place))
    wrong = len(left) != len(rest) or any(seat.session == str(place) for seat in left)
    return rest, "a session that closes does not give back its seat and no other" if wrong else ""


def _opened(table: Table, station: int, limit: int, timeout: timedelta) -> tuple[Table, str]:
    running = frozenset(str(place) for place, chair in enumerate(table) if chair.alive and chair.station == station)
    request = Request("new", "mate", STATIONS[station], running)
    seating = seats.take(_seats(table), request, NOW, limit, timeout)
    room = _others(table, station, timeout // MINUTE) < limit
    kept = [table[int(seat.session)] for seat in seating.seats if seat.session != "new"]
    sat = [seat for seat in seating.seats if seat.session == "new"]
    if seating.taken is not room or bool(sat) is not room:
        return table, "a seat is given while all are taken" if not room else "a seat is refused while one is free"
    if sum(chair.alive for chair in kept) != sum(chair.alive for chair in table):
        return table, "a session that runs loses its seat to another"
    return tuple(sorted([*kept, *([Chair(station, True, 0)] if room else [])])), ""


def _seats(table: Table) -> tuple[Seat, ...]:
    return tuple(
        Seat(str(place), "mate", STATIONS[chair.station], NOW - chair.age * MINUTE) for place, chair in enumerate(table)
    )


def _lists() -> tuple[int, Broken | None]:
    """Every order in which people are assigned and unassigned: the earliest keep the licenses that there are."""
    count = 0
    for licenses, acts in product(range(3), _sequences()):
        assigned: tuple[str, ...] = ()
        earliest: list[str] = []
        for add, person in acts:
            count += 1
            assigned = users.assign(assigned, (person,)) if add else users.unassign(assigned, (person,))
            assigned, _ = users.fit(assigned, licenses)
            if not add:
                earliest = [one for one in earliest if one != person]
            elif person not in earliest and len(earliest) < licenses:
                earliest.append(person)
            if list(assigned) != earliest:
                return count, Broken(f"assigned with {licenses} licenses: {', '.join(assigned) or 'nobody'}")
    return count, None


def _sequences() -> Iterator[tuple[tuple[bool, str], ...]]:
    return product(product((True, False), _PEOPLE), repeat=3)


def story(broken: Broken, policy: LabPolicy) -> str:
    """What is wrong with the seats, as a story; "" where it is the list of users."""
    if not broken.acts:
        return ""
    minute, lines = 2, []
    for verb, value in broken.acts:
        if verb == "wait":
            minute += value
            continue
        lines += [f"  - at: day 1 {minute // 60:02}:{minute % 60:02}", f"    {verb}: {STATIONS[value]}"]
    lines.append(f"    expect: {{{broken.expects}}}")
    return "\n".join(
        [
            "scenario: A seat that the rules do not give",
            "format: 1",
            "why: Is a seat given while there is room, and only then?",
            "starts: 2026-03-02 00:00 UTC",
            "world:",
            f"  license: {{seats: {broken.seats}}}",
            "  workstations: {bridge: {}, ws2: {}}",
            *policies.written(policy.rules),
            "online:",
            "  - {from: day 1 00:01, to: day 1 00:02}",
            "steps:",
            "  - at: day 1 00:01",
            "    authenticate: bridge",
            *lines,
            "",
        ]
    )
