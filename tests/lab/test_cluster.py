"""A cluster counts the same bits as this computer does, whatever happens to its workers."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue

import attrs
import psutil
import pytest

from nexuslic.errors import InputError, WorldError
from nexuslic.lab import counting
from nexuslic.lab.cluster import counter_for
from nexuslic.lab.cluster.counter import Cluster
from nexuslic.lab.counting import Job
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.tally import Tally

MODEL = TripModel("short trips", ((14, 1.0), (21, 2.0)), contact=0.05, restore=0.01, clock_back=0.01, windows_7=0.1)
JOB = Job(MODEL, LabPolicy(grace=7), seed=7, graces=15, full=True)
LEAST = 1 << 10
TRIPS = 40 * LEAST + 77
NOBODY = 1 << 40
"""More trips than anybody counts."""


@pytest.fixture(scope="module")
def expected() -> Tally:
    """What this computer's threads come to."""
    return counting.here(JOB, TRIPS)


def small(cluster: Cluster) -> Cluster:
    """The same cluster, which is sent small pieces."""
    return attrs.evolve(cluster, least=LEAST)


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_any_number_of_workers_counts_the_same_bits(workers: int, expected: Tally):
    with counter_for(None, workers) as cluster:
        assert small(cluster)(JOB, TRIPS).same(expected)


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    """Three workers of this computer."""
    with Cluster.local(3) as cluster:
        yield small(cluster)


@attrs.define
class Once:
    """Progress that does something when the first piece is done, and is kept."""

    do: Callable[[], None]
    seen: list[tuple[int, int]] = attrs.Factory(list)

    def __call__(self, done: int, of: int) -> None:
        if not self.seen:
            self.do()
        self.seen.append((done, of))


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_a_worker_that_is_killed_in_the_middle_costs_no_trips(three: Cluster, expected: Tally):
    pids = sorted(three.client.run(os.getpid).values())
    assert three(JOB, TRIPS, Once(lambda: kill(pids[0]))).same(expected)


def test_a_killed_worker_is_started_again(three: Cluster):
    three.client.wait_for_workers(3, timeout=30)
    (pid, *_) = three.client.run(os.getpid).values()
    three(JOB, TRIPS, Once(lambda: kill(pid)))
    three.client.wait_for_workers(3, timeout=30)
    assert pid not in three.client.run(os.getpid).values()


def test_progress_tells_every_piece_and_ends_with_all(three: Cluster):
    progress = Once(lambda: None)
    three(JOB, TRIPS, progress)
    assert progress.seen == sorted(progress.seen) and progress.seen[-1] == (TRIPS, TRIPS)


def test_the_scheduler_keeps_nothing_of_what_was_fetched(three: Cluster):
    held: list[int] = []
    many = lambda: held.append(three.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))  # noqa: E731
    three(JOB, TRIPS, lambda done, of: many())
    assert max(held) <= 3 * 3 + 1


def test_no_trip_is_nothing(three: Cluster):
    assert three(JOB, 0).same(JOB.nothing())


DASK = """
import sys
{before}
from dask.__main__ import main
sys.argv[0] = "dask"
main()
"""


@attrs.define
class Started:
    """A process of a user's, which says on standard error what it does."""

    process: "subprocess.Popen[str]"
    said: "SimpleQueue[str]" = attrs.Factory(SimpleQueue)
    where: str = ""

    def listen(self) -> None:
        """Hear all that it says, so that it is never kept waiting."""
        for line in self.process.stderr:
            self.said.put(line)

    def until(self, pattern: str) -> str:
        """What it says there, once it does."""
        while True:
            if found := re.search(pattern, self.said.get(timeout=60)):
                return found[1]


@contextmanager
def dask(*args: str, before: str = "") -> Iterator[Started]:
    """`dask` at a terminal; `before`: what is odd about this computer."""
    command = [sys.executable, "-c", DASK.format(before=before), *args]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        started = Started(process)
        thread = threading.Thread(target=started.listen)
        thread.start()
        try:
            yield started
        finally:
            process.kill()
            thread.join()


AT = r"Scheduler at: +(tcp://\S+)"


@contextmanager
def worker(address: str, before: str = "") -> Iterator[Started]:
    """A worker that has joined."""
    with dask("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", before=before) as started:
        started.where = started.until(r"Start worker at: +(tcp://\S+)")
        started.until(r"(Registered to)")
        yield started


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler of a user's."""
    with dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard") as started:
        yield started.until(AT)


def test_the_cluster_of_a_user_counts_the_same_bits(address: str, expected: Tally):
    with worker(address), worker(address), counter_for(address, None) as cluster:
        assert small(cluster)(JOB, TRIPS).same(expected)


def refused(address: str, **waits: float) -> str:
    """What is said of a cluster that cannot be used."""
    with pytest.raises((InputError, WorldError)) as caught, Cluster.at(address, **waits):
        pass
    return str(caught.value)


def test_a_scheduler_without_workers_says_how_to_start_some(address: str):
    assert refused(address, wait=0.1) == (
        f"--scheduler {address}: no worker is connected to this scheduler: start some with `dask worker {address}`"
    )


ODD = [
    ("sys.modules['nexuslic'] = None", "has no nexuslic, or one that cannot count: install nexuslic[lab] there"),
    ("sys.modules['numpy'] = None", "lacks numpy: install the same nexuslic[lab] on each"),
    ("sys.modules['numba'] = None", "lacks numba: install the same nexuslic[lab] on each"),
    ("import nexuslic.version; nexuslic.version.__version__ = '0.0.9'", "has nexuslic 0.0.9, and this computer "),
    (
        "import nexuslic.lab.compiled; nexuslic.lab.compiled.digest = lambda: 'other'",
        "but with other lines in it (other",
    ),
]


