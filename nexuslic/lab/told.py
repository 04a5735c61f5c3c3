"""One trip of the lab, told: its day strip, what happens on it in a sentence, and its story, which passes."""

import attrs

from nexuslic.lab import voyage
from nexuslic.lab.listed import Listed
from nexuslic.lab.reduction import with_grace
from nexuslic.lab.trip import Trip
from nexuslic.scenario import report
from nexuslic.scenario.book.words import spoken
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

_HAPPENS = (
    ("contacts", "contact on", "no contact"),
    ("codes", "a renewal code on", ""),
    ("restores", "the database restored onto another server on", ""),
    ("renames", "the server renamed on", ""),
    ("set_clocks", "a clock set:", ""),
)
_MOST = 4


def result_of(trip: Listed, grace: int) -> CaseResult:
    """The trip, run in the simulation at this grace."""
    if trip.case is not None:
        return run_case(with_grace(trip.case, grace), SimulatedStage, traced=True)
    story = read(trip.story(grace).encode("utf-8"), "voyage")
    return run_case(story.cases[0], SimulatedStage, traced=True)


def strip_of(trip: Listed, grace: int) -> str:
    """Its day strip at this grace: a letter for each day."""
    return strip_in(result_of(trip, grace))


def strip_in(result: CaseResult) -> str:
    """The day strip of a result."""
    return report.day_strip(result)


def story_of(trip: Listed, grace: int) -> str:
    """Its story at this grace, with what came of it as what it expects."""
    return story_in(trip, result_of(trip, grace))


def story_in(trip: Listed, result: CaseResult) -> str:
    """Its story, with what came of it; of a case of a story file, where that stands."""
    if trip.trip is None:
        return f"# {result.case.place}\n"
    grace = result.case.world["license"]["grace"]
    return voyage.write(attrs.evolve(trip.trip, grace=grace), result)


def title_of(trip: Listed) -> str:
    """What happens on it: `45 days, contact on day 9 and day 20`."""
    if trip.trip is None:
        return f"{trip.days} days"
    return ", ".join([f"{trip.days} days", *_happenings(trip.trip)])


def _happenings(trip: Trip) -> list[str]:
    said = ["Windows 7 aboard"] if trip.os == "windows-7" else []
    for name, words, none in _HAPPENS:
        times = getattr(trip, name)
        if not times:
            said += [none] if none else []
            continue
        more = [] if len(times) <= _MOST else [f"{len(times) - _MOST} more"]
        said.append(f"{words} {spoken([*times[:_MOST], *more])}")
    return [*said, *([f"grace extended by {trip.extend} days"] if trip.extend else [])]
