"""A day strip as a picture: one square a day, in the colour of its state and with its letter, so that neither is alone.

Pure: letters in, SVG text out. Squares whose application does not run have a bar at their foot as well. So a strip can
be read in black and white, by those who see colours otherwise, and (by its description) by those who see none.
"""

from itertools import groupby

from nexuslic.scenario.formats.letters import html
from nexuslic.scenario.report import LEGEND

COLOURS = {
    "A": "#1b8447",
    "g": "#e0b02e",
    "E": "#c43d31",
    "I": "#7d52b8",
    "U": "#5f6b78",
    "D": "#2b6cb0",
    "x": "#9c2a50",
    "C": "#3f74b6",
    ".": "none",
}
"""The fill of each letter."""

_DARK_INK = ("g",)
_STOPPED = "EIUx"
SIDE, _TOP, _LINE = 16, 14, 22
FONT = 'text-anchor="middle" font-family="ui-monospace,Consolas,monospace"'
"""What `shapes` stand in: their letters are in the middle of their squares, in one font."""


def svg(strip: str, title: str, *, across: int = 45) -> str:
    """The strip in lines of `across` days, numbered every five days; as wide as the page allows up to its own width."""
    width, height = size(strip, across)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{html(title)}: {html(in_words(strip))}" '
        f'{FONT} style="width:100%;max-width:{width}px;height:auto">\n'
        f"<title>{html(title)}</title>\n<desc>{html(in_words(strip))}</desc>\n"
        + "\n".join(shapes(strip, across))
        + "\n</svg>"
    )


def size(strip: str, across: int, below: int = 0) -> tuple[int, int]:
    """The width and the height of a strip; `below`: room that is left under each line of squares."""
    return across * SIDE + 2, max(1, -(-len(strip) // across)) * (_TOP + _LINE + below)


def corner(day: int, across: int, below: int = 0) -> tuple[int, int]:
    """Where the square of a day begins: its left and its upper edge."""
    return (day - 1) % across * SIDE + 1, (day - 1) // across * (_TOP + _LINE + below) + _TOP


def shapes(strip: str, across: int, below: int = 0) -> list[str]:
    """What a strip is drawn of, to stand in any picture."""
    lines = [strip[start : start + across] for start in range(0, max(1, len(strip)), across)]
    return [part for number, line in enumerate(lines) for part in _line(line, number, across, below)]


def in_words(strip: str) -> str:
    """The strip as a sentence: `day 1 Authenticated, days 2 to 31 Grace`."""
    told, day = [], 1
    for letter, group in groupby(strip):
        last = day + len(list(group)) - 1
        told.append(f"{f'day {day}' if day == last else f'days {day} to {last}'} {LEGEND.get(letter, letter)}")
        day = last + 1
    return ", ".join(told) or "no day"


def _line(strip: str, number: int, across: int, below: int) -> list[str]:
    """The squares of a line, all of one letter as one shape: a page holds many strips."""
    top = number * (_TOP + _LINE + below)
    first = number * across + 1
    places: dict[str, list[int]] = {}
    for place, letter in enumerate(strip):
        places.setdefault(letter, []).append(place * SIDE + 1)
    numbered = [day for day in range(first, first + len(strip)) if day == 1 or day % 5 == 0]
    parts = [_texts([(day - first) * SIDE + 1 + SIDE / 2], top + 10, str(day), "currentColor", 9) for day in numbered]
    for letter, across_ in places.items():
        parts += _squares(across_, top + _TOP, letter)
    return parts


def _squares(places: list[int], y: int, letter: str) -> list[str]:
    side = SIDE - 2
    ink = ink_on(letter)
    squares = "".join(f"M{x} {y}h{side}v{side}h-{side}z" for x in places)
    parts = [
        f'<path d="{squares}" fill="{COLOURS.get(letter, "none")}" stroke="currentColor" stroke-opacity=".35"/>',
        _texts([x + side / 2 for x in places], y + 10.5, letter * len(places), ink, 10),
    ]
    if letter in _STOPPED:
        bars = "".join(f"M{x} {y + side + 1}h{side}v3h-{side}z" for x in places)
        parts.append(f'<path d="{bars}" fill="currentColor"/>')
    return parts


def ink_on(letter: str) -> str:
    """The colour of a letter in its square."""
    return "currentColor" if letter == "." else "#1b1f24" if letter in _DARK_INK else "#ffffff"


def _texts(places: list[float], y: float, words: str, ink: str, size: int) -> str:
    """Words at a place, or a letter at each of several."""
    at = " ".join(f"{x:g}" for x in places)
    return f'<text x="{at}" y="{y:g}" font-size="{size}" fill="{ink}">{html(words)}</text>'
