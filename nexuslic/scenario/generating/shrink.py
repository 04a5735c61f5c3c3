"""Making a failing story short: what is not needed goes, as long as the story still fails in the same way.

In turn: claims and expectations, steps, windows and recurring actions, whole workstations, everything else that can be
left out (policies, servers, users, terms, arguments), days between events, the time zone. Again, until nothing more can
go. The same story and the same question give the same answer. Comments are not kept.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from nexuslic.errors import NexuslicError
from nexuslic.scenario import schema
from nexuslic.scenario.generating.tree import Path, Tree, at, paths, trees, without
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.read import read
from nexuslic.scenario.real.broke import StageBroke

FILE = "<shrunk>"
_DAY = re.compile(r"\bday ([0-9]+)\b")


def shrink(
    text: str, fails: Callable[[str], bool], remake: Callable[[str], str] | None = None, most: int = 2000
) -> str:
    """The shortest story that was found which still `fails`; `text` itself where none was.

    `fails` is asked `most` times at most, and only about stories that can be read. `remake` makes of each shortened
    story the one that `fails` is asked about (`respecify`, say: what a story expects follows from what is left of it).
    Raises SourceError where `text` is no story, StageBroke where nothing can be asked any more.
    """
    asked = _Asked(fails, remake, most)
    for _, tree in trees(text, FILE):
        if asked.about(tree):
            break
    else:
        return text
    before = None
    while before != asked.text:
        before = asked.text
        for less in (_claims, _steps, _lines, _stations, _rest):
            less(asked)
        _pulled_together(asked)
        _without_zone(asked)
    return asked.text


@attrs.define
class _Asked:
    """What was asked, and the shortest story so far that fails."""

    fails: Callable[[str], bool]
    remake: Callable[[str], str] | None
    left: int
    tree: Tree = attrs.Factory(dict)
    text: str = ""
    seen: set[str] = attrs.Factory(set)

    def about(self, tree: Tree) -> bool:
        """Whether this one fails too; then it is the shortest so far."""
        text = write(tree)
        if text in self.seen or not self.left or not _readable(text):
            return False
        self.seen.add(text)
        self.left -= 1
        try:
            remade = text if self.remake is None else self.remake(text)
            if self.fails(remade):
                self.text, self.tree = remade, trees(remade, FILE)[0][1]
                return True
        except StageBroke:
            raise
        except NexuslicError:
            return False
        return False


def _readable(text: str) -> bool:
    try:
        read(text.encode("utf-8"), FILE)
    except NexuslicError:
        return False
    return True


# -- leaving out ------------------------------------------------------------------------------------------------------


def _claims(asked: _Asked) -> None:
    _less(asked, lambda tree: [path for path in paths(tree) if _is_claim(path) and not _holds_claims(tree, path)])


def _is_claim(path: Path) -> bool:
    return path[:1] in (("always",), ("must_visit",)) or path[2:3] == ("expect",)


def _holds_claims(tree: Tree, path: Path) -> bool:
    """Whether claims stand below it: an `expect`, one workstation's part of it, a list of claims."""
    return len(path) == 1 or (path[0] == "steps" and isinstance(at(tree, path), dict))


def _steps(asked: _Asked) -> None:
    _less(asked, lambda tree: [path for path in paths(tree) if len(path) == 2 and path[0] == "steps"])


def _lines(asked: _Asked) -> None:
    _less(asked, lambda tree: [path for path in paths(tree) if len(path) == 2 and path[0] in _LISTS])


_LISTS = ("every", "online", "faults")


def _rest(asked: _Asked) -> None:
    """Everything else, the outer before the inner, one after the other."""
    tried: set[Path] = set()
    while (path := next((one for one in paths(asked.tree) if one not in tried), None)) is not None:
        tried.add(path)
        asked.about(_whole(without(asked.tree, {path})))


def _less(asked: _Asked, units: Callable[[Tree], list[Path]]) -> None:
    """Leave out as many of the units as can be: all, then halves, down to single ones, the last first."""
    size = max(1, len(units(asked.tree)))
    while size:
        end = len(units(asked.tree))
        while end > 0:
            asked.about(_whole(without(asked.tree, set(units(asked.tree)[max(0, end - size) : end]))))
            end = min(end - size, len(units(asked.tree)))
        size //= 2


def _whole(tree: Tree) -> Tree:
    """Without the steps that neither do nor expect anything any more."""
    if "steps" not in tree:
        return tree
    kept = [step for step in tree["steps"] if any(key != "at" for key in step)]
    rest = {key: value for key, value in tree.items() if key != "steps"}
    return {**tree, "steps": kept} if kept else rest


def _stations(asked: _Asked) -> None:
    """A workstation goes with all that it does, or another one does it."""
    for name in list(asked.tree.get("world", {}).get("workstations", ())):
        others = [one for one in asked.tree["world"]["workstations"] if one != name]
        if not asked.about(_whole(_without_station(asked.tree, name))):
            any(asked.about(_done_by(asked.tree, name, other)) for other in others)


def _without_station(tree: Tree, name: str) -> Tree:
    gone: set[Path] = {("world", "workstations", name)}
    for path in paths(tree):
        value = at(tree, path)
        acts = len(path) == 3 and path[2] in schema.VERBS
        if acts and (value == name or (isinstance(value, dict) and value.get("workstation") == name)):
            gone.add(path[:2])
        elif (value == name and isinstance(path[-1], int)) or (path[-1] == name and "expect" in path):
            gone.add(path)
    return dict(without(tree, gone))


def _done_by(tree: Tree, name: str, other: str) -> Tree:
    world = without(tree["world"], {("workstations", name)})
    rest = {key: _renamed(value, name, other) for key, value in tree.items() if key != "world"}
    return {key: world if key == "world" else rest[key] for key in tree}


def _renamed(value: Any, name: str, other: str) -> Any:
    if isinstance(value, dict):
        return {other if key == name else key: _renamed(inner, name, other) for key, inner in value.items()}
    if isinstance(value, list):
        return (
            list(dict.fromkeys(_renamed(inner, name, other) for inner in value))
            if name in value
            else [_renamed(inner, name, other) for inner in value]
        )
    return other if value == name else value


# -- days -------------------------------------------------------------------------------------------------------------


def _pulled_together(asked: _Asked) -> None:
    """Days on which nothing is told go, from the last to the first."""
    for place in range(len(_days(asked.tree)) - 1, 0, -1):
        for by in _gaps(_days(asked.tree), place):
            if asked.about(_shifted(asked.tree, _days(asked.tree)[place], by)):
                break


def _without_zone(asked: _Asked) -> None:
    day, time, *_ = asked.tree["starts"].split()
    asked.about({**asked.tree, "starts": f"{day} {time} UTC"})


def _gaps(days: list[int], place: int) -> Iterator[int]:
    if place >= len(days):
        return
    gap = days[place] - days[place - 1]
    yield from dict.fromkeys(by for by in (gap, gap - 1, gap // 2, gap // 4, 1) if by > 0)


def _days(tree: Tree) -> list[int]:
    return sorted({1, *map(int, _DAY.findall(write(tree)))})


def _shifted(value: Any, since: int, by: int) -> Any:
    """The same with every day from `since` on so many days earlier."""
    if isinstance(value, dict):
        return {key: _shifted(inner, since, by) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shifted(inner, since, by) for inner in value]

    def earlier(found: re.Match[str]) -> str:
        day = int(found[1])
        return f"day {day - by if day >= since else day}"

    return _DAY.sub(earlier, value)
