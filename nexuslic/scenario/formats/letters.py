"""Text in a place that cannot hold every character."""

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def for_xml(text: str) -> str:
    """The text with what XML 1.0 cannot hold written as its number."""
    return _NOT_XML.sub(_number, text)


def visible(text: str) -> str:
    """One line in which nothing but letters is left: controls are written as their numbers, line breaks as spaces."""
    return _CONTROLS.sub(_number, re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", text))


def lines(text: str) -> list[str]:
    """The lines of a text, each of them visible."""
    return [visible(line).rstrip() for line in text.split("\n")]


def _number(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def html(text: str) -> str:
    """The text in a page, as it is."""
    plain = for_xml(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace('"', "&quot;").replace("'", "&#39;")
