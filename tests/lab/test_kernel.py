"""The kernel says what the simulation says, launch by launch, at every grace: of stories, of trips, of chance's own."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexuslic.errors import InputError
from nexuslic.lab import kernel, voyage
from nexuslic.lab.program import FOREVER, STORED, Column, Kind, Program
from nexuslic.lab.reduction import CannotReduce, reduced, with_grace
from nexuslic.lab.rows import rows_of
from nexuslic.lab.trip import CLOCKS, CODES, NOON, Trip, check, crew
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import State, WhichBinding, WhichClock
from nexuslic.scenario import suite
from nexuslic.scenario.generating import tell
from nexuslic.scenario.read import read
from nexuslic.scenario.run import run_case
from nexuslic.scenario.schema import LAUNCHING
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import CaseStory

TIMES = int(os.environ.get("NEXUSLIC_LAWS", "1"))
"""How many times as many trips as usual: more in a long run."""
WIDTH = 366
LOOKED_AT = 30
GRACES = (0, 1, 2, 7, 14, 20, 21, 29, 30, 31, 45, 60, 90, 365)
STORIES = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.scenario.yaml"))


@attrs.frozen(eq=False)
class Said:
    """What the kernel said of a program: by grace, and of each launch whether it ran; days left at the end, fewest."""

    refused: Any
    first: Any
    ran: Any
    left: tuple[int, int]

    def same(self, other: "Said") -> bool:
        return self.left == other.left and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in ("refused", "first", "ran")
        )


def said(program: Program, rules: Policy, looked_at: int = LOOKED_AT) -> Said:
    many = int((program.rows[:, Column.FLAGS] & 1).sum())
    refused, first, latest = (np.zeros(WIDTH, np.int64) for _ in range(3))
    ran = np.full((many + 1, WIDTH), -1, np.int8)
    spans = int(rules.clock_tolerance.total_seconds()), int(rules.setback_charge.total_seconds())
    work = kernel.room(program.places, program.marks, WIDTH, len(program.rows))
    shape = program.places, program.marks, WIDTH
    left = kernel.tell(program.rows, len(program.rows), shape, (*spans, looked_at), work, (refused, first, latest, ran))
    return Said(refused, first, ran[:many], (int(left[0]), int(left[1])))


@attrs.frozen
class Seen:
    """What the simulation showed at one grace: the day of each launch, whether it ran; days left, as the kernel's."""

    days: list[int]
    ran: list[int]
    left: tuple[int, int]

    @property
    def refused(self) -> list[int]:
        return sorted({day for day, runs in zip(self.days, self.ran, strict=True) if not runs})


def seen(case: CaseStory, grace: int) -> Seen:
    result = run_case(with_grace(case, grace), SimulatedStage, traced=True)
    launched = [(one.at, one.decision) for one in result.trace if one.verb in LAUNCHING and one.decision is not None]
    decided = [one.decision for one in result.trace if one.decision is not None]
    left, fewest = 0, 0
    for one in decided:
        if one.protection.value != "dongle":
            left = 1 + (one.days_left or 0) if one.runs else 0
            alone = one.state is State.GRACE and one.runs
            fewest = left if alone and (left < fewest or not fewest) else fewest
    days = [case.calendar.day(at) for at, _ in launched]
    return Seen(days, [int(decision.runs) for _, decision in launched], (left, fewest))


def rules_of(case: CaseStory) -> Policy:
    return Policy(**case.world.get("policy", {}))


def differing(case: CaseStory, graces: tuple[int, ...]) -> list[str]:
    """Where the kernel and the simulation differ: the grace and the first such launch. Raises CannotReduce."""
    program = reduced(case)
    told, found = said(program, rules_of(case)), []
    for grace in graces:
        shown = seen(case, grace)
        mine, theirs = told.ran[:, grace].tolist(), shown.ran
        if mine != theirs:
            at = next((n for n, both in enumerate(zip(mine, theirs, strict=False)) if both[0] != both[1]), len(theirs))
            found.append(f"{case.place} {case.name}, grace {grace}: launch {at} of {len(theirs)}")
        days = shown.refused
        if (told.refused[grace], told.first[grace]) != (len(days), days[0] if days else 0):
            found.append(f"{case.place} {case.name}, grace {grace}: refused days {days}")
    return found


# -- the stories that come with nexuslic --------------------------------------------------------------------------


