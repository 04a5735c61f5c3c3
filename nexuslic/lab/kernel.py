"""The kernel: one trip at every grace, in one pass over its rows.

Graces that have seen the same so far share a branch: the license time, the last reading and the marks that the rules
keep. A launch without contact splits the branch that its license time falls into: above, it runs and is remembered;
below, it is refused and nothing of the clock is kept. A grant makes them one again. The rules are those of
`rules.license_time` and `rules.grace`, over numbers; tests hold the two together, day by day.
"""

from typing import Any, Final

import numpy as np

from nexuslic.lab.compiled import compiled
from nexuslic.lab.program import COUNTED, DAY, SERVED, STORED, Column, Kind

_LAUNCH: Final = int(Kind.LAUNCH)
_GRANT: Final = int(Kind.GRANT)
_REFUSED: Final = int(Kind.REFUSED)
_COPY: Final = int(Kind.COPY)
_KIND, _DAY, _PLACE, _MARK = int(Column.KIND), int(Column.DAY), int(Column.PLACE), int(Column.MARK)
_READING, _SERVER, _BASE = int(Column.READING), int(Column.SERVER), int(Column.BASE)
_SWEPT, _ENDS, _FLAGS = int(Column.SWEPT), int(Column.ENDS), int(Column.FLAGS)
GRANTED_AT, BASE, SWEPT, ENDS, NUMBER = 0, 1, 2, 3, 4
"""Of a place, at every grace the same: its grant."""
NO_GRANT: Final = -1


@compiled(allocates=True)
def room(places: int, marks: int, graces: int, rows: int) -> Any:
    """Where a trip is worked out: the lowest grace of each branch, its state, the places' grants, and their times.

    The state of a branch: license time and last reading of each place, and behind them license time and the number of
    the grant of each mark.
    """
    lows = np.zeros(graces + 1, np.int64)
    branches = np.zeros((graces + 1, 2 * places + 2 * marks), np.int64)
    return lows, branches, np.zeros((places, 5), np.int64), np.zeros(rows + 1, np.int64)


@compiled(within=True)
def _refuse(low: int, high: int, day: int, refused: Any, first: Any, latest: Any) -> None:
    """Count a refused day for the graces from `low` to `high`, once."""
    for grace in range(low, high):
        new = latest[grace] != day
        latest[grace] = day
        refused[grace] += 1 if new else 0
        first[grace] = day if first[grace] == 0 else first[grace]


