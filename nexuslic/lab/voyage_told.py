"""A voyage in plain words: its answer in one sentence, and what was decided on one day of it and why."""

from datetime import datetime
from itertools import groupby
from typing import Any

import attrs

from nexuslic.lab import trip as trips
from nexuslic.lab import voyage
from nexuslic.lab.voyage import Answer, Cures
from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import explain
from nexuslic.scenario import report
from nexuslic.scenario.formats.text import some
from nexuslic.scenario.run import Happening
from nexuslic.scenario.stage import MakeStage

_SHOWN = 6


def title(answer: Answer) -> str:
    """What trip it is."""
    trip, calendar = answer.trip, answer.result.case.calendar
    start = calendar.local(calendar.starts)
    crew = f"{some(trip.workstations, 'workstation')} on {trip.os}"
    return (
        f"{trip.days} days from {start:%a} {start.day} {start:%b %Y} ({calendar.zone.key}), "
        f"{trip.grace} days of grace, {crew}"
    )


def sentence(answer: Answer) -> str:
    """The answer: whether it runs on every day, and else until when, and on which days it is refused."""
    return " ".join(sentences(answer))


def sentences(answer: Answer) -> list[str]:
    """The same, until when and on which days apart."""
    if answer.covered:
        return [f"Runs on every day. {until(answer)}".rstrip()]
    good = answer.result.tally.last_good
    last = "there is none" if good is None else answer.result.case.calendar.write(good)
    return [
        f"Last good launch: {last}. {until(answer)}".rstrip(),
        f"Refused on {some(len(answer.refused_days), 'day')}: {days(answer.refused_days)}.",
    ]


def until(answer: Answer) -> str:
    """Until when grace lasts, as of the last launch that ran; empty where none did."""
    return "" if answer.until is None else f"Grace lasts until {answer.result.case.calendar.write(answer.until)}."


def days(numbers: tuple[int, ...]) -> str:
    """Days as ranges: `day 3, day 32 to day 45`."""
    ranges: list[list[int]] = []
    for day in numbers:
        if ranges and day == ranges[-1][1] + 1:
            ranges[-1][1] = day
        else:
            ranges.append([day, day])
    said = [f"day {a}" if a == b else f"day {a} to day {b}" for a, b in ranges]
    return ", ".join(said[:4]) + (" and more" if len(said) > 4 else "")


def of_grace(number: int | None) -> str:
    """How many days of grace would do, or that none would."""
    return "no number of days would" if number is None else some(number, "day")


def of_extension(number: int | None) -> str:
    """How many days of extension would do, or that none would."""
    if number is None:
        return f"{of_grace(None)}, asked for before departure"
    return f"{some(number, 'extra day')}, asked for before departure"


def single(found: tuple[int, int] | None, does: str) -> str:
    """On which days a single contact or code would do."""
    if found is None:
        return "no single one would"
    first, last = found
    if first == last:
        return f"one on day {last} {does}"
    return f"one on day {first} or later {does}; day {last} is the last"


@attrs.frozen
class Explained:
    """What was decided on a day: the `decision` that tells most of it, all that `happened`, and what would have helped.

    `cures` is None where nothing was refused.
    """

    day: int
    at: datetime
    happened: tuple[Happening, ...]
    decision: Decision
    cures: Cures | None


def explained(answer: Answer, text: str, make_stage: MakeStage) -> Explained | None:
    """What was decided on the day `text`, or last before the time `text`; None where nothing was.

    Raises InputError where it is no time of the voyage.
    """
    one = decided(answer, text)
    if one is None or one.decision.runs or _telling(one.happened).verb != "launch":
        return one
    return attrs.evolve(one, cures=voyage.cures_of_day(answer.trip, one.day, make_stage))


