"""Compiled code is kept by the text that it comes from; without a place for it, or without Numba, answers stay."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nexuslic.lab import compiled

COUNT = """\
import datetime, sys
import attrs, numpy
from nexuslic.lab.compiled import COMPILES
from nexuslic.lab.counting import Job
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy

hours, days = (datetime.timedelta(hours=2), 1.0), (datetime.timedelta(days=3), 2.0)
mixed = TripModel(
    "all there is", ((1, 1.0), (14, 1.0), (65, 1.0), (66, 1.0), (130, 1.0)), contact=0.03, crew_change=28,
    crew_change_contact=0.5, code=0.01, restore=0.003, rename=0.003, clock_back=0.003, workstation_clock_back=0.002,
    clock_by=(hours, days), windows_7=0.1, extension=0.2, extension_days=14, workstations=2,
)
honest = TripModel("contacts only", ((45, 2.0), (70, 1.0), (140, 1.0)), contact=0.02, windows_7=0.2, code=0.01)
found = {"compiles": numpy.array(COMPILES)}
for name, model, trips in (("mixed", mixed, 1_500), ("honest", honest, 20_000)):
    for full in (False, True):
        job = Job(model, LabPolicy(), 7, 91, full)
        tally = attrs.asdict(job.count(100, trips), recurse=False)
        found |= {f"{name} {full} {key}": numpy.array(value) for key, value in tally.items()}
        found[f"{name} {full} each"] = job.each(100, trips // 5)
with open(sys.argv[1], "wb") as file:
    numpy.savez(file, **found)
"""


def counted(file: Path, **environment: str) -> dict[str, object]:
    """What a process of its own counts."""
    command = [sys.executable, "-W", "error", "-c", COUNT, str(file)]
    subprocess.run(command, check=True, env={**os.environ, **environment})
    with np.load(file) as found:
        return {name: found[name].tolist() for name in found.files}


def test_without_numba_the_answers_are_the_same_to_the_last_bit(tmp_path: Path):
    one, other = counted(tmp_path / "one"), counted(tmp_path / "other", NEXUSLIC_NO_NUMBA="1")
    assert (one.pop("compiles"), other.pop("compiles")) == (True, False)
    assert one == other


def test_what_is_counted_there_is_more_than_nothing(tmp_path: Path):
    found = counted(tmp_path / "one")
    assert [
        any(map(any, found[f"{name} True {what}"])) for name in ("mixed", "honest") for what in ("touched", "warned")
    ] == [True] * 4


def test_the_cache_is_named_by_the_text_of_all_that_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    names = set()
    for text in ("a = 1\n", "a = 2\n", "a = 1\n"):
        (tmp_path / "another.py").write_text(text, "utf-8")
        names.add(compiled.digest.__wrapped__())
    assert len(names) == 2


def test_the_cache_is_a_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "_caches", lambda: tmp_path)
    folder = Path(compiled._folder.__wrapped__())
    assert (folder, folder.is_dir()) == (tmp_path / "nexuslic" / compiled.digest(), True)


@pytest.mark.parametrize(
    "system, variable, wanted",
    [
        ("linux", "XDG_CACHE_HOME", "{}"),
        ("win32", "LOCALAPPDATA", "{}"),
        ("linux", "HOME", "{}/.cache"),
        ("darwin", "HOME", "{}/Library/Caches"),
    ],
)
def test_every_system_has_its_own_place_for_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, variable: str, wanted: str
):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(compiled.sys, "platform", system)
    assert compiled._caches() == Path(wanted.format(tmp_path))


def test_where_nothing_can_be_written_there_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("no folder", "utf-8")
    monkeypatch.setattr(compiled, "_caches", lambda: tmp_path / "file")
    assert compiled._folder.__wrapped__() == ""


def test_without_a_cache_functions_are_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "_folder", lambda: "")
    assert compiled.compiled()(lambda number: number + 1)(1) == 2


def test_without_numba_another_function_can_stand_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "COMPILES", False)
    assert compiled.compiled(otherwise=lambda number: number + 2)(lambda number: number + 1)(1) == 3


def test_without_numba_a_function_runs_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiled, "COMPILES", False)
    assert compiled.compiled()(lambda number: number + 1)(1) == 2
