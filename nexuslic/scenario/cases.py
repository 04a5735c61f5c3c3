"""Cases and the matrix: rows of values that take the place of `$word` in the rest of the story."""

import itertools
import re

import attrs

from nexuslic.scenario.kinds import nearest, text_of
from nexuslic.scenario.source import Fields, Items, Node, Place, Text, fail

_WORD = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


@attrs.define
class Row:
    """One case: its name, its values, and which of them were used."""

    name: str
    values: dict[str, Node]
    place: Place
    used: set[str] = attrs.Factory(set)


def rows(root: Fields) -> list[Row]:
    """The rows of a file; one without a name where it has neither cases nor a matrix. Raises SourceError."""
    cases, matrix = root.get("cases"), root.get("matrix")
    if cases is not None and matrix is not None:
        raise fail(matrix, "`cases` and `matrix` in one story", "keep one of them")
    if cases is not None:
        return _cases(cases)
    if matrix is not None:
        return _matrix(matrix)
    return [Row("", {}, root.place)]


def _cases(node: Node) -> list[Row]:
    if not isinstance(node, Items) or not node.items:
        raise fail(node, "`cases` is a list of rows", "- {case: as today, grace: 30}")
    found: list[Row] = []
    names: set[str] = set()
    for item in node.items:
        if not isinstance(item, Fields) or item.get("case") is None:
            raise fail(item, "a row needs `case`, its name", "- {case: as today, grace: 30}")
        name = text_of(item.get("case") or item, "the name of the case")
        if name in names:
            raise fail(item, f"the case `{name}` stands here twice")
        names.add(name)
        values = {key.text: value for key, value in item.entries if key.text != "case"}
        empty = next((key for key, value in item.entries if isinstance(value, Text) and value.empty), None)
        if empty is not None:
            raise fail(empty, f"`{empty.text}` has no value", "a comma in a value needs quotes")
        if found and set(values) != set(found[0].values):
            other = sorted(set(values) ^ set(found[0].values))[0]
            raise fail(item, f"the rows differ: `{other}` is not in each of them")
        found.append(Row(name, values, item.place))
    return found


def _matrix(node: Node) -> list[Row]:
    if not isinstance(node, Fields) or not node.entries:
        raise fail(node, "`matrix` is a mapping of lists", "os: [windows-10, linux]")
    lists: list[list[tuple[str, Node]]] = []
    for key, value in node.entries:
        if not isinstance(value, Items) or not value.items:
            raise fail(value, f"`{key.text}` needs a list", "os: [windows-10, linux]")
        lists.append([(key.text, item) for item in value.items])
    found = []
    for combination in itertools.islice(itertools.product(*lists), 10_001):
        name = ", ".join(f"{key}={_plain(item)}" for key, item in combination)
        found.append(Row(name, dict(combination), node.place))
    if len(found) > 10_000:
        raise fail(node, "more than 10,000 cells in the matrix")
    return found


def _plain(node: Node) -> str:
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return "+".join(map(_plain, node.items))
    return "{...}"


def fill(node: Node, row: Row) -> Node:
    """`node` with the row's values in the place of every `$word`. Raises SourceError."""
    if isinstance(node, Items):
        return attrs.evolve(node, items=tuple(fill(item, row) for item in node.items))
    if isinstance(node, Fields):
        entries = tuple((_key(key, row), fill(value, row)) for key, value in node.entries)
        seen: set[str] = set()
        for key, _ in entries:
            if key.text in seen:
                raise fail(key, f"`{key.text}` stands here twice", f"in the case `{row.name}`")
            seen.add(key.text)
        return attrs.evolve(node, entries=entries)
    return _fill_text(node, row)


def _key(key: Text, row: Row) -> Text:
    filled = _fill_text(key, row)
    if not isinstance(filled, Text):
        raise fail(key, "a key must be a word")
    return filled


def _fill_text(node: Text, row: Row) -> Node:
    if "$" not in node.text:
        return node
    whole = _WORD.fullmatch(node.text.strip())
    if whole:
        value = _value(whole[1], node, row)
        return _placed(value, node.place)
    return attrs.evolve(node, text=_WORD.sub(lambda found: _plain(_value(found[1], node, row)), node.text))


def _value(word: str, node: Text, row: Row) -> Node:
    if word not in row.values:
        hint = nearest(word, row.values) if row.values else "`$` takes its value from `cases` or `matrix`"
        raise fail(node, f"`${word}` is not defined", hint)
    row.used.add(word)
    return row.values[word]


def _placed(node: Node, place: Place) -> Node:
    """A value where it is used: errors and failures point there."""
    return attrs.evolve(node, place=place)
