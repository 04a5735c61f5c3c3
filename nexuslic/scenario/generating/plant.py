"""One wrong expectation in a story that holds: whoever runs it must find it."""

from typing import Any

from nexuslic.errors import InputError
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.failing import ways
from nexuslic.scenario.generating.tree import Path, Tree, at, paths
from nexuslic.scenario.generating.writing import write

_OTHER = {"yes": "no", "no": "yes", "software": "dongle", "dongle": "software"}
_INSTEAD = {
    "state": ("Expired", "Grace"),
    "reason": ("seats", "version"),
    "cause": ("dns", "proxy"),
    "warns": ("Only 99 days left in grace period", "none"),
    "binding": ("ELSEWHERE/other", "none"),
    "dropped": ("nobody", "none"),
    "deadline": ("day 1 00:00", "none"),
    "last_good_launch": ("1999-01-01 00:00", "none"),
}


def planted(tree: Tree, dice: Dice) -> Tree:
    """The story with one expectation that does not hold. Raises InputError where it expects nothing of a step."""
    leaves = [path for path in paths(tree) if path[:1] == ("steps",) and "expect" in path and path[-1] != "expect"]
    values = [path for path in leaves if isinstance(path[-1], str) and not isinstance(at(tree, path), dict)]
    for path in dice.some(values, len(values)):
        wrong = _with(tree, path, _other(str(path[-1]), at(tree, path)))
        if ways(write(wrong)):
            return dict(wrong)
    raise InputError("there is no expectation in this story that could be made wrong")


def _other(key: str, value: Any) -> str:
    if key in _INSTEAD:
        first, second = _INSTEAD[key]
        return second if value in (first, [first]) else first
    if value in _OTHER:
        return _OTHER[value]
    return str(int(value) + 1) if value != "none" else "17"


def _with(value: Any, path: Path, new: str) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _with(inner, path[1:], new) if key == path[0] else inner for key, inner in value.items()}
    return [_with(inner, path[1:], new) if number == path[0] else inner for number, inner in enumerate(value)]
