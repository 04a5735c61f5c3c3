"""Twelve trips that were worked out by hand: the page, the lab, the simulation and the real stage come to the same."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexuslic.lab import listed, source, voyage
from nexuslic.lab.listed import Listed
from nexuslic.lab.policies import LabPolicy
from nexuslic.scenario.read import read
from nexuslic.scenario.real.sqlite import SqliteEngine
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage import MakeStage
from nexuslic.scenario.stage_real import RealStage
from nexuslic.scenario.stage_simulated import SimulatedStage

ROOT = Path(__file__).parents[2]
GRACES = (7, 14, 21, 30, 45)
ON_REAL = GRACES if int(os.environ.get("NEXUSLIC_LAWS", "1")) > 1 else (7, 30)
"""The graces that real servers and databases are asked at: all of them in a long run."""
TRIPS = source.fleet(ROOT / "nexuslic" / "lab" / "fleet" / "example.csv")
NAMES = [trip.name for trip in TRIPS]


def worked_out() -> dict[str, list[int]]:
    """The table of the page: refused days by trip, at each grace."""
    page = (ROOT / "docs" / "explanation" / "twelve-trips.md").read_text("utf-8")
    head = re.escape(f"| trip | {' | '.join(map(str, GRACES))} |")
    found = re.search(rf"^{head}\n\|[-| ]+\|\n((?:\|.*\|\n)+)", page, re.MULTILINE)
    assert found is not None, "the page has no such table"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]
    return {name: [int(cell) for cell in cells] for name, *cells in rows}


WORKED = worked_out()


def refused(trip: Listed, grace: int, stage: MakeStage) -> int:
    """The days on which a launch is refused, where the trip's story is run on a stage."""
    result = run_case(read(trip.story(grace).encode("utf-8"), trip.name).cases[0], stage, traced=True)
    assert not result.not_here, result.not_here
    return len(voyage.refused_days(result))


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    """A license server, applications and databases, on SQLite."""
    opened = Theatre.open(SqliteEngine)
    yield opened
    opened.close()


def test_the_page_has_the_twelve_trips_of_the_example_in_its_order():
    assert list(WORKED) == NAMES


def test_the_page_adds_up_what_it_says():
    page = (ROOT / "docs" / "explanation" / "twelve-trips.md").read_text("utf-8")
    said = re.search(r"Together they have ([0-9, and]+) refused days", page)
    assert said is not None
    sums = [sum(days[at] for days in WORKED.values()) for at in range(len(GRACES))]
    assert [int(number) for number in re.findall(r"[0-9]+", said[1])] == sums


def test_contacts_a_restore_and_a_clock_set_back_are_among_them():
    trips = [trip.trip for trip in TRIPS if trip.trip is not None]
    assert any(trip.contacts for trip in trips) and any(trip.restores for trip in trips)
    assert any("-" in text for trip in trips for text in trip.set_clocks)


@pytest.mark.parametrize(("trip", "name"), list(zip(TRIPS, NAMES, strict=True)), ids=NAMES)
def test_the_lab_comes_to_what_was_worked_out_by_hand(trip: Listed, name: str):
    told = listed.tell([trip], LabPolicy(), GRACES[-1] + 1)
    assert [int(told.refused[0, grace]) for grace in GRACES] == WORKED[name]
    assert told.simulated == 0


@pytest.mark.parametrize(("trip", "name"), list(zip(TRIPS, NAMES, strict=True)), ids=NAMES)
def test_the_simulation_comes_to_what_was_worked_out_by_hand(trip: Listed, name: str):
    assert [refused(trip, grace, SimulatedStage) for grace in GRACES] == WORKED[name]


@pytest.mark.parametrize(("trip", "name"), list(zip(TRIPS, NAMES, strict=True)), ids=NAMES)
def test_real_license_servers_and_databases_come_to_what_was_worked_out_by_hand(
    trip: Listed, name: str, theatre: Theatre
):
    found = {grace: refused(trip, grace, lambda: RealStage(theatre)) for grace in ON_REAL}
    assert found == {grace: days for grace, days in zip(GRACES, WORKED[name], strict=True) if grace in ON_REAL}
