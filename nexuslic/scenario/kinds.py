"""The kinds of values that a story may hold: each one reads a node, and says what JSON Schema accepts there.

The reader and the schema come from the same objects, so they cannot drift apart.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import attrs

from nexuslic.errors import InputError
from nexuslic.rules.binding import fold
from nexuslic.rules.license import Version
from nexuslic.scenario import calendar
from nexuslic.scenario.calendar import Calendar, Moment
from nexuslic.scenario.source import Fields, Items, Node, Place, Text, fail

Json = dict[str, Any]
WORD: Json = {"type": "string", "pattern": r"^\$[A-Za-z_][A-Za-z0-9_]*$"}
"""A `$word` may stand in the place of any value."""


class Dropped(Exception):
    """`never`: the line that holds this time is left out."""


@attrs.define
class Context:
    """What reading needs to know: the calendar, the time of the step before, and the names of the story."""

    calendar: Calendar
    before: datetime | None = None
    workstations: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    users: tuple[str, ...] | None = None
    own_servers: tuple[str, ...] = ()
    """The workstations that run a server themselves, so that `localhost` means something there."""


class Kind(Protocol):
    """A kind of value."""

    def read(self, node: Node, context: Context) -> Any:
        """The value at `node`. Raises SourceError."""
        ...

    def json(self) -> Json:
        """What JSON Schema accepts."""
        ...


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint: the nearest valid word, or all of them where none is near."""
    options = list(words)
    folded = {option.casefold(): option for option in options}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.5)
    if near:
        return f"did you mean `{folded[near[0]]}`?"
    return f"valid here: {', '.join(options[:16])}" if options else ""


def text_of(node: Node, what: str) -> str:
    """The text at `node`. Raises SourceError where there is none."""
    if not isinstance(node, Text):
        raise fail(node, f"expected {what}, not a {'list' if isinstance(node, Items) else 'mapping'}")
    if not node.text.strip():
        raise fail(node, f"expected {what}, and nothing stands here")
    return node.text.strip()


@attrs.frozen
class Words:
    """Any text."""

    what: str = "text"

    def read(self, node: Node, context: Context) -> str:
        return text_of(node, self.what)

    def json(self) -> Json:
        return {"type": ["string", "number", "boolean"]}


@attrs.frozen
class Choice:
    """One of a closed set; `make` turns the word into a value."""

    words: tuple[str, ...]
    make: Callable[[str], Any] = str

    def read(self, node: Node, context: Context) -> Any:
        word = text_of(node, f"one of {', '.join(self.words)}")
        if word not in self.words:
            raise fail(node, f"`{word}` is not known here", nearest(word, self.words))
        return self.make(word)

    def json(self) -> Json:
        return {"anyOf": [{"enum": list(self.words)}, WORD]}


@attrs.frozen
class YesNo:
    """`yes` or `no`."""

    def read(self, node: Node, context: Context) -> bool:
        return bool(Choice(("yes", "no"), lambda word: word == "yes").read(node, context))

    def json(self) -> Json:
        return {"anyOf": [{"enum": ["yes", "no", True, False]}, WORD]}


@attrs.frozen
class Whole:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 100_000

    def read(self, node: Node, context: Context) -> int:
        text = text_of(node, "a whole number")
        plain = text.isascii() and text.isdigit() and len(text) <= 12
        if not plain or not self.least <= int(text) <= self.most:
            raise fail(node, f"`{text}` is not a whole number from {self.least} to {self.most}")
        return int(text)

    def json(self) -> Json:
        number: Json = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, {"type": "string", "pattern": "^[0-9]+$"}, WORD]}


@attrs.frozen
class Time:
    """A time of the story, as an instant (UTC)."""

    def read(self, node: Node, context: Context) -> datetime:
        return _moment(node, context, whole_day=False).at

    def json(self) -> Json:
        return {"type": "string"}


@attrs.frozen
class MomentKind:
    """A day or a time of the story."""

    def read(self, node: Node, context: Context) -> Moment:
        return _moment(node, context, whole_day=True)

    def json(self) -> Json:
        return {"type": "string"}


def _moment(node: Node, context: Context, *, whole_day: bool) -> Moment:
    moment: Moment | None = _understood(
        node, lambda text: context.calendar.moment(text, context.before, whole_day=whole_day), "a time"
    )
    if moment is None:
        raise Dropped
    return moment


def _understood(node: Node, make: Callable[[str], Any], what: str) -> Any:
    try:
        return make(text_of(node, what))
    except OverflowError as error:
        raise fail(node, f"`{text_of(node, what)}` is beyond the calendar") from error
    except InputError as error:
        if hasattr(error, "place"):
            raise
        raise fail(node, str(error)) from error


@attrs.frozen
class Duration:
    """An elapsed time; with a sign where `signed`."""

    signed: bool = False

    def read(self, node: Node, context: Context) -> timedelta:
        make = calendar.signed_duration if self.signed else calendar.duration
        value: timedelta = _understood(node, make, "a duration")
        return value

    def json(self) -> Json:
        return {"type": "string"}


