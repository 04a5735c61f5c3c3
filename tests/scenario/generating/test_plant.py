"""One planted fault in a hundred stories is found by whoever runs them."""

from pathlib import Path as File

import pytest

from nexuslic.errors import InputError
from nexuslic.scenario import running, suite
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.failing import ways
from nexuslic.scenario.generating.plant import planted
from nexuslic.scenario.generating.tell import Told
from nexuslic.scenario.generating.tree import Path, at, paths
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.run import Outcome
from nexuslic.scenario.stage_simulated import SimulatedStage


def test_every_story_can_be_given_a_fault_and_fails_by_it_alone(told: list[Told]):
    for one in told:
        assert len(ways(write(planted(one.tree, Dice.thrown("faults", one.number))))) == 1, one.name


def test_faults_of_many_kinds_are_planted(told: list[Told]):
    kinds = {ways(write(planted(one.tree, Dice.thrown("faults", one.number))))[0].what for one in told}
    assert len(kinds) >= 12


@pytest.mark.parametrize("number", range(1, 30))
def test_whatever_is_made_wrong_does_not_hold(told: list[Told], number: int):
    for one in told[number::40]:
        assert ways(write(planted(one.tree, Dice.thrown("more faults", number, one.number)))), one.name


def test_only_one_value_differs(told: list[Told]):
    one = told[9]
    wrong = planted(one.tree, Dice.thrown("faults", 10))
    assert sum(at(wrong, path) != at(one.tree, path) for path in paths(one.tree) if _is_text(one, path)) == 1


def _is_text(one: Told, path: Path) -> bool:
    return isinstance(at(one.tree, path), str)


@pytest.mark.parametrize("number", [1, 42, 100])
def test_of_a_hundred_stories_the_one_with_a_fault_is_named(told: list[Told], tmp_path: File, number: int):
    for one in told[:100]:
        tree = planted(one.tree, Dice.thrown("canary", number)) if one.number == number else one.tree
        (tmp_path / f"{one.name}.scenario.yaml").write_text(write(tree), "utf-8")
    reports = [running.run_file(file, suite.Choices(), SimulatedStage) for file in suite.find([str(tmp_path)])]
    bad = [File(one.file).name for one in reports if one.outcome is not Outcome.PASSED]
    assert bad == [f"harbour-{number:03d}.scenario.yaml"] and len(reports) == 100


def test_a_story_that_expects_nothing_of_a_step_cannot_be_given_a_fault():
    tree = {"scenario": "a", "steps": [{"at": "day 1", "launch": "ws1"}]}
    with pytest.raises(InputError, match="no expectation"):
        planted(tree, Dice.thrown("faults"))
