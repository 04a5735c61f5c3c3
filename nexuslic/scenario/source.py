"""YAML as positions and texts: every scalar is text, and whatever YAML would do behind one's back is refused.

Read from PyYAML's events (its C parser where there is one). Anchors, aliases, tags, tabs, duplicate keys, files
over 1 MB and nesting deeper than 20 are errors of one to three lines, at file:line:column.
"""

from collections.abc import Iterator
from typing import Any

import attrs
import yaml

from nexuslic.errors import SourceError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
_TOO_DEEP = f"nested deeper than {MAX_DEPTH}"

_PARSER: Any = getattr(yaml, "CLoader", yaml.Loader)


@attrs.frozen
class Place:
    """Where something stands: lines and columns count from 1; `width` is how far a caret goes."""

    file: str
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@attrs.frozen
class Text:
    """A scalar as it is written; `empty` where YAML found none at all."""

    text: str
    place: Place
    empty: bool = False


@attrs.frozen
class Items:
    """A sequence."""

    items: tuple["Node", ...]
    place: Place


@attrs.frozen
class Fields:
    """A mapping, in the file's order."""

    entries: tuple[tuple[Text, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of `key`."""
        return next((value for name, value in self.entries if name.text == key), None)

    def keys(self) -> list[str]:
        """Its keys, in order."""
        return [name.text for name, _ in self.entries]


Node = Text | Items | Fields


def written(node: Node) -> str:
    """A value as a person writes it in one line."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return f"[{', '.join(map(written, node.items))}]"
    return "{" + ", ".join(f"{key.text}: {written(value)}" for key, value in node.entries) + "}"


def fail(where: Node | Place, problem: str, hint: str = "") -> SourceError:
    """The error at a place, in a line for the problem and one for the hint."""
    return SourceError(str(where if isinstance(where, Place) else where.place), one_line(problem), one_line(hint))


def one_line(text: str, width: int = 240) -> str:
    """A text without its line breaks, cut where it is very long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else f"{flat[: width - 3]}..."


def parse(data: bytes, file: str) -> Fields:
    """The mapping that a scenario file holds. Raises SourceError."""
    start = Place(file, 1, 1)
    if len(data) > MAX_BYTES:
        raise fail(start, "the file is larger than 1 MB", "split the story")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise fail(Place(file, line, 1), "the file is not UTF-8 text", "save it as UTF-8") from error
    if "\0" in text:
        raise fail(start, "the file is binary, not a scenario")
    _refuse_tabs(text, file)
    try:
        root = _Reader(file, text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else start
        if "nesting depth" in str(error):
            raise fail(place, _TOO_DEEP) from error
        raise fail(place, f"this is not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise fail(start, f"this is not YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(root, Fields):
        raise fail(start, "the file holds no scenario", "begin with `scenario:` and a title")
    return root


def _refuse_tabs(text: str, file: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            place = Place(file, number, line.index("\t") + 1)
            raise fail(place, "a tab", "indent and separate with spaces")


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_PARSER))

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise fail(self._place(event), "a second document in one file", "one story a file")
                root = self._node(next(self.events), 1)
        return root

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.file, start.line + 1, start.column + 1, max(1, width))

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            raise fail(place, f"an alias (*{event.anchor})", "write the value out")
        if getattr(event, "anchor", None) is not None:
            raise fail(place, f"an anchor (&{event.anchor})", "write the value out")
        if getattr(event, "tag", None) is not None:
            raise fail(place, f"a tag ({event.tag})", "leave it out: the words of the language say what they are")
        if depth > MAX_DEPTH:
            raise fail(place, _TOO_DEEP)
        if isinstance(event, yaml.ScalarEvent):
            empty = place.width == 1 and not event.value and event.style in (None, "")
            return Text(event.value, place, empty)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, depth)
        return self._mapping(place, depth)

    def _sequence(self, place: Place, depth: int) -> Items:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Items(tuple(items), place)

    def _mapping(self, place: Place, depth: int) -> Fields:
        entries: list[tuple[Text, Node]] = []
        seen: dict[str, Text] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Text):
                raise fail(key, "a key must be a word")
            value = self._node(next(self.events), depth + 1)
            if isinstance(value, Text) and value.empty and entries and entries[-1][0].text == "case":
                entries[-1] = (entries[-1][0], _joined(entries[-1][1], key))
                continue
            if key.text in seen:
                first = seen[key.text].place.line
                raise fail(key, f"`{key.text}` stands here twice", f"it was first given in line {first}")
            seen[key.text] = key
            entries.append((key, value))
        return Fields(tuple(entries), place)


def _joined(value: Node, rest: Text) -> Node:
    """The name of a case may hold a comma: `{case: second hotspot, day 20, grace: 30}`."""
    if not isinstance(value, Text):
        return value
    return attrs.evolve(value, text=f"{value.text}, {rest.text}")
