"""What a workstation keeps: marks in two copies, and the locks of its sessions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexuslic.adapters import workstation
from nexuslic.adapters.workstation import MarkFiles, ThisComputer, state_folder


@pytest.fixture
def marks(tmp_path):
    return MarkFiles(tmp_path / "marks")


def copies(marks):
    return sorted(file.name for file in marks.folder.iterdir())


@pytest.mark.parametrize("torn", [b"", b"nexuslic mark 1 9 ", b"\0" * 200])
def test_a_torn_copy_leaves_the_one_before(marks, torn):
    marks.save("a", b"first")
    marks.save("a", b"second")
    newest = max(marks.folder.iterdir(), key=lambda file: file.read_bytes().split()[3])
    newest.write_bytes(torn)
    assert marks.load("a") == b"first"


def test_a_copy_that_was_cut_short_is_torn(marks):
    marks.save("a", b"first")
    marks.save("a", b"second")
    (newest,) = [file for file in marks.folder.iterdir() if b"second" in file.read_bytes()]
    newest.write_bytes(newest.read_bytes()[:-1])
    assert marks.load("a") == b"first"


def test_two_torn_copies_are_none_and_can_be_written_over(marks):
    marks.save("a", b"first")
    marks.save("a", b"second")
    for file in marks.folder.iterdir():
        file.write_bytes(b"torn")
    assert marks.load("a") is None
    marks.save("a", b"third")
    assert marks.load("a") == b"third"


def test_copies_are_written_in_turn_and_nothing_else_is_left(marks):
    for number in range(5):
        marks.save("a", b"%d" % number)
    assert copies(marks) == ["a.0", "a.1"]
    assert sorted(file.read_bytes().rpartition(b"\n")[2] for file in marks.folder.iterdir()) == [b"3", b"4"]


def test_a_crash_before_the_replacement_leaves_what_was_there(marks, monkeypatch):
    marks.save("a", b"first")
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError("no power")))
    marks.save("a", b"second")
    assert marks.load("a") == b"first"
    assert copies(marks) == ["a.0"]


def test_a_folder_that_cannot_be_made_keeps_nothing_and_harms_nobody(tmp_path):
    (tmp_path / "file").touch()
    marks = MarkFiles(tmp_path / "file" / "marks")
    marks.save("a", b"first")
    marks.remove("a")
    assert marks.load("a") is None


@pytest.mark.parametrize("name", ["../../outside", "a/b", "", "CON", "ä", "x" * 300])
def test_a_name_never_leaves_the_folder(marks, name):
    marks.save(name, b"kept")
    assert marks.load(name) == b"kept"
    assert all(len(one) == 66 for one in copies(marks))


def test_marks_are_for_their_owner_only(marks):
    marks.save("a", b"first")
    assert {file.stat().st_mode & 0o077 for file in [marks.folder, *marks.folder.iterdir()]} == {0}


def test_the_state_of_each_product_lies_apart(monkeypatch, tmp_path):
    monkeypatch.setenv("NEXUSLIC_STATE", str(tmp_path))
    assert state_folder("Survey") == state_folder(" survey ") == tmp_path / "survey"
    assert state_folder("NEXUS IC") != state_folder("NEXUS")
    monkeypatch.delenv("NEXUSLIC_STATE")
    assert "nexuslic" in str(state_folder("survey"))


def test_a_session_that_this_account_knows_nothing_of_may_run(tmp_path):
    assert ThisComputer(tmp_path).running({"somebody-else"}) == {"somebody-else"}


HOLDING = """
import sys
from pathlib import Path
from nexuslic.adapters.workstation import ThisComputer
computer = ThisComputer(Path(sys.argv[1]))
computer.begin("held")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_session_of_another_process_runs_until_that_is_killed(tmp_path):
    here = ThisComputer(tmp_path)
    words = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        assert here.running({"held"}) == {"held"}
        process.kill()
        process.wait()
        assert here.running({"held"}) == frozenset()


def test_sessions_that_ended_long_ago_are_forgotten(tmp_path):
    computer = ThisComputer(tmp_path)
    computer.begin("old")
    computer.end("old")
    computer.begin("long")
    for name in ("old", "long"):
        os.utime(tmp_path / f"{name}.session", (0, 0))
    computer.begin("new")
    computer.end("new")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["long.session", "new.session"]
    computer.end("long")


def test_a_state_folder_that_cannot_be_made_keeps_no_session_from_running(tmp_path):
    (tmp_path / "file").touch()
    computer = ThisComputer(tmp_path / "file")
    computer.begin("a")
    assert computer.running({"a"}) == {"a"}
    computer.end("a")


def test_an_account_without_a_name_has_a_number(monkeypatch):
    def nobody():
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert workstation.account() == f"user {os.getuid()}"
