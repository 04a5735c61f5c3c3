"""The same trips under two policies: who is refused under one and not under the other, and the most telling of them."""

from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np
import polars as pl

from nexuslic.errors import InputError
from nexuslic.lab import counting, drawn, listed
from nexuslic.lab.counting import Job, Progress, silent
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.sweeping import Trips
from nexuslic.lab.tally import Counts

TELLING: Final = 5
"""How many trips are told."""


@attrs.frozen
class Telling:
    """One trip of which much changes: its name, its refused days under each policy, and the trip itself under each."""

    name: str
    days: tuple[int, int]
    trips: tuple[Listed, Listed]


@attrs.frozen
class Comparison:
    """Two policies over the same trips.

    `both`, `first`, `second`, `neither`: trips with a refused day under both, only under the first or the second, or
    under none; `refused`: refused days under each; `people`: people-days lost; `by_length`: the same for each length.
    """

    policies: tuple[LabPolicy, LabPolicy]
    trips: int
    both: int
    first: int
    second: int
    neither: int
    refused: tuple[int, int]
    people: tuple[int, int]
    by_length: pl.DataFrame
    telling: tuple[Telling, ...]


@attrs.frozen
class _Part:
    """Some trips under both: the number of the first, their lengths, the people aboard, refused days (2, N)."""

    start: int
    lengths: Counts
    crews: Counts
    refused: Counts


def compare(
    one: LabPolicy, other: LabPolicy, trips: Trips, *, count: int, seed: int, progress: Progress = silent
) -> Comparison:
    """Tell the trips under both policies; `count` are drawn of a model. Raises InputError."""
    sums: dict[int, Counts] = {}
    people, telling = np.zeros(2, np.int64), np.zeros((0, 2), np.int64)
    for part in _parts(one, other, trips, count, seed, progress):
        touched = part.refused > 0
        for length in np.unique(part.lengths):
            mine = part.lengths == length
            kinds = np.bincount(2 * touched[0, mine] + touched[1, mine], minlength=4)
            found = np.concatenate([kinds, part.refused[:, mine].sum(1)])
            sums[int(length)] = sums.get(int(length), np.zeros(6, np.int64)) + found
        people += part.refused @ part.crews
        telling = _most(telling, part)
    table = _table(sums)
    total = sum(sums.values(), np.zeros(6, np.int64))
    neither, second, first, both, days_one, days_other = map(int, total)
    told = tuple(_telling(int(number), (one, other), trips, seed) for _, number in telling)
    return Comparison(
        (one, other),
        int(total[:4].sum()),
        both,
        first,
        second,
        neither,
        (days_one, days_other),
        (int(people[0]), int(people[1])),
        table,
        told,
    )


def _parts(
    one: LabPolicy, other: LabPolicy, trips: Trips, count: int, seed: int, progress: Progress
) -> Iterator[_Part]:
    if isinstance(trips, TripModel):
        jobs = [Job(trips, policy, seed, policy.grace + 1) for policy in (one, other)]
        for start, many in counting.chunks(count):
            each = [job.each(start, many) for job in jobs]
            yield _Part(
                start,
                jobs[0].days(start, many),
                np.full(many, trips.crew, np.int64),
                np.stack([found[0] for found in each]),
            )
            progress(start + many, count)
        return
    if not trips:
        raise InputError("there is no trip: a list needs at least one")
    told = [listed.tell(trips, policy, policy.grace + 1, progress).refused[:, policy.grace] for policy in (one, other)]
    lengths, crews = (np.array([getattr(trip, name) for trip in trips], np.int64) for name in ("days", "crew"))
    yield _Part(0, lengths, crews, np.stack(told))


def _most(telling: Counts, part: _Part) -> Counts:
    """The trips whose refused days differ most, the lowest numbers first among equals: difference, number."""
    differ = np.abs(part.refused[0] - part.refused[1])
    order = np.lexsort((np.arange(len(differ)), -differ))[:TELLING]
    found = np.stack([differ[order], part.start + order], axis=1)
    both = np.concatenate([telling, found[found[:, 0] > 0]])
    return both[np.lexsort((both[:, 1], -both[:, 0]))][:TELLING]


def _telling(number: int, policies: tuple[LabPolicy, LabPolicy], trips: Trips, seed: int) -> Telling:
    if isinstance(trips, TripModel):
        one, other = (drawn.listed_of(trips, policy, seed, number) for policy in policies)
    else:
        one, other = (trips[number].under(policy) for policy in policies)
    days = tuple(
        int(listed.tell([trip], policy, policy.grace + 1).refused[0, policy.grace])
        for trip, policy in zip((one, other), policies, strict=True)
    )
    return Telling(one.name, (days[0], days[1]), (one, other))


def _table(sums: dict[int, Counts]) -> pl.DataFrame:
    names = ("length", "trips", "refused_in_both", "only_in_first", "only_in_second", "in_neither")
    rows = [
        (
            length,
            int(sums[length][:4].sum()),
            *(int(sums[length][kind]) for kind in (3, 2, 1, 0)),
            *map(int, sums[length][4:]),
        )
        for length in sorted(sums)
    ]
    schema = dict.fromkeys((*names, "days_refused_in_first", "days_refused_in_second"), pl.Int64)
    return pl.DataFrame(rows, schema=schema, orient="row")
