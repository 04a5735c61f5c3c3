"""`nexuslic watch` runs again what was written, until Ctrl-C."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nexuslic.cli import main

STORY = """scenario: {name}
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 UTC
steps: [{{at: day 1 07:30, launch: ws1, expect: {{runs: {runs}}}}}]
"""


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., list]:
    """Watches the folder while these things happen one after the other; what each look printed, and the status."""
    monkeypatch.chdir(tmp_path)

    def run(*acts: Callable[[], object], args: tuple[str, ...] = (".",)) -> list:
        told: list[object] = []
        left: Iterator[Callable[[], object]] = iter(acts)

        def pause(seconds: float) -> None:
            told.append(capsys.readouterr().out)
            act = next(left, None)
            if act is None:
                raise KeyboardInterrupt
            act()

        monkeypatch.setattr("nexuslic.adapters.clocks.pause", pause)
        status = main(["watch", *args])
        return [*told, status]

    return run


def write(name: str, runs: str = "no") -> Callable[[], object]:
    return lambda: Path(f"{name}.scenario.yaml").write_text(STORY.format(name=name, runs=runs))


def test_all_are_run_at_first(watched, tmp_path):
    write("a")(), write("b")()
    first, status = watched()
    assert first.startswith("ok    a  (1 case, 1 checked)\nok    b  (1 case, 1 checked)\n2 stories, 2 cases")
    assert first.endswith("watching 2 files, Ctrl-C ends it\n")
    assert status == 130


def test_only_what_was_written_is_run_again_and_all_are_counted(watched):
    write("a")(), write("b")()
    _, second, _ = watched(write("b", runs="yes"))
    assert "FAIL  b" in second and "ok    a" not in second
    assert "2 stories, 2 cases, 2 expectations: 1 failed" in second


def test_where_nothing_was_written_nothing_is_said(watched):
    write("a")()
    _, second, _ = watched(lambda: None)
    assert second == ""


def test_a_new_story_is_run_and_one_that_is_gone_is_not_counted(watched):
    write("a")()
    _, second, third, _ = watched(write("b"), lambda: Path("a.scenario.yaml").unlink())
    assert "ok    b" in second and "2 stories" in second
    assert "1 story, 1 case" in third


def test_a_folder_may_become_empty_and_fill_again(watched):
    write("a")()
    _, second, third, _ = watched(lambda: Path("a.scenario.yaml").unlink(), write("c"))
    assert "nothing was checked" not in second and "watching 0 files" in second
    assert "ok    c" in third


def test_a_file_that_is_wrong_is_told_and_healed(watched, capsys):
    write("a")()
    _, second, third, _ = watched(lambda: Path("a.scenario.yaml").write_text("scenario: x\n"), write("a"))
    assert "ok" not in second
    assert "ok    a" in third


def test_ctrl_c_is_quiet(watched, capsys):
    write("a")()
    watched()
    assert capsys.readouterr() == ("", "")


def test_no_terminal_is_cleared_where_there_is_none(watched):
    write("a")()
    assert "\x1b" not in watched()[0]


@pytest.mark.parametrize("path", ["no-such-folder", "-"])
def test_what_cannot_be_watched_exits_2(watched, capsys, path):
    assert watched(args=(path,)) == [2]
    assert "error: " in capsys.readouterr().err
