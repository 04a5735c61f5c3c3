"""What the license server's contacts cost, beside a bare route of the same server program in the same run (Linux).

`python tests/benchmarks/server_benchmarks.py [rate|programs|growth|million|processes|fleet ...] [--quick]` starts real
processes, each on a core of its own, and prints figures with their ratios. The rate depends on what else the machine
does; the processor time of a request hardly does. Nothing here is a test of speed; a test runs it quickly.
"""

import asyncio
import importlib.util
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import attrs
import server_fleet as fleets
import server_registries as registries
from server_load import Load, load
from server_processes import CORES, OTHERS, SERVER, Served, free_port, license_server, serving

from nexuslic.server.site import Site
from nexuslic.testing import postgresql as own_postgresql

Start = Callable[[], AbstractContextManager[Served]]


@attrs.frozen
class Scale:
    """How much is measured: rounds in turns, seconds each, clients, licenses; a fleet, and within how many seconds."""

    rounds: int = 5
    seconds: float = 8
    clients: tuple[int, ...] = (32, 128)
    few: int = 1000
    many: int = 1_000_000
    requests: int = 100_000
    count: int = 0
    fleet: int = 1000
    coming: float = 6


QUICK = Scale(1, 1, (4,), 20, 60, 200, 60, 20, 0.5)


@attrs.frozen
class Figure:
    """Medians of some runs: answers a second, processor microseconds of the server each, latencies in milliseconds."""

    rate: float
    cost: float
    p50: float
    p99: float
    wrong: int

    def __str__(self) -> str:
        return f"{self.rate:6.0f} a second, {self.cost:4.0f} us each, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"


def measured(served: Served, clients: int, seconds: float, bodies: Path, count: int = 0) -> tuple[Load, float]:
    """One run, and what a request of it cost the server in microseconds."""
    before = served.seconds()
    done = load(served.port, clients, seconds, bodies, count)
    return done, (served.seconds() - before) * 1e6 / max(1, done.answered)


def median(runs: list[tuple[Load, float]]) -> Figure:
    """What lies in the middle of these runs."""
    middle = [statistics.median(getattr(one, name) for one, _ in runs) for name in ("rate", "p50", "p99")]
    cost = statistics.median(cost for _, cost in runs)
    return Figure(middle[0], cost, middle[1], middle[2], sum(one.wrong for one, _ in runs))


def in_turns(starts: dict[str, Start], clients: int, scale: Scale, bodies: Path) -> dict[str, Figure]:
    """Each of these servers, in turns, so that what else the machine does meets all alike."""
    runs: dict[str, list[tuple[Load, float]]] = {name: [] for name in starts}
    for _ in range(scale.rounds):
        for name, start in starts.items():
            with start() as served:
                load(served.port, clients, 1, bodies, scale.count)
                runs[name].append(measured(served, clients, scale.seconds, bodies, scale.count))
    return {name: median(done) for name, done in runs.items()}


