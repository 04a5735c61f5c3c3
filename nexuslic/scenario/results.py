"""What came of stories, as plain values that cross processes and that every report tells from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import attrs

from nexuslic.rules.words import Cause, Reason
from nexuslic.scenario.coverage import Cell
from nexuslic.scenario.run import Observation, Outcome

SIMULATION = "simulation"
"""The stage that stories run on unless another is asked for."""

_GRAVITY = (
    *(Outcome.BROKE, Outcome.WRONG, Outcome.ALWAYS, Outcome.FAILED, Outcome.NOTHING),
    *(Outcome.PASSED, Outcome.NOT_HERE),
)
"""Gravest first: what a stage cannot do is worse than what it has done only where it has done nothing."""

FINE = (Outcome.PASSED, Outcome.NOT_HERE)
"""Outcomes that nobody has to look at."""
ERRORS = (Outcome.WRONG, Outcome.BROKE)
"""Outcomes that say nothing about what was expected."""


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The gravest of several outcomes."""
    there = set(outcomes)
    return next((outcome for outcome in _GRAVITY if outcome in there), Outcome.NOTHING)


@attrs.frozen
class Broken:
    """Something that does not hold: where it stands, the story's time, what was wanted and what it was."""

    line: int
    column: int
    at: str
    wanted: str
    was: str


@attrs.frozen
class CaseRecord:
    """What came of one case on one stage; a file that is wrong has one of these, without a case.

    `text` is the short report of what does not hold, the error, or why this stage cannot do it; `seconds` is how long
    it took, `line` and `column` where it stands: the failure, the error, or else the case.
    """

    file: str
    title: str
    case: str
    stage: str
    outcome: Outcome
    line: int = 1
    column: int = 1
    text: str = ""
    seconds: float = 0.0
    checked: int = 0
    broken: tuple[Broken, ...] = ()
    launches: int = 0
    refused: int = 0
    last_good: str | None = None
    days: str = ""
    trace: tuple[str, ...] = ()
    cells: Mapping[Cell, int] = attrs.Factory(dict)
    causes: frozenset[Cause] = frozenset()
    reasons: frozenset[Reason] = frozenset()
    number: int = 0
    """Which case of its file; the first is 0."""
    observed: tuple[Observation, ...] = ()
    """All that could be seen, where several stages are compared."""
    fatal: bool = False
    """Whether nothing more can be run, on any stage."""

    @property
    def name(self) -> str:
        """Title and case, for a person."""
        return f"{self.title or self.file} [{self.case}]" if self.case else self.title or self.file

    @property
    def place(self) -> str:
        """`file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def message(self) -> str:
        """What is wrong with it, in one line; empty where nothing is."""
        if self.broken:
            first = self.broken[0]
            more = f", and {len(self.broken) - 1} more" if len(self.broken) > 1 else ""
            return f"was {first.was} (wanted {first.wanted}){more}"
        if self.outcome is Outcome.PASSED:
            return ""
        return " ".join(self.text.removeprefix(f"{self.place}: ").split())


_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+):(?P<column>[0-9]+): ")


def placed(text: str) -> tuple[int, int] | None:
    """The line and the column that the text of an error begins with, if it does."""
    found = _PLACE.match(text)
    return (int(found["line"]), int(found["column"])) if found else None


@attrs.frozen
class FileReport:
    """What came of the chosen cases of one file on one stage."""

    file: str
    title: str
    stage: str
    records: tuple[CaseRecord, ...]

    @property
    def outcome(self) -> Outcome:
        """The gravest of its cases."""
        return worst(one.outcome for one in self.records)

    @property
    def error(self) -> str:
        """Why it could not be run, or empty."""
        return next((one.text for one in self.records if one.outcome in ERRORS), "")

    @property
    def texts(self) -> tuple[str, ...]:
        """What a person reads about it, each text once."""
        return tuple(dict.fromkeys(one.text for one in self.records if one.text))

    @property
    def checked(self) -> int:
        """How many expectations were looked at."""
        return sum(one.checked for one in self.records)


def by_file(records: Iterable[CaseRecord]) -> Iterator[FileReport]:
    """Records, one report for each file on each stage, in their order."""
    for (stage, file), group in groupby(records, lambda one: (one.stage, one.file)):
        there = tuple(group)
        yield FileReport(file, there[0].title, stage, there)


@attrs.frozen
class Summary:
    """What a whole run came to; `incomplete` says why not all of the `planned` cases were run, or is empty.

    `compared`: how many runs of a case were laid beside the first of it on another stage; `differing` of them differ.
    """

    reports: tuple[FileReport, ...]
    planned: int
    seconds: float
    incomplete: str = ""
    compared: int = 0
    differing: int = 0

    @property
    def records(self) -> tuple[CaseRecord, ...]:
        """All cases."""
        return tuple(record for one in self.reports for record in one.records)

    @property
    def outcome(self) -> Outcome:
        """The gravest of all."""
        return worst(one.outcome for one in self.reports)

    @property
    def failed(self) -> int:
        """How many expectations do not hold."""
        return sum(len(one.broken) for one in self.records)

    @property
    def checked(self) -> int:
        """How many expectations were looked at."""
        return sum(one.checked for one in self.records)

    def count(self, *outcomes: Outcome) -> int:
        """How many cases ended so."""
        return sum(one.outcome in outcomes for one in self.records)

    @property
    def unreadable(self) -> int:
        """How many files have an error."""
        return sum(bool(one.error) for one in self.reports)

    @property
    def cases(self) -> int:
        """How many cases were run: a file that cannot be read has none."""
        return len(self.records) - self.count(*ERRORS)
