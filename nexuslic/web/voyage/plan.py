"""A plan as it stands in the fields and in the address: texts, which are read as a trip or said to be wrong.

What is wrong is said of its own field, and everything that was typed stays as it was typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import trip as trips
from nexuslic.lab.trip import MOST_DAYS, MOST_GRACE, MOST_LAUNCHES, MOST_WORKSTATIONS, START, Trip
from nexuslic.scenario.calendar import Calendar, zone_called
from nexuslic.web.voyage import texts

NUMBERS: Final = {
    "days": (1, MOST_DAYS),
    "grace": (0, MOST_GRACE),
    "extend": (0, MOST_GRACE),
    "crew": (1, MOST_WORKSTATIONS),
}
KINDS: Final = {
    "contact": "contacts",
    "code": "codes",
    "restore": "restores",
    "rename": "renames",
    "clock": "set_clocks",
}
"""The signs on the strip, and the field of a trip that holds their times."""
_DATE, _TIME, _ZONE = START.split(" ")
DEFAULTS: Final = {
    "days": "45",
    "grace": "30",
    "extend": "0",
    "crew": "1",
    "os": "windows-10",
    "date": _DATE,
    "time": _TIME,
    "zone": _ZONE,
    "day": "1",
    "a": "",
}
MOST_MARKS: Final = 100
_MARK = re.compile(r"([0-9]{1,5})((?: .*)?)")


@attrs.frozen
class Mark:
    """A sign on the strip: what it is, and when, as typed: `20`, `20 08:00`, and of a clock `20 05:00 -3d ws2`."""

    kind: str
    text: str

    @property
    def day(self) -> int | None:
        """Its day; None where none was named."""
        found = _MARK.fullmatch(self.text)
        return int(found[1]) if found else None

    @property
    def rest(self) -> str:
        """What stands behind its day."""
        found = _MARK.fullmatch(self.text)
        return found[2].strip() if found else self.text


@attrs.frozen
class Plan:
    """What stands in the fields: `typed` by the name of a field, and the signs on the strip."""

    typed: Mapping[str, str]
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Plan":
        """From the pairs of a query; what is not named is as it is at first."""
        given = list(pairs)
        typed = {name: next((text.strip() for key, text in given if key == name), DEFAULTS[name]) for name in DEFAULTS}
        return cls(typed, tuple(Mark(key, text.strip()) for key, text in given if key in KINDS))

    @classmethod
    def of_query(cls, query: str) -> "Plan":
        """From the query of an address."""
        return cls.of(parse_qsl(query, keep_blank_values=True, max_num_fields=None))

    @classmethod
    def of_trip(cls, trip: Trip) -> "Plan":
        """The plan of a trip, whose times all name a day."""
        day, rest = trip.start.split(" ", 1)
        time, zone = rest.rsplit(" ", 1)
        numbers = {"days": trip.days, "grace": trip.grace, "extend": trip.extend, "crew": trip.workstations}
        typed = {name: str(number) for name, number in numbers.items()}
        words = {"os": trip.os, "date": day, "time": time, "zone": zone}
        marks = [Mark(kind, text.removeprefix("day ")) for kind, name in KINDS.items() for text in getattr(trip, name)]
        return cls({**DEFAULTS, **typed, **words}, tuple(marks))

    @property
    def query(self) -> str:
        """The plan as the query of an address: what is as it is at first is left out."""
        changed = [(name, text) for name, text in self.typed.items() if text != DEFAULTS[name]]
        return urlencode([*changed, *((mark.kind, mark.text) for mark in self.marks)])

    @property
    def alone(self) -> "Plan":
        """The plan itself: not which day is looked at, nor what it is compared with."""
        return attrs.evolve(self, typed={**self.typed, "day": DEFAULTS["day"], "a": DEFAULTS["a"]})

    def keys(self) -> list[str]:
        """The names of the signs, such as `contact.0`, in their order."""
        seen: dict[str, int] = {}
        names = []
        for mark in self.marks:
            seen[mark.kind] = seen.get(mark.kind, -1) + 1
            names.append(f"{mark.kind}.{seen[mark.kind]}")
        return names


@attrs.frozen
class Reading:
    """A plan that was read: its trip (None where something is wrong), what is wrong with which field, and what is left
    out because it is after the end.
    """

    trip: Trip | None
    wrong: Mapping[str, str]
    beyond: tuple[Mark, ...] = ()


def read(plan: Plan) -> Reading:
    """What trip a plan is."""
    wrong: dict[str, str] = {}
    numbers = {name: _number(plan.typed[name], low, high) for name, (low, high) in NUMBERS.items()}
    for name, number in numbers.items():
        if number is None:
            wrong[name] = texts.NOT_A_NUMBER.format(*NUMBERS[name])
    if plan.typed["os"] not in texts.SYSTEMS:
        wrong["os"] = texts.NOT_A_SYSTEM.format(", ".join(texts.SYSTEMS))
    if len(plan.marks) > MOST_MARKS:
        wrong["days"] = texts.TOO_MANY_MARKS
    start = _start(plan, wrong)
    days, crew = numbers["days"], numbers["crew"]
    if start is None or days is None or crew is None or wrong:
        return Reading(None, wrong)
    if days * crew > MOST_LAUNCHES:
        return Reading(None, {"crew": texts.TOO_MANY_LAUNCHES})
    bare = Trip(days, numbers["grace"] or 0, start, plan.typed["os"], crew, extend=numbers["extend"] or 0)
    return _with_marks(plan, bare)


def whole(text: str) -> int | None:
    """The whole number that was typed; None where it is none, or longer than any that is taken."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _number(text: str, low: int, high: int) -> int | None:
    number = whole(text)
    return number if number is not None and low <= number <= high else None


