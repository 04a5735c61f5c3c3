"""What is written is read as the same story again, and looks as people write it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.scenario.generating.tree import plain, trees
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.source import parse

PLACES = ("scenario", "format", "why", "starts", "ends", "tags", "world", "online", "steps", "always")
TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=12).map(str.strip)
WORD = st.one_of(
    TEXT.filter(bool),
    st.sampled_from(["-3d", "+3d", ".", "no", "a: b", "a #b", "a,b", "- x", "?", "day 1 07:30", "a:", "$x", "~", "<<"]),
)
VALUE = st.recursive(
    WORD, lambda one: st.one_of(st.lists(one, max_size=4), st.dictionaries(WORD, one, max_size=4)), max_leaves=8
)
STEP = st.dictionaries(WORD.filter(lambda key: key != "#"), VALUE, min_size=1, max_size=4)


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    tree: dict[str, Any] = {"scenario": draw(WORD), "format": "1", "why": draw(WORD), "starts": draw(WORD)}
    tree["tags"] = draw(st.lists(WORD, max_size=30))
    tree["world"] = draw(st.dictionaries(WORD, VALUE, max_size=3))
    tree["online"] = draw(st.lists(STEP, max_size=2))
    tree["steps"] = draw(st.lists(STEP, max_size=3))
    tree["always"] = draw(st.lists(STEP, max_size=1))
    return tree


@settings(max_examples=400, deadline=None, derandomize=True)
@given(stories())
def test_what_is_written_is_read_as_the_same_story(tree: dict[str, Any]):
    assert plain(parse(write(tree).encode("utf-8"), "story")) == tree


@pytest.mark.parametrize("path", ["scenarios", "nexuslic/scenario/templates"])
def test_a_shipped_story_can_be_written_anew(root, path: str):
    for file in sorted((root / path).rglob("*.scenario.yaml")):
        for _, tree in trees(file.read_text("utf-8"), file.name):
            assert plain(parse(write(tree).encode("utf-8"), "story")) == tree


STORY = {
    "#": "a remark",
    "scenario": "Quay, sea and quay: a trip",
    "format": "1",
    "why": "Does it hold?",
    "tags": ["one", "two"],
    "starts": "2026-03-02 06:00 UTC",
    "world": {"license": {"grace": "30"}, "workstations": {"bridge": {"os": "linux"}, "lab": {}}},
    "online": [{"from": "day 1", "workstations": ["bridge"]}],
    "steps": [
        {"at": "day 1 07:30", "authenticate": "bridge", "#": "at the quay", "expect": {"runs": "yes"}},
        {"at": "day 2 07:30", "reply": {"tamper": "html"}},
        {"at": "day 2 07:30", "launch": "all", "expect": {"bridge": {"runs": "yes"}, "lab": {"warns": "a, b"}}},
    ],
    "must_visit": ["Grace"],
}
WRITTEN = """# a remark
scenario: "Quay, sea and quay: a trip"
format: 1
why: Does it hold?
tags: [one, two]
starts: 2026-03-02 06:00 UTC
world:
  license: {grace: 30}
  workstations:
    bridge: {os: linux}
    lab: {}
online:
  - {from: day 1, workstations: [bridge]}
steps:
  - at: day 1 07:30                          # at the quay
    authenticate: bridge
    expect: {runs: yes}
  - {at: day 2 07:30, reply: {tamper: html}}
  - at: day 2 07:30
    launch: all
    expect:
      bridge: {runs: yes}
      lab: {warns: "a, b"}
must_visit: [Grace]
"""


def test_it_looks_as_people_write_it():
    assert write(STORY) == WRITTEN


def test_a_long_line_goes_on_under_its_first_entry():
    written = write({"tags": [f"word-{number}" for number in range(30)]})
    assert max(map(len, written.splitlines())) <= 110
    assert written.splitlines()[1].startswith("       word-")
