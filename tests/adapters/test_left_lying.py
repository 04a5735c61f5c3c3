"""What a process that died while it wrote a mark has left lying is swept away a day later."""

import os

import pytest

from nexuslic.adapters.clocks import SystemClock
from nexuslic.adapters.workstation import MarkFiles


@pytest.fixture
def left(tmp_path):
    """A file that somebody left lying so many hours ago, beside a workstation's marks."""

    def made(hours):
        file = tmp_path / "ab12.0.4711.new"
        file.write_bytes(b"half a ma")
        at = SystemClock().read().wall.timestamp() - hours * 3600
        os.utime(file, (at, at))
        return file

    return made


@pytest.mark.parametrize("hours, stays", [(1, True), (25, False)])
def test_it_is_swept_away_by_the_next_mark_once_it_is_a_day_old(tmp_path, left, hours, stays):
    file = left(hours)
    MarkFiles(tmp_path).save("ab12", b"mark")
    assert file.exists() == stays


def test_marks_are_never_swept_away(tmp_path, left):
    marks = MarkFiles(tmp_path)
    marks.save("old", b"mark")
    at = SystemClock().read().wall.timestamp() - 1000 * 86_400
    for file in tmp_path.iterdir():
        os.utime(file, (at, at))
    marks.save("ab12", b"another")
    assert marks.load("old") == b"mark"


def test_a_mark_that_is_kept_leaves_nothing_else(tmp_path):
    MarkFiles(tmp_path).save("ab12", b"mark")
    assert [file.suffix for file in tmp_path.iterdir()] == [".0"]
