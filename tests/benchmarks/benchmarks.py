"""What nexuslic costs, each figure beside what it is compared with, in one run.

`python tests/benchmarks/benchmarks.py [trips|startup|events|stories ...] [--quick]` prints one line a figure with its
ratio. Nothing here is a test of speed; a test runs it quickly to see that it still works.
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nexuslic import client as app
from nexuslic.rules.license import License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import LicenseType
from nexuslic.scenario import running, suite
from nexuslic.scenario.read import read
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.tampering import signing_key
from nexuslic.simulation.vendor import bundle
from nexuslic.simulation.workstation import Workstation, application, permitted
from nexuslic.simulation.world import World
from nexuslic.trust import base64url, signing

ROOT = Path(__file__).resolve().parents[2]
STORY = "scenarios/offshore/45-day-north-sea-trip.scenario.yaml"
DAYS = 45


def trip() -> World:
    """45 days through client, vendor, sealing and signatures: authenticated at the quay, then a launch a day."""
    start = datetime(2026, 3, 2, 6, tzinfo=UTC)
    terms = License("Example", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)
    world = World.begin(start, terms, None, Policy())
    world.add_database(world.add_server("DB1"), "nexus")
    version, offers = application("6.10")
    bridge = Workstation("bridge", "bridge", world.clock(), "DB1", "nexus", version, offers, permitted("linux"))
    world.workstations["bridge"] = bridge
    bridge.network.windows = 1
    app.authenticate(world.client(bridge), KEY.digits)
    bridge.network.windows = 0
    for day in range(1, DAYS):
        world.true.now = start + timedelta(days=day)
        world.launch("bridge", None, stays=False)
    return world


def bare_cryptography(world: World) -> Callable[[], None]:
    """The cryptography of one such trip and nothing else: a signature, and four containers a launch."""
    key, shipped = signing_key("vendor-1"), bundle()
    blob = world.database.contents.record or b""
    mark = next(iter(world.workstations["bridge"].marks.kept.values()))
    opened = [(len(one), _parts(one)) for one in (blob, mark)]
    signature = key.signer.sign(blob)
    cipher = AESGCM(shipped.known.newest.key)

    def run() -> None:
        key.signer.sign(blob)
        shipped.keys.keys[0].verifier.verify(signature, blob)
        for _ in range(DAYS - 1):
            for _, (iv, text, head) in opened:
                cipher.encrypt(iv, cipher.decrypt(iv, text, head), head)

    return run


def _parts(blob: bytes) -> tuple[bytes, bytes, bytes]:
    head, _, iv, text, tag = blob.split(b".")
    return base64url.decode(iv), base64url.decode(text) + base64url.decode(tag), head


def seconds(run: Callable[[], object], repeat: int) -> float:
    """The least processor time of `repeat` runs: what the work costs where nothing else disturbs it.

    A process verifies the same signed bytes once; each run here verifies its own anew.
    """
    times = []
    for _ in range(repeat):
        signing._opened.cache_clear()
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def trips(quick: bool) -> list[str]:
    """Trips a second, and a launch beside its bare cryptography."""
    world, repeat = trip(), 2 if quick else 100
    whole, bare = seconds(trip, repeat), seconds(bare_cryptography(world), repeat)
    launch, crypto = whole / DAYS * 1e6, bare / DAYS * 1e6
    return [
        f"{DAYS}-day trips              {1 / whole:7.0f} a second on one core (at least 200 wanted)",
        f"a launch                  {launch:7.1f} us, bare cryptography {crypto:.1f} us: ratio {launch / crypto:.1f}",
    ]


def processes(commands: list[list[str]], repeat: int) -> list[float]:
    """The median wall time of each command, in turns."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(repeat):
        for command, taken in zip(commands, times, strict=True):
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken) for taken in times]


ONE_COMMAND = "import click\n@click.command()\n@click.version_option('1')\ndef main(): pass\nmain()\n"


