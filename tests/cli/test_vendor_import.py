"""Lists of customers: all of it is right, or every mistake is named and nothing is issued."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.cli.vendor import customers, options
from nexuslic.cli.vendor.link import Vendor
from nexuslic.errors import InputError
from nexuslic.server import forms

LIST = """\
organisation,type,seats,grace_days,minimum_version,ends
Northern Survey,named,12,45,6.2,2027-12-31
"Smith, Jones",,,,,
"""

KEYS = """\
key,organisation,type,seats,grace_days,minimum_version,ends
3557-1738-60404,Northern Survey,named,12,45,6.2,2027-12-31T23:59:59Z
4202-1016-29135,"Smith, Jones",concurrent,1,30,0.0,
"""

WRONG = """\
organisation,seats,ends,type
A,twelve,31.12.2026,floating
,,,
,5,,
B,1,,,more
"""

MISTAKES = """\
error: list.csv:2:2: seats: 'twelve' is not a whole number from 0 to 100000
list.csv:2:3: ends: '31.12.2026' is no date such as 2026-12-31 (the end of that day in UTC) and no time with its zone \
such as 2026-12-31T18:00+01:00
list.csv:2:4: type: 'floating' is no type: write concurrent or named
list.csv:4:1: organisation: it is missing
list.csv:5:5: there is no column for 'more': put its text in quotation marks
nothing was issued: correct the list, then import it again
"""


def stored(desk):
    return json.loads(desk.call("list", "--json").out)["items"]


def full_disk(path):
    return open("/dev/full", "w")


@pytest.fixture
def load(desk, tmp_path, monkeypatch):
    def imported(data, *args, full=False):
        if full:
            monkeypatch.setattr("nexuslic.cli.vendor.import_list._new", full_disk)
        (tmp_path / "list.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
        return desk.call("import", "list.csv", *args)

    return imported


def test_a_list_comes_back_with_its_keys(desk, load):
    done = load(LIST)
    assert (done.status, done.out, done.err) == (0, KEYS, "")
    assert [one["key"] for one in stored(desk)] == ["3557-1738-60404", "4202-1016-29135"]


def test_every_mistake_is_named_and_nothing_is_issued(desk, load):
    done = load(WRONG)
    assert (done.status, done.out, done.err) == (2, "", MISTAKES)
    assert stored(desk) == []


def test_what_a_spreadsheet_writes_is_read_and_written_likewise(load, tmp_path):
    done = load("\ufeff" + LIST.replace(",", ";").replace("\n", "\r\n"), "--output", "keys.csv")
    assert done.status == 0
    written = (tmp_path / "keys.csv").read_bytes().decode("utf-8")
    assert written.startswith("\ufeffkey;organisation;") and written.count("\r\n") == 3
    assert "Smith; Jones" in written


def test_tabs_stand_between_cells_too(load):
    assert load("organisation\tseats\nA\t3\n").out.endswith("\tA\tconcurrent\t3\t30\t0.0\t\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ends_count_lines(load, end: str):
    done = load(f'organisation,seats{end}"two{end}lines",1{end}B,x{end}')
    assert "list.csv:2:1: organisation: a name has 1 to 200 characters, and no line breaks" in done.err
    assert "list.csv:4:2: seats: 'x'" in done.err


def test_columns_stand_in_any_order_and_case(load):
    assert load("Seats, ORGANISATION\n 3 , A \n").out.endswith(",A,concurrent,3,30,0.0,\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "list.csv:1:1: the column `organisation` is missing"),
        ("seats\n3\n", "list.csv:1:1: the column `organisation` is missing: name the columns in the first line"),
        ("organisation,seat\nA,3\n", "list.csv:1:2: there is no column `seat`: did you mean `seats`?"),
        ("organisation,colour\nA,3\n", "there is no column `colour`: columns: organisation, type, seats"),
        ("organisation,seats,Seats\nA,3,3\n", "list.csv:1:3: the column `seats` is there twice: leave one out"),
        ("organisation\n", "list.csv has 0 licenses: one import takes 1 to 10000"),
        ("organisation\n" + "A\n" * 10_001, "list.csv has 10001 licenses: one import takes 1 to 10000"),
        ('organisation\n"A\n', "list.csv:2:1: this is no CSV from here on"),
        (b"organisation\n\xe4pfel\n", "list.csv is not UTF-8: save it as `CSV UTF-8`"),
        (b"\xff\xfeo\x00", "list.csv is not UTF-8"),
    ],
)
def test_what_is_no_list_is_refused(desk, load, text, words: str):
    done = load(text)
    assert (done.status, done.out) == (2, "") and words in done.err
    assert stored(desk) == []


def test_a_thousand_mistakes_are_not_all_printed(load):
    done = load("organisation,seats\n" + "A,x\n" * 1000)
    assert len(done.err.splitlines()) == 52
    assert "and 950 more\n" in done.err


def test_checking_a_list_issues_nothing(desk, load):
    assert load(LIST, "--check").out == "2 licenses: all right, nothing was issued\n"
    assert load(WRONG, "--check").status == 2
    assert stored(desk) == []


def test_a_list_may_come_from_standard_input(desk):
    done = desk.call("import", "-", given=io.TextIOWrapper(io.BytesIO(LIST.encode())))
    assert (done.status, done.out) == (0, KEYS)
    wrong = desk.call("import", "-", given=io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    assert "error: <stdin>:2:2:" in wrong.err


def test_keys_are_written_to_a_new_file(load, tmp_path):
    done = load(LIST, "--output", "keys.csv")
    assert (done.out, done.err) == ("", "issued 2 licenses and wrote keys.csv\n")
    assert (tmp_path / "keys.csv").read_bytes().decode() == KEYS.replace("\n", "\r\n")


def test_a_file_that_exists_is_left_alone_and_nothing_is_issued(desk, load, tmp_path):
    (tmp_path / "keys.csv").write_text("mine")
    done = load(LIST, "--output", "keys.csv")
    assert done.status == 2 and "keys.csv exists already: it was left alone and nothing was issued" in done.err
    assert (tmp_path / "keys.csv").read_text() == "mine"
    assert stored(desk) == []


def test_a_place_that_cannot_be_written_is_found_out_before(desk, load):
    done = load(LIST, "--output", "no/such/keys.csv")
    assert done.status == 2 and "nothing was issued" in done.err
    assert stored(desk) == []


def test_a_refused_import_leaves_no_file(load, tmp_path, monkeypatch):
    def refused(*_):
        raise InputError("no")

    monkeypatch.setattr(Vendor, "request", refused)
    assert load(LIST, "--output", "keys.csv").status == 2
    assert not (tmp_path / "keys.csv").exists()


def test_keys_that_cannot_be_written_are_not_lost(desk, load):
    done = load(LIST, "--output", "keys.csv", full=True)
    assert done.status == 1
    assert "2 licenses were issued, and keys.csv cannot be written (No space left on device): `list` shows" in done.err
    assert len(stored(desk)) == 2


def test_a_file_that_is_not_there_is_named(desk):
    done = desk.call("import", "none.csv")
    assert done.status == 2 and "none.csv cannot be read (No such file or directory)" in done.err


def test_a_program_gets_json(load):
    assert [one["organisation"] for one in json.loads(load(LIST, "--json").out)["items"]][1] == "Smith, Jones"


def test_the_bounds_are_those_of_the_license_server():
    assert (options.MOST_DAYS, options.MOST_SEATS) == (forms.MOST_DAYS, forms.MOST_SEATS)
    assert tuple(customers.COLUMNS) == tuple(n for n in forms.NewLicense.__struct_fields__ if n != "extension")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)


@given(st.lists(st.tuples(CELLS, st.integers(-3, 10**6)), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_a_list_is_right_or_each_wrong_row_is_named(rows: list[tuple[str, int]], delimiter: str):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("organisation", "seats"), *rows])
    good = [_good(name, seats) for name, seats in rows]
    try:
        found = customers.read(text.getvalue().encode("utf-8"), "f").licenses
    except InputError as error:
        told = {int(line.split(":")[1]) for line in str(error).splitlines() if line.startswith("f:")}
        assert told == {place for place, right in enumerate(good, 2) if not right}
    else:
        assert all(good)
        assert [(one["organisation"], one["seats"]) for one in found] == [(n.strip(), s) for n, s in rows]


def _good(name: str, seats: int) -> bool:
    return bool(name.strip()) and not any(ord(c) < 32 or ord(c) == 127 for c in name.strip()) and 0 <= seats <= 100_000


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes):
    try:
        assert customers.read(data, "f").licenses
    except InputError as error:
        assert "f" in str(error)
