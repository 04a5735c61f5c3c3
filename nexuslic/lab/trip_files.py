"""A fleet's own list of trips: a CSV or Parquet file, a row a trip, understood whole or refused by row and column.

The columns are documented in docs/reference/trips.md. Nothing is guessed: what may mean two things is a problem.
"""

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import attrs

from nexuslic.lab.fleet import cells
from nexuslic.lab.fleet.problems import Problem, Problems, TripsError
from nexuslic.lab.fleet.rows import FleetTrip, RowReader
from nexuslic.lab.fleet.table import Table, read_table

__all__ = ["FleetTrip", "Loaded", "Problem", "TripsError", "load", "read_trips"]

_SLICE = 50_000


@attrs.frozen
class Loaded:
    """What a file holds: the trips that are right, the first thousand `problems`, and how many there are of those.

    `ignored`: the headings that mean nothing to us.
    """

    trips: tuple[FleetTrip, ...]
    problems: tuple[Problem, ...]
    count: int
    ignored: tuple[str, ...]


def read_trips(path: Path) -> tuple[FleetTrip, ...]:
    """The trips in a file, in its order. Raises TripsError with the first few problems, by row and column."""
    loaded = load(path)
    if loaded.count:
        raise TripsError(loaded.problems, loaded.count)
    return loaded.trips


def load(path: Path) -> Loaded:
    """The trips in a file and what is wrong with it; never raises for what a file holds."""
    name = str(path)
    try:
        table = read_table(path, name)
    except TripsError as error:
        return Loaded((), error.problems, error.count, ())
    problems = Problems(name)
    trips = _trips(table, problems)
    _check_overlaps(trips, problems)
    if not trips and not problems.count:
        problems.add(None, None, "there is no trip in it", "write a row for each trip below the headings")
    return Loaded(tuple(trips), problems.told(), problems.count, table.ignored)


def _trips(table: Table, problems: Problems) -> list[FleetTrip]:
    reader = RowReader(problems, cells.zone(table.zone))
    read = (reader.read(row, found) for row, found in _rows(table) if found)
    return [trip for trip in read if trip is not None]


def _rows(table: Table) -> Iterator[tuple[int, dict[str, Any]]]:
    """The cells of each row that are not empty, by column."""
    names, row = table.frame.columns, 1
    for part in table.frame.iter_slices(_SLICE):
        for values in zip(*(map(_cell, part[name].to_list()) for name in names), strict=True):
            row += 1
            yield row, {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value) or None
    return None if isinstance(value, str) and not value.strip() else value


def _check_overlaps(trips: list[FleetTrip], problems: Problems) -> None:
    """One vessel is on one trip at a time; it may come back and leave again on one day."""
    by_vessel: dict[str, list[FleetTrip]] = {}
    for trip in trips:
        if trip.vessel:
            by_vessel.setdefault(trip.vessel.casefold(), []).append(trip)
    for fleet in by_vessel.values():
        latest = min(fleet, key=attrgetter("departure", "row"))
        for trip in sorted(fleet, key=attrgetter("departure", "row")):
            if trip is not latest and trip.departure < latest.back:
                what = f"{trip.vessel} leaves on {trip.departure}, before it is back from the trip of row {latest.row}"
                problems.add(trip.row, "departure", f"{what}, on {latest.back}", "correct the dates, or the vessel")
            latest = max(latest, trip, key=attrgetter("back"))
