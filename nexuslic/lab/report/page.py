"""A policy report as one page: it opens from a mail, needs nothing from elsewhere, prints, and runs no script."""

from collections.abc import Iterator

from nexuslic.lab import amounts
from nexuslic.lab.report.content import Content
from nexuslic.lab.report.pictures import Section, pictures
from nexuslic.lab.report.style import STYLE
from nexuslic.lab.report.telling import told
from nexuslic.scenario.formats.letters import html
from nexuslic.scenario.formats.page import write
from nexuslic.version import __version__


def page(content: Content) -> str:
    """The whole page as HTML. Raises InputError where the grace that is looked at was not tried."""
    sections = (*pictures(content), *told(content))
    body = [
        '<a class="skip" href="#main">To the numbers</a>',
        *_header(content),
        *_contents(sections),
        '<main id="main" tabindex="-1">',
        *(line for section in sections for line in _section(section)),
        "</main>",
        f"<footer>Made by nexuslic {html(__version__)}. Tables and stories are printed where they stand open.</footer>",
    ]
    return write(content.title, "\n".join(body), STYLE)


def _header(content: Content) -> Iterator[str]:
    yield f"<header><h1>{html(content.title)}</h1>"
    yield f'<p class="answer">{html(content.answer)}</p>'
    yield f'<p class="dim">{html(amounts.count(content.trips))} trips, {html(content.sampled)}</p></header>'


def _contents(sections: tuple[Section, ...]) -> Iterator[str]:
    links = "".join(f'<li><a href="#{one.name}">{html(one.title)}</a></li>' for one in sections)
    yield f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _section(section: Section) -> Iterator[str]:
    yield f'<section aria-labelledby="{section.name}"><h2 id="{section.name}">{html(section.title)}</h2>'
    yield from section.lines
    yield "</section>"
