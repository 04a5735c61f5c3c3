"""One server's folder: which file is what, which of them are secret, and how they are written.

A file is replaced by one that was written whole and is on disk; a secret one is its owner's alone from its first
moment on.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from nexuslic.errors import InputError, WorldError

SECRET = 0o600
PUBLIC = 0o644
FOLDER = 0o700


class FolderNotWritable(WorldError):
    """A file of the server's folder cannot be written."""


@attrs.frozen
class Folder:
    """The files of one server, by what they are."""

    path: Path

    @property
    def settings(self) -> Path:
        """`server.toml`; secret, for it may hold a database's password."""
        return self.path / "server.toml"

    @property
    def keyring(self) -> Path:
        """The vendor's private keys."""
        return self.path / "keyring.json"

    @property
    def bundle(self) -> Path:
        """What ships with the application; it holds the sealing keys, so it is not for publishing."""
        return self.path / "bundle.json"

    @property
    def authority(self) -> Path:
        """The certificate of the private authority."""
        return self.path / "authority.pem"

    @property
    def authority_key(self) -> Path:
        """The private key of the authority."""
        return self.path / "authority.key"

    @property
    def certificate(self) -> Path:
        """The server's certificate."""
        return self.path / "certificate.pem"

    @property
    def certificate_key(self) -> Path:
        """The private key of the server's certificate."""
        return self.path / "certificate.key"

    @property
    def registry(self) -> Path:
        """The registry, where it lies in SQLite."""
        return self.path / "registry.sqlite"

    @property
    def secrets(self) -> tuple[Path, ...]:
        """What nobody but the owner may read; the registry only where it lies here."""
        kept = (self.settings, self.keyring, self.bundle, self.authority_key, self.certificate_key)
        return kept + ((self.registry,) if self.registry.exists() else ())

    def opened(self) -> "Folder":
        """This folder, where it is one of a server. Raises InputError."""
        if not self.path.is_dir():
            raise InputError(f"there is no folder {self.path}: make one with `nexuslic server init {self.path}`")
        if not self.settings.is_file():
            raise InputError(
                f"{self.path} is no server's folder, it has no {self.settings.name}: give the one that "
                "`nexuslic server init` made"
            )
        return self


def free(path: Path) -> None:
    """Raises InputError where something is at `path` already that would be written over."""
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise InputError(f"{path} exists and is no folder: give another name")
    if path.exists() and any(path.iterdir()):
        raise InputError(f"{path} is not empty: nothing in it was changed; give an empty or a new folder")
    if not path.absolute().parent.is_dir():
        raise InputError(f"there is no folder {path.absolute().parent}: make it first")


def read(path: Path) -> bytes:
    """The content of one file. Raises InputError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): see to its owner and permissions") from error


def write(path: Path, data: bytes, mode: int) -> None:
    """A file with `data`, in the place of the one that may be there; whole or not at all, and durable."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FolderNotWritable(f"{path} cannot be written ({error.strerror}): nothing in it was changed") from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else changes the keys in the folder `path` until the end; where the system has no such lock, a hope."""
    try:
        handle = os.open(path / ".keys", os.O_RDWR | os.O_CREAT, SECRET)
    except OSError as error:
        raise FolderNotWritable(f"{path} cannot be written ({error.strerror}): see to its owner") from error
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
