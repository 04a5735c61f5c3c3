"""The dongle's switch: found in any letter case, renamed and renamed back, and nothing is ever written over."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.adapters import nethasp
from nexuslic.errors import InputError, WorldError
from nexuslic.rules.words import Protection

NOBODY = 65534
AS_NOBODY = f"""
import os, sys
from pathlib import Path
from nexuslic.adapters import nethasp
from nexuslic.errors import WorldError
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
try:
    print(getattr(nethasp, sys.argv[1])(Path("app")))
except WorldError as error:
    print("refused:", error)
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The application's folder, with a dongle in service."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "integritycentre.exe").touch()
    (folder / "NETHASP.ini").write_text("[NH_COMMON]\n", "utf-8")
    return folder


def names(folder: Path) -> set[str]:
    """What stands in a folder, beside the application."""
    return set(os.listdir(folder)) - {"integritycentre.exe"}


def spelled(name: str) -> st.SearchStrategy[str]:
    """A name in any letter case."""
    return st.tuples(*(st.sampled_from([letter.lower(), letter.upper()]) for letter in name)).map("".join)


def as_nobody(folder: Path, mode: int, what: str) -> str:
    """What happens to somebody who has no right to more than `mode` gives in the application's folder."""
    folder.parent.chmod(0o755)
    folder.chmod(mode)
    command = [sys.executable, "-c", AS_NOBODY, what]
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, check=True)
    folder.chmod(0o755)
    return done.stdout.strip()


def test_the_dongle_protects_while_its_file_stands_there(app: Path):
    assert nethasp.look(app) == nethasp.Dongle(app, "NETHASP.ini", None)
    assert nethasp.look(app).protection is Protection.DONGLE


def test_disabled_the_file_has_another_name_and_the_same_content(app: Path):
    assert nethasp.disable(app) == (nethasp.Dongle(app, None, "NETHASP.ini.disabled"), "NETHASP.ini")
    assert names(app) == {"NETHASP.ini.disabled"}
    assert (app / "NETHASP.ini.disabled").read_text("utf-8") == "[NH_COMMON]\n"


def test_disabled_the_license_protects(app: Path):
    assert nethasp.disable(app)[0].protection is Protection.SOFTWARE
    assert nethasp.look(app).protection is Protection.SOFTWARE


def test_enabled_again_all_is_as_it_was(app: Path):
    before = nethasp.look(app)
    nethasp.disable(app)
    assert nethasp.enable(app) == (before, "NETHASP.ini.disabled")
    assert (app / "NETHASP.ini").read_text("utf-8") == "[NH_COMMON]\n"


def test_a_second_time_nothing_is_done(app: Path):
    assert nethasp.enable(app) == (nethasp.look(app), None)
    nethasp.disable(app)
    assert nethasp.disable(app) == (nethasp.look(app), None)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(spelled("nethasp.ini"), spelled(".disabled"))
def test_the_letter_case_is_kept_there_and_back(tmp_path_factory: pytest.TempPathFactory, name: str, suffix: str):
    folder = tmp_path_factory.mktemp("app")
    (folder / "IntegrityCentre.EXE").touch()
    (folder / (name + suffix)).touch()
    nethasp.enable(folder)
    nethasp.disable(folder)
    assert set(os.listdir(folder)) == {"IntegrityCentre.EXE", f"{name}.disabled"}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(spelled("nethasp.ini"))
def test_it_is_present_in_any_letter_case(tmp_path_factory: pytest.TempPathFactory, name: str):
    folder = tmp_path_factory.mktemp("app")
    (folder / name).touch()
    assert nethasp.present(folder)


@pytest.mark.parametrize("name", ["NETHASP.ini.disabled", "NETHASP.in", "NETHASP.ini.", "NETHASP\u0131ini", "nethasp"])
def test_another_name_is_not_present(tmp_path: Path, name: str):
    (tmp_path / name).touch()
    assert not nethasp.present(tmp_path)


def test_a_folder_of_that_name_is_not_present(tmp_path: Path):
    (tmp_path / "NETHASP.ini").mkdir()
    assert not nethasp.present(tmp_path)


@pytest.mark.parametrize("folder", ["none", "app/integritycentre.exe", "a\0b", "n" * 300])
def test_where_there_is_no_folder_nothing_is_present(app: Path, folder: str):
    assert not nethasp.present(app.parent / folder)


