"""What the License dialog draws: the state as a sign that needs no colour, the days left, the request code to scan.

Colours and letters are those of the day strip; the shape says the same once more.
"""

from typing import Final

import segno
from markupsafe import Markup

from nexuslic.scenario.strip import COLOURS, ink_on

_SHAPES: Final = {
    "A": '<circle cx="32" cy="32" r="29"/>',
    "g": '<path d="M32 3 61 58H3z"/>',
    "E": '<path d="M20 3h24l17 17v24L44 61H20L3 44V20z"/>',
    "x": '<path d="M20 3h24l17 17v24L44 61H20L3 44V20z"/>',
    "I": '<path d="M32 2 62 32 32 62 2 32z"/>',
    "U": '<rect x="5" y="5" width="54" height="54" rx="4"/>',
    "D": '<path d="M32 2 58 17v30L32 62 6 47V17z"/>',
}
_LOW: Final = {"g": 50}
MOST_SQUARES: Final = 92


def sign(letter: str) -> Markup:
    """The sign of a state, by its letter in the day strip; what it means stands beside it in words."""
    return Markup(
        f'<svg class="sign" viewBox="0 0 64 64" aria-hidden="true" fill="{COLOURS[letter]}" data-letter="{letter}">'
        f'{_SHAPES[letter]}<text x="32" y="{_LOW.get(letter, 42)}" text-anchor="middle" font-size="28" '
        f'font-weight="700" fill="{ink_on(letter)}">{letter}</text></svg>'
    )


def days(left: int, total: int, words: str) -> Markup:
    """A square for each day of grace, those that are left filled; one bar where there are too many to count."""
    passed = max(0, total - left)
    if total > MOST_SQUARES:
        shapes = f'<path class="gone" d="{_bar(0, total)}"/><path class="left" d="{_bar(passed, total)}"/>'
    else:
        shapes = f'<path class="gone" d="{_squares(0, passed)}"/><path class="left" d="{_squares(passed, total)}"/>'
    return Markup(
        f'<svg class="days" viewBox="0 0 {max(1, total)} 1" preserveAspectRatio="none" role="img" '
        f'aria-label="{words}">{shapes}</svg>'
    )


def _squares(first: int, end: int) -> str:
    return "".join(f"M{day + 0.08:g} .05h.84v.9h-.84z" for day in range(first, end))


def _bar(first: int, end: int) -> str:
    return f"M{first} .05H{end}V.95H{first}z"


def qr(code: str) -> Markup:
    """A code to scan: black on white, also for a reader in the dark."""
    drawn = segno.make_qr(code, error="m")
    return Markup(drawn.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr"))
