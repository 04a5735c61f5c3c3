"""A report's content from trips and a policy: a sweep, an hour of contact more on each day, the worst, the cheats."""

from typing import Final

import attrs
import numpy as np
import polars as pl

from nexuslic.lab import amounts, drawn, listed, telling, told
from nexuslic.lab.abuse import cheats
from nexuslic.lab.counting import Counter, Job, Progress, silent
from nexuslic.lab.listed import Listed
from nexuslic.lab.model import TripModel, built_in, in_words, model_called
from nexuslic.lab.policies import LabPolicy, changed
from nexuslic.lab.report.content import Assumption, Content, ToldTrip
from nexuslic.lab.sources import SOURCES
from nexuslic.lab.sweeping import Sweep, Trips, sweep
from nexuslic.lab.tally import Tally

HOTSPOT_TRIPS: Final = 50_000
"""Trips of a model that are told once more for each day of a hotspot."""
HOURS: Final = 8
"""Hours that a cheat works each day."""
_CURVES: Final = (7, 14, 21, 30, 45, 60)
_TOLD: Final = 5


@attrs.frozen
class Wish:
    """What a report is of: trips (in `words`), a policy, the graces to try, how many trips are drawn, from which seed.

    `command` makes it again.
    """

    trips: Trips
    words: str
    policy: LabPolicy
    graces: tuple[int, int]
    count: int
    seed: int
    command: str


def make(wish: Wish, counter: Counter, progress: Progress) -> Content:
    """Count the trips and tell them. Raises InputError."""
    policy, grace = wish.policy, wish.policy.grace
    low, high = min(wish.graces[0], grace), max(wish.graces[1], grace)
    answer = sweep(
        wish.trips,
        policy=policy,
        graces=(low, high),
        count=wish.count,
        seed=wish.seed,
        full=True,
        counter=counter,
        progress=progress,
    )
    by_grace = answer.by_grace()
    curves = sorted({one for one in _CURVES if low <= one <= high} | {grace})
    return Content(
        title=f"{_named(wish)}: what {amounts.days(grace)} of grace do",
        answer=telling.at_grace(by_grace, grace),
        grace=grace,
        trips=answer.trips,
        sampled=_sampled(wish),
        command=wish.command,
        policy=_policy(policy),
        assumptions=assumptions(wish.trips) if isinstance(wish.trips, TripModel) else _of_list(wish.words, answer),
        by_grace=by_grace,
        by_length=answer.by_length(),
        survival=answer.survival(curves),
        left=answer.left(),
        hotspot=hotspots(wish, counter),
        worst=_worst(wish, answer.tally),
        cheats=cheats(policy, HOURS),
    )


def _named(wish: Wish) -> str:
    return wish.trips.title if isinstance(wish.trips, TripModel) else wish.words


def _sampled(wish: Wish) -> str:
    if isinstance(wish.trips, TripModel):
        return f"drawn from seed {wish.seed} of the model {wish.trips.title}"
    return f"those of {wish.words}, each told as it is written"


def _policy(policy: LabPolicy) -> tuple[tuple[str, str], ...]:
    knobs = {name.replace("_", " "): value for name, value in changed(policy.rules).items()}
    extensions = "handed out before a trip" if policy.extensions else "never"
    rest = "as documented" if not knobs else "as documented, but for what stands above"
    rows = (("title", policy.title), ("grace", amounts.days(policy.grace)), ("extensions", extensions))
    return (*rows, *knobs.items(), ("all other rules", rest))


def assumptions(model: TripModel) -> tuple[Assumption, ...]:
    """Every number of a model, with its source where it is still the one that came with nexuslic."""
    base = next((one for one in map(model_called, built_in()) if one.title == model.title), None)
    rows = []
    for name, value in in_words(model).items():
        source = SOURCES[_SOURCE.get(name, name)]
        known = base is not None and getattr(base, name) == getattr(model, name)
        given = Assumption(_WHAT.get(name, source.what), value, "given by whoever asked")
        rows.append(attrs.evolve(given, source=source.source, link=source.link) if known else given)
    return tuple(rows)


_SOURCE = {
    "crew_change": "rota",
    "crew_change_contact": "crew_change",
    "extension_days": "extension",
    "workstation_clock_back": "clock_back",
}
"""Under which key the source of a number stands that has another one."""
_WHAT = {
    "extension": "chance that support extends grace before departure, a trip",
    "extension_days": "by how many days support extends grace",
    "workstation_clock_back": "chance that a workstation's clock is set back, a day at sea",
}


def _of_list(words: str, answer: Sweep) -> tuple[Assumption, ...]:
    rows = [Assumption("the trips", f"{amounts.count(answer.trips)}", f"the list {words}")]
    simulated = int(answer.tally.told[1])
    if simulated:
        rows.append(
            Assumption("told by the simulation", amounts.count(simulated), "stories that the kernel cannot say")
        )
    return tuple(rows)


def hotspots(wish: Wish, counter: Counter) -> pl.DataFrame:
    """What one hour of contact more is worth on each day; day 0: none. Empty for stories, which have their own."""
    grace, rows = wish.policy.grace, []
    if isinstance(wish.trips, TripModel):
        count = min(wish.count, HOTSPOT_TRIPS)
        job = Job(wish.trips, wish.policy, wish.seed, grace + 1)
        for day in (0, *range(2, wish.trips.days + 1)):
            tally = counter(attrs.evolve(job, hotspot=day), count, silent)
            rows.append((day, count, int(tally.touched[:, grace].sum()), int(tally.refused[:, grace].sum())))
    elif all(one.trip is not None for one in wish.trips):
        for day in (0, *range(2, max(one.days for one in wish.trips) + 1)):
            trips = [one.with_contact(day) for one in wish.trips] if day else wish.trips
            refused = listed.tell(trips, wish.policy, grace + 1).refused[:, grace]
            rows.append((day, len(trips), int(np.count_nonzero(refused)), int(refused.sum())))
    names = ("day", "trips", "trips_touched", "days_refused")
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")
    return table.with_columns((pl.col("trips_touched") / pl.col("trips")).alias("share_touched"))


def _worst(wish: Wish, tally: Tally) -> tuple[ToldTrip, ...]:
    numbers = [int(number) for days, number in tally.worst[:_TOLD] if days]
    return tuple(_told(_trip(wish, number), wish.policy) for number in numbers)


def _trip(wish: Wish, number: int) -> Listed:
    if isinstance(wish.trips, TripModel):
        return drawn.listed_of(wish.trips, wish.policy, wish.seed, number)
    return wish.trips[number].under(wish.policy)


def _told(trip: Listed, policy: LabPolicy) -> ToldTrip:
    result = told.result_of(trip, policy.grace)
    sentence = f"{told.title_of(trip)[:1].upper()}{told.title_of(trip)[1:]}."
    return ToldTrip(trip.name[:1].upper() + trip.name[1:], sentence, told.strip_in(result), told.story_in(trip, result))
