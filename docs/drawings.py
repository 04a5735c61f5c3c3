"""Pictures as SVG text, drawn from values: they take their ink from the page around them, light or dark."""

from collections.abc import Iterable, Mapping
from math import hypot

from nexuslic.scenario.strip import COLOURS

Point = tuple[float, float]

FONT = "font-family:var(--font-stack,system-ui,sans-serif)"
_HALF = (94.0, 26.0)
"""Half the width and half the height of a state's box."""
_NEAR = 0.29
"""How far along its arrow a label stands: nearer to where it comes from, so that opposite ones keep apart."""


def picture(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """The whole SVG, as wide as the page allows up to its own width."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{_safe(title)}" style="width:100%;max-width:{width:g}px;height:auto;{FONT}">\n'
        f"<title>{_safe(title)}</title>\n" + "\n".join(parts) + "\n</svg>"
    )


def text(at: Point, words: str, *, size: float = 13, anchor: str = "middle", style: str = "") -> str:
    """Words at a point, in the page's own ink."""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
        f'fill="currentColor" style="{style}">{_safe(words)}</text>'
    )


def _safe(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


# -- the state machine ------------------------------------------------------------------------------------------------


def machine(places: Mapping[str, Point], runs: set[str], edges: Mapping[tuple[str, str], list[str]]) -> str:
    """States as boxes and their moves as arrows, each with its labels; `runs` are the states that have a green edge."""
    parts = [
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="currentColor"/></marker></defs>'
    ]
    middle = (sum(x for x, _ in places.values()) / len(places), sum(y for _, y in places.values()) / len(places))
    labels: list[str] = []
    for (source, target), words in edges.items():
        if source == target:
            line, at = _loop(places[source], middle)
        else:
            line, at = _arrow(places[source], places[target], both=(target, source) in edges)
        parts.append(f'<path d="{line}" fill="none" stroke="currentColor" opacity=".6" marker-end="url(#head)"/>')
        labels += _label(at, words)
    for name, (x, y) in places.items():
        colour = COLOURS["A"] if name in runs else COLOURS["E"]
        parts.append(
            f'<rect x="{x - _HALF[0]:g}" y="{y - _HALF[1]:g}" width="{2 * _HALF[0]:g}" height="{2 * _HALF[1]:g}" '
            'rx="9" '
            f'stroke="{colour}" stroke-width="2.5" style="fill:var(--color-background-primary,#fff)"/>'
        )
        parts.append(text((x, y + 6), name, size=19, style="font-weight:600"))
    return picture(980, 730, "The state machine: every move of a license between its five states", [*parts, *labels])


def _label(at: Point, words: list[str]) -> list[str]:
    halo = "paint-order:stroke;stroke-width:6px;stroke-linejoin:round;stroke:var(--color-background-primary,#fff)"
    top = at[1] - 9 * (len(words) - 1) + 5
    return [text((at[0], top + 18 * row), word, size=16, style=halo) for row, word in enumerate(words)]


def _arrow(start: Point, end: Point, *, both: bool) -> tuple[str, Point]:
    """A curve from box to box; where there is one back as well, each keeps to its own side."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    bend = 46.0 if both else 0.0
    control = ((start[0] + end[0]) / 2 - dy / length * bend, (start[1] + end[1]) / 2 + dx / length * bend)
    tail, head = _edge(start, control), _edge(end, control)
    near = _NEAR if both else 0.5
    weights = ((1 - near) ** 2, 2 * near * (1 - near), near**2)
    x, y = (sum(w * p[axis] for w, p in zip(weights, (tail, control, head), strict=True)) for axis in (0, 1))
    at = (x, y)
    return f"M{tail[0]:.1f} {tail[1]:.1f}Q{control[0]:.1f} {control[1]:.1f} {head[0]:.1f} {head[1]:.1f}", at


def _edge(box: Point, towards: Point) -> Point:
    """Where the line from a box's middle leaves the box, and a little air."""
    dx, dy = towards[0] - box[0], towards[1] - box[1]
    scale = min((half + 3) / abs(d) if d else 1e9 for half, d in zip(_HALF, (dx, dy), strict=True))
    return box[0] + dx * scale, box[1] + dy * scale


def _loop(box: Point, middle: Point) -> tuple[str, Point]:
    """A loop at the side of the box that looks away from the middle of the picture, above or below it."""
    up = -1 if box[1] <= middle[1] else 1
    y = box[1] + up * (_HALF[1] + 3)
    left, right, far = box[0] - 26, box[0] + 26, y + up * 62
    line = f"M{left:.1f} {y:.1f}C{left - 26:.1f} {far:.1f} {right + 26:.1f} {far:.1f} {right:.1f} {y:.1f}"
    return line, (box[0], far + up * 7)


# -- a trip, one square a day -----------------------------------------------------------------------------------------


def strips(rows: list[tuple[str, str]], legend: Mapping[str, str], title: str) -> str:
    """A row of squares for each trip: one a day, in the colour of its letter."""
    side, left = 14.0, 176.0
    days = max(len(strip) for _, strip in rows)
    told = left + sum(36 + 7 * len(words) for words in legend.values())
    width, height = max(left + days * side + 10, told), 62.0 + 30 * len(rows)
    parts = []
    for row, (name, strip) in enumerate(rows):
        y = 28.0 + 30 * row
        parts.append(text((left - 10, y + 12), name, anchor="end"))
        parts += [_square((left + side * day, y), side - 2, letter) for day, letter in enumerate(strip)]
    for day in range(5, days + 1, 5):
        parts.append(text((left + side * (day - 0.5) - 1, 18), str(day), size=11))
    parts.append(text((left - 10, 18), "day", size=11, anchor="end"))
    x = left
    for letter, words in legend.items():
        parts.append(_square((x, height - 24), side - 2, letter))
        parts.append(text((x + 18, height - 13), words, size=13, anchor="start"))
        x += 36 + 7 * len(words)
    return picture(width, height, title, parts)


def _square(at: Point, side: float, letter: str) -> str:
    return (
        f'<rect x="{at[0]:g}" y="{at[1]:g}" width="{side:g}" height="{side:g}" rx="3" fill="{COLOURS[letter]}" '
        f'stroke="currentColor" stroke-opacity="{".35" if letter == "." else "0"}"/>'
    )


# -- two clocks over the days -----------------------------------------------------------------------------------------


def lines(series: Mapping[str, list[Point]], axes: tuple[str, str], title: str) -> str:
    """Lines over days, one colour each, with a dot for each launch; both axes count days from 0."""
    scale, left, bottom = 46.0, 64.0, 350.0
    colours = dict(zip(series, (COLOURS["C"], COLOURS["A"], COLOURS["E"]), strict=False))
    most = int(max(x for points in series.values() for x, _ in points))
    top = int(max(y for points in series.values() for _, y in points)) + 1
    up = (bottom - 40) / top
    parts = [
        f'<path d="M{left} 30V{bottom}H{left + scale * most + 20}" fill="none" stroke="currentColor" opacity=".5"/>',
        text((left + scale * most / 2, bottom + 42), axes[0]),
        f'<g transform="rotate(-90 18 {bottom / 2:g})">{text((18, bottom / 2), axes[1])}</g>',
    ]
    parts += [text((left + scale * day, bottom + 19), str(day), size=11) for day in range(0, most + 1)]
    parts += [text((left - 10, bottom - up * day + 4), str(day), size=11, anchor="end") for day in range(0, top, 2)]
    for row, (name, points) in enumerate(series.items()):
        dots = [(left + scale * x, bottom - up * y) for x, y in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colours[name]}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colours[name]}"/>' for x, y in dots]
        y = 40.0 + 22 * row
        parts.append(f'<circle cx="{left + 26:g}" cy="{y - 4:g}" r="5" fill="{colours[name]}"/>')
        parts.append(text((left + 38, y), name, anchor="start"))
    return picture(left + scale * most + 40, bottom + 56, title, parts)


