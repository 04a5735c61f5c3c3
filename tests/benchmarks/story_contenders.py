"""One story in three hands: nexuslic, a statechart that Sismic interprets, and a state machine of Hypothesis.

The 45-day North Sea trip: authenticated at the quay on day 1 at 07:30, then a launch a day at 06:00, 30 days of grace;
and the same with a hotspot on day 20. The other two know state, grace and days left, and nothing of cryptography,
databases, seats or clocks. They get their agenda ready in seconds, and each is driven both as lean as it can be and as
its manual shows it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sismic.clock import SimulatedClock
from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from sismic.model import Statechart

from nexuslic.scenario.read import read
from nexuslic.scenario.results import SIMULATION
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.running import MakeStage, Runner
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, Shelf, plan

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "scenarios/offshore/45-day-north-sea-trip.scenario.yaml"
CHART = Path(__file__).with_name("sea_trip.statechart.yaml")
CASES: dict[str, int | None] = {"as today": None, "second hotspot, day 20": 20}
"""The case of our file, and the day of its hotspot."""
DAY_SECONDS = 86_400
GRACE_SECONDS = 30 * DAY_SECONDS

Answer = tuple[int, str, int | None]
"""The day, the state, and the days left."""


@attrs.frozen
class Step:
    """What happens on which day, and how many seconds after the story's start."""

    day: int
    seconds: int
    what: str


def agenda(hotspot: int | None) -> list[Step]:
    """The trip in seconds, worked out from local time without nexuslic."""
    first = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/London"))
    start = first.replace(hour=6).astimezone(UTC)

    def step(day: int, hour: int, minute: int, what: str) -> Step:
        at = (first + timedelta(days=day - 1)).replace(hour=hour, minute=minute).astimezone(UTC)
        return Step(day, int((at - start).total_seconds()), what)

    steps = [step(1, 7, 0, "window opens"), step(1, 7, 30, "authenticate"), step(1, 8, 0, "window closes")]
    steps += [step(day, 6, 0, "launch") for day in range(2, 46)]
    if hotspot is not None:
        steps += [step(hotspot, 12, 0, "window opens"), step(hotspot, 12, 30, "launch")]
        steps += [step(hotspot, 13, 0, "window closes")]
    return sorted(steps, key=lambda one: one.seconds)


def of_internet(step: Step) -> bool:
    """Whether it only opens or closes the way to the license server."""
    return step.what.startswith("window")


# -- nexuslic ---------------------------------------------------------------------------------------------------------


def our_run(case: str, make_stage: MakeStage = SimulatedStage, file: Path = STORY) -> Callable[[], None]:
    """A run of one case through nexuslic, its file read, judged and recorded as `nexuslic run` does it."""
    shelf, choices = Shelf(), Choices(case=case)
    (unit,) = plan([str(file)], choices, [SIMULATION], shelf)
    runner = Runner(shelf, choices, {SIMULATION: make_stage})

    def run() -> None:
        record = runner.run(unit)
        if record.outcome is not Outcome.PASSED:
            raise AssertionError(record.text)

    return run


def our_answers(case: str) -> list[Answer]:
    """What nexuslic decides on each day."""
    story = next(one for one in read(STORY.read_bytes(), "story").cases if one.name == case)
    trace = run_case(story, SimulatedStage, traced=True).trace
    decided = [(story.calendar.day(one.at), one.decision) for one in trace if one.decision is not None]
    return [(day, str(decision.state), decision.days_left) for day, decision in decided]


# -- Sismic -----------------------------------------------------------------------------------------------------------


def statechart() -> Statechart:
    """The statechart, read from its file."""
    return import_from_yaml(filepath=str(CHART))


def sismic_answers(chart: Statechart, steps: list[Step], *, lean: bool = True) -> list[Answer]:
    """The trip through Sismic's interpreter: its simulated clock set, an event queued, and done.

    Lean: one step for each event, no contracts; else by its manual: until nothing is left to do, and with them.
    """
    clock = SimulatedClock()
    found: list[Answer] = []
    trip = Interpreter(chart, clock=clock, initial_context={"grace": GRACE_SECONDS}, ignore_contract=lean)
    execute = trip.execute_once if lean else trip.execute
    execute()
    for step in steps:
        clock.time = step.seconds
        trip.queue(step.what)
        execute()
        if not of_internet(step):
            found.append((step.day, *trip.context["answer"]))
    return found


# -- Hypothesis -------------------------------------------------------------------------------------------------------


class Trip(RuleBasedStateMachine):
    """State, grace and days left; its rules stand in the machines below. What it finds goes to `found` at its end."""

    def __init__(self, steps: list[Step], found: list[list[Answer]]) -> None:
        super().__init__()
        self.left, self.found, self.answers = steps[::-1], found, list[Answer]()
        self.online, self.granted = False, 0

    def do(self) -> None:
        """Do the next step."""
        step = self.left.pop()
        if of_internet(step):
            self.online = step.what == "window opens"
        else:
            self.answers.append((step.day, *self.launch(step.seconds)))

    def launch(self, now: int) -> tuple[str, int | None]:
        """The state and the days left."""
        if self.online:
            self.granted = now
        left = self.granted + GRACE_SECONDS - now
        if left < 0:
            return "Expired", None
        return "Authenticated" if self.online else "Grace", -(-left // DAY_SECONDS)

    def teardown(self) -> None:
        self.found.append(self.answers)


class OneRule(Trip):
    """The leanest: one rule does the next step of the trip, so that there is nothing to choose."""

    @rule()
    def step(self) -> None:
        self.do()


class DrawingRule(Trip):
    """The same with something to draw, which it makes no use of: so one search does the trip many times."""

    @rule(drawn=strategies.booleans())
    def step(self, drawn: bool) -> None:
        self.do()


class RuleForEach(Trip):
    """As its manual shows it: a rule for each thing that can happen, and a precondition that says when."""

    def next_is(self, what: str) -> bool:
        return self.left[-1].what == what

    @precondition(lambda self: self.next_is("window opens"))
    @rule()
    def window_opens(self) -> None:
        self.do()

    @precondition(lambda self: self.next_is("window closes"))
    @rule()
    def window_closes(self) -> None:
        self.do()

    @precondition(lambda self: self.next_is("authenticate"))
    @rule()
    def authenticate(self) -> None:
        self.do()

    @precondition(lambda self: self.next_is("launch"))
    @rule()
    def launches(self) -> None:
        self.do()


def hypothesis_answers(machine: type[Trip], steps: list[Step], examples: int = 1) -> list[list[Answer]]:
    """Trips through `run_state_machine_as_test`, each of as many steps as the trip has; nothing is kept or shrunk."""
    found: list[list[Answer]] = []
    chosen = settings(
        max_examples=examples,
        stateful_step_count=len(steps),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: machine(steps, found), settings=chosen)
    return found
