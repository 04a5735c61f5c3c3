"""A list of customers as CSV: all of it is right, or every mistake is named at `file:line:column`.

The first line names the columns; `organisation` has to be there, the others may be. An empty cell is what `issue` takes
where nothing is said. What a spreadsheet writes is read as it is: a byte order mark, semicolons or tabs, any line ends.
"""

import csv
import difflib
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from nexuslic.cli.vendor.options import MOST_DAYS, MOST_SEATS, TYPES, count, moment, name, version
from nexuslic.errors import InputError

MOST = 10_000
"""Licenses that a license server issues at once."""

_SHOWN = 50
"""Mistakes that are named one by one."""


def _kind(text: str) -> str:
    told = text.strip().lower()
    if told not in TYPES:
        raise ValueError(f"{text!r} is no type: write {' or '.join(TYPES)}")
    return told


COLUMNS: dict[str, Callable[[str], Any]] = {
    "organisation": name,
    "type": _kind,
    "seats": lambda text: count(text, 0, MOST_SEATS),
    "grace_days": lambda text: count(text, 0, MOST_DAYS),
    "minimum_version": version,
    "ends": lambda text: moment(text).isoformat(),
}


@attrs.frozen
class Customers:
    """The licenses of a list, and how its file was written: what stands between cells, and at its start."""

    licenses: list[dict[str, Any]]
    delimiter: str
    mark: bool

    def write(self, items: Iterable[dict[str, Any]]) -> str:
        """What was issued, with the keys, as CSV of the same kind."""
        text = io.StringIO()
        rows = csv.DictWriter(text, ("key", *COLUMNS), extrasaction="ignore", delimiter=self.delimiter)
        rows.writeheader()
        for item in items:
            rows.writerow({**item, "ends": item["ends"] or ""})
        return ("\ufeff" if self.mark else "") + text.getvalue()


def read(data: bytes, file: str) -> Customers:
    """The licenses in a file. Raises InputError that names every mistake."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8: save it as `CSV UTF-8`") from error
    mark, text = text.startswith("\ufeff"), text.removeprefix("\ufeff")
    delimiter = max(",;\t", key=text.splitlines()[0].count) if text.strip() else ","
    rows = _rows(text, delimiter, file)
    _, heads = next(rows, (1, []))
    mistakes: list[str] = []
    columns = list(_columns(heads, file, mistakes))
    licenses = [] if mistakes else [_license(row, columns, f"{file}:{line}", mistakes) for line, row in rows]
    if not mistakes and not 1 <= len(licenses) <= MOST:
        raise InputError(f"{file} has {len(licenses)} licenses: one import takes 1 to {MOST}")
    if mistakes:
        raise InputError(_told(mistakes))
    return Customers(licenses, delimiter, mark)


def _rows(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the lines that they begin on; those without any text are left out."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield line, row
            line = rows.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{file}:{line}:1: this is no CSV from here on ({error}): see to its quotation marks"
        ) from error


def _columns(heads: list[str], file: str, mistakes: list[str]) -> Iterator[str]:
    told = [head.strip().lower() for head in heads]
    for place, head in enumerate(told, 1):
        where = f"{file}:1:{place}"
        if head in told[: place - 1]:
            mistakes.append(f"{where}: the column `{head}` is there twice: leave one out")
        elif head not in COLUMNS:
            near = difflib.get_close_matches(head, COLUMNS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"columns: {', '.join(COLUMNS)}"
            mistakes.append(f"{where}: there is no column `{heads[place - 1].strip()}`: {hint}")
        yield head
    if not mistakes and "organisation" not in told:
        mistakes.append(f"{file}:1:1: the column `organisation` is missing: name the columns in the first line")


def _license(row: list[str], columns: list[str], where: str, mistakes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    who = columns.index("organisation")
    if not "".join(row[who : who + 1]).strip():
        mistakes.append(f"{where}:{who + 1}: organisation: it is missing")
    for place, cell in enumerate(row, 1):
        if place > len(columns):
            if cell.strip():
                mistakes.append(f"{where}:{place}: there is no column for {cell!r}: put its text in quotation marks")
            continue
        if cell.strip():
            try:
                found[columns[place - 1]] = COLUMNS[columns[place - 1]](cell)
            except ValueError as error:
                mistakes.append(f"{where}:{place}: {columns[place - 1]}: {error}")
    return found


def _told(mistakes: list[str]) -> str:
    more = len(mistakes) - _SHOWN
    last = [f"and {more} more"] if more > 0 else []
    return "\n".join([*mistakes[:_SHOWN], *last, "nothing was issued: correct the list, then import it again"])
