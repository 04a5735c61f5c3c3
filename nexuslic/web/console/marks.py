"""How a key is shown: masked but for its end, until somebody asks for all of it."""

from typing import Final

SHOWN: Final = 4
"""Digits at the end: enough to tell two keys of one customer apart, and to be asked for before a key is ended."""


def key_end(key: str) -> str:
    """The last digits of a key."""
    return key[-SHOWN:]


def masked(key: str) -> str:
    """The key, written with hyphens or not, with dots in the place of its other digits."""
    key = f"{key[:4]}-{key[4:8]}-{key[8:]}" if key.isdigit() else key
    hidden = "".join("•" if letter.isdigit() else letter for letter in key[:-SHOWN])
    return hidden + key_end(key)
