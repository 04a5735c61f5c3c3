"""What the vendor's private keys are encrypted with, and where the passphrase comes from.

Container: one JSON object. `kdf` is `scrypt` with `n`, `r`, `p` and `salt`; the text is sealed with AES-256-GCM under
`nonce`, with what it is (`holds`) as associated data, so that one file cannot be passed off as another. All bytes are
Base64.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from nexuslic.errors import InputError
from nexuslic.ports import Chance

FORMAT = "nexuslic encrypted 1"
VARIABLE = "NEXUSLIC_PASSPHRASE"
CREDENTIAL = "nexuslic-passphrase"
_COST = {"n": 2**17, "r": 8, "p": 1}
_DEAREST = {"n": 2**20, "r": 16, "p": 4}


class WrongPassphrase(InputError):
    """The passphrase is missing, or does not open the file."""


def find(file: Path | None, environment: Mapping[str, str]) -> bytes | None:
    """The passphrase: from `file`, else the variable NEXUSLIC_PASSPHRASE, else systemd's credential; None without.

    Raises InputError where the file cannot be read or is empty.
    """
    if file is not None:
        return _from(file)
    if VARIABLE in environment:
        return _some(environment[VARIABLE].encode("utf-8"), f"the variable {VARIABLE}")
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / CREDENTIAL).exists():
        return _from(Path(folder) / CREDENTIAL)
    return None


def is_encrypted(data: bytes) -> bool:
    """Whether `data` is such a container."""
    found = _container(data)
    return found is not None and found.get("format") == FORMAT


def encrypt(text: bytes, holds: str, passphrase: bytes, chance: Chance) -> bytes:
    """`text` in a container that says what it `holds`; each guess at the passphrase costs 128 MB."""
    salt, nonce = chance.take(16), chance.take(12)
    sealed = AESGCM(_key(passphrase, salt, _COST)).encrypt(nonce, text, holds.encode("utf-8"))
    fields = {"salt": _text(salt), "nonce": _text(nonce), "text": _text(sealed)}
    container = {"format": FORMAT, "holds": holds, "kdf": "scrypt", **_COST, **fields}
    return (json.dumps(container, indent=1) + "\n").encode("ascii")


def decrypt(data: bytes, holds: str, passphrase: bytes | None, name: str) -> bytes:
    """What the container of file `name` holds. Raises WrongPassphrase, or InputError for a damaged one."""
    if passphrase is None:
        raise WrongPassphrase(
            f"{name} is encrypted: give its passphrase by --passphrase-file, by the variable {VARIABLE} "
            f"or by a systemd credential {CREDENTIAL}"
        )
    found = _container(data) or {}
    try:
        cost = {part: _within(found[part], most) for part, most in _DEAREST.items()}
        salt, nonce, text = (base64.b64decode(found[part], validate=True) for part in ("salt", "nonce", "text"))
        cipher = AESGCM(_key(passphrase, salt, cost))
        return cipher.decrypt(nonce, text, holds.encode("utf-8"))
    except InvalidTag as error:
        raise WrongPassphrase(f"the passphrase does not open {name}: give the one that it was made with") from error
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise InputError(f"{name} is damaged: restore it from a backup") from error


def _within(value: Any, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError(value)
    return value


def _from(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"the passphrase file {file} cannot be read ({error.strerror}): see to its path") from error
    return _some(data, f"the passphrase file {file}")


def _some(data: bytes, where: str) -> bytes:
    found = data.rstrip(b"\r\n")
    if not found:
        raise InputError(f"{where} is empty: write the passphrase on its first line")
    return found


def _key(passphrase: bytes, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return Scrypt(salt=salt, length=32, **cost).derive(passphrase)


def _container(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
