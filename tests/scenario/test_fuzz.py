"""Whatever is done to a shipped story, reading it gives a story or a SourceError of at most three lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexuslic.errors import SourceError
from nexuslic.scenario.read import read
from nexuslic.scenario.story import Story

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "nexuslic", ROOT / "scenarios")
STORIES = [path.read_text("utf-8") for folder in FOLDERS for path in sorted(folder.rglob("*.scenario.yaml"))]
LONGEST = max(map(len, STORIES))
SPAN = 40
STRANGE = st.sampled_from([*"{}[]:,-#&*!|>'\"%@`$?~\n \t", "\0", "\x1b", "\x85", "\u2028", "é", "\U0001f6a2", "\ufeff"])
WORDS = st.sampled_from(
    ["never", "end", "daily", "every", "day", "none", "all", "$x", "0", "-1", "99999", "+3d", "yes", "1e9", "<<:", "{}"]
)


def cut(text: str, at: int, size: int, with_: str) -> str:
    return text[:at] + text[at + size :]


def double(text: str, at: int, size: int, with_: str) -> str:
    return text[: at + size] + text[at:]


def swap(text: str, at: int, size: int, with_: str) -> str:
    middle = at + size // 2
    return text[:at] + text[middle : at + size] + text[at:middle] + text[at + size :]


def insert(text: str, at: int, size: int, with_: str) -> str:
    return text[:at] + with_ + text[at:]


def replace(text: str, at: int, size: int, with_: str) -> str:
    return text[:at] + with_ + text[at + size :]


def by_lines(change):
    """The same change to whole lines."""

    def changed(text: str, at: int, size: int, with_: str) -> str:
        start = text.rfind("\n", 0, at) + 1
        stop = text.find("\n", min(len(text), at + size))
        return change(text, start, (len(text) if stop < 0 else stop + 1) - start, with_ + "\n")

    return changed


CHANGES = [cut, double, swap, insert, replace]
CHANGE = st.sampled_from([*CHANGES, *map(by_lines, CHANGES)])


@st.composite
def spliced(draw: st.DrawFn) -> str:
    """A piece of a shipped story, a word, or a letter that does not belong."""
    story = draw(st.sampled_from(STORIES))
    at = draw(st.integers(0, len(story)))
    return draw(st.one_of(STRANGE, WORDS, st.just(story[at : at + SPAN])))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A shipped story after up to six changes; at most a few kilobytes, so that reading it stays short work."""
    text = draw(st.sampled_from(STORIES))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        text = draw(CHANGE)(text, at, draw(st.integers(1, SPAN)), draw(spliced()))
    return text


ODD = [
    "",
    "x",
    "-1",
    "0",
    "99999",
    "none",
    "all",
    "end",
    "day 1",
    "day 99999",
    "+3d",
    "daily 00:00",
    "every 1m",
    "$x",
    ".",
]
SHAPES = [[], {}, ["x"], [[]], [{}], {"x": "y"}, {"x": {}}, {"x": []}, [["x", "y"], "z"], {"at": "day 2"}]
DROPPED = ("at", "from", "to", "until", "taken", "before", "after")


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything in a story."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*path, name)
        yield from nodes(one, (*path, name))


@st.composite
def reshaped(draw: st.DrawFn) -> str:
    """A shipped story with one value that is not of its kind, or a time that drops its line."""
    story = yaml.load(draw(st.sampled_from(STORIES)), Loader=yaml.BaseLoader)
    *path, last = draw(st.sampled_from(sorted(nodes(story), key=str)))
    holder = story
    for name in path:
        holder = holder[name]
    holder[last] = draw(st.sampled_from([*ODD, *SHAPES, *(["never"] if last in DROPPED else [])]))
    return json.dumps(story)


def reading(data: bytes) -> Story | SourceError:
    try:
        return read(data, "story")
    except SourceError as error:
        return error


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_changed_story_is_read_or_refused_in_three_lines(text: str):
    assert len(text) < 8 * LONGEST
    read_as = reading(text.encode("utf-8"))
    assert isinstance(read_as, Story) or 1 <= len(str(read_as).splitlines()) <= 3


@settings(max_examples=350, deadline=None, derandomize=True)
@given(reshaped())
def test_a_value_of_another_kind_is_read_or_refused_in_three_lines(text: str):
    read_as = reading(text.encode("utf-8"))
    assert isinstance(read_as, Story) or 1 <= len(str(read_as).splitlines()) <= 3


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(STORIES), st.data())
def test_a_story_with_any_byte_changed_is_read_or_refused(text: str, data: st.DataObject):
    raw = bytearray(text.encode("utf-8"))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    read_as = reading(bytes(raw))
    assert isinstance(read_as, Story) or read_as.place.startswith("story:")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes):
    assert isinstance(reading(data), SourceError)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(STORIES), st.data())
def test_a_story_that_is_cut_anywhere_is_read_or_refused(text: str, data: st.DataObject):
    read_as = reading(text[: data.draw(st.integers(0, len(text)))].encode("utf-8"))
    assert isinstance(read_as, Story) or read_as.problem
