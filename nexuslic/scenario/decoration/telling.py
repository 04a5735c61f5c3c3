"""What a person and a program read of the faults and the stories: totals first, then each miss and what to do."""

from typing import Any

from nexuslic.scenario.decoration.census import spot
from nexuslic.scenario.decoration.fault import Fault
from nexuslic.scenario.decoration.running import Ran, Report


def text(report: Report) -> str:
    """The report for a person."""
    faults, expectations = len(report.faults), len(report.expectations)
    lines = [line for fault in report.missed for line in _missed(fault)]
    lines += [line for fault in report.crashed for line in _crashed(fault, report)]
    lines += [line for one in report.decoration for line in (f"DECORATION  {one}", f"  {_REMOVE}")]
    crashed = f", {len(report.crashed)} of them by a crash" if report.crashed else ""
    lines.append(f"{faults - len(report.missed):,} of {faults:,} faults caught{crashed}")
    bluntly = f", {len(report.bluntly):,} only by a fault that breaks more than half of all" if report.bluntly else ""
    lines.append(f"{expectations - len(report.decoration):,} of {expectations:,} expectations can be broken{bluntly}")
    return "\n".join(lines)


_REMOVE = "no fault breaks it: remove it, or expect what the license decides there"


def _missed(fault: Fault) -> list[str]:
    return [
        f"MISSED  {fault.name}: {fault.wrong}",
        f"  no story notices (rules: {fault.rule}): write one with {fault.story}",
    ]


def _crashed(fault: Fault, report: Report) -> list[str]:
    crash = report.ran[report.faults.index(fault)].crashes[0]
    return [
        f"CRASH  {fault.name}: {fault.wrong}",
        f"  caught by a crash alone: {crash}",
        f"  write a story with {fault.story}",
    ]


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program; the same stories give the same bytes on every machine."""
    return {
        "format": 1,
        "outcome": "passed" if report.status == 0 else "failed",
        "stories": report.stories,
        "faults": {
            "planted": len(report.faults),
            "caught": len(report.faults) - len(report.missed),
            "by_a_crash": len(report.crashed),
            "each": [_fault(fault, ran, report) for fault, ran in zip(report.faults, report.ran, strict=True)],
        },
        "expectations": {
            "checked": len(report.expectations),
            "breakable": len(report.expectations) - len(report.decoration),
            "bluntly": len(report.bluntly),
            "decoration": [
                {"place": str(one.place), "key": one.key, "value": one.value, "do": _REMOVE}
                for one in report.decoration
            ],
        },
    }


def _fault(fault: Fault, ran: Ran, report: Report) -> dict[str, Any]:
    first = next((str(one.place) for one in report.expectations if spot(one.place) in ran.broken), None)
    return {
        "fault": fault.name,
        "wrong": fault.wrong,
        "rule": fault.rule,
        "caught": bool(ran.broken or ran.crashes),
        "breaks": len(ran.broken),
        "first": first,
        "crashes": len(ran.crashes),
        **({} if ran.broken else {"do": f"write a story with {fault.story}"}),
    }
