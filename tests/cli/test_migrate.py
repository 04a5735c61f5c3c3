"""`nexuslic migrate`, with a made-up format 2."""

from pathlib import Path

import pytest

from nexuslic.cli import main
from nexuslic.scenario import migration

STORY = b"scenario: a  # b\r\nformat: 1\r\nwhy: c?\r\nstarts: 2026-03-02 06:00 UTC\r\n"
MADE_UP = {1: lambda data: data.replace(b"format: 1", b"format: 2")}


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "a.scenario.yaml"
    path.write_bytes(STORY)
    path.chmod(0o640)
    return path


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a format 2."""
    monkeypatch.setattr(migration, "STEPS", MADE_UP)


def test_what_is_of_the_newest_format_is_said_and_left_alone(story: Path, capsys: pytest.CaptureFixture[str]):
    before = story.stat()
    assert main(["migrate", str(story.parent)]) == 0
    assert capsys.readouterr().out == f"{story}: already format 1\n"
    assert (story.read_bytes(), story.stat().st_ino) == (STORY, before.st_ino)


def test_check_says_what_is_old_and_writes_nothing(story: Path, made_up: None, capsys: pytest.CaptureFixture[str]):
    assert main(["migrate", "--check", str(story)]) == 1
    assert capsys.readouterr().out == f"{story}: format 1, not 2: run nexuslic migrate\n"
    assert story.read_bytes() == STORY


def test_an_older_file_is_written_whole_with_its_rights(story: Path, made_up: None, capsys: pytest.CaptureFixture[str]):
    assert main(["migrate", str(story)]) == 0
    assert capsys.readouterr().out == f"{story}: format 1 -> 2\n"
    assert story.read_bytes() == STORY.replace(b"format: 1", b"format: 2")
    assert story.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in story.parent.iterdir()] == [story.name]


def test_a_link_stays_a_link(story: Path, made_up: None):
    link = story.with_name("b.scenario.yaml")
    link.symlink_to(story)
    assert main(["migrate", str(link)]) == 0
    assert link.is_symlink() and b"format: 2" in story.read_bytes()


def test_one_wrong_file_exits_2_and_the_others_are_done(story: Path, made_up: None, capsys: pytest.CaptureFixture[str]):
    wrong = story.with_name("0.scenario.yaml")
    wrong.write_bytes(STORY.replace(b"format: 1", b"format: 9"))
    assert main(["migrate", str(story.parent)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {wrong}:2:9: format 9 is newer than this nexuslic")
    assert b"format: 2" in story.read_bytes()


def test_a_file_that_cannot_be_written_is_told_and_kept(
    story: Path, made_up: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert main(["migrate", str(story)]) == 2
    assert capsys.readouterr().err == f"error: {story}: the file cannot be written: No space left on device\n"
    assert [path.name for path in story.parent.iterdir()] == [story.name]


@pytest.mark.parametrize("name", ["none.scenario.yaml", "."])
def test_a_path_without_stories_exits_2(tmp_path: Path, name: str):
    assert main(["migrate", str(tmp_path / name)]) == 2