def startup(quick: bool) -> list[str]:
    """Start-up beside a click program of one command, and a story beside the bare imports."""
    python, nexuslic = sys.executable, [sys.executable, "-m", "nexuslic"]
    with tempfile.TemporaryDirectory() as folder:
        click = Path(folder) / "one.py"
        click.write_text(ONE_COMMAND)
        named = {
            "--version": (["--version"], [python, str(click), "--version"], 1.3),
            "--help": (["--help"], [python, str(click), "--help"], 1.3),
            "run, one 45-day story": (["run", STORY, "--case", "as today"], [python, "-c", "import attrs, click"], 5.0),
        }
        commands = [c for mine, other, _ in named.values() for c in ([*nexuslic, *mine], other)]
        taken = processes([*commands, [*nexuslic, "run", "scenarios"]], 1 if quick else 21)
    lines = []
    for place, (name, (_, _, most)) in enumerate(named.items()):
        mine, other = taken[2 * place], taken[2 * place + 1]
        ratio = f"{mine * 1e3:6.0f} ms beside {other * 1e3:.0f} ms: ratio {mine / other:.2f} (at most {most} wanted)"
        lines.append(f"{name:<25} {ratio}")
    return [*lines, f"{'all shipped stories':<25} {taken[-1]:6.2f} s (under 5 wanted)"]


def story(events: int) -> bytes:
    """A story of so many launches, an hour apart."""
    return (
        "scenario: Many launches\nformat: 1\nwhy: What does an event cost?\nstarts: 2026-03-02 06:00 UTC\n"
        f"ends: +{events}h\nonline: [{{from: day 1}}]\nevery: [{{at: every 1h, launch: ws1}}]\n"
        "steps: [{at: day 1 06:00, authenticate: ws1}, {at: end, expect: {refused_launches: 1}}]\n"
    ).encode()


def events(quick: bool) -> list[str]:
    """A story of 10,000 events beside one of 1,000, in time and in memory while it runs."""
    few, many = (100, 1000) if quick else (900, 9000)
    small, large = (read(story(count), "story").cases[0] for count in (few, many))
    repeat = 1 if quick else 5
    first, second = (seconds(lambda case=case: run_case(case, SimulatedStage), repeat) for case in (small, large))
    lines = [
        f"{many} events beside {few}    {second:.2f} s beside {first:.3f} s: ratio {second / first:.1f} (10 wanted)"
    ]
    peaks = []
    for case in (small, large):
        gc.collect()
        tracemalloc.start()
        run_case(case, SimulatedStage)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1024)
        tracemalloc.stop()
    return [
        *lines,
        f"{'their memory':<25} {peaks[1]:.0f} KiB beside {peaks[0]:.0f} KiB: ratio {peaks[1] / peaks[0]:.2f}",
    ]


def stories(quick: bool) -> list[str]:
    """The shipped stories from a warm process, and two processes beside one.

    The ratio is of wall time, so it says something only where two cores are free; beside it stands how much more
    processor time two processes take together, which says at most what it could be.
    """
    files = suite.find([str(ROOT / "scenarios" / ("seats" if quick else ""))])
    taken = seconds(lambda: [running.run_file(file, Choices(), SimulatedStage) for file in files], 2 if quick else 20)
    command = [sys.executable, "-m", "nexuslic", "run", *files, "--repeat", "2" if quick else "20"]
    walls: tuple[list[float], list[float]] = ([], [])
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(1 if quick else 3):
        for jobs, wall, processor in zip("12", walls, spent, strict=True):
            before, started = sum(os.times()[2:4]), time.perf_counter()
            subprocess.run([*command, "-j", jobs], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
            wall.append(time.perf_counter() - started)
            processor.append(sum(os.times()[2:4]) - before)
    one, two = min(walls[0]), min(walls[1])
    more = min(spent[1]) / min(spent[0])
    return [
        f"{'stories':<25} {len(files) / taken:7.0f} a second on one core, reading them included (at least 60 wanted)",
        f"{'-j 2 beside -j 1':<25} {two:.2f} s beside {one:.2f} s: ratio {one / two:.2f} (at least 1.7 wanted); "
        f"processor time ratio {more:.2f}",
    ]


ALL = {"trips": trips, "startup": startup, "events": events, "stories": stories}


def main(words: list[str]) -> None:
    """Print the figures that are asked for, or all of them."""
    chosen = [word for word in words if word in ALL] or list(ALL)
    for name in chosen:
        for line in ALL[name]("--quick" in words):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