@compiled(within=True)
def _least(seen: int, grants: Any, place: int) -> Any:
    """The least swept days at which a launch at the license time `seen` runs."""
    if seen > grants[place, ENDS]:
        return 1 << 40
    short = seen - grants[place, GRANTED_AT] - grants[place, BASE] * DAY
    if grants[place, SWEPT] == 0:
        return 0 if short <= 0 else 1 << 40
    return max(0, -(-short // DAY))


@compiled(within=True)
def _left(seen: int, days: int, grants: Any, place: int) -> Any:
    """Days left at the license time `seen`, rounded up."""
    days = grants[place, BASE] + grants[place, SWEPT] * days
    deadline = min(grants[place, GRANTED_AT] + days * DAY, grants[place, ENDS])
    return max(0, -((seen - deadline) // DAY))


@compiled(within=True)
def _observed(branches: Any, at: int, place: int, reading: int, tolerance: int, charge: int) -> Any:
    """License time and last reading after the clock showed `reading` (rules: License time)."""
    time, last = branches[at, 2 * place], branches[at, 2 * place + 1]
    behind = last - reading
    if behind <= 0:
        return time - behind, reading
    if behind <= tolerance:
        return time, last
    return time + charge, reading


@compiled(within=True)
def _split(lows: Any, branches: Any, count: int, at: int, least: int) -> int:
    """Make the graces from `least` on a branch of their own, behind the one `at`."""
    for other in range(count, at + 1, -1):
        lows[other] = lows[other - 1]
        for column in range(branches.shape[1]):
            branches[other, column] = branches[other - 1, column]
    lows[at + 1] = least
    for column in range(branches.shape[1]):
        branches[at + 1, column] = branches[at, column]
    return count + 1


@compiled(within=True)
def _heeded(branches: Any, at: int, mark: int, seen: int, number: int, times: Any) -> Any:
    """License time at least the mark's, and whether the mark is of this grant or a later one."""
    if mark < 0 or branches[at, mark + 1] == NO_GRANT:
        return seen, False
    of = branches[at, mark + 1]
    valid = of == number or times[of] > times[number]
    return (max(seen, branches[at, mark]) if valid else seen), valid


@compiled(within=True)
def _remember(branches: Any, at: int, mark: int, seen: int, number: int, valid: bool) -> None:
    """Keep on the workstation what was seen, of the mark's grant or of a later one."""
    if mark >= 0:
        branches[at, mark] = max(seen, branches[at, mark]) if valid else seen
        branches[at, mark + 1] = branches[at, mark + 1] if valid else number


@compiled(within=True)
def _grant(rows: Any, index: int, mark: int, work: Any, count: int, number: int) -> None:
    """A grant: license time is the license server's, at every grace (rules: A launch, 7)."""
    _, branches, grants, times = work
    place, stored, server = rows[index, _PLACE], rows[index, _FLAGS] & STORED, rows[index, _SERVER]
    times[number] = server
    if stored:
        grants[place, GRANTED_AT], grants[place, BASE] = server, rows[index, _BASE]
        grants[place, SWEPT], grants[place, ENDS] = rows[index, _SWEPT], rows[index, _ENDS]
        grants[place, NUMBER] = number
    for at in range(count):
        if stored:
            branches[at, 2 * place] = server
            branches[at, 2 * place + 1] = rows[index, _READING]
        if mark >= 0:
            branches[at, mark] = server
            branches[at, mark + 1] = number


@compiled(within=True)
def _mismatch(place: int, mark: int, work: Any, count: int) -> None:
    """Names that differ are written to the mark, with what the license has seen."""
    _, branches, grants, times = work
    number = grants[place, NUMBER]
    for at in range(count):
        seen = branches[at, 2 * place]
        _, valid = _heeded(branches, at, mark, seen, number, times)
        _remember(branches, at, mark, seen, number, valid)


@compiled(within=True)
def _copy(to: int, source: int, work: Any, count: int) -> None:
    """What stands in one place goes to another."""
    _, branches, grants, _ = work
    for column in range(grants.shape[1]):
        grants[to, column] = grants[source, column]
    for at in range(count):
        branches[at, 2 * to] = branches[at, 2 * source]
        branches[at, 2 * to + 1] = branches[at, 2 * source + 1]


@compiled(within=True)
def _launch(
    rows: Any, index: int, mark: int, rules: Any, work: Any, count: int, still: int, launch: int, told: Any
) -> Any:
    """A launch without contact at every grace: how many branches there are now, and how many of the first are refused.

    And the days left, and one more. The first `still` branches are refused without a look: they were before, at a
    reading that was ahead of what they remember, and no later than this one.
    """
    lows, branches, grants, times = work
    refused, first, latest, ran = told
    tolerance, charge, looked_at = rules
    day, place, reading = rows[index, _DAY], rows[index, _PLACE], rows[index, _READING]
    stored, number = rows[index, _FLAGS] & STORED, grants[place, NUMBER]
    graces, at, left = refused.shape[0], still, 0
    bound = lows[still] if still < count else graces
    _refuse(0, bound, day, refused, first, latest)
    if ran.shape[0]:
        ran[launch, :bound] = 0
    while at < count:
        low = lows[at]
        high = lows[at + 1] if at + 1 < count else graces
        seen, last = _observed(branches, at, place, reading, tolerance, charge)
        seen, valid = _heeded(branches, at, mark, seen, number, times)
        least = _least(seen, grants, place)
        if least > low:
            _refuse(low, min(least, high), day, refused, first, latest)
            if ran.shape[0]:
                ran[launch, low : min(least, high)] = 0
            still += 1 if still == at and branches[at, 2 * place + 1] <= reading else 0
        if low < least < high:
            count = _split(lows, branches, count, at, least)
            at += 1
        if least < high:
            if stored:
                branches[at, 2 * place], branches[at, 2 * place + 1] = seen, last
            _remember(branches, at, mark, seen, number, valid)
            if max(low, least) <= looked_at < high:
                left = 1 + _left(seen, looked_at, grants, place)
        at += 1
    return count, still, left


@compiled()
def tell(rows: Any, many: int, shape: Any, rules: Any, work: Any, told: Any) -> Any:
    """Tell the first `many` rows of a trip at every grace; 1 + the days left at its end, and the fewest before.

    Both at one grace: 0 where the trip ends in a refusal, 0 where no launch ran without contact. `shape`: places, marks
    and graces (0 up to one less). `rules`: tolerance and charge (seconds), and the grace at which the days left are
    wanted. `work`: a `room`. `told` is filled: by grace, the refused days, the first of them (0: none) and room for a
    number; and, where it has rows, 1 for each counted launch and grace that ran.
    """
    places, marks, graces = shape
    lows, branches, grants, _ = work
    refused, first, latest, ran = told
    count, number, launch, left, fewest, still, before, shown = 1, 0, 0, 0, 0, 0, -1, 0
    lows[0] = 0
    for column in range(2 * places + 2 * marks):
        branches[0, column] = NO_GRANT if column >= 2 * places and column % 2 else 0
    for grace in range(graces):
        refused[grace] = first[grace] = latest[grace] = 0
    for index in range(many):
        kind, place = rows[index, _KIND], rows[index, _PLACE]
        if kind == _COPY:
            _copy(place, rows[index, _MARK], work, count)
            before = -1
            continue
        mark = 2 * places + 2 * rows[index, _MARK] if rows[index, _MARK] >= 0 else NO_GRANT
        counted, served = rows[index, _FLAGS] & COUNTED, rows[index, _FLAGS] & SERVED
        if ran.shape[0] and counted:
            ran[launch, :] = 1
        if kind == _GRANT:
            number += 1
            _grant(rows, index, mark, work, count, number)
            count, before = 1 if places == 1 and marks == 0 else count, -1
            left = 1 + _left(rows[index, _SERVER], rules[2], grants, place)
        elif kind == _LAUNCH:
            here = place * (marks + 1) + rows[index, _MARK] + 1
            still = still if here == before and rows[index, _READING] >= shown else 0
            count, still, left = _launch(rows, index, mark, rules, work, count, still, launch, told)
            before, shown = here, rows[index, _READING]
            fewest = left if left and (left < fewest or not fewest) else fewest
        elif kind == _REFUSED and mark >= 0:
            _mismatch(place, mark, work, count)
        if kind == _REFUSED or (kind == _GRANT and not served):
            _refuse(0, graces, rows[index, _DAY], refused, first, latest)
            left = 0
            if ran.shape[0] and counted:
                ran[launch, :] = 0
        launch += 1 if counted else 0
    return left, fewest
