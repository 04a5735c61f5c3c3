"""A trip as the kernel reads it: a list of numbers, a row for each thing that moves the license or asks it.

What does not depend on the grace period (who connects where, which grant is stored, who is refused for another reason)
is decided once, when the rows are written; the kernel then tells every grace from them. Times are seconds, all from
one instant (UTC); days count from 1.
"""

from enum import IntEnum
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
DAY: Final = 86_400
FOREVER: Final = 1 << 60
"""An end of term where there is none."""


class Kind(IntEnum):
    """What a row does."""

    LAUNCH = 0
    """Without contact: runs at the graces that reach so far."""
    GRANT = 1
    """The license server granted: at a launch, by a key or by a code."""
    REFUSED = 2
    """A launch that is refused at every grace; with a mark, for names that differ, which the mark remembers."""
    RUNS = 3
    """A launch that runs at every grace, and moves nothing (a dongle)."""
    COPY = 4
    """What one place holds goes to another: a backup, or its restore."""


class Column(IntEnum):
    """What stands where in a row.

    `PLACE` holds a record: a database or a backup (of a COPY: where it goes; `MARK` is then where it is from).
    `MARK` is what the workstation keeps of that record (-1: nothing). `READING` is what the clock shows, `SERVER` the
    license server's time of a grant. A grant carries `BASE` days and, where `SWEPT` is 1, the days that are swept.
    `ENDS` is the end of the license's term.
    """

    KIND = 0
    DAY = 1
    PLACE = 2
    MARK = 3
    READING = 4
    SERVER = 5
    BASE = 6
    SWEPT = 7
    ENDS = 8
    FLAGS = 9


WIDTH: Final = len(Column)
COUNTED: Final = 1
"""It is a launch, and counted as one."""
STORED: Final = 2
"""The database stores it; without, only the mark is kept."""
SERVED: Final = 4
"""Of a grant: neither a user nor a seat refuses the launch."""
LAUNCHED: Final = COUNTED | STORED | SERVED


@attrs.frozen(eq=False)
class Program:
    """The rows of one trip, how many places and marks they name, and the trip's last day."""

    rows: Rows
    places: int
    marks: int
    days: int


def row(kind: Kind, day: int, **columns: int) -> list[int]:
    """A row: columns by their names in lower case; else 0, but no mark, no end of term, and the flags of a launch."""
    numbers = [0] * WIDTH
    numbers[Column.KIND], numbers[Column.DAY] = kind, day
    numbers[Column.MARK], numbers[Column.ENDS], numbers[Column.FLAGS] = -1, FOREVER, LAUNCHED
    for name, value in columns.items():
        numbers[Column[name.upper()]] = value
    return numbers


def program(rows: list[list[int]], days: int) -> Program:
    """The rows as a program."""
    table = np.array(rows, np.int64).reshape(len(rows), WIDTH)
    places = table[:, Column.PLACE].max(initial=0) + 1
    copies = table[:, Column.KIND] == Kind.COPY
    places = max(places, table[copies, Column.MARK].max(initial=0) + 1)
    return Program(table, int(places), int(table[~copies, Column.MARK].max(initial=-1)) + 1, days)
