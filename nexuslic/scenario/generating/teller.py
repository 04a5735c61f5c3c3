"""The teller of one story: what time it is, where everybody is, and the steps told so far.

It knows what the world looks like to the people in it (names, users, open windows), and nothing of the license: what a
launch comes to is the simulation's to say.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

from nexuslic.rules.words import Cause
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.tree import COMMENT, Tree

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
CAUSES = tuple(cause.value for cause in Cause)
_MEANS = ("phone hotspot", "harbour network", "satellite link", "guest network")
_PAUSES = (5 * MINUTE, 10 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR)
_SPARES = ("SPARE-SQL", "HQ-SQL", "SHORE-SQL", "YARD-SQL", "RIG-SQL")


@attrs.frozen
class Step:
    """One step: when (UTC), what is done (a verb and its value; none: it only looks), and a remark."""

    at: datetime
    verb: str = ""
    value: Any = ""
    remark: str = ""

    def written(self, calendar: Calendar) -> Tree:
        """The step as it stands in a file."""
        step: Tree = {"at": calendar.write(self.at)}
        if self.verb:
            step[self.verb] = self.value
        return {**step, COMMENT: self.remark} if self.remark else step


@attrs.define
class Teller:
    """Tells one story from day 1 on; `online`: contact is there unless something is in the way."""

    dice: Dice
    calendar: Calendar
    world: Tree
    online: bool
    now: datetime
    server: str
    database: str
    steps: list[Step] = attrs.Factory(list)
    windows: list[Tree] = attrs.Factory(list)
    faults: list[Tree] = attrs.Factory(list)
    every: list[Tree] = attrs.Factory(list)
    contact_until: datetime | None = None
    trouble_until: datetime | None = None
    spares: int = 0

    @classmethod
    def of(cls, dice: Dice, calendar: Calendar, world: Tree, *, online: bool) -> "Teller":
        """A teller at the beginning of a story in this world."""
        base = world.get("database", {})
        server, name = base.get("server", "DB1"), base.get("name", "nexus")
        return cls(dice, calendar, world, online, calendar.starts, server, name)

    # -- who and what there is ----------------------------------------------------------------------------------------

    @property
    def stations(self) -> list[str]:
        """The workstations."""
        return list(self.world.get("workstations") or {"ws1": {}})

    @property
    def people(self) -> list[str]:
        """Everybody who may be named."""
        if "users" in self.world:
            return list(self.world["users"])
        plans = self.world.get("workstations") or {"ws1": {}}
        return list(dict.fromkeys([*(plan.get("user", name) for name, plan in plans.items()), "r.mason", "i.popescu"]))

    @property
    def named(self) -> bool:
        """Whether users are assigned to the license."""
        return bool(self.world.get("license", {}).get("type") == "named")

    @property
    def grace(self) -> int:
        """Days without contact, as the license began."""
        return int(self.world.get("license", {}).get("grace", 30))

    @property
    def seats(self) -> int:
        """How many seats or users, as the license began."""
        return int(self.world.get("license", {}).get("seats", 5))

    def anyone(self) -> str:
        """A workstation."""
        return self.dice.pick(self.stations)

    def spare(self) -> str:
        """A server that the story has not named yet, or an old one where all are named."""
        self.spares += 1
        return _SPARES[(self.spares - 1) % len(_SPARES)]

    # -- time ---------------------------------------------------------------------------------------------------------

    def later(self, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Time passes."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes)

    def a_while(self) -> None:
        """Some time passes between two scenes: hours, mostly days."""
        half = max(1, self.grace // 2)
        days = self.dice.weighted(
            [(4, 0), (6, min(half, self.dice.between(1, 3))), (3, self.dice.between(1, min(half, 12)))]
        )
        self.later(days, self.dice.between(0, 7), 10 * self.dice.between(0, 5))

    def past_grace(self) -> None:
        """Time passes until grace should be used up."""
        self.later(self.grace + self.dice.between(0, 3), self.dice.between(1, 9))

    def earlier(self) -> datetime:
        """A time at which something happened already."""
        return self.dice.pick([step.at for step in self.steps] or [self.calendar.starts])

    def write(self, at: datetime) -> str:
        """A time as the story writes it."""
        return self.calendar.write(at)

    # -- what is told -------------------------------------------------------------------------------------------------

    def do(self, verb: str, value: Any, remark: str = "", pause: timedelta | None = None) -> None:
        """One step, and a pause after it."""
        self.steps.append(Step(self.now, verb, value, remark))
        self.now += self.dice.pick(_PAUSES) if pause is None else pause

    def look(self, remark: str = "") -> None:
        """A step that only looks at what recurring actions do in this minute."""
        self.steps.append(Step(self.now, remark=remark))
        self.now += self.dice.pick(_PAUSES)

    def launch(self, who: str = "", remark: str = "") -> None:
        """A launch on a workstation, or on any; now and then on all of them."""
        everybody = not who and len(self.stations) > 1 and self.dice.one_in(6)
        self.do("launch", "all" if everybody else who or self.anyone(), remark)

    def contact(self) -> None:
        """From now on the license server can be reached, for three hours at least."""
        if self.trouble_until is not None and self.now < self.trouble_until:
            self.now = self.trouble_until + 10 * MINUTE
        until = self.now + 3 * HOUR
        if self.online or (self.contact_until is not None and until <= self.contact_until):
            return
        window: Tree = {"from": self.write(self.now), "to": self.write(until)}
        if self.dice.one_in(3):
            window["by"] = self.dice.pick(_MEANS)
        if len(self.stations) > 1 and self.dice.one_in(8):
            window["workstations"] = self.dice.some(self.stations, len(self.stations) - 1)
        self.windows.append(window)
        self.contact_until = until

    def no_contact(self) -> None:
        """From now on, for two hours, the license server cannot be reached."""
        if self.contact_until is not None and self.now < self.contact_until:
            self.now = self.contact_until + 10 * MINUTE
        if self.online:
            self.fault(self.dice.pick(CAUSES))

    def fault(
        self, cause: str, *, before: timedelta = timedelta(0), hours: int = 2, who: list[str] | None = None
    ) -> None:
        """Something stands in the way of all contact, since a while and for some hours."""
        since = max(self.calendar.starts, self.now - before)
        until = self.now + hours * HOUR
        fault: Tree = {"from": self.write(since), "to": self.write(until), "cause": cause}
        self.faults.append({**fault, "workstations": who} if who else fault)
        self.trouble_until = max(until, self.trouble_until or until)

    def trouble(self, what: str) -> None:
        """The database stores nothing for an hour."""
        until = self.now + HOUR
        self.faults.append({"from": self.write(self.now), "to": self.write(until), "database": what})

    def authenticate(self, who: str = "", remark: str = "") -> None:
        """The key is entered, with contact."""
        self.contact()
        self.do("authenticate", who or self.anyone(), remark)


Play = Callable[[Teller], None]
"""A scene, as it is played."""


@attrs.frozen
class Scene:
    """Something that may happen: its name, how likely it is, what is said of it, and where it fits."""

    name: str
    weight: int
    said: str
    play: Play
    fits: Callable[[Teller], bool] = lambda teller: True
