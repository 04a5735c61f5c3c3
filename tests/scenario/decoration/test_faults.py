"""The faults: each is real, says what it is, and leaves nothing behind."""

import re
import sys
from pathlib import Path

import attrs
import pytest

from nexuslic.scenario import suite
from nexuslic.scenario.decoration.fault import Fault, NotPlanted, planted
from nexuslic.scenario.decoration.faults import FAULTS
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

FILES = sorted((Path(__file__).resolve().parents[3] / "scenarios").rglob("*.scenario.yaml"))
CASES = [case for path in FILES for case in suite.load(str(path)).cases]
RULES = {
    *("Words", "States", "Events", "A launch", "Authentication", "Grace", "License time", "Contact", "Binding"),
    *("Seats and named users", "Support at a distance"),
}


def outcome(case) -> Outcome:
    return run_case(case, SimulatedStage).outcome


@pytest.fixture(scope="module")
def order() -> list:
    """The cases, those first that have caught a fault before."""
    return list(CASES)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_real_and_gone_afterwards(fault: Fault, order: list):
    with planted(fault):
        caught = next((case for case in order if _catches(case)), None)
    assert caught is not None, f"no shipped story catches it: write one with {fault.story}"
    order.remove(caught)
    order.insert(0, caught)
    assert outcome(caught) is Outcome.PASSED


def _catches(case) -> bool:
    """Whether the case fails; one that breaks off says nothing."""
    try:
        return bool(run_case(case, SimulatedStage).failures)
    except Exception:
        return False


def _held() -> dict[tuple[str, str], object]:
    """Everything that the modules and classes of the package hold."""
    modules = {name: module for name, module in sys.modules.items() if name.startswith("nexuslic")}
    held = {(at, name): value for at, module in modules.items() for name, value in vars(module).items()}
    classes = {value for value in held.values() if isinstance(value, type) and value.__module__ in modules}
    inside = {(f"{one.__module__}:{one.__qualname__}", name): v for one in classes for name, v in vars(one).items()}
    return held | inside


def test_every_fault_leaves_the_package_as_it_was():
    before, left = _held(), []
    for fault in FAULTS:
        with planted(fault):
            pass
        after = _held()
        left += [(fault.name, place) for place, value in before.items() if after[place] is not value]
    assert left == []


def test_after_all_of_them_every_story_holds():
    for fault in FAULTS:
        with planted(fault):
            outcome(CASES[0])
    assert {outcome(case) for case in CASES} == {Outcome.PASSED}


def test_a_fault_is_undone_where_the_story_breaks_off():
    fault = next(one for one in FAULTS if one.name == "warning-never")
    with pytest.raises(ZeroDivisionError), planted(fault):
        raise ZeroDivisionError
    from nexuslic.rules import grace

    assert grace.warning(3, None) == "Only 3 days left in grace period"


def test_what_imports_a_fault_while_it_is_planted_gets_the_right_one_back():
    fault = next(one for one in FAULTS if one.name == "days-left-rounded-down")
    from nexuslic.issuing import wandering
    from nexuslic.rules import grace

    with planted(fault):
        wandering.late = grace.days_left
    try:
        assert wandering.late is grace.days_left
    finally:
        del wandering.late


@pytest.mark.parametrize(
    "where",
    ["nexuslic.rules.grace:no_such", "nexuslic.rules.gone:within", "nexuslic.rules.license:Version.newer_than"],
)
def test_a_fault_without_a_place_is_an_error_that_names_both(where: str):
    fault = attrs.evolve(FAULTS[0], where=where)
    with pytest.raises(NotPlanted, match=f"{fault.name}.*{re.escape(where)}"), planted(fault):
        pass


def test_what_is_planted_where_it_is_borrowed_stays_there():
    from nexuslic.issuing import grant
    from nexuslic.rules import binding, decision

    fault = next(one for one in FAULTS if one.where == "nexuslic.issuing.grant:same")
    with planted(fault):
        assert grant.same is not binding.same
        assert decision.same is binding.same


def test_what_is_planted_where_it_is_made_is_everywhere():
    from nexuslic.issuing import grant
    from nexuslic.rules import binding, decision

    fault = next(one for one in FAULTS if one.where == "nexuslic.rules.binding:same")
    right = binding.same
    with planted(fault):
        assert grant.same is decision.same is binding.same is not right


def test_a_fault_has_a_name_of_its_own():
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_a_fault_says_what_is_wrong_in_a_sentence_and_what_a_story_needs():
    odd = [one.name for one in FAULTS if not re.fullmatch(r"[A-Z][^\n]*[^.]\.", one.wrong)]
    odd += [one.name for one in FAULTS if not one.story or one.story[0].isupper() or one.story.endswith(".")]
    assert odd == []


def test_a_fault_names_a_section_of_the_rules():
    assert {fault.rule for fault in FAULTS} <= RULES
