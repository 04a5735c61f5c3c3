"""How fast stories are, beside other programs that can tell the same one, on one core, on two, and on real stages.

`python tests/benchmarks/story_benchmarks.py [contenders|cores|real ...] [--quick]` prints the machine, and one line a
figure with what is wanted of it. Contenders are done in turns, so that what else the machine does meets all of them.
Nothing here is a test of speed; a test runs it quickly to see that it still works.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import story_contenders as contenders
from benchmarks import ROOT, seconds, stories
from story_contenders import DrawingRule, OneRule, RuleForEach

from nexuslic.scenario import suite
from nexuslic.scenario.read import read
from nexuslic.scenario.stages import StageName, StageOn

Act = Callable[[], object]
WANTED = 2
"""How many times as fast as each contender a story is to be."""
MANY = 100


def machine() -> str:
    """What it runs on, and what of that is free."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, Python {platform.python_version()}, {load()}"


def load() -> str:
    """The load, and how many cores were idle for a second."""
    cores = os.cpu_count() or 1
    stat = Path("/proc/stat")
    if not stat.exists():
        return f"{cores} cores"
    before = _idle(stat)
    time.sleep(1)
    free = (_idle(stat) - before) / os.sysconf("SC_CLK_TCK")
    return f"load {os.getloadavg()[0]:.1f}, {free:.1f} of {cores} cores free"


def _idle(stat: Path) -> int:
    return int(stat.read_text("ascii").split()[4])


def least(acts: dict[str, Act], repeat: int) -> dict[str, float]:
    """The least processor time of each, in turns."""
    taken = {name: float("inf") for name in acts}
    for _ in range(repeat):
        for name, act in acts.items():
            taken[name] = min(taken[name], seconds(act, 1))
    return taken


def trip(case: str, quick: bool) -> list[str]:
    """One case, in all hands; the answers are compared before anything is measured."""
    chart, steps = contenders.statechart(), contenders.agenda(contenders.CASES[case])
    many = 5 if quick else MANY
    wanted = contenders.our_answers(case)
    assert contenders.sismic_answers(chart, steps) == wanted
    assert contenders.hypothesis_answers(OneRule, steps) == [wanted]
    times = len(contenders.hypothesis_answers(DrawingRule, steps, many))
    text = contenders.STORY.read_bytes()
    ours = contenders.our_run(case)
    sismic, hypothesis = f"Sismic {version('sismic')}", f"Hypothesis {version('hypothesis')}"
    acts: dict[str, Act] = {
        "nexuslic": ours,
        f"{sismic}, lean": lambda: contenders.sismic_answers(chart, steps),
        f"{sismic}, by its manual": lambda: contenders.sismic_answers(chart, steps, lean=False),
        f"{hypothesis}, lean": lambda: contenders.hypothesis_answers(OneRule, steps),
        f"{hypothesis}, by its manual": lambda: contenders.hypothesis_answers(RuleForEach, steps),
    }
    taken = least(acts, 2 if quick else 50)
    search = seconds(lambda: contenders.hypothesis_answers(DrawingRule, steps, many), 1 if quick else 3)
    taken[f"{hypothesis}, {times} in a search"] = search / times
    read_too: dict[str, Act] = {
        "nexuslic, with its file": lambda: (read(text, "story"), ours()),
        f"{sismic}, with its file": lambda: contenders.sismic_answers(contenders.statechart(), steps),
    }
    return [f"45-day trip, {case}:", *beside(taken), *beside(least(read_too, 2 if quick else 20))]


def beside(taken: dict[str, float]) -> list[str]:
    """The first one, and each of the others with how many times as fast the first is."""
    first, *others = taken
    lines = [f"  {first:<36} {1 / taken[first]:7.0f} a second"]
    for name in others:
        ratio = f"ratio {taken[name] / taken[first]:5.2f} (at least {WANTED} wanted)"
        lines.append(f"  {name:<36} {1 / taken[name]:7.0f} a second   {ratio}")
    return lines


def cores(quick: bool) -> list[str]:
    """The shipped stories on one core, and on two."""
    return [f"before: {load()}", *stories(quick), f"after: {load()}"]


TINY = """\
scenario: A first launch
format: 1
why: Does the stage stand?
starts: 2026-03-02 06:00 UTC
ends: day 1 12:00
steps: [{at: day 1 07:00, launch: ws1, expect: {state: Unlicensed}}]
"""


def wall(act: Act) -> float:
    """How long it takes by the clock on the wall, in seconds."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def stage(name: StageName, most: float, quick: bool) -> str:
    """A first tiny story, which opens the theatre, and then the 45-day one."""
    with tempfile.TemporaryDirectory(prefix="stories-") as folder:
        file = Path(folder) / f"tiny{suite.ENDING}"
        file.write_text(TINY, "utf-8")
        opened = wall(contenders.our_run("", StageOn(name), file))
    taken = [wall(contenders.our_run("as today", StageOn(name))) for _ in range(1 if quick else 5)]
    figure = f"{min(taken):5.2f} to {max(taken):.2f} s (under {most} wanted)"
    return f"45-day trip on {name.value:<12} {figure}; opening the stage before it {opened:.2f} s"


def real(quick: bool) -> list[str]:
    """The trip on both real stages, and all shipped stories on both."""
    lines = [f"before: {load()}", stage(StageName.SQLITE, 4, quick), stage(StageName.POSTGRESQL, 6, quick)]
    every = str(ROOT / "scenarios" / ("hasp" if quick else ""))
    total = 0.0
    for name in ("sqlite", "postgresql"):
        command = [sys.executable, "-m", "nexuslic", "run", every, "--on", name]
        taken = wall(lambda command=command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
        lines.append(f"all shipped stories on {name:<10} {taken:6.1f} s")
        total += taken
    return [*lines, f"all shipped stories on both       {total:6.1f} s (under 360 wanted)", f"after: {load()}"]


def all_contenders(quick: bool) -> list[str]:
    """Both cases."""
    return [line for case in contenders.CASES for line in trip(case, quick)]


ALL: dict[str, Callable[[bool], list[str]]] = {"contenders": all_contenders, "cores": cores, "real": real}


def main(words: list[str]) -> None:
    """Print the figures that are asked for, or all of them."""
    print(machine(), flush=True)
    for name in [word for word in words if word in ALL] or list(ALL):
        for line in ALL[name]("--quick" in words):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
