"""A list of trips is understood whole, or refused by row and column."""

import os
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.errors import InputError
from nexuslic.lab import voyage
from nexuslic.lab.fleet import table
from nexuslic.lab.fleet.problems import KEPT
from nexuslic.lab.trip import check
from nexuslic.lab.trip_files import FleetTrip, TripsError, load, read_trips
from nexuslic.scenario.read import read
from tests.lab.conftest import Listed

HEAD = "departure,return"
EVERY = "trip,vessel,crew,departure,return,zone,contacts,codes,restores,renames,clocks,extension,os,workstations"
EXAMPLE = Path(__file__).parents[2] / "nexuslic" / "lab" / "fleet" / "example.csv"


def one(path: Path) -> FleetTrip:
    (trip,) = read_trips(path)
    return trip


def only(path: Path) -> str:
    (problem,) = load(path).problems
    return str(problem).removeprefix(f"{path}").removeprefix(":").strip()


def test_a_row_of_two_dates_is_a_trip_with_the_defaults(listed: Listed):
    trip = one(listed(HEAD, "2026-03-02,2026-04-15"))
    assert trip == FleetTrip(2, "row 2", "", 1, voyage.Trip(days=45, start="2026-03-02 06:00 UTC"))


def test_every_column_is_understood(listed: Listed):
    row = "A,Sula,12,2026-03-02 14:00,2026-04-15,Europe/London,day 20; 2026-03-22 18:30,day 30,day 12 08:00,"
    trip = one(listed(EVERY, f"{row}2026-03-15,day 10 -3d; 2026-03-12 05:00 +2h ws2,14,Windows 7,2"))
    assert trip == FleetTrip(
        2,
        "A",
        "Sula",
        12,
        voyage.Trip(
            days=45,
            start="2026-03-02 06:00 Europe/London",
            os="windows-7",
            workstations=2,
            contacts=("day 20", "2026-03-22 18:30"),
            codes=("day 30",),
            restores=("day 12 08:00",),
            renames=("2026-03-15",),
            set_clocks=("day 10 -3d", "2026-03-12 05:00 +2h ws2"),
            extend=14,
        ),
    )


def test_grace_stays_at_its_default(listed: Listed):
    assert one(listed(HEAD, "2026-03-02,2026-03-20")).trip.grace == voyage.Trip().grace


@pytest.mark.parametrize("heads", ["Departure, RETURN ", "departure,Re turn", "De_parture,re-turn"])
def test_names_of_columns_are_compared_kindly(listed: Listed, heads: str):
    assert one(listed(heads, "2026-03-02,2026-03-20")).trip.days == 19


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("several", ["day 3; day 5", "day 3|day 5", "day 3, day 5"])
def test_a_separator_may_be_any_of_three_and_times_may_stand_in_quotes(listed: Listed, separator: str, several: str):
    heads = separator.join(("departure", "return", "contacts"))
    row = separator.join(("2026-03-02", "2026-03-20", f'"{several}"'))
    assert one(listed(heads, row)).trip.contacts == ("day 3", "day 5")


@pytest.mark.parametrize(
    "text", ["2026-03-02", "2026/03/02", "02.03.2026", "2.3.2026 14:00", "2026-03-02T14:00:00", " 2026-03-02 09:30 "]
)
def test_a_date_that_means_one_day_is_understood(listed: Listed, text: str):
    assert one(listed(HEAD, f"{text},2026-03-20")).departure == date(2026, 3, 2)


@pytest.mark.parametrize(("text", "people"), [("7", 7), ("7.0", 7), ('"7,00"', 7), ("", 1)])
def test_a_whole_number_may_have_a_decimal_point(listed: Listed, text: str, people: int):
    assert one(listed(f"{HEAD},crew", f"2026-03-02,2026-03-20,{text}")).crew == people


def test_excel_writes_a_mark_before_the_first_heading(listed: Listed):
    path = listed("departure;return;crew", "02.03.2026;20.03.2026;7", encoding="utf-8-sig")
    assert one(path).crew == 7


