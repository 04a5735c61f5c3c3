"""The dongle's switch: NETHASP.ini, beside integritycentre.exe (rules: A launch, 1).

While it stands there, in any letter case, the dongle protects the application and the license is not asked. Renamed to
NETHASP.ini.disabled, it hands over to the license, and renamed back it takes over again. No file is ever written over.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path

import attrs

from nexuslic.errors import InputError, WorldError
from nexuslic.rules.words import Protection

APPLICATION = "integritycentre.exe"
DONGLE_FILE = "NETHASP.ini"
SUFFIX = ".disabled"

_NO_FOLDER = (errno.ENOENT, errno.ENOTDIR, errno.EINVAL, errno.ENAMETOOLONG, errno.ELOOP)
_IN_USE = (errno.EBUSY, errno.ETXTBSY)
_WINDOWS_IN_USE = 32
"""ERROR_SHARING_VIOLATION: another program holds the file open."""


@attrs.frozen
class Dongle:
    """What stands in the application's folder, as it is spelled there; None for what does not."""

    folder: Path
    enabled: str | None
    disabled: str | None

    @property
    def protection(self) -> Protection:
        """What protects a launch from here."""
        return Protection.SOFTWARE if self.enabled is None else Protection.DONGLE


def present(folder: Path) -> bool:
    """Whether NETHASP.ini stands in `folder`, in any letter case.

    False where the folder cannot be read. A dongle that is present lets the application run without asking the license,
    so a missing right would be a free pass; this way the license decides.
    """
    try:
        return any(_is(name, DONGLE_FILE) and is_file for name, is_file in _standing(folder).items())
    except (OSError, ValueError):
        return False


def look(application: Path) -> Dongle:
    """How things stand in the application's folder; `application` is that folder, or integritycentre.exe in it.

    Raises InputError where it is none or two files share a name, WorldError where the system lets nobody look.
    """
    folder = (
        application.parent if _is(application.name, APPLICATION) and not os.path.isdir(application) else application
    )
    standing = _readable(folder)
    if _spelled(folder, standing, APPLICATION) is None:
        raise InputError(f"there is no {APPLICATION} in {folder}: give the folder in which the application lies")
    return Dongle(folder, _spelled(folder, standing, DONGLE_FILE), _spelled(folder, standing, DONGLE_FILE + SUFFIX))


def disable(application: Path) -> tuple[Dongle, str | None]:
    """Hand over to the license: how things stand then, and the name that was changed (None: nothing had to be).

    Raises InputError where there is nothing to rename or both names stand there, WorldError where the system refuses.
    """
    found = _one_name(look(application))
    if found.enabled is None:
        return found, None
    renamed = found.enabled + SUFFIX
    _rename(found.folder / found.enabled, found.folder / renamed)
    return Dongle(found.folder, None, renamed), found.enabled


def enable(application: Path) -> tuple[Dongle, str | None]:
    """Hand back to the dongle; as `disable`."""
    found = _one_name(look(application))
    if found.disabled is None:
        return found, None
    renamed = found.disabled[: -len(SUFFIX)]
    _rename(found.folder / found.disabled, found.folder / renamed)
    return Dongle(found.folder, renamed, None), found.disabled


def _is(name: str, wanted: str) -> bool:
    return name.lower() == wanted.lower()


def _standing(folder: Path) -> dict[str, bool]:
    """Which of the three names stand in `folder`, as they are spelled, and whether each is a file."""
    wanted = (APPLICATION, DONGLE_FILE, DONGLE_FILE + SUFFIX)
    with os.scandir(folder) as entries:
        return {entry.name: entry.is_file() for entry in entries if any(_is(entry.name, one) for one in wanted)}


def _readable(folder: Path) -> dict[str, bool]:
    try:
        return _standing(folder)
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) or error.errno in _NO_FOLDER:
            raise InputError(f"there is no folder {folder}: give the folder in which {APPLICATION} lies") from error
        raise WorldError(
            f"{folder} cannot be read ({error.strerror}), nothing was changed: run this as somebody who may read it"
        ) from error


def _spelled(folder: Path, standing: dict[str, bool], wanted: str) -> str | None:
    """How the file `wanted` is spelled in `folder`; None where it is not there."""
    names = sorted(name for name in standing if _is(name, wanted))
    if len(names) > 1:
        raise InputError(
            f"{folder} holds {' and '.join(names)}, which are one name to Windows: keep the right one, and move the "
            "other out of the folder"
        )
    if names and not standing[names[0]]:
        raise InputError(f"{folder / names[0]} is no file: see what it is, and move it out of the folder")
    return names[0] if names else None


def _one_name(found: Dongle) -> Dongle:
    if found.enabled is None and found.disabled is None:
        raise InputError(
            f"{found.folder} holds neither {DONGLE_FILE} nor {DONGLE_FILE}{SUFFIX}, so there is nothing to rename: no "
            "dongle was set up here, and the license protects the application"
        )
    if found.enabled is not None and found.disabled is not None:
        raise _both(found.folder, found.enabled, found.disabled)
    return found


def _both(folder: Path, one: str, other: str) -> InputError:
    return InputError(
        f"{folder} holds both {one} and {other}, nothing was changed: keep the right one, and move the other out of "
        "the folder"
    )


def _rename(old: Path, new: Path) -> None:
    """Give a file another name. Raises InputError where that is taken, WorldError where the system refuses."""
    try:
        _reserve(new)
        _replace(old, new)
    except FileExistsError as error:
        raise _both(old.parent, old.name, new.name) from error
    except OSError as error:
        raise _refused(old, new, error) from error


def _reserve(new: Path) -> None:
    # A rename alone writes over a file that appeared since we looked. Only the making of a new file says whether the
    # name was free, on every kind of disk; a hard link would say it too, but FAT and many shares know none, and Windows
    # links a file that is in use and then does not unlink it.
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _replace(old: Path, reserved: Path) -> None:
    try:
        os.replace(old, reserved)
    except OSError:
        with suppress(OSError):
            os.unlink(reserved)
        raise


def _refused(old: Path, new: Path, error: OSError) -> WorldError:
    if getattr(error, "winerror", None) == _WINDOWS_IN_USE or error.errno in _IN_USE:
        why, cure = "another program uses it", "close the application on every workstation, and try again"
    elif isinstance(error, PermissionError):
        why, cure = f"{error.strerror}", "run this as an administrator, or as the owner of the folder"
    else:
        why, cure = f"{error.strerror}", "see to the disk, and try again"
    left = f"an empty {new.name} was left beside it" if os.path.lexists(new) else "nothing was changed"
    return WorldError(f"{old} cannot be renamed ({why}), {left}: {cure}")
