"""A new server: everything that it needs, made at once or not at all.

The folder is built beside its place and put there when it is whole. Nothing that exists is ever written over.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import attrs
from sqlalchemy import Connection, inspect

from nexuslic.errors import InputError
from nexuslic.issuing import rotation
from nexuslic.ports import Chance, Clock
from nexuslic.server import audit, authority, folder, keyring_file, migrate, settings, tokens
from nexuslic.server.audit import Line
from nexuslic.server.database import Database
from nexuslic.server.folder import Folder, FolderNotWritable
from nexuslic.server.settings import Settings
from nexuslic.server.site import Site
from nexuslic.server.tokens import Scope

T = TypeVar("T")

ADMINISTRATOR = "administrator"


@attrs.frozen
class Made:
    """What a new server's owner is told: the administrator's token is not seen again."""

    site: Site
    token: str = attrs.field(repr=False)


def make(path: Path, chosen: Settings, secret: bytes | None, clock: Clock, chance: Chance) -> Made:
    """A new server in `path`, its private keys encrypted with the passphrase where there is one.

    Raises InputError where something is there already, WorldError where it cannot be written.
    """
    folder.free(path)
    beside = path.absolute().with_name(f".{path.absolute().name}.{chance.take(4).hex()}")
    try:
        beside.mkdir(folder.FOLDER)
    except OSError as error:
        raise FolderNotWritable(f"{beside.parent} cannot be written ({error.strerror}): give another folder") from error
    try:
        site = Site(Folder(beside), chosen, chosen.registry(beside), secret)
        _keys(site, clock, chance)
        token = place(site, path, lambda connection: _administrator(connection, clock, chance))
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Made(Site(Folder(path), chosen, chosen.registry(path), secret), token)


def told(made: Made) -> list[str]:
    """What its owner reads: what each thing is, what to keep safe, and the token."""
    site, files = made.site, made.site.folder
    sealed = "encrypted with the passphrase" if site.passphrase is not None else "NOT encrypted: there is no passphrase"
    things = {
        files.settings: "settings; read them once",
        files.keyring: f"the vendor's private keys, {sealed}",
        files.authority: "the certificate of a private authority",
        files.authority_key: f"its private key, {sealed}",
        files.certificate: f"a certificate for {', '.join(site.settings.names)}",
        files.certificate_key: "its private key",
        files.bundle: "ships with the application; not for publishing",
    }
    if site.settings.database == settings.DATABASE:
        things[files.registry] = "the registry"
    lines = [f"{file.name:<16} {text}" for file, text in things.items()]
    return [
        f"made in {files.path}:",
        *(f"  {line}" for line in lines),
        "",
        f"the administrator's token, shown this once: {made.token}",
        "",
        f"back up now, and whenever keys changed: nexuslic server backup {files.path} FILE",
        *(["keep the passphrase elsewhere: nothing opens the keys without it"] if site.passphrase is not None else []),
        f"start it: nexuslic server run {files.path}",
    ]


def _keys(site: Site, clock: Clock, chance: Chance) -> None:
    now, keyring = clock.read().wall, rotation.begin(chance)
    made = authority.make_authority(site.settings.product, now)
    folder.write(site.folder.settings, settings.write(site.settings).encode("utf-8"), folder.SECRET)
    folder.write(site.folder.keyring, keyring_file.encoded(keyring, site.passphrase, chance), folder.SECRET)
    site.write_authority(made, chance)
    site.write_certificate(authority.make_certificate(site.settings.names, made, now))
    site.write_bundle(keyring)


def place(site: Site, path: Path, fill: Callable[[Connection], T]) -> T:
    """Make the registry of `site` by `fill`, and put its folder into `path`; what `fill` returns.

    A database by URL is committed after the folder is in its place, so that neither stays without the other.
    """
    database = site.database()
    try:
        if database.file is None:
            return _filled(database, fill, lambda: _move(site.folder.path, path))
        folder.write(database.file, b"", folder.SECRET)
        done = _filled(database, fill, lambda: None)
        database.close()
        _move(site.folder.path, path)
        return done
    except BaseException:
        if not site.folder.path.exists():
            shutil.rmtree(path, ignore_errors=True)
        raise
    finally:
        database.close()


def _filled(database: Database, fill: Callable[[Connection], T], last: Callable[[], None]) -> T:
    with database.write() as connection:
        _unused(connection)
        done = fill(connection)
        last()
    return done


def _administrator(connection: Connection, clock: Clock, chance: Chance) -> str:
    """The schema, and one token that may do everything; its text."""
    migrate.upgrade_in(connection)
    now = clock.read().wall
    token, text = tokens.create(connection, chance, now, ADMINISTRATOR, Scope.ADMIN, None)
    detail = {"token": token.id, "name": token.name, "scope": token.scope.value}
    audit.append(connection, [Line(now, "server init", "this computer", "token", None, detail)])
    return text


def _unused(connection: Connection) -> None:
    """Raises InputError where the database holds anything already."""
    names = inspect(connection).get_table_names()
    if names:
        raise InputError(f"the database holds tables already ({', '.join(sorted(names)[:3])}): give an empty one")


def _move(made: Path, path: Path) -> None:
    try:
        os.rename(made, path)
    except OSError as error:
        raise FolderNotWritable(
            f"{path} cannot be put in its place ({error.strerror}): give a new folder, inside of it for example"
        ) from error
    folder.sync(path.absolute().parent)
