"""A voyage as a picture: its day strip, with what happened on which day, and the sentence of the answer above it.

SVG text, light or dark as the reader's screen is; as a page with the same in words and in a table. Nothing in it is
loaded from anywhere, and nothing runs.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from textwrap import wrap

import attrs

from nexuslic.lab import trip as trips
from nexuslic.lab import voyage_told
from nexuslic.lab.voyage import Answer
from nexuslic.scenario import report, strip
from nexuslic.scenario.formats.letters import html
from nexuslic.scenario.formats.page import DARK, LIGHT, table, write
from nexuslic.scenario.strip import COLOURS

_ACROSS = 45
_BELOW = 14
_EDGE = 16
_LETTERS = 104
"""How many letters of the sentence fit a line."""
_ROW = 20
_STYLE = (
    "svg{color-scheme:light dark}@media (prefers-color-scheme:dark)"
    f"{{.voyage{{color:{DARK['ink']}}}.voyage .paper{{fill:{DARK['paper']}}}}}"
)
_PAGE_STYLE = "h1{font-size:1.3rem}.voyage{width:100%;height:auto;max-width:754px;margin:0 0 1rem -1rem}"


@attrs.frozen
class Mark:
    """What happened: its word, and its shape as an SVG path around the middle of a square."""

    word: str
    path: str
    fill: str


MARKS = {
    "contacts": Mark("contact", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", COLOURS["A"]),
    "codes": Mark("renewal code", "M0-5L5 0L0 5L-5 0z", COLOURS["D"]),
    "restores": Mark("restore", "M-5 4L0-5L5 4z", COLOURS["I"]),
    "renames": Mark("server renamed", "M-5-4L0 5L5-4z", COLOURS["I"]),
    "set_clocks": Mark("clock set", "M-4-4h8v8h-8z", COLOURS["E"]),
}
"""By the field of a trip that says when."""
_DEADLINE = "grace ends"


def svg(answer: Answer, *, headed: bool = True) -> str:
    """The picture of a voyage; `headed`: with its title and the sentence of the answer above it."""
    letters, told = report.day_strip(answer.result), voyage_told.title(answer)
    said = wrap(voyage_told.sentence(answer), _LETTERS) if headed else []
    top = _EDGE + _ROW * (len(said) + 1) + 6 if headed else 0
    width, height = strip.size(letters, _ACROSS, _BELOW)
    legend = wrap(report.legend(letters), _LETTERS)
    below = top + height + 4
    everything = below + _ROW * (len(legend) + 1) + _EDGE // 2
    happened = _happened(answer)
    parts = [
        *_words([told] if headed else [], _EDGE + 12, "600"),
        *_words(said, _EDGE + _ROW + 12, "400"),
        f'<g transform="translate({_EDGE} {top})">',
        f"<g {strip.FONT}>",
        *strip.shapes(letters, _ACROSS, _BELOW),
        "</g>",
        *(_marked(day, kinds) for day, kinds in happened.items()),
        *_deadline(answer),
        "</g>",
        *_words(legend, below + 12, "400"),
        *_key(answer, happened, below + _ROW * len(legend) + 12),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="voyage" width="{width + 2 * _EDGE}" height="{everything}" '
        f'viewBox="0 0 {width + 2 * _EDGE} {everything}" role="img" aria-labelledby="told said" color="{LIGHT["ink"]}" '
        'font-family="system-ui,Segoe UI,Roboto,sans-serif">\n'
        f'<title id="told">{html(told)}</title>\n'
        f'<desc id="said">{html(voyage_told.sentence(answer))} {html(strip.in_words(letters))}.</desc>\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="paper" width="100%" height="100%" fill="{LIGHT["paper"]}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def page(answer: Answer) -> str:
    """The picture as a page of its own, with the same in a table."""
    told = voyage_told.title(answer)
    body = (
        f"<main>\n<h1>{html(told)}</h1>\n<p>{html(voyage_told.sentence(answer))}</p>\n{svg(answer, headed=False)}"
        f"{table('The same in words', ('days', 'what is so'), _table(answer))}\n</main>"
    )
    return write(told, body, _PAGE_STYLE)


def _words(lines: list[str], y: int, weight: str) -> list[str]:
    return [
        f'<text x="{_EDGE}" y="{y + row * _ROW}" font-size="13" font-weight="{weight}" fill="currentColor">'
        f"{html(line)}</text>"
        for row, line in enumerate(lines)
    ]


def _happened(answer: Answer) -> dict[int, list[str]]:
    """What happened, by day; the key at the quay is a contact."""
    trip, calendar = answer.trip, answer.result.case.calendar
    found: list[tuple[int, str]] = [(1, "contacts")]
    for kind in MARKS:
        for text in getattr(trip, kind):
            at = trips.clock_set(text)[0] if kind == "set_clocks" else text
            found.append((calendar.day(trips.when(at, trips.NOON, calendar)), kind))
    days = groupby(sorted(set(found), key=lambda one: one[0]), key=lambda one: one[0])
    return {day: [kind for _, kind in group] for day, group in days}


def _marked(day: int, kinds: list[str]) -> str:
    x, y = strip.corner(day, _ACROSS, _BELOW)
    step = 9
    left = x + strip.SIDE / 2 - 1 - step * (len(kinds) - 1) / 2
    return "".join(_shape(MARKS[kind], left + step * place, y + 26) for place, kind in enumerate(kinds))


def _shape(mark: Mark, x: float, y: float) -> str:
    return f'<path transform="translate({x:g} {y:g})" d="{mark.path}" fill="{mark.fill}" stroke="currentColor"/>'


def _deadline(answer: Answer) -> Iterator[str]:
    """A line where grace ends, as of the last launch that ran; nothing where that is after the trip."""
    calendar, at = answer.result.case.calendar, answer.until
    if at is None or calendar.day(at) > answer.trip.days:
        return
    local = calendar.local(at)
    part = (local - local.replace(hour=0, minute=0, second=0)) / timedelta(days=1)
    x, y = strip.corner(calendar.day(at), _ACROSS, _BELOW)
    yield f'<path d="M{x + part * strip.SIDE:.1f} {y - 3}v24" stroke="currentColor" stroke-width="2.5"/>'


def _key(answer: Answer, happened: dict[int, list[str]], y: int) -> Iterator[str]:
    """What the marks mean: those that are there."""
    x = _EDGE + 5.0
    for kind in dict.fromkeys(kind for kinds in happened.values() for kind in kinds):
        yield _shape(MARKS[kind], x, y - 4)
        yield _named(MARKS[kind].word, x + 10, y)
        x += 30 + 7 * len(MARKS[kind].word)
    if any(_deadline(answer)):
        yield f'<path d="M{x:g} {y - 11}v14" stroke="currentColor" stroke-width="2.5"/>'
        yield _named(_DEADLINE, x + 10, y)


def _named(word: str, x: float, y: int) -> str:
    return f'<text x="{x:g}" y="{y}" font-size="13" fill="currentColor">{html(word)}</text>'


def _table(answer: Answer) -> list[tuple[str, str]]:
    """Ranges of days with their state, and the days on which something happened."""
    letters = report.day_strip(answer.result)
    rows, day = [], 1
    for letter, group in groupby(letters):
        last = day + len(list(group)) - 1
        rows.append((day, f"day {day}" if day == last else f"day {day} to day {last}", report.LEGEND[letter]))
        day = last + 1
    happened = _happened(answer).items()
    rows += [(day, f"day {day}", ", ".join(MARKS[kind].word for kind in kinds)) for day, kinds in happened]
    if any(_deadline(answer)) and answer.until is not None:
        calendar = answer.result.case.calendar
        rows.append((calendar.day(answer.until), calendar.write(answer.until), _DEADLINE))
    return [(days, what) for _, days, what in sorted(rows, key=lambda row: row[0])]
