"""`nexuslic voyage`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from nexuslic.cli import files
from nexuslic.cli.extras import needing
from nexuslic.cli.files import Target
from nexuslic.lab import pictures, voyage, voyage_told
from nexuslic.lab.trip import START, Trip
from nexuslic.lab.voyage import Answer
from nexuslic.lab.voyage_told import Explained
from nexuslic.scenario import report
from nexuslic.scenario.stage_simulated import SimulatedStage

_CHART = "The trip as a picture: .svg, .html, or .png (needs the extra lab)."
_SYSTEMS = ("windows-7", "windows-10", "windows-11", "linux")


@click.command("voyage")
@click.option("--days", type=int, default=45, show_default=True, help="How long the trip takes.")
@click.option("--grace", type=int, default=30, show_default=True, help="Days without contact.")
@click.option("--contact", "contacts", multiple=True, metavar="TIME", help='An hour of contact, such as "day 20".')
@click.option("--restore", "restores", multiple=True, metavar="TIME", help="A backup goes onto another server.")
@click.option("--rename", "renames", multiple=True, metavar="TIME", help="The database server gets another name.")
@click.option("--code", "codes", multiple=True, metavar="TIME", help="A renewal code over the radio.")
@click.option("--os", type=click.Choice(_SYSTEMS), default="windows-10", show_default=True, help="What the crew runs.")
@click.option("--workstations", type=int, default=1, show_default=True, metavar="N", help="How many launch each day.")
@click.option("--set-clock", "set_clocks", multiple=True, metavar="TIME BY", help='Such as "day 10 -3d".')
@click.option("--extend", type=int, default=0, metavar="DAYS", help="Support extends grace before departure.")
@click.option("--start", default=START, show_default=True, metavar="TIME", help="Day 1, with its zone.")
@click.option("--explain", metavar="TIME", default=None, help='Why it was so, on "day 31" or at a time.')
@click.option("--chart", type=click.Path(path_type=Path), metavar="FILE", default=None, help=_CHART)
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.option("--save", type=click.Path(path_type=Path), default=None, help="Write the trip as a story that passes.")
@click.option("--must-run", is_flag=True, help="Exit 1 when any launch is refused.")
def command(
    explain: str | None, chart: Path | None, as_json: bool, save: Path | None, must_run: bool, **plain: Any
) -> int:
    """Simulate an offshore trip: authenticated at the quay on day 1, then a launch a day at 06:00.

    Says when the application stops, on how many days it is refused, and what would cover the trip.
    """
    targets = {option: Target(option, path) for option, path in (("--save", save), ("--chart", chart)) if path}
    draw = None if chart is None else _drawing(chart)
    files.check(targets.values())
    answer = voyage.ask(Trip(**plain), SimulatedStage)
    told = None if explain is None else voyage_told.explained(answer, explain, SimulatedStage)
    if "--save" in targets:
        targets["--save"].write(voyage.write(answer.trip, answer.result))
    if draw is not None:
        targets["--chart"].write(draw(answer))
    if as_json:
        click.echo(json.dumps(_as_json(answer) | _explained_json(explain, told, answer), indent=1))
    elif explain is not None:
        click.echo(_explained(explain, told, answer))
    else:
        click.echo(_text(answer))
    return 1 if must_run and not answer.covered else 0


def _drawing(path: Path) -> Callable[[Answer], bytes]:
    """How the file is made, by its ending. Raises InputError, and ClickException where a package is missing."""
    from nexuslic.lab import voyage_chart

    ending = pictures.ending(path, "--chart")
    if ending == ".svg":
        return lambda answer: voyage_chart.svg(answer).encode("utf-8")
    if ending == ".html":
        return lambda answer: voyage_chart.page(answer).encode("utf-8")
    with needing("lab"):
        import vl_convert

    def png(answer: Answer) -> bytes:
        drawn: bytes = vl_convert.svg_to_png(voyage_chart.svg(answer), scale=2)
        return drawn

    return png


def _explained(text: str, told: Explained | None, answer: Answer) -> str:
    return f"Nothing was decided on {text}." if told is None else "\n".join(voyage_told.in_words(told, answer))


def _explained_json(text: str | None, told: Explained | None, answer: Answer) -> dict[str, Any]:
    if text is None:
        return {}
    return {"explained": None if told is None else voyage_told.as_json(told, answer)}


def _text(answer: Answer) -> str:
    trip, result = answer.trip, answer.result
    strip = report.day_strip(result)
    lines = [
        voyage_told.title(answer),
        "",
        *(f"  day {n + 1:<4} {strip[n : n + 50]}" for n in range(0, len(strip), 50)),
        f"  {report.legend(strip)}",
        "",
        *_key_again(trip),
    ]
    if answer.covered:
        return "\n".join([*lines, voyage_told.sentence(answer)])
    lines += [
        *voyage_told.sentences(answer),
        *_last_refusal(answer),
        "",
        "What would cover the trip:",
        f"  grace      {voyage_told.of_grace(answer.grace)}",
        f"  extension  {voyage_told.of_extension(answer.extension)}",
        f"  hotspot    {voyage_told.single(answer.hotspots, 'saves the rest')}{_why_no_hotspot(answer)}",
        f"  code       {voyage_told.single(answer.codes, 'does so by voice')}",
    ]
    return "\n".join(lines)


def _key_again(trip: Trip) -> list[str]:
    what = "A restore" if trip.restores else "A renamed server" if trip.renames else ""
    again = f"{what} asks for the license key again: at the next contact, or by a renewal code."
    return [again, ""] if what else []


def _last_refusal(answer: Answer) -> list[str]:
    calendar = answer.result.case.calendar
    refused = [h.decision for h in answer.result.trace if h.decision is not None and not h.decision.runs]
    return [f"Why: {report.why(refused[0], calendar)}"] if refused else []


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
