"""Coverage as a page: a table for each verb, rows down, causes across, with the stories that visit each cell."""

from functools import cache

from nexuslic.rules.machine import TABLE, Row
from nexuslic.rules.words import Cause
from nexuslic.scenario.coverage import CAUSES, NEVER, VERBS, Cell, Coverage, Never, Part, reachable
from nexuslic.scenario.formats import page
from nexuslic.scenario.formats.letters import html

_STYLE = """
body{max-width:80rem}
td.never{white-space:nowrap}
td.there{background:var(--good-soft)}
td.missing{background:var(--bad-soft)}
td.never{color:var(--dim)}
table.cells{font-size:.85rem}
table.cells tbody th{white-space:nowrap;font-weight:400}
details ul{margin:.2rem 0;padding-left:1.1rem}
summary{cursor:pointer}
"""


@cache
def _reachable() -> frozenset[Cell]:
    return frozenset(reachable())


def write(covered: Coverage) -> str:
    """The whole page."""
    body = [
        "<h1>What the stories visit</h1>",
        "<p>A row of the state machine, the cause of no contact that it fired with, and the verb that fired it: each "
        "combination that can happen has a cell, and in it the lines of the stories that visit it.</p>",
        *_fractions(covered.parts),
        *(line for verb in VERBS for line in _verb(verb, covered)),
        *_why_never(),
    ]
    return page.write("What the stories visit", "\n".join(body), _STYLE)


def _fractions(parts: tuple[Part, ...]) -> list[str]:
    rows = []
    for part in parts:
        kind = "bad" if part.missing else "good"
        missing = "; ".join(map(html, part.missing)) or "nothing"
        share = f'<td class="{kind}">{part.visited}/{part.of}</td>'
        rows.append(f'<tr><th scope="row">{part.name}</th>{share}<td>{missing}</td></tr>')
    head = '<tr><th scope="col">of</th><th scope="col">visited</th><th scope="col">missing</th></tr>'
    return ['<div class="scroll"><table>', f"<thead>{head}</thead><tbody>", *rows, "</tbody></table></div>"]


def _verb(verb: str, covered: Coverage) -> list[str]:
    possible = [row for row in TABLE if any(Cell(row, cause, verb) in _reachable() for cause in CAUSES)]
    columns = [cause for cause in CAUSES if any(Cell(row, cause, verb) in _reachable() for row in possible)]
    heads = "".join(f'<th scope="col">{html(_cause(cause))}</th>' for cause in columns)
    return [
        f'<h2 id="{verb}">By {verb}</h2>',
        f'<div class="scroll"><table class="cells"><caption>Rows that {verb} can fire</caption>',
        f'<thead><tr><th scope="col">row</th>{heads}</tr></thead><tbody>',
        *(_row(row, columns, verb, covered) for row in possible),
        "</tbody></table></div>",
    ]


def _cause(cause: Cause | None) -> str:
    return "no cause" if cause is None else cause.value


def _row(row: Row, columns: list[Cause | None], verb: str, covered: Coverage) -> str:
    cells = "".join(_cell(Cell(row, cause, verb), covered) for cause in columns)
    return f'<tr><th scope="row">{html(str(row))}</th>{cells}</tr>'


def _cell(cell: Cell, covered: Coverage) -> str:
    if cell not in _reachable():
        return f'<td class="never">never <a href="#never-{_number(cell)}">{_number(cell)}</a></td>'
    places = covered.places.get(cell, ())
    if not places:
        return '<td class="missing bad">missing</td>'
    told = "".join(f"<li><code>{html(place)}</code></li>" for place in places)
    return f'<td class="there"><details><summary>{len(places)}</summary><ul>{told}</ul></details></td>'


def _number(cell: Cell) -> int:
    """The number of the first reason for which it cannot happen."""
    return next(number for number, never in enumerate(NEVER, 1) if never.covers(cell))


def _why_never() -> list[str]:
    told = [f'<li id="never-{number}">{_never(never)}</li>' for number, never in enumerate(NEVER, 1)]
    return ["<h2>What cannot happen, and why</h2>", "<ol>", *told, "</ol>"]


def _never(never: Never) -> str:
    events = ", ".join(event.value for event in never.events)
    causes = "whatever the cause" if None in never.causes and len(never.causes) > 1 else "without a cause"
    if None not in never.causes:
        causes = "with a cause"
    return f"<b>{html(events)}</b> by {html(' or '.join(never.verbs))}, {causes}: {html(never.why)}."
