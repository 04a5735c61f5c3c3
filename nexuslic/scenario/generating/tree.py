"""A story as plain data: texts, lists and mappings, in the file's order, without its places and comments."""

from collections.abc import Iterator
from typing import Any

from nexuslic.scenario import cases
from nexuslic.scenario.source import Fields, Items, Node, Place, Text, parse

Tree = dict[str, Any]
"""A mapping whose values are texts, lists or mappings again. In a step and at the top, `COMMENT` is a remark."""

Path = tuple[str | int, ...]
"""How one gets to a value: keys of mappings and places in lists."""

COMMENT = "#"
_NAMES: tuple[Path, ...] = (("world", "workstations"), ("world", "servers"))


def plain(node: Node) -> Any:
    """What stands at a node; nothing at all is an empty mapping, as in `workstations:`."""
    if isinstance(node, Text):
        return {} if node.empty else node.text.strip()
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def trees(text: str, file: str) -> list[tuple[str, Tree]]:
    """Each case of a story by its name, as a story of its own: with its values in the place of every `$word`.

    Raises SourceError.
    """
    root = parse(text.encode("utf-8"), file)
    rest = Fields(tuple(e for e in root.entries if e[0].text not in ("cases", "matrix")), root.place)
    return [(row.name, plain(cases.fill(rest, row))) for row in cases.rows(root)]


def without(value: Any, gone: set[Path], path: Path = ()) -> Any:
    """The same without what stands at these places, and without the lists and mappings that held nothing else.

    A computer of which nothing more is said stays.
    """
    if isinstance(value, str) or not value:
        return value
    names = list(value) if isinstance(value, dict) else list(range(len(value)))
    left = [(name, without(value[name], gone, (*path, name))) for name in names if (*path, name) not in gone]
    kept = [(name, one) for name, one in left if one or not value[name] or path in _NAMES]
    return dict(kept) if isinstance(value, dict) else [one for _, one in kept]


def at(value: Any, path: Path) -> Any:
    """What stands there."""
    for name in path:
        value = value[name]
    return value


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where everything stands in a story, the outer before the inner."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*path, name)
        yield from paths(one, (*path, name))


def places(node: Node, path: Path = ()) -> Iterator[tuple[Place, Path]]:
    """Where in the file each value stands, and where in the story."""
    yield node.place, path
    if isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from places(item, (*path, number))
    elif isinstance(node, Fields):
        for key, value in node.entries:
            yield from places(value, (*path, key.text))
