"""What a generated story expects: what the simulation answered, as much of it as tells something."""

from collections.abc import Mapping

from nexuslic.errors import NexuslicError
from nexuslic.scenario import schema
from nexuslic.scenario.generating import promises
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.observe import FILE, Answer, Observed
from nexuslic.scenario.generating.tree import Tree
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

_FULL = ("state", "runs", "reason", "cause", "days_left", "deadline", "warns", "protection", "stored", "binding")
_FULL_TOO = ("seats_in_use", "dropped")
_ALWAYS_TOLD = ("state", "runs", "stored")
_IF_ANY = ("reason", "cause", "days_left", "deadline", "warns", "dropped")
_AFTER: Mapping[str, tuple[str, ...]] = {
    "close": ("seats_in_use",),
    "crash": ("seats_in_use",),
    "assign": ("dropped",),
    "unassign": ("dropped",),
    "restore": ("binding",),
    "rename": ("binding",),
    "damage": ("binding",),
}
"""What a verb that comes to no decision may be asked."""

_TALLY = ("launches", "refused_launches", "last_good_launch", "seats_in_use", "binding")


def specify(tree: Tree, observed: Observed, dice: Dice) -> Tree:
    """The story with expectations for each step, and with claims on all of it; one step in four is asked everything."""
    steps: list[Tree] = []
    told: dict[str | None, str] = {}
    for step, answers in zip(tree.get("steps", ()), observed.steps, strict=True):
        expect = _expected(step, answers, told, full=dice.one_in(4))
        if expect or any(key in step for key in ("note", *schema.VERBS)):
            steps.append({**step, "expect": expect} if expect else step)
    return {**tree, "steps": steps, **promises.promised(observed.result, dice)}


def _expected(step: Tree, answers: dict[str | None, Answer], told: dict[str | None, str], *, full: bool) -> Tree:
    verb = next((key for key in step if key in schema.VERBS), "")
    if verb and verb not in schema.DECIDING:
        return _some(answers.get(None), _AFTER.get(verb, ()))
    if not verb and None in answers:
        return _some(answers[None], _TALLY)
    each = {who: _decided(answer, told, who, verb, full=full) for who, answer in answers.items() if who is not None}
    return next(iter(each.values()), {}) if len(each) < 2 else {str(who): expect for who, expect in each.items()}


def _some(answer: Answer | None, keys: tuple[str, ...]) -> Tree:
    return {key: answer.values[key] for key in keys if key in answer.values} if answer is not None else {}


def _decided(answer: Answer, told: dict[str | None, str], who: str | None, verb: str, *, full: bool) -> Tree:
    """What is told of a decision: everything, or what is not as one would think."""
    values = answer.values
    keys = {*(_FULL + _FULL_TOO if full else _ALWAYS_TOLD), *(key for key in _IF_ANY if values[key] != "none")}
    if values["protection"] == "dongle":
        keys = {"protection", "state", "runs"}
    if values["state"] == "Authenticated" and values["runs"] == "yes":
        keys.add("cause")
    if verb == "open" or values["reason"] == "seats":
        keys.add("seats_in_use")
    if "binding" in values and told.get(who) != values["binding"]:
        keys.add("binding")
        told[who] = values["binding"]
    return {key: values[key] for key in (*_FULL, *_FULL_TOO) if key in keys and key in values}


def verified(tree: Tree) -> CaseResult:
    """What comes of a story in the simulation. Raises NexuslicError where it does not hold."""
    result = run_case(read(write(tree).encode("utf-8"), FILE).cases[0], SimulatedStage)
    if result.outcome is not Outcome.PASSED:
        failures = ", ".join(f"{one.wanted} was {one.was}" for one in result.failures[:3])
        raise NexuslicError(f"a generated story does not hold: {failures}")
    return result
