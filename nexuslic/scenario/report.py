"""What a person reads: a failure in at most 15 lines, a trace in one line an event, a strip in one letter a day."""

import re
import shlex
from datetime import datetime, timedelta

from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import explain
from nexuslic.rules.machine import TABLE
from nexuslic.rules.words import Reason, State
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.run import CaseResult, Failure, Happening, Outcome
from nexuslic.scenario.source import Place, one_line
from nexuslic.scenario.story import CaseStory, Story

WIDTH = 160
LEGEND = {
    "A": "Authenticated",
    "g": "Grace",
    "E": "Expired",
    "I": "Invalid-Binding",
    "U": "Unlicensed",
    "D": "dongle",
    "x": "refused",
    "C": "the clocks changed",
    ".": "no launch",
}


def failure(story: Story, result: CaseResult, broken: Failure, more: int = 0, options: tuple[str, ...] = ()) -> str:
    """The report of one failure, at most 15 lines; `options` of the command that shows it again."""
    calendar = result.case.calendar
    name = f"  [{cut(result.case.name, 50)}]" if result.case.name else ""
    lines = [f"FAIL  {cut(story.title, 80)}{name}   {broken.place}"]
    lines.append(f"  at    {_when(calendar, broken, result.latest)}")
    lines += _source(story, broken)
    strip = day_strip(result)[: calendar.day(broken.at)]
    lines.append(f"  story {cut(strip, 120)}      {legend(strip)}")
    lines.append(f"  why   {cut(_reason(result, broken), WIDTH)}")
    if more:
        lines.append(f"  and   {more} more {'expectation' if more == 1 else 'expectations'} of this case failed")
    lines.append(f"  again {again(story, result, broken, *options)}")
    return "\n".join(lines)


def _reason(result: CaseResult, broken: Failure) -> str:
    """The rule that decided: of the decision that was looked at, or of the last one before."""
    if broken.whole:
        events = sorted({row.event.value for row in TABLE if row.target.value == broken.wanted})
        return f"{broken.wanted} is entered by {', '.join(events)} (rules: Events), and none of these led there"
    decision = broken.decision or result.latest
    return "nothing was decided yet" if decision is None else why(decision, result.case.calendar)


def cut(text: str, width: int) -> str:
    """A text in one line of at most that width."""
    return one_line(text, width)


def _when(calendar: Calendar, broken: Failure, latest: Decision | None) -> str:
    local = calendar.local(broken.at)
    text = f"{calendar.write(broken.at)}   {local:%a} {local.day} {local:%b %Y %H:%M %Z}"
    decision = broken.decision or latest
    grant = None if decision is None else decision.last_grant
    if grant is None or grant > broken.at:
        return text
    return f"{text}, {elapsed(broken.at - grant)} after the last grant"


def elapsed(span: timedelta) -> str:
    """An elapsed time in days, hours and minutes."""
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 1440} d {minutes // 60 % 24} h {minutes % 60} m"


def _source(story: Story, broken: Failure) -> list[str]:
    line, caret = source(story, broken.place)
    what = "broken: " if broken.outcome is Outcome.ALWAYS else "was "
    told = broken.wanted in story.line(broken.place) or broken.outcome is Outcome.ALWAYS
    wanted = "" if told else f" (wanted {cut(broken.wanted, 100)})"
    return [line, f"{caret} {what}{cut(broken.was, 120)}{wanted}"]


def source(story: Story, place: Place) -> tuple[str, str]:
    """A line of the story with its number, and a caret under the place."""
    line = story.line(place)
    start = max(0, place.column - 100) if len(line) > WIDTH else 0
    shown = line[start : start + WIDTH]
    caret = " " * (place.column - 1 - start) + "^" * min(place.width, max(1, len(shown) - place.column + 1 + start))
    return f"{place.line:>4} | {shown}", f"     | {caret}"


def day_strip(result: CaseResult) -> str:
    """One letter for each day of the story, up to the last one that anything happened on."""
    calendar, days = result.case.calendar, result.days
    last = max(days, default=0)
    letters = []
    for day in range(1, last + 1):
        letters.append("C" if calendar.changes(day) else days.get(day, "."))
    return "".join(letters)


def legend(strip: str) -> str:
    """What the letters of a strip mean."""
    return "one letter a day: " + ", ".join(f"{c} {text}" for c, text in LEGEND.items() if c in strip)


def why(decision: Decision, calendar: Calendar) -> str:
    """The rule that decided, in the story's own time."""
    if decision.reason is Reason.EXPIRED and decision.deadline is not None and decision.last_grant is not None:
        days = (decision.deadline - decision.last_grant) // timedelta(days=1)
        return (
            f"grace ended on {_on(calendar, decision.deadline)}: {days} x 24 hours after the last grant, "
            f"{calendar.write(decision.last_grant)} (rules: Grace)"
        )
    rows = "; ".join(map(str, decision.path)) or "no transition"
    return f"{explain(decision, calendar.write).message} ({rows})"


def _on(calendar: Calendar, at: datetime) -> str:
    return f"day {calendar.day(at)} at {calendar.local(at):%H:%M}"


def again(story: Story, result: CaseResult, broken: Failure, *options: str) -> str:
    """A command that runs just this case up to this moment (the whole of it where only that shows the failure)."""
    until = [] if broken.whole else ["--until", result.case.calendar.write(broken.at)]
    return command(story, result.case, *until, *options)


def command(story: Story, case: CaseStory, *options: str) -> str:
    """The command that runs one case of a story."""
    words = ["nexuslic", "run", "-" if story.file == "<stdin>" else story.file]
    words += ["--case", case.name] if case.name else []
    return " ".join(map(_quoted, (*words, *options)))


def _quoted(word: str) -> str:
    """A word as a shell takes it, in double quotes where those do."""
    plain = shlex.quote(word)
    return plain if plain == word or re.search(r'["$`\\!]', word) else f'"{word}"'


def trace_line(calendar: Calendar, line: Happening) -> str:
    """One event: story time, what happened, event, from, to, days left, why, and the machine's time if it differs."""
    start = f"{calendar.write(line.at):<14} {f'{line.verb} {line.who}':<20}"
    decision = line.decision
    if decision is None:
        return start.rstrip()
    events = ", ".join(row.event.value for row in decision.path) or "-"
    before = decision.path[0].source if decision.path else decision.state
    moved = f"{_word(before, decision)} -> {_word(decision.state, decision)}"
    text = f"{start} {events:<20} {moved:<34} {_verdict(decision)}"
    if line.clock_error:
        machine = calendar.local(line.at + timedelta(seconds=line.clock_error))
        text += f" (clock {machine:%Y-%m-%d %H:%M})"
    return text


def _word(state: State | None, decision: Decision) -> str:
    return str(decision.protection if state is None and decision.runs else state or "none")


def _verdict(decision: Decision) -> str:
    parts = ["runs" if decision.runs else "refused"]
    if decision.days_left is not None:
        parts.append("1 day left" if decision.days_left == 1 else f"{decision.days_left} days left")
    parts += [str(word) for word in (decision.reason, decision.cause) if word is not None]
    return ", ".join(parts)