def test_a_file_that_nobody_may_read_is_present(app: Path):
    (app / "NETHASP.ini").chmod(0)
    assert as_nobody(app, 0o755, "present") == "True"


@pytest.mark.parametrize("mode", [0, 0o311])
def test_a_folder_that_cannot_be_read_is_no_free_pass(app: Path, mode: int):
    assert as_nobody(app, mode, "present") == "False"


def test_a_folder_that_cannot_be_read_is_refused_by_the_system(app: Path):
    said = as_nobody(app, 0o311, "look")
    assert said == (
        "refused: app cannot be read (Permission denied), nothing was changed: run this as somebody who may read it"
    )


@pytest.mark.parametrize("what", ["disable", "enable"])
@pytest.mark.parametrize("mode", [0o555, 0o444])
def test_without_the_right_to_write_nothing_is_changed(app: Path, what: str, mode: int):
    if what == "enable":
        nethasp.disable(app)
    before = names(app)
    assert "cannot be renamed (Permission denied), nothing was changed: run this as an administrator" in as_nobody(
        app, mode, what
    )
    assert names(app) == before


def test_in_a_folder_where_everybody_may_make_files_and_owners_rename_nothing_is_changed(app: Path):
    (app / "NETHASP.ini").chmod(0o666)
    mode = 0o1777 if os.geteuid() == 0 else 0o555
    assert "), nothing was changed: run this as an administrator" in as_nobody(app, mode, "disable")
    assert names(app) == {"NETHASP.ini"}


@pytest.mark.parametrize("name", ["integritycentre.exe", "IntegrityCentre.EXE"])
def test_the_application_itself_may_be_given(app: Path, name: str):
    assert nethasp.look(app / name) == nethasp.look(app)


def test_a_folder_named_like_the_application_is_a_folder(app: Path):
    folder = app.rename(app.parent / "integritycentre.exe")
    assert nethasp.look(folder).folder == folder


@pytest.mark.parametrize("folder", ["none", "app/NETHASP.ini", "a\0b", "n" * 300])
def test_what_is_no_folder_is_refused(app: Path, folder: str):
    with pytest.raises(InputError, match=r"^there is no folder .*: give the folder in which integritycentre.exe lies$"):
        nethasp.look(app.parent / folder)


@pytest.mark.parametrize("what", [nethasp.look, nethasp.disable, nethasp.enable])
def test_a_folder_without_the_application_is_refused(app: Path, what: Callable[[Path], object]):
    (app / "integritycentre.exe").unlink()
    with pytest.raises(InputError, match=r"^there is no integritycentre.exe in .*: give the folder"):
        what(app)
    assert os.listdir(app) == ["NETHASP.ini"]


@pytest.mark.parametrize("what", [nethasp.disable, nethasp.enable])
def test_without_either_name_there_is_nothing_to_rename(app: Path, what: Callable[[Path], object]):
    (app / "NETHASP.ini").unlink()
    with pytest.raises(InputError, match=r"holds neither NETHASP.ini nor NETHASP.ini.disabled, .* nothing to rename"):
        what(app)


def test_without_either_name_the_license_protects(app: Path):
    (app / "NETHASP.ini").unlink()
    assert nethasp.look(app) == nethasp.Dongle(app, None, None)
    assert nethasp.look(app).protection is Protection.SOFTWARE


@pytest.mark.parametrize("what", [nethasp.disable, nethasp.enable])
def test_where_both_names_stand_nothing_is_changed(app: Path, what: Callable[[Path], object]):
    (app / "nethasp.INI.disabled").write_text("old", "utf-8")
    with pytest.raises(InputError, match=r"holds both NETHASP.ini and nethasp.INI.disabled, nothing was changed"):
        what(app)
    assert (app / "NETHASP.ini").read_text("utf-8") == "[NH_COMMON]\n"
    assert (app / "nethasp.INI.disabled").read_text("utf-8") == "old"


def test_where_both_names_stand_the_dongle_protects(app: Path):
    (app / "NETHASP.ini.disabled").touch()
    assert nethasp.look(app).protection is Protection.DONGLE