def shipped() -> Iterator[CaseStory]:
    for path in STORIES:
        yield from suite.load(path).cases


def why_not(case: CaseStory) -> str:
    try:
        reduced(case)
    except CannotReduce as error:
        return str(error).split(" (")[0]
    return ""


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in STORIES}))
def test_every_shipped_story_comes_to_what_the_simulation_shows_at_every_grace(folder: str):
    cases = [case for path in STORIES if path.parent.name == folder for case in suite.load(path).cases]
    expressed = [case for case in cases if not why_not(case)]
    assert [line for case in expressed for line in differing(case, GRACES)] == []


def test_most_shipped_stories_can_be_said_as_a_program_and_why_the_others_cannot():
    reasons = Counter(why_not(case) for case in shipped())
    assert set(reasons) == {"", "a session that runs on", "a damaged record", "terms that change"}
    assert reasons[""] >= 150
    assert reasons[""] > 0.6 * reasons.total()


# -- trips --------------------------------------------------------------------------------------------------------

ZONES = ("UTC", "Europe/London", "America/St_Johns", "Pacific/Auckland", "Asia/Kathmandu", "America/Santiago")
DATES = ("2026-03-02", "2026-03-24", "2026-10-12", "2026-09-20", "2026-01-15")
SPANS = (
    "-1m",
    "-23h",
    "-24h",
    "-24h 1m",
    "-25h",
    "-2d",
    "-3d",
    "-4d",
    "-40d",
    "-1461d",
    "+5m",
    "+9h",
    "+1d",
    "+12d",
    "+400d",
)
HOURS = ("", "", "", "00:05", "05:00", "06:00", "06:01", "11:59", "12:00", "12:30", "13:00", "18:37", "23:30")
POLICIES = st.builds(
    Policy,
    clock_tolerance=st.sampled_from([timedelta(hours=24), timedelta(0), timedelta(hours=1), timedelta(days=3)]),
    setback_charge=st.sampled_from([timedelta(days=1), timedelta(0), timedelta(hours=7), timedelta(days=4)]),
    clock=st.sampled_from(WhichClock),
    binding=st.sampled_from(WhichBinding),
)


@st.composite
def trips(draw: st.DrawFn) -> Trip:
    """Trips on which anything happens that a list can say."""
    days = draw(st.integers(1, 34))
    workstations = draw(st.sampled_from([1, 1, 2, 3]))
    names = ["", "", *(f" {name}" for name in crew(workstations))]

    def times(most: int) -> tuple[str, ...]:
        at = st.builds(lambda day, hour: f"day {day} {hour}".strip(), st.integers(1, days), st.sampled_from(HOURS))
        return tuple(draw(st.lists(at, max_size=most)))

    clocks = tuple(f"{at} {draw(st.sampled_from(SPANS))}{draw(st.sampled_from(names))}" for at in times(4))
    trip = Trip(
        days=days,
        start=f"{draw(st.sampled_from(DATES))} 06:00 {draw(st.sampled_from(ZONES))}",
        os=draw(st.sampled_from(["windows-10", "windows-10", "windows-10", "windows-7"])),
        workstations=workstations,
        contacts=times(4),
        restores=times(2),
        renames=times(2),
        codes=times(2),
        set_clocks=clocks,
        extend=draw(st.sampled_from([0, 0, 1, 9])),
        rules=draw(POLICIES),
    )
    return trip


def possible(trip: Trip) -> bool:
    """Whether a list could hold it: every wall-clock time exists, once."""
    try:
        check(trip)
        read(voyage.write(trip).encode("utf-8"), "voyage")
    except InputError:
        return False
    return True


def by_each(trip: Trip, told: Said) -> Said:
    """A launch of the whole crew, where they have one clock, as one of each workstation."""
    together = trip.workstations if trip.rules.clock is WhichClock.DATABASE else 1
    return attrs.evolve(told, ran=np.repeat(told.ran, together, axis=0))


