"""A backup: one tar file with the settings, the keys as they are stored, the certificates, and the registry.

The registry is written out as rows, read in one transaction while the server runs, in a form that belongs to no
engine: a backup of SQLite can be restored into PostgreSQL, and the other way round. The manifest comes first, with
the SHA-256 of everything else, the schema, and the head of the audit trail.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import attrs
from sqlalchemy import Connection

from nexuslic.errors import InputError
from nexuslic.ports import Chance, Clock
from nexuslic.server import audit, folder, making, migrate, rows, settings
from nexuslic.server.folder import Folder, FolderNotWritable
from nexuslic.server.migrate import Age
from nexuslic.server.site import Site

FORMAT = "nexuslic backup 1"
_MANIFEST, _REGISTRY = "manifest.json", "registry.jsonl"
_MOST_MANIFEST = 2**16


@attrs.frozen
class Manifest:
    """What a backup holds: when (UTC) it was made, the registry's schema, the audit trail's last line, its digests."""

    made_at: str
    schema: str
    seq: int
    head: str
    digests: dict[str, str]

    def write(self) -> bytes:
        """As it stands in the file."""
        return (json.dumps({"format": FORMAT, **attrs.asdict(self)}, indent=1) + "\n").encode("ascii")

    @classmethod
    def read(cls, data: bytes) -> "Manifest":
        """Raises ValueError for anything else."""
        found = json.loads(data)
        if not isinstance(found, dict) or found.pop("format", None) != FORMAT:
            raise ValueError("format")
        if set(found) != {field.name for field in attrs.fields(cls)} or not isinstance(found["digests"], dict):
            raise ValueError("fields")
        return cls(**found)


def _names(files: Folder) -> dict[str, tuple[Path, int]]:
    """The files of a folder that a backup holds, with their modes."""
    public = (files.authority, files.certificate)
    secret = (files.settings, files.keyring, files.authority_key, files.certificate_key, files.bundle)
    return {file.name: (file, folder.PUBLIC if file in public else folder.SECRET) for file in (*secret, *public)}


# -- making one -------------------------------------------------------------------------------------------------------


def make(site: Site, file: Path, clock: Clock, chance: Chance) -> Manifest:
    """Write a backup of `site` to `file`, while it runs or not.

    Raises InputError where `file` exists already, WorldError where the registry or the disk does not do its part.
    """
    if file.exists():
        raise InputError(f"{file} exists already and was not changed: give a new name")
    beside = file.absolute().with_name(f".{file.name}.{chance.take(4).hex()}")
    with _working(beside):
        exported = beside / _REGISTRY
        schema, head = _export(site, exported)
        with folder.locked(site.folder.path):
            held = {name: folder.read(path) for name, (path, _) in _names(site.folder).items()}
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}
        digests[_REGISTRY] = _digest(exported)
        made = Manifest(clock.read().wall.isoformat(timespec="seconds"), schema, head.seq, head.hash, digests)
        _pack(beside / "tar", {_MANIFEST: made.write(), **held}, exported)
        _publish(beside / "tar", file)
    return made


def _export(site: Site, target: Path) -> tuple[str, audit.Head]:
    database = site.database()
    try:
        with rows.snapshot(database) as connection, _created(target) as file:
            schema = migrate.schema(connection)
            if schema.age in (Age.EMPTY, Age.NEWER):
                schema.refuse_unless_current(str(site.folder.path))
            rows.export(connection, file)
            return schema.version, audit.head(connection)
    finally:
        database.close()


def _pack(target: Path, held: dict[str, bytes], exported: Path) -> None:
    with _created(target) as raw, tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for name, data in held.items():
            tar.addfile(_member(name, len(data)), io.BytesIO(data))
        with exported.open("rb") as file:
            tar.addfile(_member(_REGISTRY, exported.stat().st_size), file)


def _member(name: str, size: int) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.mode = size, folder.SECRET
    return found


def _publish(made: Path, file: Path) -> None:
    """Give a whole file its name, unless somebody took the name meanwhile."""
    try:
        os.link(made, file)
    except FileExistsError as error:
        raise InputError(f"{file} exists already and was not changed: give a new name") from error
    except OSError:
        os.replace(made, file)
    folder.sync(file.absolute().parent)


@contextmanager
def _created(target: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, folder.SECRET), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _working(beside: Path) -> Iterator[None]:
    """A folder that only this run sees, gone at the end."""
    try:
        beside.mkdir(folder.FOLDER)
        yield
    except OSError as error:
        raise FolderNotWritable(f"{beside.parent} cannot be written ({error.strerror}): nothing was made") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


# -- putting one back -------------------------------------------------------------------------------------------------


def restore(file: Path, path: Path, database_url: str, chance: Chance) -> tuple[Site, Manifest]:
    """Make the server in `path` that `file` is a backup of, in another registry by `database_url`.

    Everything is verified before anything is put in its place. Raises InputError where the backup is damaged, or where
    something is there already that would be written over.
    """
    folder.free(path)
    beside = path.absolute().with_name(f".{path.absolute().name}.{chance.take(4).hex()}")
    with _working(beside):
        made = _unpack(file, beside)
        _settle(beside, database_url)
        site, exported = Site.at(beside, None), beside / _REGISTRY
        making.place(site, path, lambda connection: _fill(connection, made, exported, file))
    return Site.at(path, None), made


def _unpack(file: Path, beside: Path) -> Manifest:
    wanted = {name: mode for name, (_, mode) in _names(Folder(beside)).items()} | {_REGISTRY: folder.SECRET}
    try:
        with tarfile.open(file, "r:gz") as tar:
            first = tar.next()
            if first is None or first.name != _MANIFEST or first.size > _MOST_MANIFEST:
                raise ValueError("manifest")
            made = Manifest.read(_opened(tar, first).read())
            found = {one.name: _extracted(tar, one, beside, wanted) for one in tar if one is not first}
    except FileNotFoundError as error:
        raise InputError(f"there is no file {file}: give the backup's path") from error
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, OSError) as error:
        raise InputError(f"{file} is no backup of a license server, or it is damaged: take another one") from error
    if set(made.digests) != set(wanted) or found != made.digests:
        raise InputError(f"{file} does not hold what its manifest says, it was damaged or changed: take another one")
    return made


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    found = tar.extractfile(member) if member.isreg() else None
    if found is None:
        raise ValueError(member.name)
    return found


def _extracted(tar: tarfile.TarFile, member: tarfile.TarInfo, beside: Path, wanted: dict[str, int]) -> str:
    """Write one member under the name that it must have; its digest."""
    target = os.open(beside / member.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, wanted[member.name])
    with os.fdopen(target, "wb") as file:
        shutil.copyfileobj(_opened(tar, member), file)
        file.flush()
        os.fsync(file.fileno())
    return _digest(beside / member.name)


def _settle(beside: Path, database_url: str) -> None:
    """Write the other registry into the settings."""
    if database_url:
        file = Folder(beside).settings
        told = settings.with_database(file.read_text("utf-8"), database_url, file.name)
        folder.write(file, told.encode("utf-8"), folder.SECRET)


def _fill(connection: Connection, made: Manifest, exported: Path, file: Path) -> None:
    migrate.upgrade_in(connection, made.schema)
    with exported.open("rb") as data:
        rows.restore(connection, data)
    migrate.upgrade_in(connection)
    head = audit.verify(connection)
    if head != audit.Head(made.seq, made.head):
        raise InputError(f"{file} lacks lines of the audit trail: take another one")
    exported.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
