"""Filling in anew what a story expects, so that a story that was changed or shortened holds again.

What holds stays as it is written. What does not gets the simulation's answer. A claim on the whole story that does not
hold goes; where nothing is left to check, the states that the story visits are claimed.
"""

from typing import Any

from nexuslic.errors import InputError
from nexuslic.scenario.generating import promises
from nexuslic.scenario.generating.observe import FILE, Answer, observe
from nexuslic.scenario.generating.tree import Path, Tree, places, trees
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.read import read
from nexuslic.scenario.run import run_case
from nexuslic.scenario.source import parse
from nexuslic.scenario.stage_simulated import SimulatedStage

Answers = dict[str | None, Answer]


def respecify(text: str, case: str = "") -> str:
    """The story in a file's text; `case` says which of several (else the first). Raises SourceError, IllegalStep."""
    read(text.encode("utf-8"), FILE)
    named = trees(text, FILE)
    tree = next((one for name, one in named if name == case or not case), None)
    if tree is None:
        raise InputError(f"there is no case `{case}` in this story: it has {', '.join(name for name, _ in named)}")
    return write(refilled(tree))


def refilled(tree: Tree) -> Tree:
    """The same for a story as data."""
    observed = observe(tree)
    wrong = _wrong(tree)
    filled: Tree = {**tree}
    if "steps" in tree:
        filled["steps"] = [step for step in _steps(tree, observed.steps, wrong) if len(step) > 1]
    for claim in ("always", "must_visit"):
        if claim in tree:
            filled[claim] = _kept(claim, tree[claim], wrong)
            if not filled[claim]:
                del filled[claim]
    if any("expect" in step for step in filled.get("steps", ())) or "always" in filled or "must_visit" in filled:
        return filled
    return {**filled, **promises.least(observed.result)}


def _wrong(tree: Tree) -> set[Path]:
    """What does not hold."""
    data = write(tree).encode("utf-8")
    found = {(place.line, place.column): path for place, path in places(parse(data, FILE))}
    result = run_case(read(data, FILE).cases[0], SimulatedStage)
    return {found[failure.place.line, failure.place.column] for failure in result.failures}


def _kept(claim: str, value: Any, wrong: set[Path]) -> list[Any]:
    if not isinstance(value, list):
        return [] if (claim,) in wrong else [value]
    return [one for number, one in enumerate(value) if not any(path[:2] == (claim, number) for path in wrong)]


def _steps(tree: Tree, observed: list[Answers], wrong: set[Path]) -> list[Tree]:
    steps = []
    for number, (step, answers) in enumerate(zip(tree["steps"], observed, strict=True)):
        filled = dict(step)
        if "expect" in step:
            filled["expect"] = _expect(step["expect"], answers, wrong, ("steps", number, "expect"))
            if not filled["expect"]:
                del filled["expect"]
        steps.append(filled)
    return steps


def _expect(expect: Tree, answers: Answers, wrong: set[Path], path: Path) -> Tree:
    if expect and all(isinstance(one, dict) for one in expect.values()):
        each = {who: _of(who, one, answers, wrong, (*path, who)) for who, one in expect.items()}
        return {who: one for who, one in each.items() if one}
    each = {str(who): _of(who, expect, answers, wrong, path) for who in answers}
    first = next(iter(each.values()), {})
    return first if all(one == first for one in each.values()) else {who: one for who, one in each.items() if one}


def _of(who: str | None, expect: Tree, answers: Answers, wrong: set[Path], path: Path) -> Tree:
    """What is expected of one workstation; what cannot be told goes."""
    values = answers[who].values if who in answers else {}
    told = {key: values.get(key) if (*path, key) in wrong else old for key, old in expect.items()}
    return {key: value for key, value in told.items() if value is not None}
