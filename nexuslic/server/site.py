"""One server as it lies in its folder: the files, the settings, and what opens the private keys."""

from functools import cached_property
from pathlib import Path

import attrs

from nexuslic.errors import InputError
from nexuslic.issuing import rotation
from nexuslic.issuing.rotation import Keyring
from nexuslic.ports import Chance
from nexuslic.server import folder, keyring_file, passphrase, settings
from nexuslic.server.authority import Pair
from nexuslic.server.database import Database
from nexuslic.server.folder import Folder
from nexuslic.server.settings import Settings
from nexuslic.trust import bundles

AUTHORITY_HOLDS = "authority key"


@attrs.frozen(slots=False)
class Site:
    """A server's folder, opened; `database_url` is its registry."""

    folder: Folder
    settings: Settings
    database_url: str = attrs.field(repr=False)
    passphrase: bytes | None = attrs.field(default=None, repr=False)

    @classmethod
    def at(cls, path: Path, secret: bytes | None, database_url: str = "") -> "Site":
        """The server in the folder `path`; another registry than its settings say by `database_url`.

        Raises InputError where it is no server's folder or its settings are wrong.
        """
        found = Folder(path).opened()
        told = settings.read(_text(found.settings), str(found.settings))
        chosen = attrs.evolve(told, database=database_url) if database_url else told
        return cls(found, chosen, chosen.registry(path), secret)

    def database(self) -> Database:
        """Its registry; nothing is opened yet."""
        return Database.at(self.database_url)

    @cached_property
    def keyring(self) -> Keyring:
        """The vendor's keys as the file holds them. Raises InputError, WrongPassphrase."""
        return keyring_file.load(self.folder.keyring, self.passphrase)

    @property
    def authority(self) -> Pair:
        """The authority, its key opened. Raises InputError, WrongPassphrase."""
        key = folder.read(self.folder.authority_key)
        if passphrase.is_encrypted(key):
            key = passphrase.decrypt(key, AUTHORITY_HOLDS, self.passphrase, str(self.folder.authority_key))
        return Pair(folder.read(self.folder.authority), key)

    def bundle(self, keyring: Keyring) -> bytes:
        """The vendor bundle of that keyring, as a file."""
        authority = folder.read(self.folder.authority).decode("ascii", "replace")
        return bundles.write(rotation.bundle(keyring, self.settings.product, self.settings.address, authority))

    def write_bundle(self, keyring: Keyring) -> None:
        """Renew the vendor bundle. Raises FolderNotWritable."""
        folder.write(self.folder.bundle, self.bundle(keyring), folder.SECRET)

    def write_authority(self, made: Pair, chance: Chance) -> None:
        """Keep an authority, its key encrypted where there is a passphrase. Raises FolderNotWritable."""
        key = made.key
        if self.passphrase is not None:
            key = passphrase.encrypt(key, AUTHORITY_HOLDS, self.passphrase, chance)
        folder.write(self.folder.authority, made.certificate, folder.PUBLIC)
        folder.write(self.folder.authority_key, key, folder.SECRET)

    def write_certificate(self, made: Pair) -> None:
        """Keep a server certificate and its key. Raises FolderNotWritable."""
        folder.write(self.folder.certificate_key, made.key, folder.SECRET)
        folder.write(self.folder.certificate, made.certificate, folder.PUBLIC)


def _text(file: Path) -> str:
    try:
        return folder.read(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8: save it as that") from error
