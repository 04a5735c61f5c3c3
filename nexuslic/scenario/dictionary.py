"""Every word of nexuslic in three lines: what it is, what it means, where it is written down.

`nexuslic explain` and the reference page are both made from this.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

import attrs

from nexuslic.rules.machine import TABLE
from nexuslic.rules.words import Word
from nexuslic.scenario import glossary, schema
from nexuslic.scenario.kinds import Key, ListOf, MapOf, Shape


@attrs.frozen
class Entry:
    """One word: what kind of word it is, and what it means."""

    word: str
    kind: str
    meaning: str

    @property
    def link(self) -> str:
        """Where the reference has it."""
        return f"docs/reference/words.md#{anchor(self.word, self.kind)}"


def anchor(word: str, kind: str) -> str:
    """The anchor of a word's heading."""
    return re.sub(r"[^a-z0-9_-]", "", f"{word}-{kind}".lower().replace(" ", "-"))


W = TypeVar("W", bound=Word)


def _closed(kind: str, meanings: Mapping[W, str]) -> Iterator[Entry]:
    for word, meaning in meanings.items():
        yield Entry(word.value, kind, meaning)


def _keys(kind: str, table: Mapping[str, Key]) -> Iterator[Entry]:
    for word, key in table.items():
        yield Entry(word, kind, f"{key.doc[0].upper()}{key.doc[1:]}.")


def _inside(name: str, key: Key) -> Iterator[Entry]:
    kind = key.kind
    while isinstance(kind, ListOf):
        kind = kind.item
    if isinstance(kind, MapOf):
        kind = kind.value
    if isinstance(kind, Shape):
        yield from _keys(f"key of {name}", kind.keys)


def entries() -> list[Entry]:
    """Every word, in the order of the reference."""
    found = [
        *_closed("state", glossary.STATES),
        *_closed("event", glossary.EVENTS),
        *_closed("cause", glossary.CAUSES),
        *_closed("reason", glossary.REASONS),
        *_plain("term", glossary.TERMS),
        *(Entry(word.value, kind, meaning) for word, (kind, meaning) in glossary.OTHER.items()),
        *_keys("top-level key", schema.TOP),
        *_keys("verb", schema.VERBS),
        *_keys("expectation", schema.EXPECTATIONS),
        *_keys("key of world", schema.WORLD.keys),
    ]
    for name, key in (*schema.WORLD.keys.items(), *schema.VERBS.items()):
        found += _inside(name, key)
    for name, shape in (("online", schema.ONLINE), ("faults", schema.FAULT), ("always", schema.ALWAYS)):
        found += _keys(f"key of {name}", shape.keys)
    found += _plain("preset", glossary.PRESETS)
    found += _plain("trouble of a database", glossary.TROUBLES)
    found += _plain("tampering", glossary.TAMPERS)
    found += _plain("time", glossary.TIMES)
    return [*found, *_plain("value", glossary.VALUES)]


def _plain(kind: str, meanings: Mapping[str, str]) -> Iterator[Entry]:
    for word, meaning in meanings.items():
        yield Entry(word, kind, meaning)


def explain(word: str) -> str | None:
    """The word in three lines for each meaning that it has; None where it is not known."""
    meanings: dict[str, list[Entry]] = {}
    for entry in entries():
        if entry.word.casefold() == word.casefold():
            meanings.setdefault(entry.meaning, []).append(entry)
    return "\n\n".join(map(_said, meanings.values())) or None


def _said(same: list[Entry]) -> str:
    """One meaning in three lines; `same` are the entries that share it."""
    first = same[0]
    kinds = ", ".join([first.kind, *(entry.kind.removeprefix("key of ") for entry in same[1:])])
    return f"{first.word}: {kinds}\n  {first.meaning}{_reached(first)}\n  see {first.link}"


def _reached(entry: Entry) -> str:
    if entry.kind == "state":
        leads = sorted({row.event.value for row in TABLE if row.target.value == entry.word})
        return f" Reached by {', '.join(leads)}."
    return ""


def near(word: str) -> list[str]:
    """The nearest words, best first."""
    words = list(dict.fromkeys(entry.word for entry in entries()))
    folded = {one.casefold(): one for one in words}
    return [folded[one] for one in difflib.get_close_matches(word.casefold(), list(folded), n=3, cutoff=0.4)]


def reference() -> str:
    """The reference page of all words, a heading each."""
    lines = [
        "# Words",
        "",
        "Every word of the rules and of the scenario language, made from the tables that the code reads.",
        "",
    ]
    seen: set[str] = set()
    group = ""
    for entry in entries():
        if entry.kind != group:
            group = entry.kind
            lines += [f"## {group[0].upper()}{group[1:]}", ""]
        name = anchor(entry.word, entry.kind)
        if name in seen:
            continue
        seen.add(name)
        lines += [f"({name})=", f"### {entry.word} ({entry.kind})", "", entry.meaning, ""]
    return "\n".join(lines)
