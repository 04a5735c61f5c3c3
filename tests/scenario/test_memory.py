"""What failed last time is kept until it does not fail any more."""

import json
from pathlib import Path

import pytest

from nexuslic.errors import WorldError
from nexuslic.scenario.memory import Memory
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.suite import Unit


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.scenario.yaml").touch()
    return Memory()


def unit(file: str = "a/b.scenario.yaml", case: str = "a case", stage: str = "simulation", error: str = "") -> Unit:
    return Unit(file, "A title", case, 0, 1, 1, stage, 1, error)


def test_a_failed_case_is_chosen_and_no_other(memory, records):
    memory.keep([records.one(Outcome.FAILED), records.one(case="fine")])
    assert memory.choose([unit(), unit(case="fine"), unit(file="other"), unit(stage="sqlite")]) == [unit()]


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in (Outcome.PASSED, Outcome.NOT_HERE)])
def test_every_bad_outcome_is_kept(memory, records, outcome):
    memory.keep([records.one(outcome)])
    assert memory.choose([unit()]) == [unit()]


def test_it_is_forgotten_when_it_holds(memory, records):
    memory.keep([records.one(Outcome.FAILED)])
    memory.keep([records.one()])
    assert memory.choose([unit()]) == []


def test_a_case_that_was_not_run_keeps_its_place(memory, records):
    memory.keep([records.one(Outcome.FAILED)])
    memory.keep([records.one(case="another")])
    assert memory.choose([unit()]) == [unit()]


def test_all_of_a_file_that_was_wrong_is_chosen_once_it_can_be_read(memory, records):
    memory.keep([records.one(Outcome.WRONG, case="")])
    assert len(memory.choose([unit(), unit(case="another")])) == 2
    memory.keep([records.one(), records.one(case="another")])
    assert memory.choose([unit(), unit(case="another")]) == []


def test_a_file_that_cannot_be_read_any_more_is_chosen_for_its_failed_case(memory, records):
    memory.keep([records.one(Outcome.FAILED)])
    wrong = unit(case="", error="no YAML")
    assert memory.choose([wrong]) == [wrong]


def test_a_file_that_is_gone_is_forgotten(memory, records, tmp_path):
    (tmp_path / "a" / "b.scenario.yaml").unlink()
    memory.keep([records.one(Outcome.FAILED)])
    memory.keep([records.one(Outcome.FAILED, file="c")])
    assert {name[0] for name in memory.failed()} == {"c"}


def test_where_nothing_failed_there_is_no_folder(memory, records, tmp_path):
    memory.keep([records.one()])
    assert not (tmp_path / ".nexuslic-cache").exists()


def test_the_folder_tells_git_to_leave_it_alone(memory, records, tmp_path):
    memory.keep([records.one(Outcome.FAILED)])
    assert (tmp_path / ".nexuslic-cache" / ".gitignore").read_text() == "*\n"


def test_a_file_is_the_same_by_any_path(memory, records, tmp_path):
    memory.keep([records.one(Outcome.FAILED, file=str(tmp_path / "a" / "b.scenario.yaml"))])
    assert memory.choose([unit("./a/b.scenario.yaml")])


def test_standard_input_is_not_kept(memory, records, tmp_path):
    memory.keep([records.one(Outcome.FAILED, file="-")])
    assert not (tmp_path / ".nexuslic-cache").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"failed": 3}', '{"failed": [[1]]}', "\udcff"])
def test_what_cannot_be_read_is_nothing(memory, tmp_path, text):
    (tmp_path / ".nexuslic-cache").mkdir()
    (tmp_path / ".nexuslic-cache" / "last-failed.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert memory.failed() == set()


def test_a_folder_that_cannot_be_made_is_the_worlds_fault(memory, records, tmp_path):
    (tmp_path / ".nexuslic-cache").write_text("a file")
    with pytest.raises(WorldError, match="what failed cannot be kept"):
        memory.keep([records.one(Outcome.FAILED)])


def test_it_is_json_with_a_format(memory, records, tmp_path):
    memory.keep([records.one(Outcome.FAILED)])
    kept = json.loads((tmp_path / ".nexuslic-cache" / "last-failed.json").read_text())
    assert kept == {"format": 1, "failed": [["a/b.scenario.yaml", "a case", "simulation"]]}
