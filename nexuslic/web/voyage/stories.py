"""A story that the planner wrote, as a plan again.

What a story says is read from its lines, written anew, and compared: where that is not the same, the story does more
than the planner can show.
"""

import re
from typing import Any

from nexuslic.errors import InputError, NexuslicError
from nexuslic.lab import voyage
from nexuslic.lab.trip import Trip, check
from nexuslic.scenario.read import read
from nexuslic.scenario.source import Fields, Items, Node, parse
from nexuslic.web.voyage import texts

_FREE = ("scenario", "why", "tags", "must_visit")
"""What a person may say in a story in other words; and what it expects, which comes of the run."""
_FILE = "the story"


def trip_of(data: bytes) -> Trip:
    """The trip that a story tells. Raises InputError where it is none that the planner writes."""
    try:
        read(data, _FILE)
        told = _plain(parse(data, _FILE))
    except NexuslicError as error:
        raise InputError(texts.NOT_READ.format(str(error).splitlines()[0])) from error
    try:
        trip = _trip(told)
        check(trip)
        again = _plain(parse(voyage.write(trip).encode("utf-8"), _FILE))
    except (LookupError, TypeError, ValueError, AttributeError, NexuslicError) as error:
        raise InputError(texts.NOT_OURS) from error
    if _bare(again) != _bare(told):
        raise InputError(texts.NOT_OURS)
    return trip


def _plain(node: Node) -> Any:
    if isinstance(node, Fields):
        return {name.text: _plain(value) for name, value in node.entries}
    return [_plain(one) for one in node.items] if isinstance(node, Items) else node.text


def _bare(told: dict[str, Any]) -> dict[str, Any]:
    """A story without what does not change its trip."""
    kept = {key: value for key, value in told.items() if key not in _FREE}
    return {**kept, "steps": [step for step in told["steps"] if "expect" not in step]}


def _trip(told: dict[str, Any]) -> Trip:
    """The trip, as far as these lines are those of the planner."""
    world, steps = told["world"], told["steps"]
    crew = {name: one for name, one in world["workstations"].items() if name != "quay"}
    extensions = [int(step["extend"]["days"]) for step in steps if "extend" in step]
    restores = [step for step in steps if "restore" in step]
    renames = [step for step in steps if "rename" in step]
    return Trip(
        days=int(re.fullmatch(r"day (\d+) 23:59( second)?", told["ends"])[1]),  # type: ignore[index]
        grace=int(world["license"]["grace"]),
        start=told["starts"],
        os=next(iter(crew.values()))["os"],
        workstations=len(crew),
        contacts=tuple(window["from"] for window in told["online"][1:]),
        restores=_numbered(restores, lambda step: step["restore"]["onto"]),
        codes=tuple(step["at"] for step in steps if "renew_by_code" in step),
        set_clocks=tuple(_clock(step) for step in steps if "set_clock" in step),
        extend=extensions[0] if extensions else 0,
        renames=_numbered(renames, lambda step: step["rename"]["server"]),
    )


def _numbered(steps: list[dict[str, Any]], name: Any) -> tuple[str, ...]:
    """The times of the servers that are numbered, in order of their numbers."""
    return tuple(step["at"] for step in sorted(steps, key=lambda step: int(name(step).rpartition("-")[2])))


def _clock(step: dict[str, Any]) -> str:
    of, by = step["set_clock"]["of"], step["set_clock"]["by"].replace(" ", "")
    return f"{step['at']} {by}" if of == "database" else f"{step['at']} {by} {of}"
