"""The part of a report that is told: the worst trips, the cheats, what all rests on, and how to run it again."""

from collections.abc import Iterator

from nexuslic.lab import amounts
from nexuslic.lab.report.content import Assumption, Cheat, Content, ToldTrip
from nexuslic.lab.report.pictures import Section, lead
from nexuslic.scenario import report, strip
from nexuslic.scenario.formats.letters import html
from nexuslic.scenario.formats.page import scrolling, table

_ACROSS = 50
"""Days in a line of a strip: as wide as the page."""
_HTTP = ("https://", "http://")


def told(content: Content) -> tuple[Section, ...]:
    """The sections, in the order of the page."""
    return (
        Section("worst", "The worst trips", tuple(_worst(content.worst))),
        Section("cheats", "What a cheat gains", tuple(_cheats(content.cheats))),
        Section("rests", "What this rests on", tuple(_rests(content))),
        Section("again", "Run it again", tuple(_again(content))),
    )


def _worst(trips: tuple[ToldTrip, ...]) -> Iterator[str]:
    if not trips:
        yield lead("No trip lost a day.")
        return
    yield lead("Each trip is a story, which can be kept in a file and run.")
    yield f'<p class="dim">{html(report.legend("".join(trip.strip for trip in trips)))}</p>'
    for trip in trips:
        yield f'<div class="trip"><h3>{html(trip.title)}</h3>'
        yield f"<p>{html(trip.sentence)}</p>"
        yield f"{scrolling(f'Days of {trip.title}', strip.svg(trip.strip, trip.title, across=_ACROSS))}</div>"
        yield f"<details><summary>The story of {html(trip.title)}</summary>\n<pre>{html(trip.story)}</pre></details>"


def _cheats(cheats: tuple[Cheat, ...]) -> Iterator[str]:
    if not cheats:
        yield lead("No cheat was tried.")
        return
    yield lead("The same policy from the other side: how long somebody who means to cheat runs without a contact.")
    rows = [(cheat.name, _gained(cheat), cheat.moves) for cheat in cheats]
    yield table(
        "The most days that each kind of cheat runs after the last grant", ("cheat", "days", "moves"), rows, "told"
    )


def _gained(cheat: Cheat) -> str:
    return "without end" if cheat.days is None else amounts.days(cheat.days)


def _rests(content: Content) -> Iterator[str]:
    yield lead(f"{amounts.count(content.trips)} trips, {content.sampled}.")
    if content.policy:
        yield table("The policy", ("what", "value"), content.policy, "told")
    if content.assumptions:
        yield _assumptions(content.assumptions)


def _assumptions(assumptions: tuple[Assumption, ...]) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{html(one.name)}</th><td>{html(one.value)}</td><td>{_source(one)}</td></tr>'
        for one in assumptions
    )
    heads = "".join(f'<th scope="col">{word}</th>' for word in ("what", "value", "source"))
    caption = "Every assumption, and where it is from"
    inner = f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody>"
    return scrolling(caption, f'<table class="told">{inner}</table>')


def _source(one: Assumption) -> str:
    """The source; a link only where it leads into the web."""
    if not one.link.startswith(_HTTP):
        return html(f"{one.source} {one.link}".rstrip())
    return f'<a href="{html(one.link)}" rel="noreferrer">{html(one.source)}</a>'


def _again(content: Content) -> Iterator[str]:
    yield lead("The same command gives the same numbers, to the last digit, however many workers share it.")
    yield f"<pre><code>{html(content.command)}</code></pre>"