@pytest.mark.parametrize("name", ["nethasp.ini", "IntegrityCentre.exe"])
def test_two_spellings_of_one_name_are_refused(app: Path, name: str):
    (app / name).touch()
    with pytest.raises(InputError, match=r"holds \S+ and \S+, which are one name to Windows") as caught:
        nethasp.disable(app)
    assert name in str(caught.value)
    assert names(app) == {"NETHASP.ini", name} - {"integritycentre.exe"}


@pytest.mark.parametrize("name", ["NETHASP.ini", "NETHASP.ini.disabled", "integritycentre.exe"])
def test_what_is_no_file_is_refused(app: Path, name: str):
    (app / name).unlink(missing_ok=True)
    (app / name).mkdir()
    with pytest.raises(InputError, match=rf"{name} is no file: see what it is, and move it out of the folder$"):
        nethasp.look(app)


def test_a_link_that_leads_nowhere_is_no_file(app: Path):
    (app / "NETHASP.ini.disabled").symlink_to("none")
    with pytest.raises(InputError, match=r"NETHASP.ini.disabled is no file"):
        nethasp.look(app)


def test_a_link_is_renamed_and_not_what_it_leads_to(app: Path):
    (app / "NETHASP.ini").rename(app / "elsewhere.ini")
    (app / "NETHASP.ini").symlink_to("elsewhere.ini")
    nethasp.disable(app)
    assert names(app) == {"NETHASP.ini.disabled", "elsewhere.ini"}
    assert (app / "NETHASP.ini.disabled").readlink() == Path("elsewhere.ini")


def test_a_file_that_appears_at_the_last_moment_is_not_written_over(app: Path, monkeypatch: pytest.MonkeyPatch):
    found = nethasp.look(app)
    (app / "NETHASP.ini.disabled").write_text("another", "utf-8")
    monkeypatch.setattr(nethasp, "look", lambda application: found)
    with pytest.raises(InputError, match=r"holds both NETHASP.ini and NETHASP.ini.disabled, nothing was changed"):
        nethasp.disable(app)
    assert (app / "NETHASP.ini.disabled").read_text("utf-8") == "another"
    assert (app / "NETHASP.ini").read_text("utf-8") == "[NH_COMMON]\n"


def test_a_file_that_is_gone_at_the_last_moment_leaves_nothing_behind(app: Path, monkeypatch: pytest.MonkeyPatch):
    found = nethasp.look(app)
    (app / "NETHASP.ini").unlink()
    monkeypatch.setattr(nethasp, "look", lambda application: found)
    with pytest.raises(WorldError, match=r"cannot be renamed \(No such file or directory\), nothing was changed"):
        nethasp.disable(app)
    assert names(app) == set()


def windows_in_use() -> OSError:
    """What Windows raises for a file that another program holds open."""
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = 32
    return error


REFUSALS = [
    (windows_in_use(), "another program uses it"),
    (OSError(errno.EBUSY, "Device or resource busy"), "another program uses it"),
    (OSError(errno.ETXTBSY, "Text file busy"), "another program uses it"),
    (OSError(errno.EROFS, "Read-only file system"), "Read-only file system"),
    (OSError(errno.EIO, "Input/output error"), "Input/output error"),
]


@pytest.mark.parametrize("call", ["open", "replace"])
@pytest.mark.parametrize(("error", "why"), REFUSALS, ids=[why for _, why in REFUSALS])
def test_what_the_system_refuses_changes_nothing(
    app: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, why: str, call: str
):
    def refuse(*args: object) -> None:
        raise error

    monkeypatch.setattr(nethasp.os, call, refuse)
    with pytest.raises(WorldError) as caught:
        nethasp.disable(app)
    assert f"NETHASP.ini cannot be renamed ({why}), nothing was changed: " in str(caught.value)
    assert names(app) == {"NETHASP.ini"}


def test_what_could_not_be_taken_back_is_said(app: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(nethasp.os, "replace", refuse)
    monkeypatch.setattr(nethasp.os, "unlink", refuse)
    with pytest.raises(WorldError, match=r"an empty NETHASP.ini.disabled was left beside it: see to the disk"):
        nethasp.disable(app)
    assert (app / "NETHASP.ini").read_text("utf-8") == "[NH_COMMON]\n"
