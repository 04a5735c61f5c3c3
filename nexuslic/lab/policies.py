"""A licensing policy as a file: what a vendor may decide, to be judged before it ships.

The grace period, whether support extends it, and the knobs of the rules themselves (rules: Policy, in the words of
`policy:` in a story).
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs

from nexuslic.errors import InputError
from nexuslic.rules.policy import Policy
from nexuslic.scenario import schema
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.kinds import Choice, Context, Key, Shape, Whole, Words, YesNo
from nexuslic.scenario.source import parse

KEYS = {
    "policy": Key(Words(), "its title", required=True),
    "format": Key(Choice(("1",)), "1", required=True),
    "grace": Key(Whole(0, 36500), "days without contact"),
    "extensions": Key(YesNo(), "whether support extends grace before a trip"),
    **schema.POLICY.keys,
}


@attrs.frozen
class LabPolicy:
    """A policy under its title: grace in days, whether extensions are handed out, and the rules' own knobs."""

    title: str = "as documented"
    grace: int = 30
    extensions: bool = True
    rules: Policy = attrs.Factory(Policy)


def read_policy(path: Path) -> LabPolicy:
    """The policy in a file. Raises InputError, with the line where one is at fault."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: it cannot be read: {error.strerror}") from error
    return parsed(data, str(path))


def parsed(data: bytes, file: str) -> LabPolicy:
    """The policy in the bytes of a file. Raises SourceError."""
    context = Context(Calendar.beginning("2000-01-01 00:00 UTC"))
    found = Shape(KEYS).read(parse(data, file), context)
    rules = Policy(**{key: value for key, value in found.items() if key in schema.POLICY.keys})
    return LabPolicy(found["policy"], found.get("grace", 30), found.get("extensions", True), rules)


def differing(rules: Policy) -> dict[str, Any]:
    """What differs from the documented defaults, by its key."""
    default = Policy()
    named = attrs.asdict(rules, recurse=False)
    return {key: value for key, value in named.items() if value != getattr(default, key)}


def changed(rules: Policy) -> dict[str, str]:
    """The same in the words of a story."""
    return {key: _text(value) for key, value in differing(rules).items()}


def written(rules: Policy) -> list[str]:
    """The line of a story's world for these rules; none where they are the documented ones."""
    pairs = ", ".join(f"{key}: {value}" for key, value in changed(rules).items())
    return [f"  policy: {{{pairs}}}"] if pairs else []


def _text(value: Any) -> str:
    if isinstance(value, timedelta):
        return span(value)
    return str(getattr(value, "value", value))


def span(value: timedelta) -> str:
    """A duration as stories write it: `1d 12h`."""
    left = value // timedelta(seconds=1)
    parts = []
    for unit, seconds in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts) or "0m"
