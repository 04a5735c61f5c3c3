"""What a page tells its reader to type does what the page shows."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from nexuslic.errors import InputError
from nexuslic.scenario import schema
from nexuslic.scenario.read import read
from nexuslic.scenario.results import worst
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.source import parse
from nexuslic.scenario.stage_simulated import SimulatedStage

FRAME = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 Europe/London\nends: day 60\n"


def told(story: str) -> Outcome:
    """How a story ends."""
    try:
        return worst(run_case(case, SimulatedStage).outcome for case in read(story.encode("utf-8"), "story").cases)
    except InputError:
        return Outcome.WRONG


def test_every_command_ends_and_prints_as_the_page_says(command_page: Path, documents: SimpleNamespace, tmp_path: Path):
    for ran in documents.run(command_page, tmp_path):
        where = f"{command_page.name}:{ran.block.line}"
        assert ran.status == int(ran.block.notes.get("exits", 0)), f"{where}: {ran.output}"
        if ran.shown is not None:
            assert documents.same(ran.shown.text, ran.output), f"{where} prints\n{ran.output}"


def test_every_output_in_tutorial_and_how_to_follows_its_command(page: Path, documents: SimpleNamespace):
    if page.parent.name not in ("how-to", "tutorial"):
        return
    before = None
    for block in documents.blocks(page):
        if block.language in ("text", "json"):
            assert before is not None and before.language == "sh", f"{page.name}:{block.line}"
        before = block


def test_every_story_comes_to_what_the_page_says(story_page: Path, documents: SimpleNamespace):
    stories = [one for one in documents.blocks(story_page) if one.text.startswith("scenario:")]
    assert stories
    for story in stories:
        assert told(story.text) is Outcome(int(story.notes.get("exits", 0))), f"{story_page.name}:{story.line}"


def test_every_piece_of_a_story_can_be_read(page: Path, documents: SimpleNamespace):
    pieces = [b for b in documents.blocks(page) if b.language == "yaml" and not b.text.startswith("scenario:")]
    for piece in pieces:
        given = set(parse(piece.text.encode("utf-8"), page.name).keys())
        assert given <= set(schema.TOP), f"{page.name}:{piece.line}"
        frame = "".join(f"{line}\n" for line in FRAME.splitlines() if line.split(":")[0] not in given)
        assert read((frame + piece.text).encode("utf-8"), f"{page.name}:{piece.line}").cases


@pytest.mark.parametrize("fault", [("nine", "ten"), ("last\n...", "last\nline")])
def test_a_wrong_output_is_seen(fault: tuple[str, str], documents: SimpleNamespace):
    shown = "first\nnine (0.1 s)\n...\nlast\n...\n".replace(*fault)
    assert not documents.same(shown, "first\nnine (2.1 s)\na\nb\nlast\nz")


def test_seconds_and_left_out_lines_are_no_difference(documents: SimpleNamespace):
    assert documents.same("first\nnine (0.1 s)\n...\nlast\n", "first\nnine (2.1 s)\na\nb\nlast\n")


def test_the_tutorial_has_at_least_eight_checked_outputs(documents: SimpleNamespace, tmp_path: Path):
    shown = [ran for ran in documents.run(documents.docs / "tutorial" / "a-trip.md", tmp_path) if ran.shown is not None]
    assert len(shown) >= 8


def test_no_page_speaks_of_a_machine(page: Path):
    assert not re.search(r"/tmp|/work|/home/|/root/", page.read_text("utf-8"))


def test_the_tutorial_installs_as_the_readme_does(documents: SimpleNamespace):
    (install,) = [b for b in documents.blocks(documents.docs / "tutorial" / "a-trip.md") if b.language == "bash"]
    first, second = install.text.splitlines()
    assert first in (documents.root / "README.md").read_text("utf-8")
    assert second == 'export PATH="$PWD/.venv/bin:$PATH"'