def _start(plan: Plan, wrong: dict[str, str]) -> str | None:
    """When day 1 begins, as a story writes it; None where that is said to be wrong."""
    day, time, zone = (plan.typed[name] for name in ("date", "time", "zone"))
    try:
        date.fromisoformat(day)
    except ValueError:
        wrong["date"] = texts.NOT_A_DATE
    try:
        zone_called(zone)
    except (ValueError, OSError):
        wrong["zone"] = texts.NOT_A_ZONE
    if "date" in wrong or "zone" in wrong:
        return None
    text = f"{day} {time} {zone}"
    _tried(lambda: trips.check(Trip(start=text, days=1)), "time", wrong)
    return None if "time" in wrong else text


def _with_marks(plan: Plan, bare: Trip) -> Reading:
    wrong: dict[str, str] = {}
    _tried(lambda: trips.check(bare), "days", wrong)
    if wrong:
        return Reading(None, wrong)
    beyond, times = [], {name: list[str]() for name in KINDS.values()}
    for key, mark in zip(plan.keys(), plan.marks, strict=True):
        if mark.day is None:
            wrong[key] = texts.NOT_A_MARK
        elif mark.day > bare.days:
            beyond.append(mark)
        else:
            _mark(bare, mark, key, times, wrong)
    if wrong:
        return Reading(None, wrong, tuple(beyond))
    moved: dict[str, Any] = {name: tuple(found) for name, found in times.items()}
    return Reading(attrs.evolve(bare, **moved), {}, tuple(beyond))


def _mark(bare: Trip, mark: Mark, key: str, times: dict[str, list[str]], wrong: dict[str, str]) -> None:
    """Add one sign to the times of the trip, or say what is wrong with it."""
    name, text = KINDS[mark.kind], f"day {mark.text}"
    only: dict[str, Any] = {name: (text,)}
    _tried(lambda: trips.check(attrs.evolve(bare, **only)), key, wrong)
    if key not in wrong and mark.kind == "clock" and _too_early(bare, text):
        wrong[key] = texts.TOO_EARLY
    if key not in wrong:
        times[name].append(text)


def _too_early(bare: Trip, text: str) -> bool:
    """Whether a clock would be set before day 1 begins: where no time is typed, at 05:00."""
    calendar = Calendar.beginning(bare.start)
    return trips.when(trips.clock_set(text)[0], trips.CLOCKS, calendar) < calendar.starts


def _tried(check: Callable[[], object], key: str, wrong: dict[str, str]) -> None:
    """Say of a field what the check says, without the option of the command."""
    try:
        check()
    except InputError as error:
        said = re.sub(r"^--\S+ ('[^']*'|\S+): ", "", str(error))
        wrong[key] = f"{said[:1].upper()}{said[1:]}."
