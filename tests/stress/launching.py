"""Launches under stress: `python tests/stress/launching.py [PART ...] [--postgresql | --server URL] [--kills N ...]`.

Parts: `kills` (kill -9 at any moment of a launch and of a running session), `races` (two who want the last seat),
`updates` (many who launch at once, with and without contact), `makings` (two who make the tables at once), `fleet`
(very many workstations within some seconds), `silence` (a license server that is away). All are real processes over a
SQLite file, or a PostgreSQL server: the program's own, or the one at URL.
"""

import argparse
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import attrs
import launch_crowds as crowds
import launch_kills
from customers import Customer, customer
from serving import chosen_seed

from nexuslic.adapters.late_https import LateLink
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, State
from nexuslic.testing import postgresql

GENEROUS = 30.0
"""Seconds over the contact's time after which a launch without an answer hangs, whatever the machine does."""


@attrs.frozen
class Bench:
    """Where databases are made, and how much is done."""

    folder: Path
    server: str
    seed: int
    chosen: argparse.Namespace

    def customer(self, seats: int) -> Customer:
        """A new customer."""
        return customer(self.folder, self.server, seats)


def kills(bench: Bench) -> Iterator[str]:
    found = launch_kills.kills(bench.customer(1), bench.chosen.kills, bench.seed)
    yield (
        f"{found.kills} kills: {found.sat} on a seat, {found.torn} between a record and its word, {found.idle} before "
        f"anything was stored; {found.stored} records stored"
    )
    yield from (f"WRONG {one}" for one in found.wrong)


def races(bench: Bench) -> Iterator[str]:
    started = time.monotonic()
    won, wrong = crowds.races(bench.customer(1), bench.chosen.races)
    yield f"{won.total()} races for the last seat in {time.monotonic() - started:.1f} s: {dict(won)}"
    yield from (f"WRONG {one}" for one in wrong)


def updates(bench: Bench) -> Iterator[str]:
    processes, launches = bench.chosen.processes, bench.chosen.launches
    seats = max(2, processes // 3)
    told, wrong, seconds = crowds.updates(bench.customer(seats), processes, launches, seats, bench.seed)
    yield f"{processes} processes x {launches} launches on {seats} seats in {seconds:.1f} s: {dict(told)}"
    if told["granted"] == 0 or told["grace"] == 0:
        wrong.append("nothing was mixed")
    yield from (f"WRONG {one}" for one in wrong)


def makings(bench: Bench) -> Iterator[str]:
    wrong = crowds.makings(bench.customer(2), bench.chosen.makings)
    yield f"{bench.chosen.makings} times two made the tables at once"
    yield from (f"WRONG {one}" for one in wrong)


def fleet(bench: Bench) -> Iterator[str]:
    count = bench.chosen.fleet
    seats = count - count // 10
    taken, wrong = crowds.fleet(bench.customer(seats), count, 4, seats, bench.chosen.span, bench.seed)
    p50, p99 = statistics.median(taken), taken[int(len(taken) * 0.99)]
    yield (
        f"{count} workstations within {bench.chosen.span} s on {seats} seats: p50 {p50 * 1e3:.0f} ms, "
        f"p99 {p99 * 1e3:.0f} ms, longest {taken[-1] * 1e3:.0f} ms (p99 under 2,000 wanted)"
    )
    yield from (f"WRONG {one}" for one in wrong)


@contextmanager
def shut() -> Iterator[int]:
    """A port that nobody listens on: it is taken, and does not listen."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


@contextmanager
def black_hole() -> Iterator[int]:
    """A port where connections do not even come to stand: its queue is full, so that packets to it are dropped."""
    with ExitStack() as stack:
        listening = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0), backlog=0)))
        for _ in range(3):
            one = stack.enter_context(closing(socket.socket()))
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


AWAY: dict[str, tuple[Callable[[], "contextmanager[int]"], Cause]] = {  # type: ignore[type-arg]
    "a shut port": (shut, Cause.REFUSED),
    "a silent port": (silent, Cause.TIMEOUT),
    "a black hole": (black_hole, Cause.TIMEOUT),
}


def silence(bench: Bench) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        os.environ.pop(name, None), os.environ.pop(name.upper(), None)
    one, policy = bench.customer(2), Policy(contact_timeout=timedelta(seconds=bench.chosen.timeout))
    one.authenticate()
    for what, (place, cause) in AWAY.items():
        with place() as port, one.open("ws1", policy=policy) as application:
            link = LateLink(f"https://127.0.0.1:{port}", None, policy.contact_timeout)
            application.ports = attrs.evolve(application.ports, connectivity=link)
            started = time.monotonic()
            with application.launch() as decision:
                taken = time.monotonic() - started
        over = taken - bench.chosen.timeout
        yield f"{what:<15} answered after {taken:.2f} s, {over:+.2f} s of the contact's time (at most +0.50 wanted)"
        if (decision.state, decision.cause, decision.stored) != (State.GRACE, cause, True):
            yield f"WRONG {decision}"
        if over > GENEROUS:
            yield f"WRONG {what}: the launch hung"


ALL: dict[str, Callable[[Bench], Iterator[str]]] = {
    "kills": kills,
    "races": races,
    "updates": updates,
    "makings": makings,
    "fleet": fleet,
    "silence": silence,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(ALL)}; all of them unless said")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server that this program starts")
    parser.add_argument("--server", default="", metavar="URL", help="on that PostgreSQL server")
    parser.add_argument("--seed", type=int)
    for name, count in {"kills": 10, "races": 30, "processes": 5, "launches": 8, "makings": 5, "fleet": 20}.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--span", type=float, default=1.0, help="seconds within which the fleet launches")
    parser.add_argument("--timeout", type=float, default=0.3, help="seconds that a contact may take")
    chosen = parser.parse_args()
    if not set(chosen.parts) <= ALL.keys():
        parser.error(f"a part is one of {', '.join(ALL)}")
    return chosen


def main() -> int:
    chosen, wrong = arguments(), 0
    seed = chosen_seed(chosen.seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="launching-")))
        server = stack.enter_context(postgresql.url()) if chosen.postgresql else chosen.server
        bench = Bench(folder, server, seed, chosen)
        for part in chosen.parts or ALL:
            for line in ALL[part](bench):
                wrong += line.startswith("WRONG")
                print(line, flush=True)
    print(f"what is wrong: {wrong}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
