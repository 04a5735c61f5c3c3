"""The book as plain text."""

import textwrap
from collections.abc import Iterator

from nexuslic.scenario import report
from nexuslic.scenario.book.making import Book, Chapter
from nexuslic.scenario.book.telling import Claims, Event, Line
from nexuslic.scenario.book.words import spoken
from nexuslic.scenario.formats.letters import visible
from nexuslic.scenario.formats.text import some
from nexuslic.scenario.results import CaseRecord
from nexuslic.scenario.run import Outcome

_WIDTH = 100
VERDICTS = {
    Outcome.PASSED: "holds",
    Outcome.FAILED: "does not hold",
    Outcome.ALWAYS: "does not hold",
    Outcome.WRONG: "cannot be run",
    Outcome.BROKE: "cannot be run",
    Outcome.NOTHING: "checks nothing",
    Outcome.NOT_HERE: "not on this stage",
}
_MOST_NAMES = 3


def write(book: Book) -> str:
    """The whole book."""
    lines = [f"The stories, as nexuslic {book.version} tells and runs them", "", "Contents", ""]
    for theme, chapters in book.themes().items():
        lines += [theme, *(f"  {chapter.title}" for chapter in chapters)]
    for chapter in book.chapters:
        lines += ["", "", *_chapter(chapter)]
    return "\n".join([*lines, "", "", *_signed(book)]) + "\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from (chapter.title, "=" * len(chapter.title), "")
    yield from _wrapped(chapter.why)
    yield from ("", chapter.file, "", "What exists", "")
    for line in chapter.told.things:
        yield from _wrapped(f"- {said(line)}", "  ")
    if len(chapter.rows) > 1:
        yield from ("", f"{some(len(chapter.rows), 'case')} ({', '.join(chapter.words)})", "")
        for row in chapter.rows:
            yield from _wrapped("- " + "; ".join(row), "  ")
    yield from ("", "What happens", "")
    for event in chapter.told.events:
        yield from _event(event)
    if chapter.told.always:
        yield from ("", "What must hold throughout", "")
        for line in chapter.told.always:
            yield from _wrapped(f"- {said(line)}", "  ")
    yield from ("", "Result", "")
    for record in chapter.records:
        yield from _result(record)
    yield from ("", f"SHA-256 of this story: {chapter.digest}", "Name ____________________  Date ____________")


def whose(claim: Claims) -> str:
    """Whom clauses are about, where it has to be said."""
    return f"{claim.who}: " if claim.who else ""


def said(line: Line) -> str:
    """A sentence with the cases that it is of."""
    return line.text + cases(line.cases)


def cases(names: tuple[str, ...]) -> str:
    """Which cases something is so in; nothing where it is so in all."""
    if not names:
        return ""
    quoted = [f"\u201c{name}\u201d" for name in names]
    if len(names) <= _MOST_NAMES:
        return f" [{spoken(quoted)}]"
    return f" [{', '.join(quoted[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more]"


def _event(event: Event) -> Iterator[str]:
    yield from _wrapped(f"{event.when}  {event.text}{cases(event.cases)}".rstrip(), "    ")
    for claim in event.claims:
        yield from _wrapped(f"  must be: {whose(claim)}{'; '.join(map(said, claim.lines))}", "      ")


def _result(record: CaseRecord) -> Iterator[str]:
    name = f"{record.case}: " if record.case else ""
    yield f"{name}{VERDICTS[record.outcome]}"
    for start in range(0, len(record.days), 50):
        yield f"  day {start + 1:<4} {record.days[start : start + 50]}"
    if record.days:
        yield f"  {report.legend(record.days)}"
    if record.outcome is not Outcome.PASSED:
        yield from (f"    {line}" for line in record.text.splitlines())


def _signed(book: Book) -> Iterator[str]:
    yield from ("Signed", "------", "")
    yield from (f"nexuslic {book.version}", f"SHA-256 of all stories: {book.digest}", "")
    yield "Name ______________________________  Date ______________  Signature ______________________________"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(visible(text), _WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]
