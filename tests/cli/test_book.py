"""`nexuslic book` prints, or writes a page, and exits as `run` does."""

from pathlib import Path

import pytest

from nexuslic.cli import main

STORY = """scenario: A trip
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 UTC
tags: [sea]
steps: [{{at: day 1 07:30, launch: ws1, expect: {{runs: {runs}}}}}]
"""


@pytest.fixture(autouse=True)
def stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "a.scenario.yaml").write_text(STORY.format(runs="no"))
    return folder


def test_without_a_file_it_is_text(capsys):
    assert main(["book"]) == 0
    assert "A trip\n======\n\nDoes it hold?\n" in capsys.readouterr().out


def test_a_page_is_written_whole(capsys, tmp_path):
    assert main(["book", "scenarios", "--html", "book.html"]) == 0
    assert (tmp_path / "book.html").read_text().startswith("<!doctype html>")
    assert capsys.readouterr().out.startswith("book.html: 1 story, SHA-256 ")


def test_a_story_that_does_not_hold_exits_1_and_the_page_is_written(stories, tmp_path):
    (stories / "a.scenario.yaml").write_text(STORY.format(runs="yes"))
    assert main(["book", "--html", "book.html"]) == 1
    assert "does not hold" in (tmp_path / "book.html").read_text()


def test_a_file_that_is_wrong_exits_2_and_no_page_is_written(stories, tmp_path, capsys):
    (stories / "b.scenario.yaml").write_text("scenario: b\n")
    assert main(["book", "--html", "book.html"]) == 2
    assert not (tmp_path / "book.html").exists()
    assert "b.scenario.yaml:1:1" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_refused_before_anything_runs(capsys):
    assert main(["book", "--html", "none/book.html"]) == 2
    assert "--html none/book.html: it cannot be written" in capsys.readouterr().err


def test_a_choice_that_fits_nothing_exits_5(capsys):
    assert main(["book", "--tag", "land"]) == 5
    assert main(["book", "--tag", "sea"]) == 0
