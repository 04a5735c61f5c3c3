"""Lists of trips as tests write them, and a report's content by formula: launches a day, contacts by chance."""

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from nexuslic.lab.report.content import Assumption, Cheat, Content, ToldTrip

Listed = Callable[..., Path]
CHANCE = 0.06
TRIPS = 1_000_000
HITCHES = (14, 21, 28, 35, 45, 56, 61, 70)
STORY = "scenario: a trip\nformat: 1\nsteps:\n  - at: day 1 07:30\n    authenticate: bridge\n"


def _touched(length: int, grace: int) -> float:
    """The chance that some launch of the trip comes more than `grace` days after a contact at the quay or at sea."""
    running = [1.0] * (grace + 2)
    for day in range(grace + 2, length + 1):
        last = 1 if day == grace + 2 else CHANCE * running[day - grace - 2]
        late = last * (1 - CHANCE) ** (grace + 1)
        running.append(running[-1] - late)
    return 1 - running[min(length, len(running) - 1)]


def _refused(length: int, grace: int) -> float:
    """The mean of refused days of a trip."""
    return sum((1 - CHANCE) ** (grace + 1) for day in range(1, length + 1) if day > grace + 1)


def _by_length(lengths: tuple[int, ...], graces: range) -> pl.DataFrame:
    each = TRIPS // len(lengths)
    rows = [
        {
            "length": length,
            "grace": grace,
            "trips": each,
            "trips_touched": round(each * _touched(length, grace)),
            "days_refused": round(each * _refused(length, grace)),
            "days_refused_per_trip": _refused(length, grace),
        }
        for length in lengths
        for grace in graces
    ]
    return pl.DataFrame(rows)


def _by_grace(by_length: pl.DataFrame, longest: int) -> pl.DataFrame:
    sums = by_length.group_by("grace").agg(pl.col("trips", "trips_touched", "days_refused").sum()).sort("grace")
    first = pl.when(pl.col("grace") + 2 <= longest).then(pl.col("grace") + 2)
    return sums.select(
        "grace",
        "trips",
        "trips_touched",
        (pl.col("trips_touched") / pl.col("trips")).alias("share_touched"),
        "days_refused",
        (pl.col("days_refused") * 12).alias("people_days_lost"),
        first.alias("first_refused_day"),
    )


def _survival(lengths: tuple[int, ...], graces: range) -> pl.DataFrame:
    rows = []
    for grace in graces:
        for day in range(1, max(lengths) + 1):
            share = 1 - sum(_touched(min(day, length), grace) for length in lengths) / len(lengths)
            rows.append({"grace": grace, "day": day, "trips": TRIPS, "running": round(TRIPS * share), "share": share})
    return pl.DataFrame(rows)


def _left(lengths: tuple[int, ...], grace: int) -> pl.DataFrame:
    many = {left: round(TRIPS * CHANCE * (1 - CHANCE) ** (grace - left)) for left in range(grace + 1)}
    rows = [{"days_left": left, "trips": trips} for left, trips in many.items()]
    return pl.DataFrame(
        [{"days_left": None, "trips": TRIPS - sum(many.values())}, *rows], schema_overrides={"days_left": pl.Int64}
    )


def _hotspot(longest: int, grace: int) -> pl.DataFrame:
    without, trips = _touched(longest, grace), 20_000
    rows = []
    for day in range(longest + 1):
        apart = max(ceil(longest - grace - day), 0) + max(day - grace, 0)
        share = without if day == 0 else without * min(1, 0.05 + apart / (longest - grace))
        rows.append({"day": day, "trips": trips, "trips_touched": round(trips * share), "share_touched": share})
    frame = pl.DataFrame(rows)
    return frame.with_columns((pl.col("trips_touched") * 7).alias("days_refused"))


def _worst(many: int, length: int, grace: int) -> tuple[ToldTrip, ...]:
    trips = []
    for number in range(1, many + 1):
        contact = number
        strip = "A" + "g" * (contact - 1) + "A" + "g" * grace + "E" * (length - contact - grace - 1)
        refused = strip.count("E")
        told = f"The last contact was on day {contact + 1}: launches were refused on {refused} days, to the end."
        trips.append(ToldTrip(f"Trip {number}, the Aurora, {length} days", told, strip[:length], STORY * 6))
    return tuple(trips)


ASSUMPTIONS = (
    Assumption(
        "Rota",
        "14, 21, 28, 35, 45, 56, 61 and 70 days, each as often",
        "Offshore hitches, public figures",
        "https://example.org/hitches",
    ),
    Assumption("Contact", "6 % a day, one hour", "Share of days with a usable link at sea"),
    Assumption(
        "Clock set back", "1 trip in 1,000", "Failed CMOS batteries; support tickets", "https://example.org/clocks"
    ),
    Assumption("Aboard", "12 people", "Seats of a survey vessel"),
)
CHEATS = (
    Cheat("Set the clock back each day", 30, "set_clock -1d, launch, thirty times: each set-back is charged a day"),
    Cheat("Restore yesterday's database", 31, "backup on day 1, restore, launch: the workstation's mark remembers"),
    Cheat("Restore the whole machine", None, "an image of the machine with its clock: nothing offline can tell"),
)


@pytest.fixture(scope="session")
def make_content() -> Callable[..., Content]:
    """Makes the content of a report over trip lengths and graces; `changes` replace its fields."""

    def make(lengths: tuple[int, ...] = HITCHES, graces: range = range(91), **changes: Any) -> Content:
        grace, longest = min(30, graces[-1]), max(lengths)
        by_length = _by_length(lengths, graces)
        by_grace = _by_grace(by_length, longest)
        share = by_grace.filter(pl.col("grace") == grace)["share_touched"][0]
        values: dict[str, Any] = {
            "title": "Grace of 30 days on the North Sea",
            "answer": f"With {grace} days of grace, {share * 100:.0f} of 100 trips lose at least one day at sea.",
            "grace": grace,
            "trips": TRIPS,
            "sampled": "sampled from the model north-sea, seed 1",
            "command": "nexuslic policy report --model north-sea --trips 1000000 --seed 1 --out report.html",
            "policy": (("grace", "30 days"), ("binding", "spelling"), ("clock", "database"), ("tolerance", "24 hours")),
            "assumptions": ASSUMPTIONS,
            "by_grace": by_grace,
            "by_length": by_length,
            "survival": _survival(lengths, graces),
            "left": _left(lengths, grace),
            "hotspot": _hotspot(longest, grace),
            "worst": _worst(10, longest, grace),
            "cheats": CHEATS,
        }
        return Content(**(values | changes))

    return make


@pytest.fixture(scope="session")
def content(make_content: Callable[..., Content]) -> Content:
    """The content of a report as people make it."""
    return make_content()


@pytest.fixture(scope="session")
def largest(make_content: Callable[..., Content]) -> Content:
    """The largest content: trips of 14 to 83 days, grace 0 to 90."""
    return make_content(tuple(range(14, 84)))


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """A CSV file with these lines."""

    def write(*lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "trips.csv"
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write
