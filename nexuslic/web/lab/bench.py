"""What one tab works with: the file that was given, the last answers, and the one piece of work that runs.

A piece of work runs in a thread of its own. Another one of the same tab replaces it: the first is told to stop, and the
next begins when it has.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final

import attrs

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import Stopwatch
from nexuslic.errors import NexuslicError
from nexuslic.web import texts as frame
from nexuslic.web.lab.choice import Given

MOST_TABS: Final = 16
"""So many tabs are remembered; the one that was used longest ago is forgotten first."""
_BYTES: Final = 9


class Kind(Enum):
    """What is asked."""

    SWEEP = "sweep"
    FIND = "find"
    COMPARE = "compare"
    ABUSE = "abuse"
    REPORT = "report"


class Stand(Enum):
    """How a piece of work stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class Stopped(Exception):
    """Somebody told this piece of work to stop."""


@attrs.define(eq=False)
class Job:
    """A piece of work: how far it is, and what came of it. `planned`: how many trips it will count, as far as known."""

    number: int
    kind: Kind
    stand: Stand = Stand.RUNNING
    answer: Any = None
    problem: str = ""
    planned: int = 0
    _before: int = 0
    _done: int = 0
    _of: int = 0
    _stop: threading.Event = attrs.Factory(threading.Event)
    _watch: Stopwatch | None = None
    thread: threading.Thread | None = None

    def progress(self, done: int, of: int) -> None:
        """So much is done, of so much of what is counted now. Raises Stopped."""
        self.check()
        if done < self._done or of != self._of:
            self._before += self._done
        self._done, self._of = done, of
        self._watch = self._watch or Stopwatch()

    def check(self) -> None:
        """Raises Stopped where somebody wants that."""
        if self._stop.is_set():
            raise Stopped

    def stop(self, stand: Stand) -> None:
        """Tell it to stop, as soon as it can; what it still finds is not kept."""
        if self.stand is Stand.RUNNING:
            self.stand = stand
            self._stop.set()

    @property
    def share(self) -> float:
        """How much of it is done, of 1."""
        of = max(self.planned, self._before + self._of)
        return min(1.0, (self._before + self._done) / of) if of else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that it will still take; None while nobody knows."""
        share = self.share
        if self._watch is None or not 0 < share < 1:
            return None
        return self._watch.seconds() / share * (1 - share)


Work = Callable[[Job], Any]


@attrs.define(eq=False)
class Bench:
    """One tab's: `answers` are the last of each kind."""

    name: str
    given: Given | None = None
    answers: dict[Kind, Any] = attrs.Factory(dict)
    job: Job | None = None
    _numbers: int = 0
    _lock: threading.Lock = attrs.Factory(threading.Lock)

    def start(self, kind: Kind, work: Work) -> Job:
        """Begin a piece of work, in the place of the one that runs."""
        with self._lock:
            self._numbers += 1
            before, job = self.job, Job(self._numbers, kind)
            if before is not None:
                before.stop(Stand.REPLACED)
            self.job = job
            waited = before.thread if before is not None else None
            job.thread = threading.Thread(target=self._run, args=(job, work, waited), daemon=True)
            job.thread.start()
            return job

    def cancel(self, number: int) -> None:
        """Stop the piece of work of that number, if it still runs."""
        with self._lock:
            if self.job is not None and self.job.number == number:
                self.job.stop(Stand.CANCELLED)

    def _run(self, job: Job, work: Work, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        problem, answer = "", None
        try:
            job.check()
            answer = work(job)
        except Stopped:
            return
        except NexuslicError as error:
            problem = str(error)
        except Exception as error:
            problem = frame.BROKE.format(type(error).__name__)
        with self._lock:
            if job.stand is not Stand.RUNNING:
                return
            if problem:
                job.problem, job.stand = problem, Stand.FAILED
                return
            job.answer = self.answers[job.kind] = answer
            job.stand = Stand.DONE


@attrs.define(eq=False)
class Benches:
    """Those of all tabs."""

    _kept: "OrderedDict[str, Bench]" = attrs.Factory(OrderedDict)
    _lock: threading.Lock = attrs.Factory(threading.Lock)

    def new(self) -> Bench:
        """Another tab's."""
        bench = Bench(SystemChance().take(_BYTES).hex())
        with self._lock:
            self._kept[bench.name] = bench
            forgotten = self._oldest()
        for one in forgotten:
            if one.job is not None:
                one.cancel(one.job.number)
        return bench

    def called(self, name: str) -> Bench | None:
        """The tab's of that name."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _oldest(self) -> Sequence[Bench]:
        return [self._kept.popitem(last=False)[1] for _ in range(max(0, len(self._kept) - MOST_TABS))]
