"""How fast the policy lab counts, beside C and beside what else one could use, on one core and on two.

`python tests/benchmarks/lab_benchmarks.py [honest|irregular|cores|memory|exact|commands ...] [--quick]` prints the
machine, and one line a figure with what is wanted of it. Contenders are done in turns, so that what else the machine
does meets all of them; their answers are compared before anything is measured. Nothing here is a test of speed; a test
runs it quickly to see that it still works.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import lab_contenders as contenders
from lab_contenders import CHANCE, GRACES, Answer
from story_benchmarks import Act, least, load, machine, wall

from nexuslic.lab import counting
from nexuslic.lab.counting import Job
from nexuslic.lab.exact import exact
from nexuslic.lab.model import model_called
from nexuslic.lab.policies import LabPolicy

DAYS, TWO_WORDS, GRACE = 45, 70, 30
SIGMAS = 6
"""How far a sample may be from another before it is called wrong: one in a thousand million is."""


def beside(acts: dict[str, tuple[int, Act]], wanted: dict[str, str], repeat: int) -> list[str]:
    """Trips a second of the first, and of the others with how many times as fast the first is."""
    taken = least({name: act for name, (_, act) in acts.items()}, repeat)
    speeds = {name: trips / taken[name] for name, (trips, _) in acts.items()}
    first, *others = acts
    lines = [f"  {first:<42} {speeds[first]:13,.0f} trips a second"]
    for name in others:
        ratio = f"ratio {speeds[first] / speeds[name]:10,.2f} ({wanted[name]})"
        lines.append(f"  {name:<42} {speeds[name]:13,.0f} trips a second   {ratio}")
    return lines


def agree(one: Answer, other: Answer, trips: int) -> None:
    """Two samples of the same chances: the touched trips of every grace are as near as so many trips allow."""
    for mine, theirs in zip(one[0], other[0], strict=True):
        share = (mine + theirs) / (2 * trips)
        assert abs(mine - theirs) <= SIGMAS * sqrt(2 * trips * share * (1 - share)) + 1


def honest(quick: bool) -> list[str]:
    """Clocks are right, a launch a day, a contact by chance: every grace at once."""
    if contenders.compiler() is None:
        return ["honest trips: there is no C compiler (gcc or cc) on this computer to be measured beside"]
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        return [*_one_word(Path(folder), quick), *_two_words(Path(folder), quick)]


def _one_word(folder: Path, quick: bool) -> list[str]:
    library, novec = (contenders.built("lab_sea", folder, *flags) for flags in ((), ("-fno-tree-vectorize",)))
    job, trips, few = contenders.honest(DAYS), 1 << (13 if quick else 22), 20 if quick else 4_000
    mine = contenders.ours(job, trips)
    assert contenders.honest_by_c(library, "blocks", DAYS, trips) == mine
    assert contenders.honest_by_c(library, "scalar", DAYS, trips) == mine
    assert contenders.honest_by_c(novec, "blocks", DAYS, trips) == mine
    agree(contenders.honest_by_c(library, "plain", DAYS, trips), mine, trips)
    touched, refused = contenders.ours(job, 20)
    assert contenders.simpy_answers(DAYS, GRACE, contenders.drawn(DAYS, 20)) == (touched[GRACE], refused[GRACE])
    touched, refused = contenders.ours(job, 3)
    assert contenders.machine_answers(DAYS, GRACE, contenders.drawn(DAYS, 3)) == (touched[GRACE], refused[GRACE])
    part, some = trips // 8, 1 if quick else 5

    def c(which: str, many: int, built: object = library) -> tuple[int, Act]:
        return many, lambda: contenders.honest_by_c(built, which, DAYS, many)

    acts: dict[str, tuple[int, Act]] = {
        "nexuslic": (trips, lambda: contenders.ours(job, trips)),
        "C, the same idea": c("blocks", trips),
        "C, the same idea, not vectorised": c("blocks", part, novec),
        "C, the same idea, a trip at a time": c("scalar", part),
        "C, day by day": c("plain", part),
        f"SimPy, grace {GRACE} only": (
            few,
            lambda: contenders.simpy_answers(DAYS, GRACE, contenders.by_chance(few)),
        ),
        f"transitions and freezegun, grace {GRACE} only": (
            some,
            lambda: contenders.machine_answers(DAYS, GRACE, contenders.by_chance(some)),
        ),
    }
    wanted = dict.fromkeys(acts, "a curiosity")
    wanted |= {"C, the same idea": "at least 1.00 wanted", "C, day by day": "at least 8 wanted"}
    wanted[f"SimPy, grace {GRACE} only"] = "at least 3,000 wanted"
    title = (
        f"{DAYS}-day trips, a contact with {CHANCE:.0%} a day, grace 0 to {GRACES - 1}, sampling included, one core:"
    )
    return [title, *beside(acts, wanted, 1 if quick else 9)]


def _two_words(folder: Path, quick: bool) -> list[str]:
    library, job, trips = contenders.built("lab_sea", folder), contenders.honest(TWO_WORDS), 1 << (13 if quick else 21)
    assert contenders.honest_by_c(library, "blocks", TWO_WORDS, trips) == contenders.ours(job, trips)
    acts: dict[str, tuple[int, Act]] = {
        "nexuslic": (trips, lambda: contenders.ours(job, trips)),
        "C, the same idea": (trips, lambda: contenders.honest_by_c(library, "blocks", TWO_WORDS, trips)),
    }
    lines = beside(acts, {"C, the same idea": "at least 1.00 wanted"}, 1 if quick else 9)
    return [f"{TWO_WORDS}-day trips, two words each:", *lines]


def irregular(quick: bool) -> list[str]:
    """Clock errors, restores, codes and extensions: every trip is told from its rows."""
    if contenders.compiler() is None:
        return ["irregular trips: there is no C compiler (gcc or cc) on this computer to be measured beside"]
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        library, job, trips = (
            contenders.built("lab_told", Path(folder)),
            contenders.irregular(),
            400 if quick else 50_000,
        )
        assert job.count(0, trips).told[0] == trips
        assert contenders.irregular_by_c(library, job, trips) == contenders.ours(job, trips)
        acts: dict[str, tuple[int, Act]] = {
            "nexuslic": (trips, lambda: contenders.ours(job, trips)),
            "C, the same algorithm": (trips, lambda: contenders.irregular_by_c(library, job, trips)),
        }
        lines = beside(acts, {"C, the same algorithm": "at least 0.33 wanted"}, 1 if quick else 7)
        return ["trips with clock errors, restores, codes and extensions, one core:", *lines]


def cores(quick: bool) -> list[str]:
    """All cores beside one, by the clock on the wall, and what sharing the work costs in processor time."""
    trips, model = 1 << (19 if quick else 26), model_called("north-sea")
    lines = [
        _on_all("honest trips", contenders.honest(DAYS), trips, quick),
        _on_all("the North Sea model", Job(model, LabPolicy(), contenders.SEED, GRACES), trips // 8, quick),
    ]
    return [f"before: {load()}", *lines, f"after: {load()}"]


def _on_all(title: str, job: Job, trips: int, quick: bool) -> str:
    """Trips a second on one core and on all; on a busy machine, only the processor time says something."""
    assert counting.here(job, trips).same(job.count(0, trips))
    alone, everywhere = lambda: job.count(0, trips), lambda: counting.here(job, trips)
    one, every = _in_turns(alone, everywhere, 1 if quick else 5)
    work = least({"one": alone, "all": everywhere}, 1 if quick else 3)
    speeds = f"one core {trips / one:13,.0f}, all cores {trips / every:13,.0f} trips a second"
    ratio = f"ratio {one / every:.2f} (at least 1.80 wanted of two)"
    return f"{title:<20} {speeds}, {ratio}, processor time {work['all'] / work['one']:.2f} times"


def _in_turns(one: Act, other: Act, repeat: int) -> tuple[float, float]:
    """The least wall-clock seconds of each."""
    taken = [(wall(one), wall(other)) for _ in range(repeat)]
    return min(first for first, _ in taken), min(second for _, second in taken)


_COUNT = """\
import resource, sys
from lab_contenders import honest
from nexuslic.lab.counting import here
here(honest(45), int(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory(quick: bool) -> list[str]:
    """The most memory of a process that counts so many trips."""
    few, many = (300_000, 600_000) if quick else (1_000_000, 20_000_000)
    most = [_megabytes(trips) for trips in (few, many)]
    ratio = f"ratio {most[1] / most[0]:.2f} (1.1 at most wanted)"
    return [f"memory: {few:,} trips {most[0]:.0f} MB, {many:,} trips {most[1]:.0f} MB, {ratio}"]


def _megabytes(trips: int) -> float:
    command = [sys.executable, "-c", _COUNT, str(trips)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=contenders.HERE)
    return int(done.stdout) / 1024


def exactly(quick: bool) -> list[str]:
    """The answer of a model whose days forget, without a trip drawn."""
    job, trips = contenders.honest(DAYS), 1 << (13 if quick else 22)
    table = exact(job.model, (0, GRACES - 1)).by_grace()
    drawn = contenders.ours(job, trips)
    for share, touched in zip(table["share_touched"], drawn[0], strict=True):
        assert abs(touched - share * trips) <= SIGMAS * sqrt(trips * share * (1 - share) + 1) + 1
    taken = min(wall(lambda: exact(job.model, (0, GRACES - 1)).by_grace()) for _ in range(2 if quick else 50))
    return [f"exact, {DAYS}-day trips at every grace: {1000 * taken:.2f} ms (under 5 wanted)"]


def commands(quick: bool) -> list[str]:
    """`policy report` and `explore`, as a person calls them, with the compiled code in its cache."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        page = str(Path(folder) / "report.html")
        report = ["policy", "report", "--model", "north-sea", "--out", page, "--trips"]
        _call([*report, "1000"])
        trips, depth = ("20000", ["--depth", "2"]) if quick else ("10000000", [])
        told = wall(lambda: _call([*report, trips]))
        explored = wall(lambda: _call(["explore", *depth]))
    return [
        f"before: {load()}",
        f"policy report, {int(trips):,} trips: {told:6.1f} s (under 20 wanted on two cores)",
        f"explore{' to a depth of 2' if quick else ''}: {explored:6.1f} s (under 10 wanted)",
        f"after: {load()}",
    ]


def _call(words: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "nexuslic", *words], check=True, stdout=subprocess.DEVNULL)


ALL: dict[str, Callable[[bool], list[str]]] = {
    "honest": honest,
    "irregular": irregular,
    "cores": cores,
    "memory": memory,
    "exact": exactly,
    "commands": commands,
}


def main(words: list[str]) -> None:
    """Print the figures that are asked for, or all of them."""
    print(machine(), flush=True)
    for name in [word for word in words if word in ALL] or list(ALL):
        started = time.perf_counter()
        for line in ALL[name]("--quick" in words):
            print(line, flush=True)
        print(f"  ({time.perf_counter() - started:.0f} s)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
