"""The columns of a list of trips: what each is called, and what a file's own headings mean.

Names are compared without case, and spaces, underscores and hyphens count for nothing. A heading that is nearly one
of ours is a mistake; one that is like none of ours is the file's own business, and left alone.
"""

import difflib
import re
from collections.abc import Sequence

import attrs

from nexuslic.lab.fleet.problems import Problems

REQUIRED = ("departure", "return")
TIMES = ("contacts", "codes", "restores", "renames")
COLUMNS = (
    *("trip", "vessel", "crew", *REQUIRED, "zone"),
    *(*TIMES, "clocks", "extension", "os", "workstations"),
)
_NEARLY = 0.84
_PERHAPS = 0.6


@attrs.frozen
class Headings:
    """Where each of our columns stands (by its place, from 0), and the headings that are none of ours."""

    places: dict[str, int]
    ignored: tuple[str, ...]


def folded(name: str) -> str:
    """A name as it is compared."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def understood(headings: Sequence[str], problems: Problems) -> Headings:
    """What the headings mean; whatever is wrong with them is added to `problems`."""
    places: dict[str, int] = {}
    strange: list[str] = []
    for place, heading in enumerate(headings):
        name = folded(heading)
        if name not in COLUMNS:
            strange += [heading.strip()] if heading.strip() else []
        elif name in places:
            problems.add(1, heading.strip(), "this column is there twice", "keep one of the two")
        else:
            places[name] = place
    missing = [name for name in REQUIRED if name not in places]
    for name in missing:
        problems.add(1, name, "this column is missing", _instead(name, strange))
    near = {one: _near(one, places) for one in strange}
    for heading, meant in near.items():
        if meant and meant not in missing:
            what = f"there is no such column, though there is `{meant}`"
            problems.add(1, heading, what, f"call it {meant}, or leave the column out")
    return Headings(places, tuple(strange))


def _near(heading: str, places: dict[str, int]) -> str | None:
    free = [name for name in COLUMNS if name not in places]
    return next(iter(difflib.get_close_matches(folded(heading), free, n=1, cutoff=_NEARLY)), None)


def _instead(name: str, strange: Sequence[str]) -> str:
    by_fold = {folded(one): one for one in strange}
    near = difflib.get_close_matches(name, list(by_fold), n=1, cutoff=_PERHAPS)
    return f'is it "{by_fold[near[0]]}"? then call that {name}' if near else f"add a column {name} with dates"
