"""When things happen on a voyage: its instants (UTC), for the story that tells it and for the kernel alike."""

from datetime import datetime, timedelta
from functools import cached_property

from nexuslic.lab.trip import CLOCKS, CODES, DAILY, NOON, QUAY, Trip, clock_set, crew, midnight, second_day, when
from nexuslic.scenario.calendar import Calendar, signed_duration

HOUR = timedelta(hours=1)


class Schedule:
    """The instants of one trip, each list as it was given, contacts in order of time."""

    def __init__(self, trip: Trip) -> None:
        self.trip = trip
        self.calendar = Calendar.beginning(trip.start)
        self.end = midnight(self.calendar, trip.days)
        self.quay = self.at("day 1", QUAY)
        self.crew = crew(trip.workstations)
        self.old = trip.os == "windows-7"
        self.restores = [self.at(text, NOON) for text in trip.restores]
        self.renames = [self.at(text, NOON) for text in trip.renames]
        self.codes = [self.at(text, CODES) for text in trip.codes]
        self.contacts = sorted({self.at(text, NOON) for text in trip.contacts})

    def at(self, text: str, time: str) -> datetime:
        """A time of the trip, or `time` on the day that is given alone."""
        return when(text, time, self.calendar)

    @cached_property
    def clocks(self) -> list[tuple[datetime, timedelta, str]]:
        """When clocks are set, by how much, and whose."""
        sets = (clock_set(text) for text in self.trip.set_clocks)
        return [(self.at(when, CLOCKS), signed_duration(by), of) for when, by, of in sets]

    @cached_property
    def launches(self) -> list[datetime]:
        """The daily launches, from day 2 on."""
        if self.trip.days < 2:
            return []
        since = self.at(second_day(self.calendar), "00:00")
        return list(self.calendar.recurring(f"daily {DAILY}", since, self.end) or ())

    @cached_property
    def windows(self) -> list[tuple[datetime, datetime, datetime, bool]]:
        """The contacts: from when to when, when the crew launches, and whether it enters the key first."""
        moved, since, told = (*self.restores, *self.renames), self.calendar.starts, []
        for at in self.contacts:
            until = min(at + HOUR, self.end)
            act = at + HOUR / 2 if at + HOUR <= self.end else at
            told.append((at, until, act, any(since <= one <= at for one in moved)))
            since = at
        return told
