"""One exploration from end to end: the states, the seats, and a violation as a story that was run to see it fail."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import bounds
from nexuslic.lab.exploring import seating, story
from nexuslic.lab.exploring.lines import AlwaysLines
from nexuslic.lab.exploring.search import Explored, Finding, Search
from nexuslic.lab.exploring.seating import Seated
from nexuslic.lab.policies import LabPolicy
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

DEPTH = 5
"""How many moves deep all verbs are explored unless somebody says otherwise."""
DEEPEST = 12


@attrs.frozen
class Violation:
    """What does not hold.

    `line` is the number in "Always true" (None: the letter alone, or an `always` line, as `always` says). `text` is
    the shortest story of it ("" where no answer shows it), `steps` how many steps that has, and `ran` what
    `nexuslic run` comes to with it.
    """

    what: str
    line: int | None = None
    always: bool = False
    text: str = ""
    steps: int = 0
    ran: Outcome | None = None

    @property
    def status(self) -> int:
        """The exit status: 4 where an `always` line broke, else 1."""
        return Outcome.ALWAYS.status if self.always else Outcome.FAILED.status


@attrs.frozen
class Verdict:
    """All that was explored, and the violation where there is one."""

    explored: Explored
    seated: Seated
    violation: Violation | None


def explore(policy: LabPolicy, depth: int, lines: AlwaysLines, beat: Callable[[], None] = lambda: None) -> Verdict:
    """Explore a policy. Raises InputError where the depth is none, or the policy leaves the calendar."""
    bounds.check(policy)
    if not 1 <= depth <= DEEPEST:
        raise InputError(
            f"--depth {depth}: a depth is 1 to {DEEPEST} moves; each takes some 8 times as long as the last"
        )
    with _unswept():
        explored = Search(policy, lines, beat).explore(depth)
    seated = seating.explore(policy.rules.seat_timeout, beat)
    return Verdict(explored, seated, _violation(explored, seated, policy))


@contextmanager
def _unswept() -> Iterator[None]:
    """Nothing that is explored is thrown away before the end, so nobody needs to look for what could be."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


def _violation(explored: Explored, seated: Seated, policy: LabPolicy) -> Violation | None:
    if explored.finding is not None:
        return _told(explored.finding, policy)
    if explored.unseen:
        return Violation(explored.unseen)
    if seated.broken is None:
        return None
    text = seating.story(seated.broken, policy)
    steps = sum(verb != "wait" for verb, _ in seated.broken.acts) + 1
    return Violation(seated.broken.what, 7, False, text, steps if text else 0, ran(text) if text else None)


def _told(finding: Finding, policy: LabPolicy) -> Violation:
    """The story of a finding, and what comes of it."""
    why = "By the letter of the rules the last step comes to what it expects. Does it?"
    if finding.always:
        why = "Does what is always to hold hold here?"
    telling = story.Telling("The shortest way to what does not hold", why, finding.expects, finding.always)
    text = story.write(finding.path, policy, telling)
    steps = story.steps(finding.path, policy)
    return Violation(finding.what, finding.line, bool(finding.always), text, steps, ran(text))


def ran(text: str) -> Outcome:
    """What `nexuslic run` comes to with a story."""
    return run_case(read(text.encode("utf-8"), "explored").cases[0], SimulatedStage).outcome
