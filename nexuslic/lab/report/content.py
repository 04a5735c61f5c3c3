"""What a policy report says, before it is a page: frames, sentences and trips."""

import attrs
import polars as pl

from nexuslic.lab.abuse import Cheat as Cheat


@attrs.frozen
class Assumption:
    """One number that the answer rests on: what it is, its value with its unit, and where it is from."""

    name: str
    value: str
    source: str
    link: str = ""


@attrs.frozen
class ToldTrip:
    """One trip of the sample: its title, what happens in a sentence, its day strip (letters), and its story (YAML)."""

    title: str
    sentence: str
    strip: str
    story: str


@attrs.frozen
class Content:
    """All of a report.

    `answer` is one sentence, `grace` (days) the one that is looked at, `command` makes the report again. Frames:
    `by_grace` (grace, trips, trips_touched, share_touched, days_refused, people_days_lost, first_refused_day);
    `by_length` (length, grace, trips, trips_touched, days_refused, days_refused_per_trip); `survival` (grace, day,
    trips, running, share): trips of the whole sample without a refused day up to that day; `left` (days_left, trips):
    at the last launch, null where it was refused; `hotspot` (day, trips, trips_touched, share_touched, days_refused):
    with one hour of contact more on that day, and on day 0 with none; it may rest on fewer trips.
    """

    title: str
    answer: str
    grace: int
    trips: int
    sampled: str
    command: str
    policy: tuple[tuple[str, str], ...]
    assumptions: tuple[Assumption, ...]
    by_grace: pl.DataFrame
    by_length: pl.DataFrame
    survival: pl.DataFrame
    left: pl.DataFrame
    hotspot: pl.DataFrame
    worst: tuple[ToldTrip, ...]
    cheats: tuple[Cheat, ...]