LAW = settings(
    max_examples=150 * TIMES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_in_one_minute_clocks_are_set_before_the_launch_and_the_other_steps():
    trip = Trip(days=3, start="2026-03-02 06:00 UTC", renames=("day 2 06:00",), set_clocks=("day 2 06:00 +5d",))
    trip = attrs.evolve(trip, rules=Policy(binding=WhichBinding.IDENTITY))
    assert seen(read(voyage.write(trip).encode(), "voyage").cases[0], 4).refused == [2, 3]
    assert said(rows_of(trip), trip.rules).refused[4] == 2


def test_for_windows_7_the_key_is_entered_on_a_computer_whose_clock_is_right():
    trip = Trip(days=12, start="2026-03-02 06:00 UTC", os="windows-7", set_clocks=("day 1 06:00 -3d bridge",))
    trip = attrs.evolve(trip, rules=Policy(clock=WhichClock.WORKSTATION, setback_charge=timedelta(days=7)))
    shown = seen(read(voyage.write(trip).encode(), "voyage").cases[0], 9).refused
    assert shown == list(range(5, 13))
    assert said(rows_of(trip), trip.rules).refused[9] == len(shown)


def test_before_the_key_is_entered_a_contact_grants_nothing():
    trip = Trip(days=2, start="2026-03-02 06:00 UTC", contacts=("day 1 06:10",))
    assert seen(read(voyage.write(trip).encode(), "voyage").cases[0], 30).refused == [1]
    assert said(rows_of(trip), trip.rules).refused[30] == 1


@LAW
@given(trips().filter(possible), st.integers(0, 40), st.sampled_from([0, 1, 5, 14, LOOKED_AT]))
def test_a_trip_its_story_and_the_simulation_come_to_the_same(trip: Trip, grace: int, looked_at: int):
    case = read(voyage.write(trip).encode("utf-8"), "voyage").cases[0]
    program = rows_of(trip)
    mine = by_each(trip, said(program, trip.rules, looked_at))
    assert mine.same(said(reduced(case), trip.rules, looked_at))
    shown = seen(case, grace)
    assert mine.ran[:, grace].tolist() == shown.ran
    assert mine.refused[grace] == len(shown.refused)
    assert mine.first[grace] == min(shown.refused, default=0)
    assert said(program, trip.rules, grace).left == shown.left


def test_the_trips_of_the_law_come_through_everything():
    found: Counter[str] = Counter()

    @settings(LAW, max_examples=150)
    @given(trips().filter(possible))
    def look(trip: Trip) -> None:
        told = said(rows_of(trip), trip.rules)
        kinds = rows_of(trip).rows[:, Column.KIND].tolist()
        found["launches"] += kinds.count(Kind.LAUNCH)
        found["refused by names"] += Kind.REFUSED in kinds
        found["several grants"] += kinds.count(Kind.GRANT) > 2
        found["split by grace"] += 0 < told.refused[7] < told.refused[0]
        found["a hole"] += bool(told.ran.shape[0] and (np.diff(told.ran[:, 7].astype(int)) > 0).any())
        found["clocks"] += bool(trip.set_clocks)
        found["repeated days"] += len(set(trip.contacts)) > 1

    look()
    assert set(found) == {
        *("launches", "refused by names", "several grants", "split by grace", "a hole", "clocks", "repeated days")
    }
    assert min(found.values()) >= 8


# -- what chance tells --------------------------------------------------------------------------------------------


def features(case: CaseStory, program: Program) -> set[str]:
    """What a program has to get right beside launches and grants."""
    rows = program.rows
    launched, granted = rows[:, Column.KIND] == Kind.LAUNCH, rows[:, Column.KIND] == Kind.GRANT
    copied, refused = rows[:, Column.KIND] == Kind.COPY, rows[:, Column.KIND] == Kind.REFUSED
    kinds = {
        "a restored backup": copied.any(),
        "marks of several workstations": program.marks > 1,
        "several databases": program.places > 1,
        "nothing stored": ((launched | granted) & (rows[:, Column.FLAGS] & STORED == 0)).any(),
        "a term": (granted & (rows[:, Column.ENDS] < FOREVER)).any(),
        "an extension": (granted & (rows[:, Column.BASE] > 0)).any(),
        "names that differ": (refused & (rows[:, Column.MARK] >= 0)).any(),
        "a suspension": any(getattr(entry.what, "verb", "") == "suspend" for entry in case.agenda),
    }
    return {name for name, there in kinds.items() if there}


def test_stories_of_chance_come_to_what_the_simulation_shows():
    visited: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(1, 150 * TIMES + 1):
        case = read(tell.story("kernel", number).text.encode("utf-8"), f"story {number}").cases[0]
        if why_not(case):
            continue
        wrong += differing(case, (number % 9, 14, 30 + number % 31))
        visited.update({"told", *features(case, reduced(case))})
    assert wrong == []
    assert visited["told"] >= 60
    assert set(visited) == {
        "told",
        "a restored backup",
        "marks of several workstations",
        "several databases",
        "nothing stored",
        "a term",
        "an extension",
        "names that differ",
        "a suspension",
    }


# -- what numbers there are ---------------------------------------------------------------------------------------


def test_a_place_that_holds_nothing_is_said_to_be_refused_and_not_to_run():
    told = said(reduced(read(EMPTY.encode(), "story").cases[0]), Policy())
    assert told.ran.shape == (2, WIDTH) and not told.ran.any()
    assert (told.refused.tolist(), told.first.tolist()) == ([2] * WIDTH, [3] * WIDTH)


def test_what_a_full_database_could_not_store_only_the_workstation_remembers():
    case = read(FULL.encode(), "story").cases[0]
    assert differing(case, (3, 4, 6, 7, 8)) == []
    assert said(reduced(case), Policy()).ran[:, 7].tolist() == [1, 1]


FULL = """scenario: A launch that could not be stored
format: 1
why: Whose clock was ahead?
starts: 2026-03-02 06:00 UTC
ends: day 9
world: {workstations: {ws1: {os: linux}, ws2: {os: linux}}}
online: [{from: day 1 07:00, to: day 1 08:00}]
faults: [{database: full, from: day 3, to: day 4}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 3 05:00, set_clock: {of: database, by: +5d}}
  - {at: day 3 06:00, launch: ws1}
  - {at: day 5 05:00, set_clock: {of: database, by: -5d}}
  - {at: day 5 06:00, launch: ws2}
"""


def test_names_that_differ_leave_with_the_workstation_what_the_license_has_seen():
    case = read(DETOUR.encode(), "story").cases[0]
    assert differing(case, (9, 14, 16, 17, 18)) == []
    assert said(reduced(case), Policy()).ran[-1, [9, 14, 16, 17]].tolist() == [0, 0, 0, 1]


DETOUR = """scenario: An older backup behind a wrong name
format: 1
why: Does a workstation that saw nothing of this grant remember it?
starts: 2026-03-02 06:00 UTC
ends: day 23
world:
  servers: {DB1: {names: [db1.fleet]}}
  database: {server: DB1, name: survey}
  workstations: {ws1: {os: linux}, ws2: {os: linux}}
online: [{from: day 1 07:00, to: day 1 08:00}, {from: day 5 12:00, to: day 5 13:00}]
every: [{at: daily 06:00, from: day 6, to: day 20 12:00, launch: ws2}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 5 12:10, launch: ws2}
  - {at: day 20 08:05, connects_to: {workstation: ws1, server: db1.fleet}}
  - {at: day 20 08:10, launch: ws1}
  - {at: day 20 08:15, connects_to: {workstation: ws1, server: DB1}}
  - {at: day 20 13:00, set_clock: {of: database, to: day 5 13:00}}
  - {at: day 20 13:00, restore: {taken: day 5 12:10}}
  - {at: day 20 13:05, launch: ws1}
  - {at: day 22 13:00, launch: ws1}
"""


EMPTY = """scenario: Nobody entered a key
format: 1
why: Nothing can run, whatever the grace.
starts: 2026-03-02 06:00 UTC
ends: day 9
steps:
  - {at: day 3, launch: ws1}
  - {at: day 4, launch: ws1}
"""


def test_one_refused_launch_makes_a_refused_day_however_many_run():
    trip = Trip(days=3, start="2026-03-02 06:00 UTC", workstations=2, rules=Policy(clock=WhichClock.WORKSTATION))
    trip = attrs.evolve(trip, set_clocks=("day 3 +5d ws2",))
    told = said(rows_of(trip), trip.rules)
    assert told.ran[:, 4].tolist() == [1, 1, 1, 0]
    assert (told.refused[4], told.first[4]) == (1, 3)


@pytest.mark.parametrize(("time", "first"), [(CLOCKS, 5), (NOON, 6), (CODES, 6)])
def test_a_code_starts_grace_again_at_its_own_hour(time: str, first: int):
    told = said(rows_of(Trip(days=9, start="2026-03-02 06:00 UTC", codes=(f"day 3 {time}",))), Policy())
    assert told.first[2] == first