@pytest.mark.parametrize(("before", "said"), ODD)
def test_a_worker_that_is_not_as_this_computer_is_refused_by_name(before: str, said: str, address: str):
    with worker(address, before):
        assert re.match(rf"--scheduler {address}: the worker tcp://127.0.0.1:\d+ .*{re.escape(said)}", refused(address))


def test_a_scheduler_without_nexuslic_is_refused():
    with dask("scheduler", "--host", "127.0.0.1", "--port", "0", before="sys.modules['nexuslic'] = None") as started:
        address = started.until(AT)
        with worker(address):
            assert refused(address).startswith(f"--scheduler {address}: the scheduler has no nexuslic, or one that ")


def test_a_worker_that_joins_later_is_held_to_the_same(address: str):
    with worker(address), Cluster.at(address) as cluster:
        odd = worker(address, "import nexuslic.lab.compiled; nexuslic.lab.compiled.digest = lambda: 'other'")
        with pytest.raises(InputError, match=r"a worker that joined has nexuslic .* too, but with other lines"):
            try:
                small(cluster)(JOB, NOBODY, Once(odd.__enter__))
            finally:
                odd.__exit__(None, None, None)


def test_where_all_workers_are_lost_it_says_so(address: str):
    said = r"all workers are gone, and none came back within 0 seconds"
    with worker(address) as one, Cluster.at(address) as cluster, pytest.raises(WorldError, match=said):
        attrs.evolve(small(cluster), patience=0)(JOB, NOBODY, Once(one.process.kill))


def test_where_the_scheduler_is_lost_it_says_so(expected: Tally):
    with counter_for(None, 1) as cluster:
        pid = cluster.client.run_on_scheduler(os.getpid)
        with pytest.raises(WorldError, match="--workers 1: the scheduler is gone"):
            small(cluster)(JOB, NOBODY, Once(lambda: kill(pid)))


def test_a_scheduler_that_is_not_there_is_named():
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    assert refused(address, reach=0.3).startswith(f"--scheduler {address}: no scheduler answers there within ")


def test_something_else_that_listens_is_no_scheduler():
    with socket.create_server(("127.0.0.1", 0)) as other:
        said = refused(f"tcp://127.0.0.1:{other.getsockname()[1]}", reach=0.3)
    assert "no scheduler answers there" in said


def test_a_worker_is_no_scheduler(address: str):
    with worker(address) as one:
        said = f"--scheduler {one.where}: a worker answers there, and no scheduler: name the scheduler"
        assert refused(one.where) == said


@pytest.mark.parametrize(
    "address",
    [
        "",
        "host",
        "host:8786",
        "tcp://",
        "tcp://host",
        "http://host:8786",
        "tcp://host:99999",
        "tcp://a b:1",
        "tcp://[:1",
    ],
)
def test_what_is_no_address_is_refused(address: str):
    assert refused(address) == f"--scheduler {address}: this is no address of a scheduler: write tcp://host:8786"


@pytest.mark.parametrize("workers", [0, -1, 257, 10_000])
def test_so_many_workers_are_refused(workers: int):
    with pytest.raises(InputError, match=rf"^--workers {workers}: a computer has 1 to 256 workers"):
        counter_for(None, workers).__enter__()


def test_a_scheduler_and_workers_exclude_each_other():
    with pytest.raises(InputError, match="give one of the two"):
        counter_for("tcp://host:8786", 2).__enter__()


def test_without_either_this_computer_counts():
    with counter_for(None, None) as counter:
        assert counter is counting.here


def test_workers_that_cannot_be_started_say_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorldError, match="--workers: the workers could not be started: it did not say why"):
        counter_for(None, 1).__enter__()


STOPPED = """
import os, sys
import click
import nexuslic.cli as nexuslic
from nexuslic.lab.cluster import counter_for
sys.path.insert(0, {here!r})
from test_cluster import JOB, NOBODY, Once, small

@click.command()
def count():
    with counter_for(None, 2) as cluster:
        print(*cluster.client.run(os.getpid).values(), cluster.client.run_on_scheduler(os.getpid), flush=True)
        small(cluster)(JOB, NOBODY, Once(lambda: os.kill(os.getpid() if {alone} else 0, {number})))

nexuslic.cli = count
sys.exit(nexuslic.main([]))
"""


def stopped(folder: Path, number: int, *, alone: bool) -> tuple[int, str, list[int]]:
    """A command that is stopped in the middle: its status, what it says, and the processes that it had."""
    program = STOPPED.format(here=str(Path(__file__).parent), number=number, alone=alone)
    command = [sys.executable, "-c", program]
    told = subprocess.run(
        command, capture_output=True, text=True, start_new_session=True, env={**os.environ, "TMPDIR": str(folder)}
    )
    return told.returncode, told.stderr, [int(pid) for pid in told.stdout.split()]


def gone(pid: int) -> bool:
    """Whether a process has ended, once it has."""
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(30)
    return not psutil.pid_exists(pid)


def test_ctrl_c_is_quiet_and_leaves_no_process_and_no_file(tmp_path: Path):
    status, said, pids = stopped(tmp_path, signal.SIGINT, alone=False)
    assert (status, said.strip()) == (130, "stopped")
    assert len(pids) == 3 and all(map(gone, pids))
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_is_killed_leaves_no_process_and_no_file(tmp_path: Path):
    _, _, pids = stopped(tmp_path, signal.SIGKILL, alone=True)
    assert len(pids) == 3 and all(map(gone, pids))
    assert list(tmp_path.iterdir()) == []