def beside(name: str, real: Figure, bare: Figure) -> str:
    """One line: a figure and the bare one's."""
    ratios = f"ratio {real.rate / bare.rate:.2f} of the rate, {bare.cost / real.cost:.2f} of the processor time"
    return f"{name:<28} {real}; wrong {real.wrong}\n{'  beside a bare route':<28} {bare}; {ratios}"


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that runs on the cores that the measured one does not use."""
    os.sched_setaffinity(0, OTHERS)
    with own_postgresql.url() as url:
        os.sched_setaffinity(0, CORES)
        yield url


@attrs.frozen
class Bench:
    """A folder to measure in, a PostgreSQL server, and how much is measured."""

    folder: Path
    server: str
    scale: Scale

    def site(self, name: str, licensed: int, *, on_server: bool = False) -> Site:
        """A new license server with so many licenses."""
        url = registries.of_postgresql(self.server, name) if on_server else ""
        site = registries.made(self.folder / name, url)
        registries.fill(site, licensed)
        return site

    def bodies(self, licensed: int, count: int = 5000) -> Path:
        """A file of requests for these licenses."""
        file = self.folder / f"requests-{licensed}-{count}"
        if not file.exists():
            file.write_bytes(b"\n".join(registries.requests(count, licensed)) + b"\n")
        return file


def started(site: Site) -> Start:
    """`nexuslic server run` for that site."""
    return lambda: license_server(site.folder.path, free_port())


def rate(bench: Bench) -> Iterator[str]:
    """Confirmations a second on one core, on both engines, beside a bare route."""
    few = bench.scale.few
    sites = [bench.site("on_sqlite", few), bench.site("on_postgresql", few, on_server=True)]
    folder, size = sites[0].folder.path, registries.answer_bytes(sites[0])
    bare: dict[str, Start] = {"bare": lambda: serving("bare", "uvicorn", folder, size)}
    for clients in bench.scale.clients:
        before = [registries.granted(site) for site in sites]
        real = {name: started(site) for name, site in zip(("SQLite", "PostgreSQL"), sites, strict=True)}
        figures = in_turns(bare | real, clients, bench.scale, bench.bodies(few))
        for (name, wanted), was, site in zip((("SQLite", 0.4), ("PostgreSQL", 0.3)), before, sites, strict=True):
            yield beside(f"{name}, {clients} clients", figures[name], figures["bare"]) + f" (at least {wanted} wanted)"
            yield f"  grants in its audit trail  {registries.granted(site) - was}"


def programs(bench: Bench) -> Iterator[str]:
    """The server programs that are installed, each bare and with the license server."""
    few, clients = bench.scale.few, bench.scale.clients[-1]
    site = bench.site("on_programs", few)
    folder, size = site.folder.path, registries.answer_bytes(site)
    for program in ("uvicorn", "granian", "hypercorn"):
        if importlib.util.find_spec(program) is None:
            yield f"{program:<28} is not installed"
            continue
        starts: dict[str, Start] = {
            which: lambda which=which, program=program: serving(which, program, folder, size)  # type: ignore[misc]
            for which in ("bare", "real")
        }
        figures = in_turns(starts, clients, bench.scale, bench.bodies(few))
        yield beside(f"{program}, {clients} clients", figures["real"], figures["bare"])


def growth(bench: Bench) -> Iterator[str]:
    """A big registry beside a small one, and what memory many requests take."""
    scale, clients = bench.scale, bench.scale.clients[-1]
    sites = {count: bench.site(f"of_{count}", count) for count in (scale.few, scale.many)}
    figures = {}
    for count, site in sites.items():
        one: dict[str, Start] = {str(count): started(site)}
        figures |= in_turns(one, clients, scale, bench.bodies(count))
    small, large = (figures[str(count)] for count in sites)
    yield f"{scale.many} licenses          {large}"
    ratios = f"ratio {large.rate / small.rate:.2f} of the rate, {small.cost / large.cost:.2f} of the processor time"
    yield f"  beside {scale.few:<19} {small}; {ratios} (at least 0.8 wanted)"
    with started(sites[scale.many])() as served:
        load(served.port, clients, 1, bench.bodies(scale.many), scale.requests // 10)
        before = served.mebibytes()
        done = load(served.port, clients, 600, bench.bodies(scale.many), scale.requests)
        after = served.mebibytes()
    yield f"memory after {done.answered:<14}  {after:.1f} MiB beside {before:.1f} MiB: ratio {after / before:.2f}"


def million(bench: Bench) -> Iterator[str]:
    """A registry of a million licenses, 32 clients, a minute, beside a bare route."""
    scale = bench.scale
    site = bench.site("million", scale.many)
    long = attrs.evolve(scale, rounds=1, seconds=scale.seconds if scale.count else 60)
    folder, size = site.folder.path, registries.answer_bytes(site)
    bare: dict[str, Start] = {"bare": lambda: serving("bare", "uvicorn", folder, size)}
    figures = in_turns(bare | {"real": started(site)}, scale.clients[0], long, bench.bodies(scale.many))
    yield beside(f"{scale.many} licenses, {scale.clients[0]} clients", figures["real"], figures["bare"])


def processes(bench: Bench) -> Iterator[str]:
    """Two processes on one PostgreSQL registry and one port, beside one."""
    scale, clients = bench.scale, bench.scale.clients[-1]
    site = bench.site("on_processes", scale.few, on_server=True)
    runs: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(scale.rounds):
        for count, rates in runs.items():
            port = free_port()
            with ExitStack() as stack:
                for number in range(count):
                    stack.enter_context(license_server(site.folder.path, port, [CORES[number % len(CORES)]]))
                rates.append(load(port, clients, scale.seconds, bench.bodies(scale.few), scale.count).rate)
    one, two = (statistics.median(rates) for rates in runs.values())
    told = f"{two:.0f} a second beside {one:.0f} of one: ratio {two / one:.2f} (at least 1.6 wanted)"
    yield f"two processes                {told}, {len(CORES)} cores for all: PostgreSQL and the load too"


def fleet(bench: Bench) -> Iterator[str]:
    """Workstations that come back from sea: some for real, ten times as many on paper."""
    count, many = bench.scale.fleet, 10 * bench.scale.fleet
    site = bench.site("fleet", count)
    bodies = bench.bodies(count, count).read_bytes().splitlines()
    seconds = bench.scale.coming
    with started(site)() as served:
        before = served.seconds()
        seen = asyncio.run(fleets.for_real(served.port, bodies, seconds))
        cost = (served.seconds() - before) / seen.tries
    told = f"{len(seen.took)} granted, {seen.refused} tries refused, p50 {seen.at(0.5) * 1e3:.0f} ms"
    yield f"{count} in {seconds} s, for real   {told}, p99 {seen.at(0.99) * 1e3:.0f} ms, {cost * 1e3:.2f} ms each"
    for within in (60, 10, 1):
        paper = fleets.on_paper(many, within, cost)
        told = f"p99 {paper.at(0.99) * 1e3:.0f} ms: ratio {many * cost / within:.2f} of what a core can do"
        yield f"{many} in {within:2} s, on paper  {len(paper.took)} granted, {paper.refused} tries refused, {told}"


ALL = {f.__name__: f for f in (rate, programs, growth, million, processes, fleet)}


def main(words: list[str]) -> None:
    """Print the figures that are asked for, or all of them."""
    scale = QUICK if "--quick" in words else Scale()
    with tempfile.TemporaryDirectory() as folder, postgresql() as server:
        print(f"server on core {SERVER[0]}, load and databases on {OTHERS}", flush=True)
        for name in [word for word in words if word in ALL] or list(ALL):
            for line in ALL[name](Bench(Path(folder), server, scale)):
                print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
