"""What the doctor finds: one line for each step of a launch, in the order in which a launch takes them.

A step is good, bad or not reached. The first bad one is what to cure: whatever comes after it may be its consequence.
"""

from collections.abc import Iterable
from enum import Enum

import attrs

from nexuslic.rules.decision import Decision
from nexuslic.rules.words import Cause, Reason


class Step(Enum):
    """A step of a launch."""

    FOLDER = "folder"
    BUNDLE = "bundle"
    DATABASE = "database"
    RECORD = "record"
    VERSION = "version"
    BINDING = "binding"
    CLOCK = "clock"
    NETWORK = "network"
    PROXY = "proxy"
    DNS = "dns"
    TCP = "tcp"
    WAY = "way"
    TLS = "tls"
    CERTIFICATE = "certificate"
    REPLY = "reply"
    SEAT = "seat"


class Level(Enum):
    """How a step is."""

    GOOD = "good"
    BAD = "bad"
    NOT_REACHED = "not reached"


@attrs.frozen
class Finding:
    """One step: how it is, and what was seen there.

    A bad one has its `cause` or its `reason` as the rules name them (neither: it is the doctor's own), what that means
    (`why`), and what to do, in this order (`cures`).
    """

    step: Step
    level: Level
    text: str = ""
    cause: Cause | None = None
    reason: Reason | None = None
    why: str = ""
    cures: tuple[str, ...] = ()


def good(step: Step, text: str) -> Finding:
    """A step that is as it should be."""
    return Finding(step, Level.GOOD, text)


def not_reached(step: Step, text: str = "") -> Finding:
    """A step that could not be looked at."""
    return Finding(step, Level.NOT_REACHED, text)


def first_bad(findings: Iterable[Finding]) -> Finding | None:
    """What to cure first; None where nothing is bad."""
    return next((one for one in findings if one.level is Level.BAD), None)


@attrs.frozen
class Report:
    """All steps in their order, and what a launch would decide now; `decision` is None where it could not be asked."""

    findings: tuple[Finding, ...]
    decision: Decision | None

    @property
    def runs(self) -> bool:
        """Whether a launch would run."""
        return self.decision is not None and self.decision.runs

    @property
    def first_bad(self) -> Finding | None:
        """What to cure first; None where nothing is bad."""
        return first_bad(self.findings)
