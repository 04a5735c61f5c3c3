"""Trips one by one, each as it is written: of a fleet's list, or of story files.

Each is told by the kernel at every grace. A story that the kernel cannot say (sessions that run on, damage, terms that
change) goes through the simulation instead, once for each grace, and the result says how many did.
"""

from collections.abc import Sequence

import attrs
import numpy as np

from nexuslic.errors import InputError
from nexuslic.lab import kernel
from nexuslic.lab.counting import Progress, silent
from nexuslic.lab.policies import LabPolicy, differing
from nexuslic.lab.program import Program
from nexuslic.lab.reduction import CannotReduce, reduced, with_grace
from nexuslic.lab.rows import rows_of
from nexuslic.lab.tally import WORST, Counts, Tally
from nexuslic.lab.trip import Trip
from nexuslic.lab.voyage import write
from nexuslic.rules.decision import Decision
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Protection, State
from nexuslic.scenario.run import Happening, run_case
from nexuslic.scenario.schema import LAUNCHING
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import CaseStory

ToldTrip = tuple[Counts, Counts, tuple[int, int]]
"""Refused days and the first of them by grace; the places (as in a Tally) of the days left at the end, and fewest."""


@attrs.frozen
class Listed:
    """One trip: its name, its vessel (may be empty), the people aboard, its days; a voyage, or the case of a story."""

    name: str
    vessel: str
    crew: int
    days: int
    trip: Trip | None = None
    case: CaseStory | None = None

    def under(self, policy: LabPolicy) -> "Listed":
        """The same trip under the rules of a policy."""
        if self.trip is not None:
            extend = self.trip.extend if policy.extensions else 0
            return attrs.evolve(self, trip=attrs.evolve(self.trip, rules=policy.rules, extend=extend))
        assert self.case is not None
        changed = {**self.case.world.get("policy", {}), **differing(policy.rules)}
        return attrs.evolve(self, case=attrs.evolve(self.case, world={**self.case.world, "policy": changed}))

    def with_contact(self, day: int) -> "Listed":
        """The same trip with an hour of contact more on a day, where it lasts so long. Raises InputError."""
        if self.trip is None:
            raise InputError(f"{self.name}: a story has its own contacts: give a list of trips or a model")
        if day < 1 or day > self.days:
            return self
        return attrs.evolve(self, trip=attrs.evolve(self.trip, contacts=(*self.trip.contacts, f"day {day}")))

    def story(self, grace: int) -> str:
        """The voyage as a story at this grace."""
        assert self.trip is not None
        return write(attrs.evolve(self.trip, grace=grace))

    def program(self, extended: int | None = None) -> Program:
        """Its program; with a grace of `extended` days, whose extension is swept. Raises CannotReduce, InputError."""
        if self.trip is not None:
            return rows_of(self.trip, extended)
        assert self.case is not None
        if extended is not None:
            raise InputError(f"{self.case.place}: a story has its own extensions: give a list of trips or a model")
        return reduced(self.case)

    @property
    def rules(self) -> Policy:
        """The rules that it is told under."""
        if self.trip is not None:
            return self.trip.rules
        assert self.case is not None
        return Policy(**self.case.world.get("policy", {}))


