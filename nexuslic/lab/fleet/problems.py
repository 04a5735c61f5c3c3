"""What is wrong with a list of trips: at which row, in which column, and what to do about it."""

import attrs

from nexuslic.errors import InputError

KEPT = 1000
"""How many problems of a file are told apart; the others are only counted."""
FIRST = 5
"""How many an error shows."""


class BadCell(InputError):
    """A cell that cannot be understood: `what` is so, and what to `do`."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what}: {do}")
        self.what = what
        self.do = do


@attrs.frozen
class Problem:
    """One thing that is wrong; `row` counts as a person does (the header is 1), None where it is the whole file."""

    file: str
    row: int | None
    column: str | None
    what: str
    do: str

    @property
    def place(self) -> str:
        """`file:row 7, column "contacts"`, as far as it is known."""
        row = "" if self.row is None else f":row {self.row}"
        column = "" if self.column is None else f'column "{self.column}"'
        return f"{self.file}{row}" + (f"{', ' if row else ': '}{column}" if column else "")

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.do}"


class TripsError(InputError):
    """A list of trips that cannot be used; the text shows the first few of its `problems`, `count` is how many."""

    def __init__(self, problems: tuple[Problem, ...], count: int) -> None:
        lines = [str(one) for one in problems[:FIRST]]
        if count > FIRST:
            lines.append(f"and {count - FIRST:,} more: `nexuslic trips check {problems[0].file}` shows them")
        super().__init__("\n".join(lines))
        self.problems = problems
        self.count = count

    def __reduce__(self) -> tuple[type["TripsError"], tuple[tuple[Problem, ...], int]]:
        return type(self), (self.problems, self.count)


@attrs.define
class Problems:
    """Those of one file, as they are found."""

    file: str
    found: list[Problem] = attrs.Factory(list)
    count: int = 0

    def add(self, row: int | None, column: str | None, what: str, do: str) -> None:
        self.count += 1
        if len(self.found) < KEPT:
            self.found.append(Problem(self.file, row, column, what, do))

    def told(self) -> tuple[Problem, ...]:
        """Those that were kept, by row."""
        return tuple(sorted(self.found, key=lambda one: one.row or 0))

    def stop(self) -> None:
        """Raises TripsError where there is one."""
        if self.count:
            raise TripsError(self.told(), self.count)


def refused(file: str, what: str, do: str, column: str | None = None) -> TripsError:
    """One problem of a whole file, as an error."""
    return TripsError((Problem(file, None, column, what, do),), 1)
