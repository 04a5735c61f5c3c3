"""A file of trips as a table: its columns under our names, its size kept within bounds, whatever kind it is of.

Only the columns that we know are read. A Parquet file says its size before it is read; of a CSV file no more is
taken than one row too many.
"""

from pathlib import Path

import attrs
import polars as pl

from nexuslic.lab.fleet import columns
from nexuslic.lab.fleet.csv_file import CsvFile
from nexuslic.lab.fleet.problems import Problems, refused

MOST_ROWS = 5_000_000
MOST_BYTES = 1_000_000_000
_SPLIT = f"split it: a file holds {MOST_ROWS:,} trips and {MOST_BYTES // 1_000_000_000} GB at most"
_NO_TABLE = "give a CSV file, or a Parquet file that is whole"
_EMPTY = "give a CSV or Parquet file with the columns departure and return"
_NUMBERS = ("crew", "extension", "workstations")


@attrs.frozen
class Table:
    """The rows of a file, the columns that it has and we do not know, and the zone that its dates carry."""

    frame: pl.DataFrame
    ignored: tuple[str, ...]
    zone: str


def read_table(path: Path, name: str) -> Table:
    """The table in a file. Raises TripsError."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise refused(name, "this is a folder", "name a file in it")
        if size == 0:
            raise refused(name, "this file is empty", _EMPTY)
        if size > MOST_BYTES:
            raise refused(name, f"this file has {size / 1e9:.1f} GB", _SPLIT)
        table = _parquet(path, name) if _is_parquet(path) else _csv(path, name)
    except OSError as error:
        raise refused(
            name, f"it cannot be read ({error.strerror or error})", "see to its path and its rights"
        ) from error
    if table.frame.height > MOST_ROWS:
        raise refused(name, f"this file has more than {MOST_ROWS:,} rows", _SPLIT)
    return table


def _is_parquet(path: Path) -> bool:
    if path.suffix.lower() in (".parquet", ".pq"):
        return True
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _csv(path: Path, name: str) -> Table:
    problems = Problems(name)
    file = CsvFile.opened(path, name)
    found = columns.understood(file.headings, problems)
    problems.stop()
    frame = file.read(MOST_ROWS + 1)
    ours = [pl.col(str(place)).alias(column) for column, place in found.places.items()]
    return Table(frame.select(ours), found.ignored, "UTC")


def _parquet(path: Path, name: str) -> Table:
    try:
        return _whole_parquet(path, name)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise refused(name, "this Parquet file is damaged, cut short, or none", _NO_TABLE) from error


def _whole_parquet(path: Path, name: str) -> Table:
    problems = Problems(name)
    lazy = pl.scan_parquet(path, glob=False)
    schema = lazy.collect_schema()
    found = columns.understood(schema.names(), problems)
    problems.stop()
    kinds = list(schema.dtypes())
    for column, place in found.places.items():
        _check_kind(column, kinds[place], problems)
    problems.stop()
    if lazy.select(pl.len()).collect().item() > MOST_ROWS:
        raise refused(name, f"this file has more than {MOST_ROWS:,} rows", _SPLIT)
    ours = [pl.col(schema.names()[place]).alias(column) for column, place in found.places.items()]
    return Table(lazy.select(ours).collect(), found.ignored, _zone_of(kinds[found.places["departure"]]))


def _zone_of(kind: pl.DataType) -> str:
    return (isinstance(kind, pl.Datetime) and kind.time_zone) or "UTC"


def _check_kind(column: str, kind: pl.DataType, problems: Problems) -> None:
    several = column in (*columns.TIMES, "clocks")
    inner = kind.inner if several and isinstance(kind, pl.List) else kind
    assert isinstance(inner, pl.DataType)
    text = isinstance(inner, pl.String | pl.Categorical | pl.Enum | pl.Null)
    dates = inner.is_temporal() and isinstance(inner, pl.Date | pl.Datetime)
    if column in _NUMBERS:
        fits = text or inner.is_numeric()
    elif column in columns.REQUIRED or column in columns.TIMES:
        fits = text or dates
    else:
        fits = text or (inner.is_integer() and column in ("trip", "vessel"))
    if not fits:
        problems.add(None, column, f"it holds {kind}", "store numbers, dates or text there, as the column's page says")
