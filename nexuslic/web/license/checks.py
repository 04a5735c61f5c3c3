"""The check as it goes on: a walk of the doctor in a thread of its own, and what it has told so far.

One goes on at a time, whoever asks for it: who asks meanwhile sees the one that is on its way.
"""

import threading
from collections.abc import Callable

import attrs

from nexuslic.application.application import Application
from nexuslic.doctor import walk
from nexuslic.doctor.findings import Finding, Report, Step
from nexuslic.errors import NexuslicError
from nexuslic.web.license.notes import sentence
from nexuslic.web.texts import BROKE

Walk = Callable[[Application, walk.Told], Report]


@attrs.frozen
class Line:
    """One step as it is shown: what was found, or None where it has not come so far."""

    step: Step
    found: Finding | None

    @property
    def level(self) -> str:
        """How it is, in one word."""
        return "waiting" if self.found is None else self.found.level.value


@attrs.frozen
class Progress:
    """How far the check has come; `report` stands at its end, and `problem` where it could not be made."""

    running: bool
    lines: tuple[Line, ...]
    report: Report | None
    problem: str


def _walk(license: Application, told: walk.Told) -> Report:
    return walk.walk_of(license, told=told)


@attrs.define(eq=False)
class Checks:
    """The newest check over a license; `walk` makes it."""

    walk: Walk = _walk
    _found: dict[Step, Finding] = attrs.Factory(dict)
    _report: Report | None = None
    _problem: str = ""
    _running: bool = False
    _lock: threading.Lock = attrs.Factory(threading.Lock)

    def start(self, opened: Callable[[], Application]) -> None:
        """Begin one, unless one goes on."""
        with self._lock:
            if self._running:
                return
            self._running, self._report, self._problem, self._found = True, None, "", {}
        threading.Thread(target=self._go, args=(opened,), name="nexuslic check", daemon=True).start()

    def progress(self) -> Progress:
        """How far it has come."""
        with self._lock:
            done = self._report is not None or bool(self._problem)
            lines = [Line(step, self._found.get(step)) for step in Step if step is not Step.WAY or step in self._found]
            shown = [line for line in lines if line.found is not None or not done]
            return Progress(self._running, tuple(shown), self._report, self._problem)

    def _go(self, opened: Callable[[], Application]) -> None:
        try:
            with opened() as license:
                report = self.walk(license, self._told)
            self._end(report)
        except NexuslicError as error:
            self._end(None, sentence(str(error)))
        except Exception as error:
            self._end(None, BROKE.format(type(error).__name__))

    def _told(self, finding: Finding) -> None:
        with self._lock:
            self._found = {**self._found, finding.step: finding}

    def _end(self, report: Report | None, problem: str = "") -> None:
        with self._lock:
            self._report, self._problem, self._running = report, problem, False
            if report is not None:
                self._found = {one.step: one for one in report.findings}
