"""The stories under every fault, one fault at a time, and which expectations each of them breaks."""

from collections.abc import Iterable, Iterator

import attrs

from nexuslic.errors import InputError
from nexuslic.scenario import suite
from nexuslic.scenario.decoration.census import Expectation, Spot, census, spot
from nexuslic.scenario.decoration.fault import Fault, planted
from nexuslic.scenario.decoration.faults import FAULTS
from nexuslic.scenario.interrupts import deaf, leave_to_parent
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage import Acted, CannotAct
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Action, CaseStory, Story
from nexuslic.scenario.suite import Choices

Chosen = list[tuple[Story, tuple[CaseStory, ...]]]
"""Stories, and those of their cases that are run."""


@attrs.frozen
class Ran:
    """What one fault did: the expectations that it broke, and in which cases the product broke off under it."""

    broken: frozenset[Spot]
    crashes: tuple[str, ...] = ()


@attrs.frozen
class Report:
    """What came of planting every fault: `ran` stands in the order of `faults`."""

    faults: tuple[Fault, ...]
    ran: tuple[Ran, ...]
    expectations: tuple[Expectation, ...]
    stories: int

    @property
    def missed(self) -> tuple[Fault, ...]:
        """The faults that no story caught."""
        return tuple(
            fault for fault, ran in zip(self.faults, self.ran, strict=True) if not ran.broken and not ran.crashes
        )

    @property
    def crashed(self) -> tuple[Fault, ...]:
        """The faults that broke no expectation and made the product break off: caught by a crash."""
        return tuple(fault for fault, ran in zip(self.faults, self.ran, strict=True) if not ran.broken and ran.crashes)

    @property
    def decoration(self) -> tuple[Expectation, ...]:
        """The expectations that no fault breaks."""
        broken = frozenset().union(*(ran.broken for ran in self.ran))
        return tuple(one for one in self.expectations if spot(one.place) not in broken)

    @property
    def bluntly(self) -> tuple[Expectation, ...]:
        """The expectations that are broken only by faults that break more than half of all."""
        finely = frozenset().union(*(ran.broken for ran in self.ran if 2 * len(ran.broken) <= len(self.expectations)))
        calm = frozenset(self.decoration)
        return tuple(one for one in self.expectations if spot(one.place) not in finely and one not in calm)

    @property
    def status(self) -> int:
        """The exit status: 0 where every fault is caught and every expectation can be broken."""
        return 1 if self.missed or self.decoration else 0


def mutate(
    files: list[str], jobs: int = 1, choices: Choices | None = None, faults: tuple[Fault, ...] = FAULTS
) -> Report:
    """Run the chosen stories of these files under each fault; under all of them, in `jobs` processes.

    Raises InputError where a story is wrong or does not hold as the product is, NotPlanted for a fault without a place.
    """
    choices = choices or Choices()
    stories = _chosen(files, choices)
    if not stories:
        raise InputError("no story and no case fits this choice, so there is nothing to catch a fault")
    _hold(stories)
    if jobs == 1 or "-" in files or faults is not FAULTS:
        ran = tuple(under(fault, stories) for fault in faults)
    else:
        ran = tuple(_in_processes(files, choices, jobs))
    expectations = census(attrs.evolve(story, cases=cases) for story, cases in stories)
    return Report(faults, ran, tuple(expectations.values()), len(stories))


def _chosen(files: Iterable[str], choices: Choices) -> Chosen:
    stories = map(suite.load, files)
    return [(story, cases) for story in stories if (cases := suite.chosen(story, choices))]


def _hold(stories: Chosen) -> None:
    """Refuse stories that fail without any fault: nothing could be told from them. Raises InputError."""
    for story, cases in stories:
        for case in cases:
            failures = run_case(case, SimulatedStage).failures
            if failures:
                raise InputError(
                    f"{failures[0].place}: this does not hold as it is, so nothing can be said of faults\n"
                    f"  see first: nexuslic run {story.file}"
                )


def under(fault: Fault, stories: Chosen) -> Ran:
    """What these stories notice of one fault. Raises NotPlanted."""
    broken: set[Spot] = set()
    crashes: list[str] = []
    with planted(fault):
        for story, cases in stories:
            for case in cases:
                try:
                    broken |= {spot(failure.place) for failure in run_case(case, _Stage).failures}
                except Exception as error:
                    crashes.append(f"{story.place}: {case.name or story.title}: {type(error).__name__}: {error}")
    return Ran(frozenset(broken), tuple(crashes))


def _in_processes(files: list[str], choices: Choices, jobs: int) -> Iterator[Ran]:
    """Each process reads the stories for itself and plants one fault after another."""
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(min(jobs, len(FAULTS)), initializer=_begin, initargs=(files, choices))
    try:
        with deaf():
            ran = pool.map(_next, range(len(FAULTS)), chunksize=1)
        yield from ran
    finally:
        pool.shutdown(cancel_futures=True)


class _Stage(SimulatedStage):
    """The simulated stage; where a fault has left nothing to act on, such as no record to damage, a story goes on."""

    def act(self, action: Action) -> Acted:
        """One verb, or nothing."""
        try:
            return super().act(action)
        except CannotAct:
            return Acted({})


_STORIES: Chosen = []
"""What a process of the pool runs, again and again."""


def _begin(files: list[str], choices: Choices) -> None:
    leave_to_parent()
    _STORIES[:] = _chosen(files, choices)


def _next(number: int) -> Ran:
    return under(FAULTS[number], _STORIES)
