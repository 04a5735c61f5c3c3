"""Compact JWE, `dir` + `A256GCM`: the container of everything that is sealed.

It is written and read here on `cryptography` directly, with one fixed header; tests let another JOSE implementation
read and write it.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nexuslic.errors import Damaged
from nexuslic.trust import base64url

MAX_BYTES = 128 * 1024
IV_BYTES = 12
_HEADER = base64url.encode(b'{"alg":"dir","enc":"A256GCM"}')
_TAG = 16

_cipher = lru_cache(maxsize=64)(AESGCM)


def write(data: bytes, key: bytes, iv: bytes) -> bytes:
    """`data` sealed with the 32-byte `key` and 12 fresh random bytes `iv`."""
    sealed = _cipher(key).encrypt(iv, data, _HEADER)
    text, tag = sealed[:-_TAG], sealed[-_TAG:]
    return b".".join((_HEADER, b"", base64url.encode(iv), base64url.encode(text), base64url.encode(tag)))


def read(container: bytes, key: bytes) -> bytes:
    """What is sealed in `container`. Raises Damaged."""
    parts = container.split(b".") if len(container) <= MAX_BYTES else []
    if len(parts) != 5 or parts[0] != _HEADER or parts[1]:
        raise Damaged("it is not sealed")
    try:
        text = base64url.decode(parts[3]) + base64url.decode(parts[4])
        return _cipher(key).decrypt(base64url.decode(parts[2]), text, _HEADER)
    except (ValueError, InvalidTag) as error:
        raise Damaged("its seal is broken") from error
