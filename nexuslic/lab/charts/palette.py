"""The colours of the charts, in light, in dark, and as the variables of a page that knows both.

One accent carries what is looked at; all else is ink, dim or a line, so that a chart reads in black and white. Days
refused are a ramp of the accent's hue whose lightness only falls (in dark: only rises) from class to class.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from nexuslic.scenario.formats import page
from nexuslic.scenario.strip import COLOURS

FONT = 'system-ui, -apple-system, "Segoe UI", sans-serif'
_RAMP_LIGHT = ("#d3e4f7", "#abcbee", "#7fb0e2", "#5390d0", "#2a6fb8", "#0b4e97", "#052c5b")
_RAMP_DARK = ("#1f3350", "#27497a", "#2f63a2", "#4583c6", "#6fa5e0", "#a3c9f2", "#dfeefd")


@attrs.frozen
class Palette:
    """`ramp` has a colour for each class of refused days, from the least on; `refused` is the colour of Expired."""

    ink: str
    dim: str
    line: str
    paper: str
    accent: str
    refused: str
    ramp: tuple[str, ...]

    @classmethod
    def of(cls, colours: Mapping[str, str], refused: str, ramp: tuple[str, ...]) -> "Palette":
        """Of a page's colours by their names; a page's link is the accent."""
        ink, dim, line, paper, accent = (colours[name] for name in ("ink", "dim", "line", "paper", "link"))
        return cls(ink, dim, line, paper, accent, refused, ramp)


LIGHT = Palette.of(page.LIGHT, COLOURS["E"], _RAMP_LIGHT)
DARK = Palette.of(page.DARK, COLOURS["E"], _RAMP_DARK)


def _named(palette: Palette) -> dict[str, str]:
    """Its colours by the names of a page's variables."""
    plain = {name: str(colour) for name, colour in attrs.asdict(palette).items() if name != "ramp"}
    ramp = {f"ramp-{place}": colour for place, colour in enumerate(palette.ramp, 1)}
    return {f"chart-{name}": colour for name, colour in (plain | ramp).items()}


def _variable(name: str) -> str:
    return f"var(--chart-{name})"


VARIABLES = Palette.of(
    {name: _variable(name) for name in ("ink", "dim", "line", "paper")} | {"link": _variable("accent")},
    _variable("refused"),
    tuple(_variable(f"ramp-{place}") for place, _ in enumerate(_RAMP_LIGHT, 1)),
)
"""The palette of a drawing inside a page, which `STYLE` makes light, dark, and light on paper."""

STYLE = (
    f":root{{{page.variables(_named(LIGHT))}}}\n"
    f"@media (prefers-color-scheme:dark){{:root{{{page.variables(_named(DARK))}}}}}\n"
    f"@media print{{:root{{{page.variables(_named(LIGHT))}}}}}\n"
)


def config(palette: Palette) -> dict[str, Any]:
    """How Vega-Lite draws in it: one size of type (12 px), lines across only, no frame."""
    axis = {
        "labelColor": palette.dim,
        "labelFontSize": 12,
        "titleColor": palette.dim,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": palette.line,
        "gridOpacity": 0.6,
        "domainColor": palette.line,
        "tickColor": palette.line,
    }
    words = {"color": palette.dim, "fontSize": 12}
    return {
        "aria": False,
        "background": palette.paper,
        "font": FONT,
        "padding": {"left": 4, "top": 4, "right": 20, "bottom": 4},
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "titlePadding": 8},
        "axisY": {"domain": False, "ticks": False, "titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -14},
        "legend": {"labelColor": palette.ink, "labelFontSize": 12, "titleColor": palette.dim, "titleFontSize": 12}
        | {"titleFontWeight": "normal", "orient": "top", "symbolType": "square", "symbolStrokeWidth": 0},
        "range": {"ordinal": list(palette.ramp)},
        "style": {
            "looked-at": {"color": palette.accent, "strokeWidth": 3},
            "other": {"color": palette.dim, "strokeWidth": 1.25},
            "filled": {"color": palette.accent, "opacity": 1},
            "other-filled": {"color": palette.dim, "opacity": 0.6},
            "refused": {"color": palette.refused},
            "band": {"color": palette.accent, "opacity": 0.2},
            "leader": {"color": palette.line, "strokeWidth": 1},
            "mark": {"color": palette.ink, "strokeWidth": 1.25, "strokeDash": [5, 3]},
            "words": words,
            "words-other": words,
            "words-looked-at": words | {"color": palette.accent, "fontWeight": 600},
            "words-strong": words | {"color": palette.ink, "fontWeight": 600},
        },
    }