@attrs.frozen(eq=False)
class Told:
    """What became of listed trips: refused and first refused days (N, G), the places of the days left at their end and
    of the fewest (N, 2), and how many were simulated.
    """

    trips: tuple[Listed, ...]
    refused: Counts
    first: Counts
    left: Counts
    simulated: int

    def tally(self, looked_at: int) -> Tally:
        """The counts of them all, worst first at the grace that is looked at; the worst are named by their place."""
        lengths = tuple(sorted({trip.days for trip in self.trips}))
        graces = self.refused.shape[1]
        tally = Tally.nothing(lengths, graces, max(lengths))
        place = {days: at for at, days in enumerate(lengths)}
        every = np.arange(graces)
        for number, trip in enumerate(self.trips):
            at, first = place[trip.days], self.first[number]
            tally.trips[at] += 1
            tally.touched[at] += first > 0
            tally.refused[at] += self.refused[number]
            earlier = (first > 0) & ((tally.earliest[at] == 0) | (first < tally.earliest[at]))
            tally.earliest[at][earlier] = first[earlier]
            tally.first[at, every, first] += 1
            end, fewest = (min(int(place), tally.left.shape[1] - 1) for place in self.left[number])
            tally.left[at, end] += 1
            if fewest and not first[looked_at]:
                tally.warned[at, fewest] += 1
        days = self.refused[:, min(looked_at, graces - 1)]
        order = [number for number in np.lexsort((np.arange(len(days)), -days)) if days[number]][:WORST]
        for row, number in enumerate(order):
            tally.worst[row] = days[number], number
        tally.told[:] = len(self.trips) - self.simulated, self.simulated
        return tally


def tell(
    trips: Sequence[Listed], policy: LabPolicy, graces: int, progress: Progress = silent, *, extension: bool = False
) -> Told:
    """Tell each trip under the policy at the graces 0 to `graces` - 1.

    `extension`: at the policy's grace instead, with the grants of day 1 extended by so many days. Raises InputError.
    """
    refused = np.zeros((len(trips), graces), np.int64)
    first, left, simulated = np.zeros_like(refused), np.zeros((len(trips), 2), np.int64), 0
    for number, trip in enumerate(trips):
        under = trip.under(policy)
        try:
            program = under.program(policy.grace if extension else None)
            refused[number], first[number], left[number] = told(program, under.rules, graces, policy.grace)
        except CannotReduce:
            refused[number], first[number], left[number] = _simulated(under, graces, policy.grace)
            simulated += 1
        progress(number + 1, len(trips))
    return Told(tuple(trips), refused, first, left, simulated)


def told(program: Program, rules: Policy, graces: int, looked_at: int) -> ToldTrip:
    """What the kernel tells of one program."""
    refused, first, latest = (np.zeros(graces, np.int64) for _ in range(3))
    work = kernel.room(program.places, program.marks, graces, len(program.rows))
    spans = int(rules.clock_tolerance.total_seconds()), int(rules.setback_charge.total_seconds())
    shape = program.places, program.marks, graces
    nothing = np.zeros((0, graces), np.int8)
    out = (refused, first, latest, nothing)
    left, fewest = kernel.tell(program.rows, len(program.rows), shape, (*spans, looked_at), work, out)
    return refused, first, (int(left), int(fewest))


def _simulated(trip: Listed, graces: int, looked_at: int) -> ToldTrip:
    """What the simulation tells of one story, once for each grace."""
    assert trip.case is not None
    refused, first, left = np.zeros(graces, np.int64), np.zeros(graces, np.int64), (0, 0)
    for grace in range(graces):
        result = run_case(with_grace(trip.case, grace), SimulatedStage, traced=True)
        launched = [one for one in result.trace if one.verb in LAUNCHING and one.decision is not None]
        days = sorted({trip.case.calendar.day(one.at) for one in launched if one.decision and not one.decision.runs})
        refused[grace], first[grace] = len(days), days[0] if days else 0
        if grace == looked_at:
            left = _left([one.decision for one in result.trace if one.decision is not None and _decides(one)])
    return refused, first, left


def _decides(one: Happening) -> bool:
    """Whether it is a launch under the license, or a key or a code that was granted."""
    decision = one.decision
    if decision is None or decision.protection is Protection.DONGLE:
        return False
    return one.verb in LAUNCHING or decision.stored


def _left(decided: list[Decision]) -> tuple[int, int]:
    """The places of the days left at the end and of the fewest without contact, of decisions in order."""
    places = [1 + (one.days_left or 0) if one.runs else 0 for one in decided]
    alone = [place for place, one in zip(places, decided, strict=True) if one.runs and one.state is State.GRACE]
    return (places[-1] if places else 0), min(alone, default=0)