def test_a_row_without_anything_in_it_is_no_trip_and_counts(listed: Listed):
    assert [
        trip.row for trip in read_trips(listed(HEAD, "", "2026-03-02,2026-03-20", ",", "2026-04-02,2026-04-20"))
    ] == [
        3,
        5,
    ]


def test_separators_at_the_end_of_rows_are_harmless(listed: Listed):
    assert one(listed(HEAD, "2026-03-02,2026-03-20,,")).trip.days == 19


def test_columns_that_are_the_files_own_are_told_and_not_read(listed: Listed):
    assert load(listed(f"{HEAD},remarks", "2026-03-02,2026-03-20,none")).ignored == ("remarks",)


def test_one_vessel_may_come_back_and_leave_on_one_day(listed: Listed):
    assert load(listed(f"{HEAD},vessel", "2026-03-02,2026-03-20,A", "2026-03-20,2026-04-20,A")).problems == ()


def test_trips_of_two_vessels_and_of_none_may_overlap(listed: Listed):
    rows = [f"2026-03-02,2026-03-20,{vessel}" for vessel in ("A", "B", "", "")]
    assert load(listed(f"{HEAD},vessel", *rows)).problems == ()


def test_overlapping_trips_of_a_vessel_name_both_rows(listed: Listed):
    rows = ["2026-05-01,2026-05-30,A", "2026-03-01,2026-04-20, a", "2026-03-05,2026-03-09,A", "2026-04-19,2026-04-30,A"]
    told = [str(one) for one in load(listed(f"{HEAD},vessel", *rows)).problems]
    assert [text.split("row ")[1].split(",")[0] for text in told] == ["4", "5"]
    assert all("from the trip of row 3, on 2026-04-20" in text for text in told)


PROBLEMS = {
    "return before departure": ("2026-03-20,2026-03-02", "return", "is before the departure"),
    "longer than ten years": ("2026-03-20,2046-03-02", "return", "a trip of 7,288 days"),
    "no departure": (",2026-03-02", "departure", "this cell is empty"),
    "not in the calendar": ("2026-02-30,2026-03-20", "departure", "not in the calendar"),
    "two meanings": ("03/04/2026,2026-05-01", "departure", "is no date: write 2026-03-20"),
    "a day alone": ("day 3,2026-05-01", "departure", "is no date"),
    "a year of no trip": ("0206-03-02,2026-05-01", "departure", "a year that no trip sails in"),
    "an hour too many": ("2026-03-02 24:00,2026-05-01", "departure", "no time of day"),
    "unknown zone": ("2026-03-02,2026-03-20,Europe/Lundon", "zone", "did you mean `Europe/London`?"),
    "a zone that is none": ("2026-03-02,2026-03-20,../etc", "zone", "is no time zone"),
    "a day that the zone skips": ("2011-12-30,2012-01-20,Pacific/Apia", "departure", "does not exist"),
    "an hour that the zone skips": ("2026-03-29 01:30,2026-04-20,Europe/London", "departure", "does not exist"),
    "a contact before the trip": ("2026-03-02,2026-03-20,,2026-03-01", "contacts", "outside the trip"),
    "a contact after the trip": (
        "2026-03-02,2026-03-20,,day 20",
        "contacts",
        "to 2026-03-20 (day 19)",
    ),
    "a contact before the first hour": ("2026-03-02,2026-03-20,,day 1 05:59", "contacts", "begins on day 1 at 06:00"),
    "a contact in the last minute": ("2026-03-02,2026-03-20,,day 19 23:59", "contacts", "too late for a contact"),
    "day 0": ("2026-03-02,2026-03-20,,day 0", "contacts", "the day of departure is day 1"),
    "one of two times": ("2026-03-02,2026-03-20,,day 3; noon", "contacts", '"noon" is no time'),
    "a contact that is skipped": (
        "2026-03-22,2026-04-02,Europe/London,day 8 1:30",
        "contacts",
        "2026-03-29 01:30",
    ),
    "a contact that happens twice": (
        "2026-10-20,2026-11-02,Europe/London,2026-10-25 01:30",
        "contacts",
        "add `first` or `second`",
    ),
    "no clock set": ("2026-03-02,2026-03-20,,,day 3", "clocks", "sets no clock"),
    "no duration": ("2026-03-02,2026-03-20,,,day 3 -3w", "clocks", "is no duration"),
    "a clock set by ages": ("2026-03-02,2026-03-20,,,day 3 -99999d", "clocks", "more than 36,500 days"),
    "a clock before the trip": ("2026-03-02,2026-03-20,,,day 1 -3d", "clocks", '"day 1" at 05:00 is before the trip'),
    "a workstation too many": ("2026-03-02,2026-03-20,,,day 3 -3d ws2", "clocks", "there is no workstation `ws2`"),
    "half a person": ("2026-03-02,2026-03-20,,,,7.5", "crew", "no whole number from 1 to 10,000"),
    "thousands or decimals": ("2026-03-02,2026-03-20,,,,1.000", "crew", "no whole number"),
    "nobody": ("2026-03-02,2026-03-20,,,,0", "crew", "no whole number from 1 to 10,000"),
    "too many launches": ("2026-03-02,2027-03-20,,,,,50", "workstations", "more than 9,000 launches"),
    "a system of its own": ("2026-03-02,2026-03-20,,,,,,dos", "os", "write one of windows-7, windows-10"),
}