# -- a share over days ------------------------------------------------------------------------------------------------


def shares(curve: list[Point], marks: tuple[int, ...], axes: tuple[str, str], title: str) -> str:
    """A curve of shares (0 to 1) over whole days; at each of the `marks` a dot with its share."""
    left, bottom, up = 64.0, 230.0, 190.0
    first, last = int(curve[0][0]), int(curve[-1][0])
    scale = 540 / (last - first)

    def at(day: float, share: float) -> Point:
        return left + scale * (day - first), bottom - up * share

    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in (at(*point) for point in curve))
    parts = [f'<path d="M{left:g} {bottom:g}H{left + 545:g}" fill="none" stroke="currentColor" opacity=".5"/>']
    for percent in (0, 25, 50, 75, 100):
        y = at(first, percent / 100)[1]
        parts.append(text((left - 8, y + 4), f"{percent} %", size=11, anchor="end"))
        parts.append(f'<path d="M{left:g} {y:.1f}h545" stroke="currentColor" opacity=".15"/>')
    parts += [text((at(day, 0)[0], bottom + 17), str(day), size=11) for day in range(first, last + 1) if day % 7 == 0]
    parts.append(f'<path d="M{line}" fill="none" stroke="{COLOURS["E"]}" stroke-width="2.5"/>')
    for day, share in curve:
        if day in marks:
            x, y = at(day, share)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{COLOURS["E"]}"/>')
            parts.append(text((x + 10, y - 6), f"{day:g} days: {100 * share:.0f} %", anchor="start"))
    parts += [text((left + 270, bottom + 38), axes[0]), text((left, 22), axes[1], anchor="start")]
    return picture(left + 560, bottom + 50, title, parts)
