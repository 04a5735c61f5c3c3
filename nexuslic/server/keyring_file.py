"""The keyring as a file, and as a running server holds it.

It is encrypted where there is a passphrase. A running server takes a changed one without a stop, but none that is
older than its own: a keyring that was put back could announce something else under a number that is taken.
"""

from pathlib import Path

import attrs

from nexuslic.errors import InputError
from nexuslic.issuing import rotation
from nexuslic.issuing.rotation import Keyring
from nexuslic.issuing.signatory import Signatory
from nexuslic.ports import Chance
from nexuslic.server import folder, passphrase

HOLDS = "keyring"


def load(file: Path, secret: bytes | None) -> Keyring:
    """The keyring in `file`. Raises InputError where it cannot be read, WrongPassphrase where it is not opened."""
    data = folder.read(file)
    if passphrase.is_encrypted(data):
        data = passphrase.decrypt(data, HOLDS, secret, str(file))
    try:
        return rotation.read(data)
    except InputError as error:
        raise InputError(f"{file}: {error}") from error


def encoded(keyring: Keyring, secret: bytes | None, chance: Chance) -> bytes:
    """The keyring as its file holds it, encrypted where there is a passphrase."""
    data = rotation.write(keyring)
    return data if secret is None else passphrase.encrypt(data, HOLDS, secret, chance)


@attrs.define(eq=False)
class LoadedKeys:
    """The keys that a running server signs with."""

    file: Path
    secret: bytes | None = attrs.field(repr=False)
    keyring: Keyring = attrs.field(repr=False)
    _signatory: Signatory = attrs.field(
        repr=False, default=attrs.Factory(lambda self: rotation.signatory(self.keyring), takes_self=True)
    )

    def signatory(self) -> Signatory:
        """What answers are signed with now."""
        return self._signatory

    def reload(self) -> None:
        """Take what the file holds by now. Raises InputError, and the old keys stay."""
        found = load(self.file, self.secret)
        if found.number < self.keyring.number:
            raise InputError(
                f"{self.file} is older than the keys in use ({found.number} announcements, not "
                f"{self.keyring.number}): put the newest one back"
            )
        self.keyring, self._signatory = found, rotation.signatory(found)
