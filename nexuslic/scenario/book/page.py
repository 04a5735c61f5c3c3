"""The book as one page: a table of contents by folder, a story a sheet of paper, each with a place to sign."""

import re
from collections.abc import Iterator, Sequence

from nexuslic.scenario import report, strip
from nexuslic.scenario.book.making import Book, Chapter
from nexuslic.scenario.book.telling import Claims, Event, Line
from nexuslic.scenario.book.text import VERDICTS, cases, whose
from nexuslic.scenario.formats import page
from nexuslic.scenario.formats.letters import html
from nexuslic.scenario.formats.text import some
from nexuslic.scenario.results import CaseRecord
from nexuslic.scenario.run import Outcome

_STYLE = """
.why{font-size:1.1rem}
article{border-top:2px solid var(--line);padding-top:1rem;margin-top:3rem}
.events{list-style:none;padding:0}
.events>li{display:grid;grid-template-columns:11rem 1fr;gap:.2rem 1rem;padding:.35rem 0;
border-top:1px solid var(--line)}
.events .when{color:var(--dim)}
.events ul{margin:.2rem 0;padding-left:1.1rem}
.must{font-weight:600}
.case{break-inside:avoid;margin:1rem 0}
.case h4{margin:.4rem 0}
.sign{display:grid;grid-template-columns:2fr 1fr 2fr;gap:1.5rem;margin-top:2.2rem}
.seal{break-inside:avoid;break-before:avoid}
.sign span{border-top:1px solid var(--ink);padding-top:.2rem;color:var(--dim);font-size:.85rem}
.hash{font-size:.8rem;color:var(--dim);overflow-wrap:anywhere}
nav ul{padding-left:1.1rem}
@media (max-width:40rem){.events>li{grid-template-columns:1fr}.sign{grid-template-columns:1fr}}
@media print{article{break-before:page;border:0;margin:0}nav{break-after:page}h2,h3,h4{break-after:avoid}
.events>li{break-inside:avoid}}
"""


def write(book: Book) -> str:
    """The whole page."""
    title = "The book of stories"
    body = [
        f"<h1>{title}</h1>",
        f"<p>{some(len(book.chapters), 'story')}, told and run by nexuslic "
        f"{html(book.version)}: {_verdict(book.summary.outcome)}.</p>",
        *_contents(book),
        *(line for number, chapter in enumerate(book.chapters, 1) for line in _chapter(number, chapter)),
        "<article>",
        '<h2 id="signed">Signed for all stories</h2>',
        _seal(f"nexuslic {html(book.version)}; SHA-256 of all stories: {book.digest}"),
        "</article>",
    ]
    return page.write(title, "\n".join(body), _STYLE)


def _verdict(outcome: Outcome) -> str:
    kind = "good" if outcome is Outcome.PASSED else "dim" if outcome is Outcome.NOT_HERE else "bad"
    return f'<span class="{kind}">{VERDICTS[outcome]}</span>'


def _contents(book: Book) -> Iterator[str]:
    numbers = {chapter.file: number for number, chapter in enumerate(book.chapters, 1)}
    yield '<nav aria-label="Contents"><h2>Contents</h2><ul>'
    for theme, chapters in book.themes().items():
        yield f"<li><b>{html(theme)}</b><ul>"
        for chapter in chapters:
            yield f'<li><a href="#story-{numbers[chapter.file]}">{html(chapter.title)}</a></li>'
        yield "</ul></li>"
    yield '<li><a href="#signed">Signed for all stories</a></li></ul></nav>'


def _chapter(number: int, chapter: Chapter) -> Iterator[str]:
    yield f'<article aria-labelledby="story-{number}"><h2 id="story-{number}">{html(chapter.title)}</h2>'
    yield f'<p class="why">{html(chapter.why)}</p>'
    yield f'<p class="dim"><code>{html(chapter.file)}</code></p>'
    yield from ("<h3>What exists</h3>", *_list(chapter.told.things), *_cases(chapter))
    yield from ("<h3>What happens, and what must be so then</h3>", '<ol class="events">')
    yield from (_event(event) for event in chapter.told.events)
    yield "</ol>"
    if chapter.told.always:
        yield from ("<h3>What must hold throughout</h3>", *_list(chapter.told.always))
    yield "<h3>Result</h3>"
    for record in chapter.records:
        yield from _result(chapter, record)
    yield from (_seal(f"SHA-256 of this story: {chapter.digest}"), "</article>")


def _list(lines: Sequence[Line]) -> list[str]:
    return ["<ul>", *(f"<li>{_said(line)}</li>" for line in lines), "</ul>"]


def _said(line: Line) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", html(line.text)) + _cases_of(line.cases)


def _cases_of(names: tuple[str, ...]) -> str:
    return f' <span class="dim">{html(cases(names).strip())}</span>' if names else ""


def _cases(chapter: Chapter) -> Iterator[str]:
    if len(chapter.rows) < 2:
        return
    many = some(len(chapter.rows), "case")
    yield f"<h3>{many}</h3>"
    yield page.table(f"{many} of {chapter.title}", ("case", *chapter.words), chapter.rows)


def _event(event: Event) -> str:
    told = "".join(f'<li><span class="must">must be:</span> {_claims(claim)}</li>' for claim in event.claims)
    listed = f"<ul>{told}</ul>" if told else ""
    text = f"{html(event.text)}{_cases_of(event.cases)}{listed}"
    return f'<li><span class="when">{html(event.when)}</span><div>{text}</div></li>'


def _claims(claim: Claims) -> str:
    return html(whose(claim)) + "; ".join(map(_said, claim.lines))


def _result(chapter: Chapter, record: CaseRecord) -> Iterator[str]:
    name = f"{html(record.case)}: " if record.case else ""
    yield f'<div class="case"><h4>{name}{_verdict(record.outcome)}</h4>'
    if record.days:
        yield strip.svg(record.days, f"{chapter.title}, {record.case}" if record.case else chapter.title)
        yield f'<p class="dim">{html(report.legend(record.days))}</p>'
    if record.outcome is not Outcome.PASSED:
        yield f"<pre>{html(record.text)}</pre>"
    yield "</div>"


def _seal(hashed: str) -> str:
    """A hash, and the place to sign it, on one sheet."""
    places = '<div class="sign"><span>Name</span><span>Date</span><span>Signature</span></div>'
    return f'<div class="seal"><p class="hash">{hashed}</p>{places}</div>'
