"""The questions of the lab as pieces of work: the very calls that the commands make, with their sentences."""

from collections.abc import Callable
from typing import Any

import attrs
import polars as pl

from nexuslic.lab import abuse as searching
from nexuslic.lab import comparing, counting, drawn, finding, sweeping, telling
from nexuslic.lab.abuse import Cheat
from nexuslic.lab.comparing import Comparison
from nexuslic.lab.counting import Counter, Progress
from nexuslic.lab.counting import Job as Count
from nexuslic.lab.exact import Exact, exact
from nexuslic.lab.finding import Finder, Found, Knob, Measure, Target
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.report import making, page
from nexuslic.lab.sweeping import Sweep
from nexuslic.lab.tally import Tally
from nexuslic.web.lab.bench import Job
from nexuslic.web.lab.choice import Question

_NEAR = 3


@attrs.frozen(eq=False)
class Swept:
    """A sweep that was made: its tables, and at which graces. `specs`: the pictures that were drawn, by name."""

    question: Question
    answer: Sweep | Exact
    by_grace: pl.DataFrame
    by_length: pl.DataFrame
    rests: str
    specs: dict[str, Any] = attrs.Factory(dict)

    def sentence(self, grace: int) -> str:
        """The answer at a grace: what `nexuslic policy sweep` says."""
        return telling.at_grace(self.by_grace, grace)

    def has_trip(self, number: int) -> bool:
        """Whether it is one of those that were swept."""
        return 0 <= number < self.question.number

    def trip(self, number: int, grace: int) -> Listed:
        """One of its trips, under the policy with that grace."""
        question = self.question
        return trip_of(question, attrs.evolve(question.policy, grace=grace), number)


def trip_of(question: Question, policy: LabPolicy, number: int) -> Listed:
    """The trip of that number under a policy."""
    if isinstance(question.trips, TripModel):
        return drawn.listed_of(question.trips, policy, question.seed, number)
    return question.trips[number].under(policy)


def _counter(running: Job) -> Counter:
    """Counts here, says how far it is, and stops where it is told to."""

    def count(job: Count, trips: int, progress: Progress) -> Tally:
        running.check()
        tally = counting.here(job, trips, running.progress)
        running.progress(trips, trips)
        return tally

    return count


def sweep(question: Question) -> Callable[[Job], Swept]:
    """Who is refused, at every grace."""

    def work(job: Job) -> Swept:
        answer = _swept(question, job)
        rests = telling.rests_on(answer, question.words, question.seed)
        return Swept(question, answer, answer.by_grace(), answer.by_length(), rests)

    return work


def _swept(question: Question, job: Job) -> Sweep | Exact:
    if question.exactly and isinstance(question.trips, TripModel):
        return exact(question.trips, question.graces)
    job.planned = question.number
    return sweeping.sweep(
        question.trips,
        policy=question.policy,
        graces=question.graces,
        count=question.number,
        seed=question.seed,
        full=True,
        counter=_counter(job),
        progress=job.progress,
    )


@attrs.frozen(eq=False)
class Answered:
    """What was found: sentences, and the settings around it."""

    question: Question
    found: Found
    sentences: tuple[str, ...]
    near: pl.DataFrame


def find(
    question: Question, knob: str, measure: str, most: float, within: tuple[int, int] | None
) -> Callable[[Job], Answered]:
    """The setting that keeps a target."""

    def work(job: Job) -> Answered:
        turned, target = Knob(knob), Target(Measure(measure), most)
        tried = finding.usual(turned, question.trips, question.policy)
        low, high = within or (tried[0], tried[-1])
        low = max(low, 2) if turned is Knob.HOTSPOT else low
        sweeping.check_graces(low, high)
        count = finding.drawn(turned, question.trips, question.count)
        job.planned = (count or question.number) * (high - low + 1 if turned is Knob.HOTSPOT else 1)
        finder = Finder(question.trips, question.policy, count, question.seed, _counter(job), job.progress)
        found = finder.find(turned, target, range(low, high + 1))
        seed = question.seed if isinstance(question.trips, TripModel) else None
        return Answered(question, found, tuple(telling.found(found, question.words, seed)), _near(found))

    return work


def _near(found: Found) -> pl.DataFrame:
    """The settings around the one that was found."""
    at = (found.best or found.nearest).setting
    near = [point for point in found.points if abs(point.setting - at) <= _NEAR]
    rows = [attrs.astuple(point) for point in near]
    table = pl.DataFrame(rows, schema=["setting", "value", "low", "high"], orient="row")
    return table.drop("low", "high") if all(point.low == point.high for point in near) else table


@attrs.frozen(eq=False)
class Compared:
    """Two policies over the same trips, in sentences."""

    question: Question
    answer: Comparison
    sentences: tuple[str, ...]


def compare(question: Question, other: LabPolicy) -> Callable[[Job], Compared]:
    """The same trips under a second policy."""

    def work(job: Job) -> Compared:
        job.planned = question.number * (1 if isinstance(question.trips, TripModel) else 2)
        answer = comparing.compare(
            question.policy,
            other,
            question.trips,
            count=question.number,
            seed=question.seed,
            progress=job.progress,
        )
        return Compared(question, answer, tuple(telling.compared(answer)))

    return work


@attrs.frozen(eq=False)
class Cheated:
    """What each kind of cheat gains."""

    cheats: tuple[Cheat, ...]
    sentence: str


def abuse(question: Question, hours: int) -> Callable[[Job], Cheated]:
    """The most days that a cheat can work."""

    def work(job: Job) -> Cheated:
        found = searching.cheats(question.policy, hours)
        return Cheated(found, searching.answer(question.policy, hours, found))

    return work


def report(question: Question) -> Callable[[Job], bytes]:
    """The report of the lab, as a page."""

    def work(job: Job) -> bytes:
        if isinstance(question.trips, TripModel):
            job.planned = question.number + question.trips.days * min(question.number, making.HOTSPOT_TRIPS)
        wish = making.Wish(
            question.trips,
            question.words,
            question.policy,
            question.graces,
            question.number,
            question.seed,
            question.command,
        )
        return page(making.make(wish, _counter(job), job.progress)).encode()

    return work
