"""Base64url without padding (RFC 7515), read exactly: one text for each value, and nothing else is understood."""

from base64 import urlsafe_b64encode
from binascii import a2b_base64


def encode(data: bytes) -> bytes:
    """`data` as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """The bytes that `text` stands for. Raises ValueError where it is not exactly what `encode` writes."""
    standard = text.replace(b"-", b"+").replace(b"_", b"/")
    data = a2b_base64(standard + b"=" * (-len(text) % 4), strict_mode=True)
    if encode(data) != text:
        raise ValueError("not the base64url of any bytes")
    return data
