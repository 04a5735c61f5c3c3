"""All that the planner's templates show of a plan."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import attrs

from nexuslic.errors import InputError
from nexuslic.lab import voyage_told
from nexuslic.lab.voyage import Answer, Cures
from nexuslic.lab.voyage_chart import MARKS
from nexuslic.scenario.report import trace_line
from nexuslic.web.speech import Speech
from nexuslic.web.voyage import drawing, texts
from nexuslic.web.voyage.plan import KINDS, Plan, read, whole
from nexuslic.web.voyage.rehearsal import Rehearsal

SHAPES = {kind: MARKS[name].path for kind, name in KINDS.items()}
RANGES = {"days": (1, 120), "grace": (0, 120), "extend": (0, 60), "crew": (1, 10)}
"""How far the sliders reach; the fields beside them reach further."""
ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Oslo",
    "Europe/Berlin",
    "Europe/Amsterdam",
    "Europe/Lisbon",
    "Europe/Athens",
    "Atlantic/Azores",
    "Atlantic/Reykjavik",
    "Africa/Lagos",
    "Africa/Luanda",
    "Africa/Johannesburg",
    "America/New_York",
    "America/Chicago",
    "America/Halifax",
    "America/Sao_Paulo",
    "America/Santiago",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""Some that are offered; any other may be typed."""


async def of(known: Rehearsal, plan: Plan, say: Speech, *, signs: bool = True) -> dict[str, Any]:
    """What the page shows of a plan; `signs`: with the signs on the strip, which the browser moves by itself later."""
    reading = read(plan)
    values: dict[str, Any] = {
        "words": texts,
        "shapes": SHAPES,
        "typed": plan.typed,
        "query": plan.query,
        "alone": plan.alone.query,
        "wrong": reading.wrong,
        "problem": "",
        "answer": None,
        "chart": None,
        "days": [],
        "marks": {},
        "beyond": [],
        "other": None,
        "no_other": "",
        "address": "",
    }
    if signs:
        values |= {"ranges": RANGES, "zones": ZONES, **_signs(plan, reading.wrong, reading.trip)}
    if reading.trip is None:
        return values
    try:
        answer = await known.answer(reading.trip)
    except InputError as error:
        return {**values, "problem": re.sub(r"^voyage:[0-9:]+: ", "", str(error))}
    values |= _told(answer, plan, say)
    return {**values, **await _compared(known, plan, answer, say)} if plan.typed["a"] else values


def _signs(plan: Plan, wrong: Any, trip: Any) -> dict[str, Any]:
    """The signs by their day, those after the end, and what is wrong with which."""
    last = 0 if trip is None else trip.days
    marks: dict[int, list[Any]] = {}
    for mark in plan.marks:
        if mark.day is not None and 1 <= mark.day <= last:
            marks.setdefault(mark.day, []).append(mark)
    beyond = [mark for mark in plan.marks if mark.day is None or not 1 <= mark.day <= last]
    keys = zip(plan.keys(), plan.marks, strict=True)
    told = [f"{texts.KINDS[mark.kind]}, {texts.DAY} {mark.text}: {wrong[key]}" for key, mark in keys if key in wrong]
    return {"marks": marks, "beyond": beyond, "wrong_marks": told}


def _told(answer: Answer, plan: Plan, say: Speech) -> dict[str, Any]:
    chosen = min(max(whole(plan.typed["day"]) or 1, 1), answer.trip.days)
    return {
        "answer": answer,
        "sentence": drawing.sentence(answer),
        "rest": "",
        "told": drawing.told(answer),
        "days": drawing.days(answer, say),
        "legend": drawing.legend(answer),
        "chart": drawing.chart(answer),
        "chosen": chosen,
        **_decided(answer, chosen, say),
    }


def _decided(answer: Answer, day: int, say: Speech) -> dict[str, Any]:
    """What was decided on one day, in words and line by line."""
    calendar = answer.result.case.calendar
    noon = datetime.combine(calendar.first + timedelta(days=day - 1), time(12), calendar.zone)
    dated = f"{texts.DAY} {day}, {attrs.evolve(say, zone=calendar.zone).date(noon)}"
    lines = [trace_line(calendar, one) for one in answer.result.trace if calendar.day(one.at) == day]
    trace = drawing.squeezed([line.removeprefix(f"day {day} ") for line in lines])
    one = voyage_told.decided(answer, f"day {day}") if trace else None
    explained = None if one is None else voyage_told.as_json(one, answer)
    if explained is not None:
        explained["why"] = _rule(explained["why"], explained["message"])
    return {"dated": dated, "trace": trace, "explained": explained}


def _rule(why: str, message: str) -> str:
    """The rule that decided, without what is said above it already."""
    rest = why.removeprefix(message)
    return why if rest == why else rest.strip().removeprefix("(").removesuffix(")")


async def _compared(known: Rehearsal, plan: Plan, answer: Answer, say: Speech) -> dict[str, Any]:
    """The plan that was kept beside this one."""
    reading = read(Plan.of_query(plan.typed["a"]))
    try:
        if reading.trip is None:
            raise InputError(next(iter(reading.wrong.values())))
        other = await known.answer(reading.trip)
    except InputError as error:
        return {"no_other": texts.NO_A.format(error)}
    return {
        "other": {"days": drawing.days(other, say), "sentence": drawing.sentence(other)},
        "this": {"days": drawing.days(answer, say), "sentence": drawing.sentence(answer)},
        "differences": drawing.differences(other, answer),
    }


def cures(answer: Answer) -> list[tuple[str, str]]:
    """What would cover the trip, each way by its name."""
    found = (
        voyage_told.of_grace(answer.grace),
        voyage_told.of_extension(answer.extension),
        voyage_told.single(answer.hotspots, texts.SAVES),
        voyage_told.single(answer.codes, texts.BY_VOICE),
    )
    return list(zip(texts.CURE_NAMES, found, strict=True))


def rest(found: Cures) -> str:
    """How the sentence goes on, once it is known what would cover the rest."""
    return f"; {drawing.rest_of_sentence(found)}."