@pytest.mark.parametrize(("row", "column", "said"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_names_its_row_its_column_and_what_to_do(listed: Listed, row: str, column: str, said: str):
    path = listed(f"{HEAD},zone,contacts,clocks,crew,workstations,os", "2026-01-02,2026-01-20", row)
    told = only(path)
    assert told.startswith(f'row 3, column "{column}": ') and said in told


def test_every_problem_of_a_row_is_told(listed: Listed):
    path = listed(f"{HEAD},zone,contacts,crew", "2026-03-02,2026-03-20,Mars/One,noon,none")
    assert [problem.column for problem in load(path).problems] == ["zone", "contacts", "crew"]


HEADINGS = {
    "departure,retrun": 'column "return": this column is missing: is it "retrun"? then call that return',
    "departure": 'column "return": this column is missing: add a column return with dates',
    "departure,return,Contact": 'column "Contact": there is no such column, though there is `contacts`',
    "departure,return,De parture": 'column "De parture": this column is there twice: keep one of the two',
}


@pytest.mark.parametrize(("heads", "said"), HEADINGS.items())
def test_headings_that_are_wrong_stop_the_reading(listed: Listed, heads: str, said: str):
    told = only(listed(heads, "2026-03-02,2026-03-20,2026-03-20"))
    assert told.startswith(f"row 1, {said}")


@pytest.mark.parametrize(
    "heads", [f"{HEAD},departure port", f"{HEAD},contact person", f"{HEAD},", f"{HEAD},return port"]
)
def test_headings_of_the_files_own_are_none_of_our_business(listed: Listed, heads: str):
    assert load(listed(heads, "2026-03-02,2026-03-20,x")).problems == ()


FILES = {
    "empty": (b"", "this file is empty"),
    "headings alone": (b"departure,return\n", "there is no trip in it"),
    "Latin-1": (b"departure,return,vessel\n2026-03-02,2026-03-20,Bj\xf8rn\n", "not UTF-8 (byte f8): save the file as"),
    "half a letter": (
        b"departure,return,vessel\n2026-03-02,2026-03-20,Bj\xc3",
        "not UTF-8 (byte c3): save the file as",
    ),
    "UTF-16": ("\ufeffdeparture,return\n".encode("utf-16-le"), "this is UTF-16"),
    "a spreadsheet": (b"PK\x03\x04whatever", "a spreadsheet or an archive"),
    "no text": (b"\x7fELF\0\0\0\0", "this is no table"),
    "old line ends": (b"departure,return\r2026-03-02,2026-03-20\r", "this is no table"),
    "a quotation mark that stays open": (
        b'departure,return\n2026-03-02,2026-03-20\n1,"2\n',
        "each that opens must close",
    ),
    "one that swallows all rows": (b'departure,return\n1,"2\n2,3\n', "each that opens must close"),
    "too many cells": (b"departure,return\n1,2\n2026-03-02,2026-03-20,x\n", "row 3: this row has 3 cells"),
    "half a Parquet": (b"PAR1" + b"\0" * 50, "damaged, cut short, or none"),
}


@pytest.mark.parametrize(("data", "said"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_list_of_trips_is_one_problem(tmp_path: Path, data: bytes, said: str):
    path = tmp_path / "trips.csv"
    path.write_bytes(data)
    assert said in only(path)


def test_the_row_of_a_letter_that_is_not_utf_8_is_told(tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_bytes(b"departure,return\n" + b"2026-03-02,2026-03-20\n" * 3 + b"\xff,2026-03-20\n")
    assert only(path).startswith("row 5: ")


@pytest.mark.parametrize(("name", "said"), [("none.csv", "No such file"), ("", "this is a folder")])
def test_a_path_that_leads_to_no_file_is_one_problem(tmp_path: Path, name: str, said: str):
    assert said in only(tmp_path / name)


def test_a_file_that_is_too_big_is_not_read(tmp_path: Path):
    path = tmp_path / "trips.csv"
    path.write_bytes(b"departure,return\n")
    os.truncate(path, table.MOST_BYTES + 1)
    assert "this file has 1.0 GB: split it" in only(path)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_row_too_many_is_one_problem(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table, "MOST_ROWS", 2)
    path = tmp_path / f"trips.{kind}"
    frame = pl.DataFrame({"departure": ["2026-03-02"] * 3, "return": ["2026-03-20"] * 3})
    frame.write_csv(path) if kind == "csv" else frame.write_parquet(path)
    assert "more than 2 rows" in only(path)


def test_only_the_first_problems_are_kept_and_all_are_counted(listed: Listed):
    loaded = load(listed(HEAD, *["2026-03-02,never"] * (KEPT + 7)))
    assert (len(loaded.problems), loaded.count) == (KEPT, KEPT + 7)


def test_an_error_shows_the_first_few_problems(listed: Listed):
    with pytest.raises(TripsError) as caught:
        read_trips(listed(HEAD, *["2026-03-02,never"] * 9))
    assert str(caught.value).count('column "return"') == 5
    assert "and 4 more: `nexuslic trips check" in str(caught.value)


TYPES = {
    "dates": {"departure": [date(2026, 3, 2)], "return": [date(2026, 3, 20)], "contacts": [date(2026, 3, 5)]},
    "times": {
        "departure": [datetime(2026, 3, 2, 9)],
        "return": [datetime(2026, 3, 20)],
        "contacts": [datetime(2026, 3, 5, 8, 15, 30)],
    },
    "text": {"departure": ["2026-03-02"], "return": ["20.03.2026"], "contacts": ["day 4"]},
    "lists": {"departure": ["2026-03-02"], "return": ["2026-03-20"], "contacts": [[date(2026, 3, 5), None]]},
    "lists of text": {"departure": ["2026-03-02"], "return": ["2026-03-20"], "contacts": [["day 4"]], "clocks": [None]},
    "numbers": {
        "departure": ["2026-03-02"],
        "return": ["2026-03-20"],
        "contacts": ["day 4"],
        "crew": [1.0],
        "trip": [1],
    },
}


@pytest.mark.parametrize("columns", TYPES.values(), ids=TYPES)
def test_parquet_may_hold_what_it_likes(tmp_path: Path, columns: dict[str, list[object]]):
    path = tmp_path / "trips.parquet"
    pl.DataFrame(columns).write_parquet(path)
    trip = one(path)
    assert (trip.trip.days, len(trip.trip.contacts), trip.crew) == (19, 1, 1)
    check(trip.trip)


def test_a_parquet_time_with_a_zone_is_told_on_the_clocks_of_the_row(tmp_path: Path):
    path = tmp_path / "trips.parquet"
    times = pl.Series([[datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30)]], dtype=pl.List(pl.Datetime))
    frame = pl.DataFrame({"departure": ["2026-10-20"], "return": ["2026-11-02"], "zone": ["Europe/London"]})
    frame.with_columns(contacts=times.list.eval(pl.element().dt.replace_time_zone("UTC"))).write_parquet(path)
    assert one(path).trip.contacts == ("2026-10-25 01:30 first", "2026-10-25 01:30 second")


def test_the_zone_of_a_parquet_departure_is_that_of_rows_that_name_none(tmp_path: Path):
    path = tmp_path / "trips.parquet"
    frame = pl.DataFrame({"departure": [datetime(2026, 3, 2)], "return": [datetime(2026, 3, 20)]})
    frame.select(pl.all().dt.replace_time_zone("Europe/Oslo")).write_parquet(path)
    assert one(path).trip.start == "2026-03-02 06:00 Europe/Oslo"


@pytest.mark.parametrize("column", ["departure", "contacts", "crew", "os"])
def test_a_parquet_column_of_a_kind_that_does_not_fit_is_named(tmp_path: Path, column: str):
    path = tmp_path / "trips.parquet"
    columns = {"departure": ["2026-03-02"], "return": ["2026-03-20"], column: [True]}
    pl.DataFrame(columns).write_parquet(path)
    assert only(path).startswith(f'column "{column}": it holds Boolean')


def test_a_parquet_file_that_is_cut_short_is_one_problem(tmp_path: Path):
    path = tmp_path / "trips.parquet"
    pl.DataFrame({"departure": ["2026-03-02"] * 999, "return": ["2026-03-20"] * 999}).write_parquet(path)
    os.truncate(path, path.stat().st_size - 5)
    assert "damaged, cut short, or none" in only(path)


def test_the_example_is_right_and_every_trip_of_it_is_a_story():
    trips = read_trips(EXAMPLE)
    assert len(trips) == 12
    assert all(len(read(voyage.write(one.trip).encode(), "trip").cases) == 1 for one in trips)


PLACES = st.sampled_from(
    ["day 1", "day 1 05:59", "day 1 06:00", "day 8 01:30", "day 8 01:30 first", "day 12", "day 13 23:59"]
)
ZONES = st.sampled_from(["UTC", "Europe/London", "Pacific/Apia", "America/Chicago"])
STARTS = st.dates(date(2026, 1, 1), date(2026, 12, 31)) | st.dates(date(2011, 12, 18), date(2011, 12, 31))


@given(
    STARTS,
    ZONES,
    PLACES | st.dates(date(2011, 12, 18), date(2012, 1, 2)).map(str),
    st.sampled_from(["contacts", "codes"]),
)
def test_what_the_check_lets_pass_is_what_a_voyage_can_tell(
    tmp_path_factory: pytest.TempPathFactory, first: date, zone: str, text: str, column: str
):
    path = tmp_path_factory.mktemp("fleet") / "trips.csv"
    last = date.fromordinal(first.toordinal() + 12)
    path.write_text(f"{HEAD},zone,{column}\n{first},{last},{zone},{text}\n", "utf-8")
    trip = voyage.Trip(days=13, start=f"{first} 06:00 {zone}", **{column: (text,)})
    assert (load(path).problems == ()) == can_be_told(trip)


def can_be_told(trip: voyage.Trip) -> bool:
    try:
        check(trip)
        read(voyage.write(trip).encode(), "trip")
    except InputError:
        return False
    return True
