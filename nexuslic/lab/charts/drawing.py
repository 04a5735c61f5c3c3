"""Charts as files and bytes: static, drawn without a network, in light, in dark, or inside a page that knows both."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from nexuslic.errors import WorldError
from nexuslic.lab import pictures
from nexuslic.lab.charts import palette
from nexuslic.lab.charts.palette import DARK, LIGHT, VARIABLES, Palette
from nexuslic.scenario.formats import page
from nexuslic.scenario.formats.letters import html

Chart = alt.Chart | alt.LayerChart | alt.VConcatChart | alt.HConcatChart
_HEAD = re.compile(r"<svg[^>]*?viewBox=\"0 0 ([\d.]+) ([\d.]+)\"[^>]*>", re.DOTALL)
_TAG = re.compile(r"<(?:g|path|text|line|rect)\b[^>]*>")
_LEFT_OUT = re.compile(r' (?:(?:class|role|aria-[a-z]+|font-family)="[^"]*"|opacity="1")')
"""What a part of a chart says of itself, and what is said once for all of it."""
_LONG = re.compile(r"-?\d+\.\d{2,}")


def finished(chart: Any, title: str) -> Chart:
    """The chart under its title (what a screen reader says), in light, as a notebook shows it."""
    drawn: Chart = chart.properties(description=title).configure(**palette.config(LIGHT))
    return drawn


def draw(chart: Chart, dark: bool = False) -> str:
    """The chart as SVG text that stands alone, on its own paper."""
    chosen = DARK if dark else LIGHT
    return _svg(chart, chosen, chosen.paper, 'width="{width:g}" height="{height:g}"')


def png(chart: Chart) -> bytes:
    """The chart as a PNG image in light, twice the size of the screen's."""
    return bytes(vl_convert.vegalite_to_png(_spec(chart, LIGHT, LIGHT.paper), scale=2, allowed_base_urls=[]))


def inside(chart: Chart) -> str:
    """The chart as SVG for a page whose style holds `palette.STYLE`: as wide as there is room, up to its own width."""
    return _svg(chart, VARIABLES, None, 'style="width:100%;max-width:{width:g}px;height:auto;overflow:visible"')


def standalone(chart: Chart) -> str:
    """The chart as a page of its own, light and dark, without script."""
    title = _title(chart)
    body = f"<main><h1>{html(title)}</h1>\n<figure>{inside(chart)}</figure></main>"
    return page.write(title, body, palette.STYLE + "figure{margin:0}h1{font-size:1.25rem}")


_KINDS: dict[str, Callable[[Chart], bytes]] = {
    ".svg": lambda chart: draw(chart).encode(),
    ".png": png,
    ".html": lambda chart: standalone(chart).encode(),
}


def rendered(chart: Chart, path: Path) -> bytes:
    """What stands in a file of that name. Raises InputError where that names no kind of picture."""
    return _KINDS[pictures.ending(path)](chart)


def write_chart(chart: Chart, path: Path) -> None:
    """Write the chart as its file's ending says, whole or not at all. Raises InputError and WorldError."""
    data = rendered(chart, path)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(data)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise WorldError(f"{path}: it cannot be written: {error.strerror}") from error


def _svg(chart: Chart, chosen: Palette, paper: str | None, size: str) -> str:
    """One picture under one name: what is drawn inside says nothing of its own."""
    drawn = str(vl_convert.vegalite_to_svg(_spec(chart, chosen, paper), allowed_base_urls=[]))
    found = _HEAD.search(drawn)
    assert found is not None
    width, height = (float(number) for number in found.groups())
    said = html(_title(chart))
    inner = _TAG.sub(lambda tag: _LEFT_OUT.sub("", tag[0]), drawn[found.end() :])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{said}" '
        f'font-family="{html(palette.FONT)}" '
        f"{size.format(width=width, height=height)}><title>{said}</title>{_LONG.sub(_short, inner)}"
    )


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _title(chart: Chart) -> str:
    return str(chart.to_dict().get("description", ""))


def _spec(chart: Chart, chosen: Palette, paper: str | None) -> dict[str, Any]:
    spec = dict(chart.to_dict())
    return spec | {"config": palette.config(chosen) | {"background": paper}}
