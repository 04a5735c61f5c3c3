"""How a story fails, so that a shorter one can be asked whether it fails in the same way.

Two failures are the same where the same expectation wanted the same and was the same (of times: that there was one, or
none), or the same `always` line broke on the same state, or the same state was never entered, or the run broke with the
same error.
"""

from collections.abc import Callable, Iterator

import attrs

from nexuslic.errors import InputError, NexuslicError
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Failure, Outcome, run_case
from nexuslic.scenario.stage import MakeStage
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import CaseStory

_TIMES = ("deadline", "last_good_launch")


@attrs.frozen
class Way:
    """One way to fail: how grave, what of the story, what it wanted, and what it was."""

    outcome: Outcome
    what: str
    wanted: str = ""
    was: str = ""

    def __str__(self) -> str:
        said = f"{self.what} was {self.was}" if self.was else self.what
        return f"{said} (wanted {self.wanted})" if self.wanted and self.outcome is Outcome.FAILED else said


def ways(text: str, make_stage: MakeStage = SimulatedStage, file: str = "<story>") -> tuple[Way, ...]:
    """How a story fails on a stage; none where all holds. Raises SourceError where it cannot be read."""
    return tuple(dict.fromkeys(way for case in read(text.encode("utf-8"), file).cases for way in _of(case, make_stage)))


def fails_like(first: Way, make_stage: MakeStage = SimulatedStage) -> Callable[[str], bool]:
    """Whether a story fails in that way, among others; to be asked as `ways` is."""
    return lambda text: first in ways(text, make_stage)


def _of(case: CaseStory, make_stage: MakeStage) -> Iterator[Way]:
    try:
        result = run_case(case, make_stage)
    except InputError as error:
        yield Way(Outcome.WRONG, str(error.__cause__ or error))
    except NexuslicError as error:
        yield Way(Outcome.BROKE, f"{type(error).__name__}: {error}")
    except Exception as error:
        yield Way(Outcome.BROKE, type(error).__name__)
    else:
        yield from _failures(case, result)


def _failures(case: CaseStory, result: CaseResult) -> Iterator[Way]:
    keys = {check.place: check.key for entry in case.agenda for check in entry.checks}
    lines = {line.place: line for line in case.always}
    for failure in result.gravest_first:
        was = _alone(case, failure)
        if failure.whole:
            yield Way(failure.outcome, "must_visit", failure.wanted, "never entered")
        elif failure.outcome is Outcome.ALWAYS:
            line = lines[failure.place]
            during = f" while {line.state}" if line.state is not None else ""
            yield Way(failure.outcome, f"always: never {line.never}{during}", "", was)
        else:
            key = keys[failure.place]
            told = (failure.wanted, was)
            wanted, was = (_roughly(one) for one in told) if key in _TIMES else told
            yield Way(failure.outcome, key, wanted, was)


def _alone(case: CaseStory, failure: Failure) -> str:
    """What it was, without the workstation's name before it."""
    names = tuple(case.world.get("workstations", ())) or ("ws1",)
    who = next((name for name in names if failure.was.startswith(f"{name}: ")), None)
    return failure.was if who is None else failure.was[len(who) + 2 :]


def _roughly(time: str) -> str:
    return time if time == "none" else "a time"