def decided(answer: Answer, text: str) -> Explained | None:
    """The same without what would have helped, which takes many runs."""
    calendar = answer.result.case.calendar
    trips.inside("--explain", text, answer.trip, calendar)
    limit = trips.when(text, "23:59", calendar)
    day = calendar.day(limit)
    told = [h for h in answer.result.trace if h.decision is not None and h.at <= limit]
    of_day = tuple(h for h in told if calendar.day(h.at) == day) if ":" not in text else tuple(told[-1:])
    if not of_day:
        return None
    telling = _telling(of_day)
    assert telling.decision is not None
    return Explained(calendar.day(telling.at), telling.at, of_day, telling.decision, None)


def _telling(happened: tuple[Happening, ...]) -> Happening:
    """The one that tells most of a day: the first refusal, or else the last of all."""
    return next((h for h in happened if h.decision is not None and not h.decision.runs), happened[-1])


def in_words(one: Explained, answer: Answer) -> list[str]:
    """What was decided and why, line by line."""
    calendar = answer.result.case.calendar
    local, words = calendar.local(one.at), explain(one.decision, calendar.write)
    ran = "it runs" if one.decision.runs else "it does not run"
    facts = [(name, value) for name, value in _facts(one, answer) if value]
    facts += [("says", words.message)] if words.message not in facts[0][1] else []
    facts += [("to do", words.next_step)] if words.next_step else []
    return [
        f"Day {one.day}, {local:%a} {local.day} {local:%b %Y}: {one.decision.state or 'no state'}, {ran}.",
        *(f"  {line}" for line in _lines(one, answer)),
        *(f"  {name:<13} {value}" for name, value in facts),
        *_helped(one.cures),
    ]


def as_json(one: Explained, answer: Answer) -> dict[str, Any]:
    """The same for a program."""
    words = explain(one.decision, answer.result.case.calendar.write)
    told = {name.replace(" ", "_"): value or None for name, value in _facts(one, answer)}
    return {
        "day": one.day,
        "at": answer.result.case.calendar.write(one.at),
        "state": None if one.decision.state is None else one.decision.state.value,
        "runs": one.decision.runs,
        **told,
        "days_left": one.decision.days_left,
        "message": words.message,
        "next_step": words.next_step,
        "would_have_helped": None if one.cures is None else _cures_json(*one.cures),
    }


def _cures_json(
    grace: int | None, extension: int | None, hotspots: tuple[int, int] | None, codes: tuple[int, int] | None
) -> dict[str, Any]:
    named = {"hotspot": hotspots, "code": codes}
    return {
        "grace": grace,
        "extension": extension,
        **{name: None if days is None else {"first": days[0], "last": days[1]} for name, days in named.items()},
    }


def _lines(one: Explained, answer: Answer) -> list[str]:
    """What happened that day, alike ones in one line."""
    calendar = answer.result.case.calendar
    lines = []
    for (_, verb, runs), group in groupby(one.happened, key=lambda h: (h.at, h.verb, h.decision and h.decision.runs)):
        alike = list(group)
        who = ", ".join(h.who for h in alike[:_SHOWN]) + (f" and {len(alike) - _SHOWN} more" * (len(alike) > _SHOWN))
        lines.append(f"{calendar.local(alike[0].at):%H:%M} {verb} by {who}: {'runs' if runs else 'refused'}")
    return lines


def _facts(one: Explained, answer: Answer) -> list[tuple[str, str]]:
    calendar, decision = answer.result.case.calendar, one.decision
    times = {"license time": decision.license_time, "clock": decision.clock, "last grant": decision.last_grant}
    times["deadline"] = decision.deadline
    left = "none" if decision.days_left is None else str(decision.days_left)
    return [
        ("why", report.why(decision, calendar)),
        *((name, "" if at is None else calendar.write(at)) for name, at in times.items()),
        ("days left", left),
    ]


def _helped(cures: Cures | None) -> list[str]:
    if cures is None:
        return []
    grace, extension, hotspots, codes = cures
    return [
        "  What would have let it run on that day:",
        f"    grace      {of_grace(grace)}",
        f"    extension  {of_extension(extension)}",
        f"    hotspot    {single(hotspots, 'does')}",
        f"    code       {single(codes, 'does')}",
    ]
