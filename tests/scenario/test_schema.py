"""The JSON Schema for editors: what the reader accepts, as text and as YAML types it, and no typing error."""

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from nexuslic.errors import SourceError
from nexuslic.scenario import schema
from nexuslic.scenario.read import read

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "nexuslic", ROOT / "scenarios")
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.scenario.yaml"))]
SCHEMA = schema.json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
STORY = """scenario: A story
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 UTC
ends: day 9
tags: [one, 2]
world:
  license: {type: named, seats: 5, grace: 30, minimum_version: 6.2, ends: day 90, extension: {days: 2, until: day 3}}
  license_server: {accepts: [TLS 1.2], clock: +2h}
  database: {server: DB1, name: nexus}
  servers: {DB1: {names: [other]}}
  workstations: {ws1: {os: linux, application: 6.10, offers: TLS 1.2, user: anna, nethasp: absent, runs_server: no}}
  users: [anna, bob]
  assigned: [anna]
  policy: {warn_from: 5, clock_tolerance: 24h, clock: database, binding: spelling}
online: [{from: day 1 07:00, to: day 1 08:00, by: phone, workstations: ws1}]
faults: [{from: day 2, to: day 3, cause: dns}]
every: [{at: daily 06:00, from: day 2, to: day 5, launch: all}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated, runs: yes}}
  - {at: day 2 12:00, launch: {workstation: ws1, user: anna}, expect: {ws1: {days_left: 30, reason: none}}}
  - {at: day 3 12:00, set_clock: {of: database, by: -3d}, note: wrong}
always: [{never: Expired, before: day 4, while: Grace}]
must_visit: [Grace]
"""


def loose(text: str) -> Any:
    """A story as a YAML 1.1 loader types it, with dates as JSON has them."""
    return _json(yaml.safe_load(text))


def texts(text: str) -> Any:
    """A story with all scalars as text."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner) for inner in value]
    return str(value) if isinstance(value, date) else value


def problems(value: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message[:80]}" for error in VALIDATOR.iter_errors(value)]


def with_other_keys(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The story with one key misspelt, for every key that it has, with the path of that key."""
    if isinstance(value, list):
        for at, inner in enumerate(value):
            for where, changed in with_other_keys(inner, (*path, at)):
                yield where, [*value[:at], changed, *value[at + 1 :]]
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), {name + "x" if name == key else name: one for name, one in value.items()}
            for where, changed in with_other_keys(inner, (*path, key)):
                yield where, {**value, key: changed}


MISSPELT = list(with_other_keys(texts(STORY)))


def names_a_thing(path: tuple[Any, ...]) -> bool:
    """Whether a key is a name of the story's own, as of a workstation, and no word of the language."""
    return path[:-1] in (("world", "workstations"), ("world", "servers")) or path[-2:] == ("expect", "ws1")


def holds_a_comma(path: Path) -> bool:
    """Whether an unquoted name of a case holds a comma, which only this language reads as part of the name."""
    rows = texts(path.read_text("utf-8")).get("cases", [])
    return any(value == "" for row in rows for value in row.values())


def test_the_schema_is_a_valid_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


