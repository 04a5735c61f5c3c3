"""A CSV file as spreadsheets write it: commas, semicolons or tabs, with a byte order mark or without, in UTF-8."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

import attrs
import polars as pl

from nexuslic.lab.fleet.problems import Problem, TripsError, refused

_HEAD = 1 << 16
_BLOCK = 1 << 22
_SHOWN = 5
_QUOTES = "see to its quotation marks: each that opens must close"
_UTF_8 = "save the file as CSV UTF-8"


@attrs.frozen
class CsvFile:
    """A file of this kind: where it is, how it was named, its separator and its headings."""

    path: Path
    name: str
    separator: str
    headings: tuple[str, ...]

    @classmethod
    def opened(cls, path: Path, name: str) -> "CsvFile":
        """Look at its beginning. Raises TripsError."""
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise refused(name, "this is UTF-16", _UTF_8)
        if head.startswith(b"PK\x03\x04"):
            raise refused(name, "this is a spreadsheet or an archive, and no CSV", _UTF_8)
        if b"\0" in head or (b"\r" in head and b"\n" not in head):
            raise refused(name, "this is no table", "give a CSV file, or a Parquet file")
        _check_text(path, name)
        text = head.decode("utf-8-sig", "ignore")
        separator = _separator(text)
        return cls(path, name, separator, _headings(text, separator))

    def read(self, most: int) -> pl.DataFrame:
        """The first `most` rows below the headings, all as text; columns are named by place. Raises TripsError."""
        try:
            return self._polars(most, ragged=False)
        except pl.exceptions.PolarsError:
            self._check_widths()
        try:
            return self._polars(most, ragged=True)
        except pl.exceptions.PolarsError as error:
            raise refused(self.name, "its rows cannot be told apart", _QUOTES) from error

    def _polars(self, most: int, *, ragged: bool) -> pl.DataFrame:
        return pl.read_csv(
            self.path,
            new_columns=[str(place) for place in range(len(self.headings))],
            infer_schema=False,
            separator=self.separator,
            n_rows=most,
            truncate_ragged_lines=ragged,
        )

    def _check_widths(self) -> None:
        width = len(self.headings)
        found = []
        for row, cells in self._rows():
            if any(cell.strip() for cell in cells[width:]):
                what = f"this row has {len(cells)} cells, and the headings are {width}"
                do = f'put a text that holds "{self.separator}" into double quotes'
                found.append(Problem(self.name, row, None, what, do))
            if len(found) == _SHOWN:
                break
        if found:
            raise TripsError(tuple(found), len(found))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                yield from enumerate(csv.reader(stream, delimiter=self.separator), 1)
        except csv.Error:
            return


def _check_text(path: Path, name: str) -> None:
    """Refuse what is not UTF-8, and a quotation mark that stays open: whatever follows it would be lost."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    row, marks = 1, 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise _not_utf_8(name, row, error) from None
            if not block:
                break
            row += block.count(b"\n")
            marks += block.count(b'"')
    if marks % 2:
        raise refused(name, "it has an odd number of quotation marks", _QUOTES)


def _not_utf_8(name: str, row: int, error: UnicodeDecodeError) -> TripsError:
    row += error.object[: error.start].count(b"\n")
    what = f"this is not UTF-8 (byte {error.object[error.start]:02x})"
    return TripsError((Problem(name, row, None, what, _UTF_8),), 1)


def _separator(text: str) -> str:
    """What the first line separates its headings with."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _headings(text: str, separator: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(text.splitlines(keepends=True), delimiter=separator), ()))
    except csv.Error:
        return ()
