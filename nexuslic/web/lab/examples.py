"""From a number to its trips: those of a length with refused days at a grace, the worst and some typical, each told."""

from typing import Any, Final

import attrs
import numpy as np

from nexuslic.lab import told
from nexuslic.lab.counting import Job
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.sweeping import Sweep
from nexuslic.scenario import report, strip
from nexuslic.web.lab.asking import Compared, Swept, trip_of

FEW: Final = 3
"""How many of the worst, and how many typical ones."""
_CHUNK: Final = 1 << 16
_CHUNKS: Final = 8
ACROSS: Final = 45
_Ints = np.ndarray[Any, np.dtype[np.int64]]


@attrs.frozen
class Example:
    """One trip: its number, its name, what happens on it, its refused days, its strip as a picture, whether its story
    can be downloaded.
    """

    number: int
    name: str
    about: str
    days: int
    refused: int
    strip: str
    has_story: bool


@attrs.frozen
class Examples:
    """Trips of a length (0: of all) at a grace. `looked`: so many were looked at, of which `alike` are of that length
    and `touched` have a refused day; `legend`: the letters of the strips.
    """

    length: int
    grace: int
    looked: int
    alike: int
    touched: int
    worst: tuple[Example, ...]
    typical: tuple[Example, ...]
    legend: str


def of_cell(swept: Swept, length: int, grace: int) -> Examples:
    """The trips of one cell of the map."""
    policy = attrs.evolve(swept.question.policy, grace=grace)
    looked, numbers, refused = _refused(swept, policy, length)
    touched = np.flatnonzero(refused)
    order = touched[np.lexsort((numbers[touched], -refused[touched]))]
    worst = order[:FEW]
    rest = [at for at in (order if len(touched) else np.arange(len(numbers))) if at not in worst]
    middle = float(np.median(refused[touched])) if len(touched) else 0.0
    rest.sort(key=lambda at: (abs(int(refused[at]) - middle), int(numbers[at])))
    chosen = (worst, np.array(rest[:FEW], np.int64))
    shown = [_examples(swept, policy, numbers[some], refused[some]) for some in chosen]
    letters = "".join(letter for _, letters in shown for letter in letters)
    return Examples(
        length,
        grace,
        looked,
        alike=len(numbers),
        touched=len(touched),
        worst=tuple(shown[0][0]),
        typical=tuple(shown[1][0]),
        legend=report.legend(letters) if letters else "",
    )


def _refused(swept: Swept, policy: LabPolicy, length: int) -> tuple[int, _Ints, _Ints]:
    """How many trips were looked at; the numbers and the refused days of those of that length."""
    question = swept.question
    if not isinstance(question.trips, TripModel):
        assert isinstance(swept.answer, Sweep) and swept.answer.told is not None
        mine = np.array([at for at, one in enumerate(question.trips) if length in (0, one.days)], np.int64)
        return len(question.trips), mine, swept.answer.told.refused[mine, policy.grace]
    job, most = Job(question.trips, policy, question.seed, policy.grace + 1), question.number
    numbers, refused, looked = np.zeros(0, np.int64), np.zeros(0, np.int64), 0
    rare = _some_refused(swept, length, policy.grace)
    for _ in range(_CHUNKS):
        many = min(_CHUNK, most - looked)
        each, days = job.each(looked, many)[0], job.days(looked, many)
        mine = np.flatnonzero((days == length) | (length == 0))
        numbers, refused = np.concatenate([numbers, looked + mine]), np.concatenate([refused, each[mine]])
        looked += many
        if looked == most or not rare or np.count_nonzero(refused) >= 2 * FEW:
            break
    return looked, numbers, refused


def _some_refused(swept: Swept, length: int, grace: int) -> bool:
    """Whether the sweep has such a trip with a refused day."""
    table = swept.by_grace if length == 0 else swept.by_length.filter(swept.by_length["length"] == length)
    return bool(table.filter(table["grace"] == grace)["share_touched"].sum() > 0)


def _examples(swept: Swept, policy: LabPolicy, numbers: _Ints, refused: _Ints) -> tuple[list[Example], str]:
    found, letters = [], ""
    for number, days in zip(map(int, numbers), map(int, refused), strict=True):
        example, strip_of = tell(trip_of(swept.question, policy, number), policy.grace, number, days)
        found.append(example)
        letters += strip_of
    return found, letters


def tell(trip: Listed, grace: int, number: int, refused: int) -> tuple[Example, str]:
    """One trip, run at this grace, and the letters of its days."""
    letters = told.strip_of(trip, grace)
    drawn = strip.svg(letters, trip.name, across=ACROSS)
    return Example(number, trip.name, told.title_of(trip), trip.days, refused, drawn, trip.trip is not None), letters


@attrs.frozen
class Pair:
    """One telling trip of a comparison, under both policies."""

    name: str
    about: str
    both: tuple[tuple[str, Example], ...]


def telling(answer: Compared) -> tuple[tuple[Pair, ...], str]:
    """The most telling trips, and the letters of their strips."""
    pairs, letters = [], ""
    for number, one in enumerate(answer.answer.telling):
        both = []
        for policy, trip, days in zip(answer.answer.policies, one.trips, one.days, strict=True):
            example, strip_of = tell(trip, policy.grace, number, days)
            both.append((policy.title, example))
            letters += strip_of
        pairs.append(Pair(one.name, told.title_of(one.trips[0]), tuple(both)))
    return tuple(pairs), report.legend(letters) if letters else ""
