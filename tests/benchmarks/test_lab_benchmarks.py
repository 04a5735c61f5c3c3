"""Whoever is measured beside the lab tells the same trips and comes to the same answers, and the script still runs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexuslic.lab.exact import exact

TRIPS = 2_000


@pytest.fixture
def contenders(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module with all of them, which is a script's and no package's."""
    monkeypatch.syspath_prepend(str(root / "tests" / "benchmarks"))
    import lab_contenders

    return lab_contenders


def test_there_is_a_c_compiler(contenders: Any):
    assert contenders.compiler() is not None, "install gcc: the lab is measured beside C"


@pytest.mark.parametrize("name, days", [("blocks", 1), ("blocks", 45), ("blocks", 65), ("blocks", 70), ("blocks", 129)])
def test_c_counts_the_same_trips_in_blocks(contenders: Any, tmp_path: Path, name: str, days: int):
    library = contenders.built("lab_sea", tmp_path)
    assert contenders.honest_by_c(library, name, days, TRIPS) == contenders.ours(contenders.honest(days), TRIPS)


@pytest.mark.parametrize("days", [1, 45, 65])
def test_c_counts_the_same_trips_one_at_a_time(contenders: Any, tmp_path: Path, days: int):
    library = contenders.built("lab_sea", tmp_path)
    assert contenders.honest_by_c(library, "scalar", days, TRIPS) == contenders.ours(contenders.honest(days), TRIPS)


def test_day_by_day_c_counts_other_trips_of_the_same_chances(contenders: Any, tmp_path: Path):
    trips, library = 100_000, contenders.built("lab_sea", tmp_path)
    touched, _ = contenders.honest_by_c(library, "plain", 45, trips)
    shares = exact(contenders.honest(45).model, (0, 90)).by_grace()["share_touched"]
    assert all(abs(some / trips - share) < 0.01 for some, share in zip(touched, shares, strict=True))


def test_c_tells_the_same_irregular_trips(contenders: Any, tmp_path: Path):
    library, job = contenders.built("lab_told", tmp_path), contenders.irregular()
    assert contenders.irregular_by_c(library, job, TRIPS) == contenders.ours(job, TRIPS)


def test_every_irregular_trip_is_told_from_its_rows(contenders: Any):
    assert contenders.irregular().count(0, TRIPS).told.tolist() == [TRIPS, 0]


@pytest.mark.parametrize("grace", [0, 7, 30])
@pytest.mark.parametrize("name, trips", [("simpy_answers", 100), ("machine_answers", 5)])
def test_in_python_others_come_to_the_same_of_the_same_trips(contenders: Any, name: str, trips: int, grace: int):
    touched, refused = contenders.ours(contenders.honest(45), trips)
    assert getattr(contenders, name)(45, grace, contenders.drawn(45, trips)) == (touched[grace], refused[grace])


@pytest.mark.parametrize(
    "name, figure",
    [
        ("honest", r"C, the same idea +[0-9,]+ trips a second +ratio +[0-9.,]+ "),
        ("irregular", r"C, the same algorithm +[0-9,]+ trips a second +ratio +[0-9.,]+ "),
        ("cores", r"ratio [0-9.]+ "),
        ("memory", r"ratio [0-9.]+ "),
        ("exact", r"[0-9.]+ ms "),
        ("commands", r"explore.*: +[0-9.]+ s "),
    ],
)
def test_a_benchmark_of_the_lab_prints_its_figures(root: Path, name: str, figure: str):
    script = str(root / "tests" / "benchmarks" / "lab_benchmarks.py")
    done = subprocess.run([sys.executable, script, name, "--quick"], stdout=subprocess.PIPE, check=True, text=True)
    assert re.search(figure, done.stdout)
