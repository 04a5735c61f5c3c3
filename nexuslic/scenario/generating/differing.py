"""How a story differs between two stages, so that a shorter one can be asked whether it differs in the same way.

Two differences are the same where the same of a decision differs after the same verb, with the same on either side; of
texts and times it is enough that they differ.
"""

from collections.abc import Callable, Sequence

import attrs

from nexuslic.scenario.differential import first_difference
from nexuslic.scenario.read import read
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage import MakeStage

_ROUGHLY = ("deadline", "message_says", "warns", "binding")


@attrs.frozen
class Differs:
    """The first difference of a story: of what, after which verb, and how it was on either stage."""

    of: str
    verb: str
    first: str = ""
    other: str = ""

    def __str__(self) -> str:
        sides = f": {self.first} and {self.other}" if self.first or self.other else ""
        return f"{self.of} after {self.verb}{sides}"


def differences(text: str, stages: Sequence[MakeStage], file: str = "<story>") -> tuple[Differs, ...]:
    """How the cases of a story differ between two stages; none where they do not. Raises SourceError, StageBroke."""
    found: list[Differs] = []
    for case in read(text.encode("utf-8"), file).cases:
        one, other = (run_case(case, make, observing=True) for make in stages)
        if one.not_here or other.not_here:
            continue
        first = first_difference(one.observed, other.observed)
        if first is not None:
            sides = () if first.of in _ROUGHLY else (first.first, first.other)
            found.append(Differs(first.of, first.after.verb, *sides))
    return tuple(dict.fromkeys(found))


def differs_like(first: Differs, stages: Sequence[MakeStage]) -> Callable[[str], bool]:
    """Whether a story differs in that way; to be asked as `differences` is."""
    return lambda text: first in differences(text, stages)
