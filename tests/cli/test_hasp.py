"""`nexuslic hasp`: what it prints, and its exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from nexuslic.adapters import nethasp
from nexuslic.cli import main


@attrs.frozen
class Done:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The application's folder, with a dongle in service."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "integritycentre.exe").touch()
    (folder / "NetHasp.ini").touch()
    return folder


@pytest.fixture
def hasp(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Call `nexuslic hasp`."""

    def call(*args: str | Path) -> Done:
        status = main(["hasp", *map(str, args)])
        printed = capsys.readouterr()
        return Done(status, printed.out, printed.err)

    return call


def test_status_says_that_the_dongle_protects(hasp: Callable[..., Done], app: Path):
    said = f"NetHasp.ini stands in {app}: the dongle protects the application here, and the license is not asked.\n"
    assert hasp("status", "--application", app) == Done(0, said, "")


def test_status_says_that_the_license_protects(hasp: Callable[..., Done], app: Path):
    nethasp.disable(app)
    said = "the license protects the application here, and the dongle is out of service."
    assert hasp("status", "--application", app) == Done(0, f"NetHasp.ini.disabled stands in {app}: {said}\n", "")


def test_status_says_that_there_is_no_dongle(hasp: Callable[..., Done], app: Path):
    (app / "NetHasp.ini").unlink()
    said = "and none that was renamed: the license protects the application."
    assert hasp("status", "--application", app) == Done(0, f"No NETHASP.ini stands in {app}, {said}\n", "")


def test_status_says_that_both_names_stand_there(hasp: Callable[..., Done], app: Path):
    (app / "NETHASP.INI.disabled").touch()
    done = hasp("status", "--application", app)
    assert done.status == 0
    assert "and NETHASP.INI.disabled beside it: the dongle protects" in done.out
    assert "Move one of the two out of the folder" in done.out


@pytest.mark.parametrize(
    ("names", "protection", "enabled", "disabled"),
    [
        (["NetHasp.ini"], "dongle", "NetHasp.ini", None),
        (["NETHASP.ini.disabled"], "software", None, "NETHASP.ini.disabled"),
        (["NetHasp.ini", "a.disabled", "nethasp.INI.Disabled"], "dongle", "NetHasp.ini", "nethasp.INI.Disabled"),
        ([], "software", None, None),
    ],
)
def test_status_for_a_program(
    hasp: Callable[..., Done], app: Path, names: list[str], protection: str, enabled: str | None, disabled: str | None
):
    (app / "NetHasp.ini").unlink()
    for name in names:
        (app / name).touch()
    told = json.loads(hasp("status", "--application", app, "--json").out)
    stands = {"enabled": enabled, "disabled": disabled}
    assert told == {"format": 1, "folder": str(app), "protection": protection, **stands}


def test_status_changes_nothing(hasp: Callable[..., Done], app: Path):
    before = sorted(os.listdir(app))
    hasp("status", "--application", app)
    assert sorted(os.listdir(app)) == before


def test_disable_says_what_it_did_and_what_that_means(hasp: Callable[..., Done], app: Path):
    done = hasp("disable", "--application", app)
    assert done == Done(
        0,
        f"NetHasp.ini is now NetHasp.ini.disabled, in {app}.\n"
        "From the next launch on, the license protects the application here, and the dongle is out of service.\n",
        "",
    )


def test_enable_says_what_it_did_and_what_that_means(hasp: Callable[..., Done], app: Path):
    nethasp.disable(app)
    done = hasp("enable", "--application", app / "integritycentre.exe")
    assert done == Done(
        0,
        f"NetHasp.ini.disabled is now NetHasp.ini, in {app}.\n"
        "From the next launch on, the dongle protects the application here, and the license is not asked.\n",
        "",
    )


@pytest.mark.parametrize("word", ["disable", "enable"])
def test_a_second_time_it_says_that_nothing_was_done(hasp: Callable[..., Done], app: Path, word: str):
    nethasp.disable(app)
    hasp(word, "--application", app)
    before = sorted(os.listdir(app))
    done = hasp(word, "--application", app)
    assert done.status == 0
    assert done.out.startswith("Nothing was done: NetHasp.ini")
    assert sorted(os.listdir(app)) == before


@pytest.mark.parametrize("word", ["status", "disable", "enable"])
@pytest.mark.parametrize("folder", [".", "none", "app/NetHasp.ini"])
def test_what_is_not_the_applications_folder_exits_2(hasp: Callable[..., Done], app: Path, word: str, folder: str):
    done = hasp(word, "--application", app.parent / folder)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: there is no ") and done.err.count("\n") == 1


@pytest.mark.parametrize("word", ["disable", "enable"])
def test_without_anything_to_rename_it_exits_2(hasp: Callable[..., Done], app: Path, word: str):
    (app / "NetHasp.ini").unlink()
    done = hasp(word, "--application", app)
    assert done.status == 2
    assert "so there is nothing to rename" in done.err


def test_what_the_system_refuses_exits_1(hasp: Callable[..., Done], app: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(nethasp.os, "replace", refuse)
    done = hasp("disable", "--application", app)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        f"error: {app / 'NetHasp.ini'} cannot be renamed (Permission denied), nothing was changed: run this as an "
        "administrator, or as the owner of the folder\n"
    )


@pytest.mark.parametrize("args", [(), ("status",), ("status", "--application"), ("rename", "--application", ".")])
def test_what_is_mistyped_exits_2(hasp: Callable[..., Done], args: tuple[str, ...]):
    done = hasp(*args)
    assert done.status == 2
    assert done.err


@pytest.mark.parametrize("name", [b"N\xc3\xb8rd", b"N\xf8rd"])
def test_a_folder_that_the_terminal_cannot_spell_is_printed_all_the_same(app: Path, name: bytes):
    folder = os.path.join(os.fsencode(app.parent), name)
    os.rename(app, folder)
    done = subprocess.run(
        [sys.executable, "-m", "nexuslic", "hasp", "disable", "--application", folder],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"From the next launch on" in done.stdout
