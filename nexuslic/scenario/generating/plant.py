"""One wrong expectation in a story that holds: whoever runs it must find it."""

from typing import Any

from nexuslic.errors import InputError
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.tree import Path, Tree, at, paths

_OTHER = {"yes": "no", "no": "yes", "software": "dongle", "dongle": "software"}
_WORDS = {"state": ("Expired", "Grace"), "reason": ("seats", "version"), "cause": ("dns", "proxy")}
_INSTEAD_OF_NONE = {
    "warns": "Only 99 days left in grace period",
    "binding": "ELSEWHERE/other",
    "dropped": "nobody",
    "deadline": "day 1 00:00",
    "last_good_launch": "1999-01-01 00:00",
    "days_left": "17",
}


def planted(tree: Tree, dice: Dice) -> Tree:
    """The story with one expectation that does not hold. Raises InputError where it expects nothing of a step."""
    leaves = [path for path in paths(tree) if path[:1] == ("steps",) and "expect" in path and path[-1] != "expect"]
    values = [path for path in leaves if isinstance(path[-1], str) and not isinstance(at(tree, path), dict)]
    if not values:
        raise InputError("there is no expectation in this story that could be made wrong")
    path = dice.pick(values)
    return dict(_with(tree, path, _other(str(path[-1]), at(tree, path))))


def _other(key: str, value: Any) -> str:
    """What it is not: another word, another number, something for nothing, or nothing for something."""
    if key in _WORDS:
        first, second = _WORDS[key]
        return second if value == first else first
    if key in _INSTEAD_OF_NONE and value == "none":
        return _INSTEAD_OF_NONE[key]
    if value in _OTHER:
        return _OTHER[value]
    return str(int(value) + 1) if isinstance(value, str) and value.isdigit() else "none"


def _with(value: Any, path: Path, new: str) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _with(inner, path[1:], new) if key == path[0] else inner for key, inner in value.items()}
    return [_with(inner, path[1:], new) if number == path[0] else inner for number, inner in enumerate(value)]
