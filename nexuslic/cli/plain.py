"""Text for a terminal: what others have typed moves no cursor, changes no colour and turns no line round."""

import unicodedata


def plain(text: str) -> str:
    """The text with a space or a question mark in the place of what does not print."""
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    return " " if letter.isspace() else "?"


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """The text, or its beginning and dots where it is wider than that."""
    if width(text) <= columns:
        return text
    kept = text
    while kept and width(kept) > columns - 3:
        kept = kept[:-1]
    return kept + "..."
