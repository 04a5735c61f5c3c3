"""`nexuslic voyage`."""

import json
from pathlib import Path
from typing import Any

import click

from nexuslic.errors import InputError
from nexuslic.lab import voyage
from nexuslic.lab.trip import START, Trip
from nexuslic.lab.voyage import Answer
from nexuslic.scenario import report
from nexuslic.scenario.stage_simulated import SimulatedStage

_SYSTEMS = ("windows-7", "windows-10", "windows-11", "linux")


@click.command("voyage")
@click.option("--days", type=int, default=45, show_default=True, help="How long the trip takes.")
@click.option("--grace", type=int, default=30, show_default=True, help="Days without contact.")
@click.option("--contact", "contacts", multiple=True, metavar="TIME", help='An hour of contact, such as "day 20".')
@click.option("--restore", "restores", multiple=True, metavar="TIME", help="A backup goes onto another server.")
@click.option("--code", "codes", multiple=True, metavar="TIME", help="A renewal code over the radio.")
@click.option("--os", type=click.Choice(_SYSTEMS), default="windows-10", show_default=True, help="What the crew runs.")
@click.option("--workstations", type=int, default=1, show_default=True, metavar="N", help="How many launch each day.")
@click.option("--set-clock", "set_clocks", multiple=True, metavar="TIME BY", help='Such as "day 10 -3d".')
@click.option("--extend", type=int, default=0, metavar="DAYS", help="Support extends grace before departure.")
@click.option("--start", default=START, show_default=True, metavar="TIME", help="Day 1, with its zone.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.option("--save", type=click.Path(dir_okay=False), default=None, help="Write the trip as a story that passes.")
@click.option("--must-run", is_flag=True, help="Exit 1 when any launch is refused.")
def command(
    contacts: tuple[str, ...],
    restores: tuple[str, ...],
    codes: tuple[str, ...],
    set_clocks: tuple[str, ...],
    as_json: bool,
    save: str | None,
    must_run: bool,
    **plain: Any,
) -> int:
    """Simulate an offshore trip: authenticated at the quay on day 1, then a launch a day at 06:00.

    Says when the application stops, on how many days it is refused, and what would cover the trip.
    """
    trip = Trip(contacts=contacts, restores=restores, codes=codes, set_clocks=set_clocks, **plain)
    answer = voyage.ask(trip, SimulatedStage)
    if save is not None:
        _save(Path(save), voyage.write(trip, answer.result))
    click.echo(json.dumps(_as_json(answer), indent=1) if as_json else _text(answer))
    return 1 if must_run and not answer.covered else 0


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"--save {path}: it cannot be written: {error.strerror}") from error


def _days(days: tuple[int, ...]) -> str:
    """Days as ranges: `day 3, day 32 to day 45`."""
    ranges: list[list[int]] = []
    for day in days:
        if ranges and day == ranges[-1][1] + 1:
            ranges[-1][1] = day
        else:
            ranges.append([day, day])
    said = [f"day {a}" if a == b else f"day {a} to day {b}" for a, b in ranges]
    return ", ".join(said[:4]) + (" and more" if len(said) > 4 else "")


def _text(answer: Answer) -> str:
    trip, result = answer.trip, answer.result
    calendar = result.case.calendar
    crew = f"{trip.workstations} workstation{'s' if trip.workstations > 1 else ''} on {trip.os}"
    start = calendar.local(calendar.starts)
    strip = report.day_strip(result)
    lines = [
        f"{trip.days} days from {start:%a} {start.day} {start:%b %Y} ({calendar.zone.key}), "
        f"{trip.grace} days of grace, {crew}",
        "",
        *(f"  day {n + 1:<4} {strip[n : n + 50]}" for n in range(0, len(strip), 50)),
        f"  {report.legend(strip)}",
        "",
    ]
    if trip.restores:
        lines += ["A restore asks for the license key again: at the next contact, or by a renewal code.", ""]
    good = result.tally.last_good
    if answer.covered:
        lines.append(f"Runs on every day. {_until(answer)}")
        return "\n".join(lines).rstrip()
    last = "there is none" if good is None else calendar.write(good)
    count = len(answer.refused_days)
    lines += [
        f"Last good launch: {last}. {_until(answer)}".rstrip(),
        f"Refused on {count} day{'s' if count > 1 else ''}: {_days(answer.refused_days)}.",
        *_last_refusal(answer),
        "",
        "What would cover the trip:",
        f"  grace      {_or_none(answer.grace, '{} days')}",
        f"  extension  {_or_none(answer.extension, '{} extra days, asked for before departure')}",
        f"  hotspot    {_single(answer.hotspots, 'saves the rest')}{_why_no_hotspot(answer)}",
        f"  code       {_single(answer.codes, 'does so by voice')}",
    ]
    return "\n".join(lines)


def _until(answer: Answer) -> str:
    calendar = answer.result.case.calendar
    return "" if answer.until is None else f"Grace lasts until {calendar.write(answer.until)}."


def _last_refusal(answer: Answer) -> list[str]:
    calendar = answer.result.case.calendar
    refused = [h.decision for h in answer.result.trace if h.decision is not None and not h.decision.runs]
    return [f"Why: {report.why(refused[0], calendar)}"] if refused else []


def _or_none(days: int | None, text: str) -> str:
    return "no number of days would" if days is None else text.format(days)


def _single(days: tuple[int, int] | None, does: str) -> str:
    if days is None:
        return "no single one would"
    first, last = days
    if first == last:
        return f"one on day {last} {does}"
    return f"one on day {first} or later {does}; day {last} is the last"


def _why_no_hotspot(answer: Answer) -> str:
    if answer.hotspots is None and answer.trip.os == "windows-7":
        return ": Windows 7 as documented cannot make the contact"
    return ""


def _as_json(answer: Answer) -> dict[str, Any]:
    trip, result = answer.trip, answer.result
    calendar = result.case.calendar
    good = result.tally.last_good
    return {
        "format": 1,
        "days": trip.days,
        "grace": trip.grace,
        "start": trip.start,
        "strip": report.day_strip(result),
        "launches": result.tally.launches,
        "refused_launches": result.tally.refused,
        "refused_days": list(answer.refused_days),
        "last_good_launch": None if good is None else calendar.write(good),
        "grace_until": None if answer.until is None else calendar.write(answer.until),
        "covered": answer.covered,
        "covered_by": None
        if answer.covered
        else {
            "grace": answer.grace,
            "extension": answer.extension,
            "hotspot": _first_and_last(answer.hotspots),
            "code": _first_and_last(answer.codes),
        },
    }


def _first_and_last(days: tuple[int, int] | None) -> dict[str, int] | None:
    return None if days is None else {"first": days[0], "last": days[1]}
