"""What a voyage looks like: its days one by one, the sentence of the answer, and the days left as a curve.

All of it is taken from what was decided; nothing is worked out anew.
"""

from datetime import timedelta
from functools import lru_cache

import attrs
from babel import Locale
from babel.dates import format_skeleton

from nexuslic.lab.trip import Trip
from nexuslic.lab.voyage import Answer, Cures
from nexuslic.rules.decision import Decision
from nexuslic.rules.words import Reason
from nexuslic.scenario.strip import in_words
from nexuslic.web.speech import Speech
from nexuslic.web.voyage import texts

REFUSED = frozenset("EIUx")


@attrs.frozen
class Day:
    """A square of the strip: its number, the letter of what was decided last on it, and its words."""

    number: int
    letter: str
    title: str
    month: str

    @property
    def look(self) -> str:
        """The name of its colour."""
        known = {"A": "contacted", "g": "grace", ".": "quiet", "D": "contacted"}
        return known.get(self.letter, "stopped")


def days(answer: Answer, say: Speech) -> list[Day]:
    """Every day of the trip."""
    calendar, decided = answer.result.case.calendar, answer.result.days
    found = []
    for number in range(1, answer.trip.days + 1):
        letter = decided.get(number, ".")
        day = calendar.first + timedelta(days=number - 1)
        dated = _dated(day, say.locale)
        month = _month(day, say.locale) if number == 1 or day.day == 1 else ""
        found.append(Day(number, letter, f"{dated}: {texts.LEGEND.get(letter, letter)}", month))
    return found


@lru_cache(maxsize=4096)
def _dated(day: object, locale: Locale) -> str:
    return str(format_skeleton("MMMEd", day, locale=locale))  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _month(day: object, locale: Locale) -> str:
    return str(format_skeleton("MMM", day, locale=locale))  # type: ignore[arg-type]


def told(answer: Answer) -> str:
    """The strip in words, for who does not see it."""
    letters = "".join(answer.result.days.get(day, ".") for day in range(1, answer.trip.days + 1))
    return in_words(letters)


def legend(answer: Answer) -> list[tuple[str, str]]:
    """The letters that stand on the strip, and what they mean."""
    there = {answer.result.days.get(day, ".") for day in range(1, answer.trip.days + 1)}
    return [(letter, meaning) for letter, meaning in texts.LEGEND.items() if letter in there]


def sentence(answer: Answer) -> str:
    """Until when it runs, and on how many days it does not; without a stop at its end."""
    write = answer.result.case.calendar.write
    if answer.covered:
        until = "" if answer.until is None else f"; {texts.GRACE_UNTIL.format(write(answer.until))}"
        return f"{texts.RUNS_ALWAYS}{until}"
    count, days = len(answer.refused_days), answer.trip.days
    refused = texts.REFUSED_ON_ONE.format(days) if count == 1 else texts.REFUSED_ON.format(count, days)
    return f"{_until(answer)}; {refused}"


def _until(answer: Answer) -> str:
    """Until when it runs, as far as the first refusal."""
    write = answer.result.case.calendar.write
    first = first_refusal(answer)
    if first is not None and first.reason is Reason.EXPIRED and first.deadline is not None:
        return texts.RUNS_UNTIL.format(write(first.deadline))
    good = None
    for happened in answer.result.trace:
        if happened.decision is not None and not happened.decision.runs:
            break
        good = happened.at if happened.decision is not None else good
    return texts.NEVER_RUNS if good is None else texts.LAST_LAUNCH.format(write(good))


def first_refusal(answer: Answer) -> Decision | None:
    """The first decision against a launch."""
    decisions = (happened.decision for happened in answer.result.trace)
    return next((one for one in decisions if one is not None and not one.runs), None)


def rest_of_sentence(found: Cures) -> str:
    """Which hotspot would cover the rest, as the end of the sentence."""
    hotspots = found[2]
    if hotspots is None:
        return texts.NO_HOTSPOT
    first, last = hotspots
    return (texts.HOTSPOT_DAY if first == last else texts.HOTSPOT_RANGE).format(first)


@attrs.frozen
class Chart:
    """Days left after the last decision of each day, as points, and the days that were refused, as ranges."""

    days: int
    top: int
    line: str
    area: str
    refused: tuple[tuple[int, int], ...]
    ticks: tuple[int, ...]


def chart(answer: Answer) -> Chart:
    """The curve of a voyage: day 1 is from 0 to 1, and so on."""
    calendar, left = answer.result.case.calendar, dict[int, int]()
    for happened in answer.result.trace:
        if happened.decision is not None:
            decision = happened.decision
            left[calendar.day(happened.at)] = (decision.days_left or 0) if decision.runs else 0
    days = answer.trip.days
    top = max([1, *left.values()])
    steps = [f"M0 {top - left.get(1, 0)}"]
    steps += [f"V{top - left[day]}H{day}" if day in left else f"H{day}" for day in range(1, days + 1)]
    line = "".join(steps)
    every = next(step for step in (5, 10, 25, 50, 100, 250, 500, 1000) if days / step <= 10)
    return Chart(days, top, line, f"{line}V{top}H0Z", ranges(answer.refused_days), tuple(range(every, days + 1, every)))


def ranges(numbers: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Days that follow one another: the first of them, and how many."""
    found: list[tuple[int, int]] = []
    for day in numbers:
        if found and day == sum(found[-1]):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((day, 1))
    return tuple(found)


def squeezed(lines: list[str]) -> list[str]:
    """Lines in columns, with no more room between them than two letters."""
    width = max(map(len, lines), default=0)
    blank = [all(line[place : place + 1] in ("", " ") for line in lines) for place in range(width)]
    kept = [place for place in range(width) if not (blank[place] and place > 1 and all(blank[place - 2 : place]))]
    return ["".join(line[place] for place in kept if place < len(line)).rstrip() for line in lines]


@attrs.frozen
class Difference:
    """What is not the same of two plans, in the words of each."""

    what: str
    one: str
    other: str


def differences(one: Answer, other: Answer) -> list[Difference]:
    """What differs between two voyages: first what was planned, then what came of it."""
    pairs = [*zip(_planned(one.trip), _planned(other.trip), strict=True), *zip(_came(one), _came(other), strict=True)]
    return [Difference(what, mine, theirs) for (what, mine), (_, theirs) in pairs if mine != theirs]


def _planned(trip: Trip) -> list[tuple[str, str]]:
    numbers = {"days": trip.days, "grace": trip.grace, "extend": trip.extend, "crew": trip.workstations}
    marks = {
        "contact": trip.contacts,
        "code": trip.codes,
        "restore": trip.restores,
        "rename": trip.renames,
        "clock": trip.set_clocks,
    }
    return [
        *((texts.FIELDS[name][0], str(number)) for name, number in numbers.items()),
        (texts.DATE, trip.start),
        (texts.SYSTEM, texts.SYSTEMS[trip.os]),
        *((texts.KINDS[kind], ", ".join(times) or texts.NONE) for kind, times in marks.items()),
    ]


def _came(answer: Answer) -> list[tuple[str, str]]:
    tally = answer.result.tally
    until = texts.RUNS_ALWAYS if answer.covered else _until(answer)
    refused = len(answer.refused_days)
    ran = tally.launches - tally.refused
    return list(zip(texts.OUTCOME.values(), (until, str(refused), str(ran)), strict=True))
