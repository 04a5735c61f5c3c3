"""Typing errors in the shipped stories: each is refused where it stands, nearly always with the right word."""

import string
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path

import attrs
import pytest
import yaml
from jsonschema import Draft202012Validator

from nexuslic.errors import SourceError
from nexuslic.scenario import schema
from nexuslic.scenario.kinds import Key, Kind, ListOf, MapOf, OrNone, Shape
from nexuslic.scenario.read import read
from nexuslic.scenario.source import Fields, Items, Node, Text, parse

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "scenarios", ROOT / "nexuslic")
FILES = sorted(
    (path for folder in FOLDERS for path in folder.rglob("*.scenario.yaml")),
    key=lambda path: (path.stat().st_size, path.name),
)


@attrs.frozen
class Word:
    """A key of the language where it stands in a shipped story, and what else may stand there."""

    where: tuple[str, ...]
    key: Text
    valid: frozenset[str]
    text: str

    def replaced(self, typo: str) -> str:
        """The story with this typing error."""
        lines = self.text.splitlines(keepends=True)
        row, column = self.key.place.line - 1, self.key.place.column - 1
        line = lines[row]
        assert line[column:].startswith(self.key.text)
        lines[row] = line[:column] + typo + line[column + len(self.key.text) :]
        return "".join(lines)


@attrs.frozen
class Answer:
    """What the reader says to one typing error."""

    word: Word
    typo: str
    said: str


def keys_in(
    node: Node, kind: Kind, where: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Text, Mapping[str, Key]]]:
    """Every key of the language in `node`, with its context and the keys that are valid there."""
    if isinstance(kind, OrNone):
        yield from keys_in(node, kind.kind, where)
    elif isinstance(kind, ListOf):
        for item in node.items if isinstance(node, Items) else (node,):
            yield from keys_in(item, kind.item, where)
    elif isinstance(kind, MapOf) and isinstance(node, Fields):
        for _, value in node.entries:
            yield from keys_in(value, kind.value, (*where, "*"))
    elif isinstance(kind, Shape) and isinstance(node, Fields):
        for key, value in node.entries:
            yield where, key, kind.keys
            yield from keys_in(value, _inside(key.text, kind, value), (*where, key.text))


def _inside(key: str, kind: Shape, value: Node) -> Kind:
    if key == "cases":
        return ListOf(Shape({"case": schema.TOP["scenario"]}))
    if key == "expect" and isinstance(value, Fields):
        one = Shape(schema.EXPECTATIONS)
        return MapOf(one) if all(isinstance(inner, Fields) for _, inner in value.entries) else one
    return kind.keys[key].kind if key in kind.keys else schema.TOP["scenario"].kind


def words() -> list[Word]:
    """Every distinct key in its context, in the shortest file that has it."""
    found: dict[tuple[tuple[str, ...], str], Word] = {}
    for path in FILES:
        text = path.read_text("utf-8")
        for where, key, valid in keys_in(parse(text.encode("utf-8"), "story"), Shape(schema.TOP), ()):
            if key.text in valid and (where, key.text) not in found:
                found[where, key.text] = Word(where, key, frozenset(valid), text)
    return list(found.values())


def typos(word: str, letters: Iterator[str]) -> set[str]:
    """All deletions, exchanges and doublings, and two substitutions and two insertions at every place."""
    places = range(len(word))
    made = {word[:at] + word[at + 1 :] for at in places}
    made |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    made |= {word[:at] + word[at] + word[at:] for at in places}
    for _ in range(2):
        made |= {word[:at] + next(letters) + word[at + 1 :] for at in places}
        made |= {word[:at] + next(letters) + word[at:] for at in range(len(word) + 1)}
    return made - {word, ""}


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    """What the reader says to every typing error in every key."""
    said = []
    letters = cycle(string.ascii_lowercase)
    for word in words():
        for typo in sorted(typos(word.key.text, letters) - word.valid):
            try:
                read(word.replaced(typo).encode("utf-8"), "story")
            except SourceError as error:
                said.append(Answer(word, typo, str(error)))
            else:
                said.append(Answer(word, typo, ""))
    return said


def test_every_key_of_a_shipped_story_is_asked(answers: list[Answer]):
    asked = {answer.word.key.text for answer in answers}
    assert len(answers) > 4_000
    assert {"scenario", "case", "world", "seats", "authenticate", "state", "never", "taken", "cause", "until"} <= asked


def test_every_typo_is_refused(answers: list[Answer]):
    assert [(answer.word.where, answer.word.key.text, answer.typo) for answer in answers if not answer.said] == []


def test_every_typo_is_refused_in_its_very_line(answers: list[Answer]):
    elsewhere = [
        (answer.typo, answer.said)
        for answer in answers
        if not answer.said.startswith(f"story:{answer.word.key.place.line}:")
    ]
    assert elsewhere == []


def test_every_refusal_has_at_most_three_lines(answers: list[Answer]):
    assert [answer.said for answer in answers if len(answer.said.splitlines()) > 3] == []


def test_the_right_word_is_suggested_nine_times_in_ten(answers: list[Answer]):
    wrong = [answer for answer in answers if f"`{answer.word.key.text}`" not in answer.said]
    rate = 1 - len(wrong) / len(answers)
    figure = f"the right word in {rate:.1%} of {len(answers)} typing errors"
    assert rate >= 0.9, f"{figure}; not for {[(answer.word.key.text, answer.typo) for answer in wrong][:40]}"


def test_an_editor_with_the_schema_sees_the_typo_too():
    """The rows of `cases` are left out: their keys are the story's own words."""
    validator = Draft202012Validator(schema.json_schema())
    unseen = []
    for word in words():
        for typo in {word.key.text + "x", word.key.text[1:] or "x"} - word.valid:
            story = yaml.load(word.replaced(typo), Loader=yaml.BaseLoader)
            if word.where != ("cases",) and validator.is_valid(story):
                unseen.append((word.where, word.key.text, typo))
    assert unseen == []