def test_every_key_of_the_language_is_in_it_with_what_it_is_for():
    assert set(SCHEMA["properties"]) == set(schema.TOP)
    step = SCHEMA["properties"]["steps"]["anyOf"][0]["items"]["properties"]
    assert set(step) == set(schema.STEP)
    assert all(key.get("description") for name, key in step.items() if name != "expect")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_story_is_accepted_as_text(path: Path):
    assert problems(texts(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", [path for path in FILES if not holds_a_comma(path)], ids=lambda path: path.name)
def test_a_shipped_story_is_accepted_as_yaml_types_it(path: Path):
    assert problems(loose(path.read_text("utf-8"))) == []


def test_a_story_with_every_part_is_accepted_by_reader_and_schema():
    assert read(STORY.encode("utf-8"), "story").cases
    assert problems(texts(STORY)) == []
    assert problems(loose(STORY)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ends: day 9", "ends: 2026-03-10"),
        ("to: day 5", "to: 2026-03-06"),
        ("grace: 30", "grace: 017"),
        ("grace: 30", "grace: 0"),
        ("user: anna", "user: no"),
        ("user: anna", "user: 1_000"),
        ("name: nexus", "name: 06:00"),
        ("name: nexus", "name: 12:00"),
        ("name: nexus", "name: 3.10"),
        ("application: 6.10", "application: 7"),
        ("minimum_version: 6.2", "minimum_version: 6.2.1"),
        ("format: 1", "format: '1'"),
        ("reason: none", "reason: expired"),
    ],
)
def test_a_value_is_accepted_both_as_text_and_as_yaml_types_it(old: str, new: str):
    assert old in STORY
    text = STORY.replace(old, new)
    assert problems(loose(text)) == []
    assert problems(texts(text)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("grace: 30", "grace: $grace"),
        ("os: linux", "os: $os"),
        ("offers: TLS 1.2", "offers: $tls"),
        ("runs: yes", "runs: $runs"),
        ("state: Authenticated", "state: $state"),
        ("reason: none", "reason: $reason"),
        ("at: daily 06:00", "at: $when 06:00"),
        ("launch: all", "launch: $who"),
        ("by: -3d", "by: $how"),
        ("cause: dns", "cause: $cause"),
        ("days_left: 30", "days_left: $grace"),
    ],
)
def test_a_word_may_stand_for_a_value(old: str, new: str):
    assert old in STORY
    assert problems(texts(STORY.replace(old, new))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("grace: 30", "grace: thirty"),
        ("grace: 30", "grace: -1"),
        ("grace: 30", "grace: 2.9"),
        ("grace: 30", "grace: 36501"),
        ("type: named", "type: Named"),
        ("os: linux", "os: windows-8"),
        ("offers: TLS 1.2", "offers: TLS 1.4"),
        ("cause: dns", "cause: dsn"),
        ("runs: yes", "runs: perhaps"),
        ("state: Authenticated", "state: authenticated"),
        ("reason: none", "reason: never"),
        ("must_visit: [Grace]", "must_visit: [grace]"),
        ("never: Expired", "never: expired"),
        ("format: 1", "format: 2"),
        ("launch: all", "launch: {who: all}"),
        ("servers: {DB1", "servers: [DB1"),
        ("clock: database", "clock: server"),
    ],
)
def test_a_value_that_the_reader_refuses_is_refused(old: str, new: str):
    assert old in STORY
    text = STORY.replace(old, new) if "[DB1" not in new else STORY.replace("{DB1: {names: [other]}}", "[DB1]")
    with pytest.raises(SourceError):
        read(text.encode("utf-8"), "story")
    assert problems(loose(text))


@pytest.mark.parametrize("key", ["scenario", "format", "why", "starts"])
def test_a_key_that_must_be_there_is_missed(key: str):
    story = {name: value for name, value in texts(STORY).items() if name != key}
    assert any(f"'{key}' is a required property" in problem for problem in problems(story))


def written(story: Any) -> bytes:
    """A story that was loaded as text, as a file again."""
    return yaml.safe_dump(story, sort_keys=False).replace("'", "").encode("utf-8")


def test_a_story_that_is_written_again_is_read():
    assert read(written(texts(STORY)), "story").cases


@pytest.mark.parametrize(
    ("path", "story"), [one for one in MISSPELT if not names_a_thing(one[0])], ids=lambda one: str(one)[:60]
)
def test_a_key_that_the_reader_refuses_is_refused(path: tuple[Any, ...], story: Any):
    with pytest.raises(SourceError):
        read(written(story), "story")
    assert problems(story), path


def test_a_name_of_the_storys_own_is_free():
    renamed = copy.deepcopy(texts(STORY))
    renamed["world"]["servers"] = {"any name at all": {}}
    renamed["world"]["workstations"] = {"bridge": {}, "22": {"os": "linux"}}
    assert problems(renamed) == []
    assert len([path for path, _ in MISSPELT if names_a_thing(path)]) == 3
