"""Files are looked at before anything runs, and written whole or not at all."""

import os
from pathlib import Path

import pytest

from nexuslic.cli import files
from nexuslic.cli.files import Target
from nexuslic.errors import InputError, WorldError


def refused(*targets: Target) -> str:
    with pytest.raises(InputError) as caught:
        files.check(targets)
    return str(caught.value)


def test_a_new_file_can_be_written_and_the_look_leaves_nothing(tmp_path: Path):
    files.check([Target("--junit", tmp_path / "a.xml")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path):
    assert refused(Target("--junit", tmp_path)) == f"--junit {tmp_path}: this is a folder: name a file in it"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    said = refused(Target("--junit", tmp_path / "none" / "a.xml"))
    assert said == f"--junit {tmp_path}/none/a.xml: it cannot be written: No such file or directory"


def test_a_file_in_the_place_of_a_folder_is_no_folder(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert "Not a directory" in refused(Target("--junit", tmp_path / "file" / "a.xml"))


def test_a_file_whose_rights_forbid_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.xml").write_text("x")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "its rights forbid it" in refused(Target("--junit", tmp_path / "a.xml"))


def test_two_reports_are_two_files(tmp_path: Path):
    said = refused(Target("--junit", tmp_path / "a"), Target("--markdown", tmp_path / "." / "a"))
    assert said.startswith("--junit and --markdown both name ")


def test_what_stood_there_is_replaced_and_keeps_its_rights(tmp_path: Path):
    path = tmp_path / "a.xml"
    path.write_text("old")
    path.chmod(0o640)
    Target("--junit", path).write("new \ud800")
    assert path.read_text() == "new \\ud800"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_are_written_as_they_are(tmp_path: Path):
    Target("--chart", tmp_path / "a.png").write(b"\x89PNG\r\n\xff")
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG\r\n\xff"


def test_a_link_stays_a_link(tmp_path: Path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    Target("--junit", tmp_path / "link").write("new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced():
    target = Target("--junit", Path(os.devnull))
    files.check([target])
    target.write("x")
    assert not Path(os.devnull).is_file()


def test_one_that_adds_keeps_what_stood_there(tmp_path: Path):
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    Target("--markdown", path, adds=True).write("after\n")
    assert path.read_text() == "before\nafter\n"


def test_where_it_cannot_be_written_after_all_the_old_one_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.xml"
    path.write_text("old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as stream:
            stream.write(data[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorldError, match="No space left on device"):
        Target("--junit", path).write("new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
