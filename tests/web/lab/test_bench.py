"""One tab's work: one piece at a time, told how far it is, stopped where somebody wants that."""

import threading
from typing import Any

import pytest

from nexuslic.errors import InputError
from nexuslic.web.lab.bench import MOST_TABS, Bench, Benches, Job, Kind, Stand


def ended(job: Job) -> Job:
    assert job.thread is not None
    job.thread.join(60)
    assert not job.thread.is_alive()
    return job


@pytest.fixture
def held() -> Any:
    """Work that goes on until it is told to stop, and is then let go: and whether it has begun, and ended."""

    class Held:
        begun, let_go, over = threading.Event(), threading.Event(), threading.Event()

        def __call__(self, job: Job) -> str:
            self.begun.set()
            try:
                while True:
                    job.progress(1, 4)
            finally:
                self.let_go.wait(60)
                self.over.set()

    return Held()


def test_an_answer_is_kept_under_its_kind():
    bench = Bench("tab")
    job = ended(bench.start(Kind.SWEEP, lambda job: "an answer"))
    assert (job.stand, bench.answers) == (Stand.DONE, {Kind.SWEEP: "an answer"})


def test_a_second_one_begins_only_when_the_first_has_stopped(held: Any):
    bench = Bench("tab")
    first = bench.start(Kind.SWEEP, held)
    assert held.begun.wait(60)
    second = bench.start(Kind.FIND, lambda job: held.over.is_set())
    assert second.thread is not None
    second.thread.join(0.2)
    held.let_go.set()
    ended(second)
    assert (first.stand, second.stand, bench.answers) == (Stand.REPLACED, Stand.DONE, {Kind.FIND: True})


def test_what_is_cancelled_keeps_the_answer_from_before(held: Any):
    bench = Bench("tab")
    ended(bench.start(Kind.SWEEP, lambda job: "before"))
    job = bench.start(Kind.SWEEP, held)
    bench.cancel(job.number)
    held.let_go.set()
    assert (ended(job).stand, bench.answers) == (Stand.CANCELLED, {Kind.SWEEP: "before"})


def test_one_that_is_over_cannot_be_cancelled():
    bench = Bench("tab")
    job = ended(bench.start(Kind.SWEEP, lambda job: 1))
    bench.cancel(job.number)
    assert job.stand is Stand.DONE


@pytest.mark.parametrize(("error", "said"), [(InputError("a policy: so and so"), "a policy"), (KeyError("x"), "broke")])
def test_what_goes_wrong_is_said(error: Exception, said: str):
    def work(job: Job) -> None:
        raise error

    job = ended(Bench("tab").start(Kind.SWEEP, work))
    assert job.stand is Stand.FAILED and said in job.problem


def test_a_share_counts_all_phases_together():
    job = Job(1, Kind.REPORT, planned=400)
    shares = []
    for done, of in ((100, 200), (200, 200), (50, 100), (100, 100), (100, 100)):
        job.progress(done, of)
        shares.append(job.share)
    assert shares == [0.25, 0.5, 0.625, 0.75, 0.75]


def test_nobody_knows_how_long_it_takes_before_anything_is_done():
    job = Job(1, Kind.SWEEP)
    before = job.left
    job.progress(1, 2)
    assert before is None and job.left is not None and job.left >= 0


def test_the_tab_that_was_used_longest_ago_is_forgotten():
    benches = Benches()
    names = [benches.new().name for _ in range(MOST_TABS)]
    assert benches.called(names[0]) is not None
    benches.new()
    assert [benches.called(name) is None for name in names[:3]] == [False, True, False]