@attrs.frozen
class VersionKind:
    """A version, or a preset as text."""

    presets: tuple[str, ...] = ()

    def read(self, node: Node, context: Context) -> str:
        text = text_of(node, "a version")
        if text not in self.presets:
            _understood(node, Version.parse, "a version")
        return text

    def json(self) -> Json:
        return {"type": ["string", "number"]}


@attrs.frozen
class ListOf:
    """A list of `least` or more; one value alone is a list of one where `single`."""

    item: Kind
    single: bool = False
    least: int = 0

    def read(self, node: Node, context: Context) -> tuple[Any, ...]:
        if isinstance(node, Items):
            if len(node.items) < self.least:
                raise fail(node, "this list is empty", "write what stands in it, or leave the line out")
            return tuple(self.item.read(one, context) for one in node.items)
        if self.single:
            return (self.item.read(node, context),)
        raise fail(node, "expected a list", "write it in brackets: [one, another]")

    def json(self) -> Json:
        many: Json = {"type": "array", "items": self.item.json(), "minItems": self.least}
        return {"anyOf": [many, self.item.json(), WORD]} if self.single else {"anyOf": [many, WORD]}


@attrs.frozen
class OrNone:
    """`none`, or a value."""

    kind: Kind

    def read(self, node: Node, context: Context) -> Any:
        if isinstance(node, Text) and node.text.strip() == "none":
            return None
        return self.kind.read(node, context)

    def json(self) -> Json:
        return {"anyOf": [{"const": "none"}, self.kind.json()]}


@attrs.frozen
class Name:
    """A name of the story, as `among` finds them in the context; compared as users are where not `exact`."""

    what: str
    among: Callable[[Context], tuple[str, ...] | None]
    exact: bool = True

    def read(self, node: Node, context: Context) -> str:
        name = text_of(node, f"the name of a {self.what}")
        names = self.among(context)
        known = names is None or name in names
        if not known and not self.exact and names is not None:
            known = fold(name) in map(fold, names)
        if not known and names is not None:
            raise fail(node, f"there is no {self.what} `{name}` in this story", nearest(name, names))
        return name

    def json(self) -> Json:
        return {"type": ["string", "number", "boolean"]}


@attrs.frozen
class Key:
    """A key of a mapping: what it holds, and what it is for."""

    kind: Kind
    doc: str
    required: bool = False


@attrs.frozen
class Shape:
    """A mapping with fixed keys.

    `short`: which key a plain value alone stands for. `sheds`: a `never` drops only its key, and not the whole line.
    """

    keys: Mapping[str, Key]
    short: str = ""
    sheds: bool = False

    def read(self, node: Node, context: Context) -> dict[str, Any]:
        if not isinstance(node, Fields):
            if self.short:
                return {self.short: self.keys[self.short].kind.read(node, context)}
            raise fail(node, "expected a mapping", f"its keys: {', '.join(self.keys)}")
        check_keys(node, self.keys)
        found: dict[str, Any] = {}
        for name, value in node.entries:
            try:
                found[name.text] = self.keys[name.text].kind.read(value, context)
            except Dropped:
                if not self.sheds or self.keys[name.text].required:
                    raise
        return found

    def json(self) -> Json:
        body: Json = {
            "type": "object",
            "properties": {name: {"description": key.doc, **_or_word(key.kind)} for name, key in self.keys.items()},
            "required": [name for name, key in self.keys.items() if key.required],
            "patternProperties": {WORD["pattern"]: {}},
            "additionalProperties": False,
        }
        return {"anyOf": [body, self.keys[self.short].kind.json()]} if self.short else body


def _or_word(kind: Kind) -> Json:
    """What JSON Schema accepts in the place of a value: also a `$word`, for a whole mapping."""
    body = kind.json()
    return {"anyOf": [body, WORD]} if body.get("type") == "object" else body


def check_keys(node: Fields, keys: Mapping[str, Key], place: Place | None = None) -> None:
    """Refuse a key that is unknown, and a mapping that lacks one it must have. Raises SourceError."""
    for name, value in node.entries:
        if name.text not in keys:
            raise fail(name, f"`{name.text}` is no key here", nearest(name.text, keys))
        if isinstance(value, Text) and value.empty:
            raise fail(name, f"`{name.text}` has no value", keys[name.text].doc)
    for wanted, key in keys.items():
        if key.required and node.get(wanted) is None:
            raise fail(place or node, f"`{wanted}` is missing", key.doc)


@attrs.frozen
class MapOf:
    """A mapping whose keys are names of the story's own."""

    value: Kind

    def read(self, node: Node, context: Context) -> dict[str, Any]:
        if not isinstance(node, Fields):
            raise fail(node, "expected a mapping of names")
        return {name.text: self.value.read(self._filled(value), context) for name, value in node.entries}

    def _filled(self, node: Node) -> Node:
        """A name alone, where all that it could say has a default."""
        return Fields((), node.place) if isinstance(node, Text) and node.empty and self._bare() else node

    def _bare(self) -> bool:
        return isinstance(self.value, Shape) and not any(key.required for key in self.value.keys.values())

    def json(self) -> Json:
        value = _or_word(self.value)
        return {
            "type": "object",
            "additionalProperties": {"anyOf": [value, {"type": "null"}]} if self._bare() else value,
        }
