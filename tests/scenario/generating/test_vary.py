"""Stories that vary a given one."""

from pathlib import Path

import pytest

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario.generating import vary
from nexuslic.scenario.generating.failing import ways
from nexuslic.scenario.generating.tell import Told
from nexuslic.scenario.generating.tree import trees

TRIP = "scenarios/offshore/45-day-north-sea-trip.scenario.yaml"


def like(root: Path, file: str, seed: str, count: int) -> list[Told]:
    return list(vary.stories((root / file).read_text("utf-8"), file, seed, count))


def test_every_shipped_story_can_be_varied(root: Path):
    for path in sorted((root / "scenarios").rglob("*.scenario.yaml")):
        for one in like(root, str(path), "7", 2):
            assert ways(one.text) == (), path.name


def test_a_generated_story_can_be_varied(told: list[Told]):
    for one in told[:40]:
        (other,) = vary.stories(one.text, "story", "7", 1)
        assert ways(other.text) == ()


def test_the_world_is_kept(root: Path):
    worlds = [tree["world"] for _, tree in trees((root / TRIP).read_text("utf-8"), TRIP)]
    assert all(one.tree["world"] in worlds for one in like(root, TRIP, "7", 20))


def test_variations_differ_from_each_other_and_from_the_story(root: Path):
    steps = {str(one.tree["steps"]) for one in like(root, TRIP, "7", 20)}
    assert len(steps) >= 18


def test_the_same_seed_gives_the_same_variations(root: Path):
    first, second = (like(root, TRIP, "7", 5) for _ in range(2))
    assert [one.text for one in first] == [one.text for one in second]
    assert first[0].text != like(root, TRIP, "8", 1)[0].text


def test_their_names_say_what_they_are_like(root: Path):
    one = like(root, TRIP, "7", 1)[0]
    assert one.name == "45-day-north-sea-trip-7-001"
    assert one.text.startswith("# nexuslic generate --seed 7 --like 45-day-north-sea-trip.scenario.yaml, story 1\n")


def test_a_step_may_be_moved_repeated_changed_left_out_or_added(root: Path):
    file = "scenarios/restores/older-backup.scenario.yaml"
    ((_, tree),) = trees((root / file).read_text("utf-8"), file)
    lengths = {len(one.tree["steps"]) - len(tree["steps"]) for one in like(root, file, "7", 40)}
    assert min(lengths) < 0 < max(lengths)


def test_what_is_no_story_is_an_error():
    with pytest.raises(SourceError):
        list(vary.stories("- a\n", "story", "7", 1))


def test_a_story_of_which_nothing_can_be_told_is_an_error():
    text = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nworld: {seats: 4}\nsteps: [{at: day 1}]\n"
    with pytest.raises(InputError, match="no story like this one"):
        list(vary.stories(text, "story", "7", 1))
