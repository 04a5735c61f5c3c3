"""Who else can say what a grace does to trips, in the hands of their manuals: C, SimPy, and a state machine.

All tell the same world: the key is entered on day 1 at 07:30, a launch at 06:00 from day 2 on, a contact at noon. Each
answers with touched trips and refused days: C at every grace, the others at one.
"""

import ctypes
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import simpy
from freezegun import freeze_time
from transitions import Machine

from nexuslic.lab import bits, sampler
from nexuslic.lab.counting import Job
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.streams import key, threshold

HERE = Path(__file__).parent
FLAGS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
GRACES = 91
SEED = 1
CHANCE = 0.02
Answer = tuple[list[int], list[int]]
"""Touched trips and refused days, by grace."""
Met = Callable[[int], bool]
"""Whether there was a contact on a day of a trip."""
IRREGULAR = TripModel(
    "every trip has more than contacts",
    ((45, 1.0), (70, 1.0)),
    contact=0.03,
    crew_change=28,
    crew_change_contact=0.5,
    code=0.01,
    restore=0.02,
    rename=0.02,
    clock_back=0.05,
    clock_by=((timedelta(hours=2), 1.0), (timedelta(days=3), 1.0), (timedelta(days=30), 1.0)),
    windows_7=0.1,
    extension=1.0,
    extension_days=14,
)


def honest(days: int) -> Job:
    """Trips whose clocks are right, all of one length."""
    return Job(TripModel("honest", ((days, 1.0),), contact=CHANCE), LabPolicy(), SEED, GRACES)


def irregular() -> Job:
    """Trips each of which has an extension, and most of them clock errors, restores and codes."""
    return Job(IRREGULAR, LabPolicy(), SEED, GRACES)


def ours(job: Job, trips: int) -> Answer:
    """The lab's own answer, on one core."""
    tally = job.count(0, trips)
    return tally.touched.sum(0).tolist(), tally.refused.sum(0).tolist()


# -- C ---------------------------------------------------------------------------------------------------------------


def compiler() -> str | None:
    """The C compiler of this computer: gcc, or what stands for it."""
    return shutil.which("gcc") or shutil.which("cc")


def built(name: str, folder: Path, *flags: str) -> ctypes.CDLL:
    """The C beside this file, compiled into a folder."""
    command = compiler()
    assert command is not None, "there is no C compiler (gcc or cc) on this computer"
    library = folder / f"{name}{''.join(flags)}.so"
    subprocess.run([command, *FLAGS, *flags, "-o", str(library), str(HERE / f"{name}.c")], check=True)
    return ctypes.CDLL(str(library))


def told_by_c(tell: Any, trips: int, *middle: Any) -> Answer:
    """What a function in C answers for the trips 0 to `trips` - 1."""
    counts = np.zeros((2, GRACES), np.int64)
    touched, refused = (row.ctypes.data_as(ctypes.c_void_p) for row in counts)
    tell(ctypes.c_uint64(0), ctypes.c_uint64(trips), *middle, ctypes.c_int(GRACES), touched, refused)
    return counts[0].tolist(), counts[1].tolist()


def honest_by_c(library: ctypes.CDLL, name: str, days: int, trips: int) -> Answer:
    """Honest trips by `blocks`, `scalar` or `plain`."""
    chance, seed = ctypes.c_uint64(threshold(CHANCE)), ctypes.c_uint64(SEED)
    return told_by_c(getattr(library, name), trips, ctypes.c_int(days), chance, seed)


_FEW, _INT = 64, ctypes.c_int64


class _Numbers(ctypes.Structure):
    """The `Numbers` of lab_told.c."""

    _fields_ = (
        ("seed", ctypes.c_uint64),
        ("many_lengths", _INT),
        ("lengths", _INT * _FEW),
        ("length_chances", _INT * _FEW),
        *((name, _INT) for name in ("contact", "crew_change", "crew_change_contact", "code", "event")),
        ("event_chances", _INT * 4),
        ("many_spans", _INT),
        ("spans", _INT * _FEW),
        ("span_chances", _INT * _FEW),
        *((name, _INT) for name in ("windows_7", "extension", "extension_days", "workstations")),
        *((name, _INT) for name in ("own_clock", "identity", "tolerance", "charge")),
    )


