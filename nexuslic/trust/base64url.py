"""Base64url without padding (RFC 7515), read exactly: one text for each value, and nothing else is understood."""

from base64 import urlsafe_b64encode
from binascii import a2b_base64

_LAST = {0: b"", 1: b"", 2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
"""What the last letter may be where its lower bits stand for nothing, by the length of the text modulo 4."""


def encode(data: bytes) -> bytes:
    """`data` as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """The bytes that `text` stands for. Raises ValueError where it is not exactly what `encode` writes."""
    rest = len(text) % 4
    if (rest and text[-1] not in _LAST[rest]) or b"+" in text or b"/" in text:
        raise ValueError("not the base64url of any bytes")
    return a2b_base64(text.replace(b"-", b"+").replace(b"_", b"/") + b"==="[: -rest % 4], strict_mode=True)
