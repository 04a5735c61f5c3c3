"""A story as a person would write it: a step in a line where it fits, else a line for each of its parts.

What is written is read as the same story again: `plain(parse(write(tree)))` is `tree`, comments aside.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from nexuslic.scenario import schema
from nexuslic.scenario.generating.tree import COMMENT, Tree

WIDTH = 110
_REMARK_AT = 45
_FIRST = ("scenario", "format", "why", "tags")
_ORDER = (*_FIRST, *(key for key in schema.TOP if key not in _FIRST))
_SAFE = re.compile(r"[A-Za-z0-9(+.$/](?:[A-Za-z0-9 ._/+()$<>=';-]|:(?=[^ ]))*|-[A-Za-z0-9.]+")
_SAFE_IN_A_LINE = re.compile(r"[A-Za-z0-9(](?:[A-Za-z0-9 ._/+()$<>='?!,;-]|:(?=[^ ]))*")


def write(tree: Tree) -> str:
    """The file that tells this story."""
    lines = [f"# {tree[COMMENT]}"] if COMMENT in tree else []
    for key in _ORDER:
        if key in tree:
            lines += _top(key, tree[key])
    return "\n".join(lines) + "\n"


def _top(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{key}: {_scalar(value, _SAFE_IN_A_LINE)}"
    elif key == "steps" and value:
        yield "steps:"
        for step in value:
            yield from _step(step)
    elif key == "world" and value:
        yield "world:"
        for name, inner in value.items():
            yield from _named(name, inner, deep=name in ("servers", "workstations"))
    elif isinstance(value, list) and any(not isinstance(one, str) for one in value):
        yield f"{key}:"
        for one in value:
            yield from _wrapped("  - ", one)
    elif key == "matrix":
        yield "matrix:"
        for name, inner in value.items():
            yield from _named(name, inner, deep=False)
    else:
        yield from _wrapped(f"{key}: ", value)


def _named(name: str, value: Any, *, deep: bool) -> Iterator[str]:
    if not deep or not value:
        yield from _wrapped(f"  {flow(name)}: ", value)
        return
    yield f"  {name}:"
    for one, inner in value.items():
        yield from _wrapped(f"    {flow(one)}: ", inner)


def _step(step: Tree) -> Iterator[str]:
    remark = step.get(COMMENT, "")
    parts = {key: value for key, value in step.items() if key != COMMENT}
    line = f"  - {flow(parts)}"
    if not remark and "expect" not in parts and len(line) <= WIDTH:
        yield line
        return
    start = "  - "
    for key, value in parts.items():
        text = "\n".join(_expected(start, value) if key == "expect" else _wrapped(f"{start}{flow(key)}: ", value))
        if start == "  - " and remark:
            text = f"{text:<{_REMARK_AT - 1}} # {remark}"
        yield from text.split("\n")
        start = "    "


def _expected(start: str, value: Any) -> Iterator[str]:
    if not value or not all(isinstance(one, dict) for one in value.values()):
        yield from _wrapped(f"{start}expect: ", value)
        return
    yield f"{start}expect:"
    for who, inner in value.items():
        yield from _wrapped(f"      {flow(who)}: ", inner)


def _wrapped(start: str, value: Any) -> Iterator[str]:
    """A value in flow style; where it is too long, it goes on under its first entry."""
    parts = _entries(value)
    if parts is None or len(start) + len(flow(value)) <= WIDTH:
        yield start + flow(value)
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    line = start + opening
    indent = " " * len(line)
    for place, part in enumerate(parts):
        piece = part + (closing if place == len(parts) - 1 else ",")
        if place and len(line) + 1 + len(piece) > WIDTH:
            yield line.rstrip()
            line = indent + piece
        else:
            line += f" {piece}" if place else piece
    yield line


def _entries(value: Any) -> list[str] | None:
    if isinstance(value, dict):
        return [f"{flow(key)}: {flow(inner)}" for key, inner in value.items()]
    return [flow(inner) for inner in value] if isinstance(value, list) else None


def flow(value: Any) -> str:
    """A value in one line."""
    parts = _entries(value)
    if parts is None:
        return _scalar(value, _SAFE)
    return "{" + ", ".join(parts) + "}" if isinstance(value, dict) else "[" + ", ".join(parts) + "]"


def _scalar(text: str, safe: re.Pattern[str]) -> str:
    """A text as it is, or in quotes where YAML would read it otherwise."""
    return text if safe.fullmatch(text) and text == text.strip() else json.dumps(text, ensure_ascii=False)