def _in_c(value: Any) -> _Numbers:
    numbers = _Numbers(seed=SEED, many_lengths=len(value.lengths), many_spans=len(value.spans))
    for name, kind in _Numbers._fields_:
        if kind is _INT and not name.startswith("many"):
            setattr(numbers, name, int(getattr(value, name)))
        elif kind is not _INT and name != "seed":
            getattr(numbers, name)[: len(getattr(value, name))] = getattr(value, name).tolist()
    return numbers


def irregular_by_c(library: ctypes.CDLL, job: Job, trips: int) -> Answer:
    """Trips with all that a model can have, told from their rows."""
    numbers = _in_c(sampler.numbers(job.model, job.policy, SEED))
    return told_by_c(library.told, trips, ctypes.byref(numbers))


# -- Python ----------------------------------------------------------------------------------------------------------


def drawn(days: int, trips: int) -> Iterator[Met]:
    """The contacts of the lab's own trips, of up to 65 days, so that others can be held to its answers."""
    job = honest(days)
    mask = bits.mask_of(days)[0]
    won = np.zeros(bits.BLOCK, np.uint64)
    for trip in range(trips):
        ids = np.array([trip], np.uint64)
        purpose, chance = np.uint64(sampler.CONTACT), threshold(job.model.contact)
        bits.draw(ids, 1, purpose, chance, key(job.seed), mask, won, bits.drawing_room())
        yield lambda day, word=int(won[0]): bool(word >> (day - 2) & 1)


def by_chance(trips: int) -> Iterator[Met]:
    """Contacts by Python's own random numbers, drawn when they are asked for: what one would write."""
    draw = Random(SEED).random
    return (lambda _: draw() < CHANCE for _ in range(trips))


def simpy_answers(days: int, grace: int, trips: Iterable[Met]) -> tuple[int, int]:
    """Each trip a process, which wakes for every launch: touched trips and refused days at one grace."""
    touched = refused = 0

    def trip(world: simpy.Environment, met: Met) -> Iterator[simpy.Event]:
        nonlocal touched, refused
        granted, late = 7.5, 0
        yield world.timeout(6)
        for day in range(2, days + 1):
            yield world.timeout(24)
            late += world.now - granted > 24 * grace
            if met(day):
                granted = world.now + 6.5
        touched, refused = touched + (late > 0), refused + late

    for met in trips:
        world = simpy.Environment()
        world.process(trip(world, met))
        world.run()
    return touched, refused


class Aboard:
    """A license aboard by the manual of `transitions`: two states, and a guard that reads the clock."""

    def __init__(self, grace: int) -> None:
        self.grace, self.granted = timedelta(days=grace), datetime.now(UTC)
        moves = [
            {"trigger": "grant", "source": "*", "dest": "runs", "after": "remember"},
            {"trigger": "launch", "source": "runs", "dest": "refused", "conditions": "is_over"},
            {"trigger": "launch", "source": "*", "dest": "=", "unless": "is_over"},
            {"trigger": "launch", "source": "refused", "dest": "="},
        ]
        self.machine = Machine(self, states=["runs", "refused"], initial="runs", transitions=moves)

    @property
    def is_over(self) -> bool:
        return datetime.now(UTC) - self.granted > self.grace

    def remember(self) -> None:
        self.granted = datetime.now(UTC)


def machine_answers(days: int, grace: int, trips: Iterable[Met]) -> tuple[int, int]:
    """Each trip a state machine under a frozen clock, which is moved to every launch and contact."""
    touched = refused = 0
    for met in trips:
        late = 0
        with freeze_time(datetime(2026, 3, 2, 7, 30)) as clock:
            aboard = Aboard(grace)
            clock.move_to(datetime(2026, 3, 2, 6))
            for day in range(2, days + 1):
                clock.tick(timedelta(days=1))
                aboard.launch()
                late += aboard.state == "refused"
                if met(day):
                    clock.tick(timedelta(hours=6, minutes=30))
                    aboard.grant()
                    clock.tick(timedelta(hours=-6, minutes=-30))
        touched, refused = touched + (late > 0), refused + late
    return touched, refused
