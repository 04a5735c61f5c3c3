"""Base64url without padding (RFC 7515), read exactly: one text for each value, and nothing else is understood."""

from base64 import urlsafe_b64encode
from binascii import a2b_base64

_LAST = {0: b"", 1: b"", 2: b"AQgw", 3: b"AEIMQUYcgkosw048"}
"""What the last letter may be where its lower bits stand for nothing, by the length of the text modulo 4."""

_TO_PLAIN = bytes.maketrans(b"-_+/=", b"+/!!!")
"""To the letters of plain base64; its own two, and its padding, are no letters here."""


def encode(data: bytes) -> bytes:
    """`data` as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """The bytes that `text` stands for. Raises ValueError where it is not exactly what `encode` writes."""
    rest = len(text) % 4
    if rest and text[-1] not in _LAST[rest]:
        raise ValueError("not the base64url of any bytes")
    return a2b_base64(text.translate(_TO_PLAIN) + b"==="[: -rest % 4], strict_mode=True)
