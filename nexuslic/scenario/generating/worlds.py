"""The world in which a generated story begins: license, databases, people and computers, policies, zone and day 1."""

import attrs

from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.tree import Tree

STATIONS = ("bridge", "lab", "chart-room", "office", "quay", "workshop")
PEOPLE = ("a.berg", "j.smit", "k.haugen", "m.vries", "s.okafor", "t.larsen")
SERVERS = ("NORTHSEA-SQL", "FULMAR-SQL", "BARGE-SQL", "DREDGER-SQL", "DEPOT-SQL")
DATABASES = ("survey", "nexus", "dredging", "cables")
SYSTEMS = ("windows-10", "windows-11", "linux")
_STARTS = (
    ("UTC", ("2026-03-02", "2026-02-24", "2026-06-01")),
    ("Europe/London", ("2026-03-02", "2026-03-27", "2026-10-23")),
    ("Europe/Oslo", ("2026-05-04", "2026-03-26", "2026-10-22")),
    ("America/New_York", ("2026-03-06", "2026-10-30", "2026-07-06")),
    ("Australia/Lord_Howe", ("2026-04-02", "2026-10-02")),
    ("Asia/Kolkata", ("2026-01-12",)),
    ("Pacific/Kiritimati", ("2026-12-30",)),
)
"""Zones, and days soon after which the clocks change, the month is short, or the year ends."""


@attrs.frozen
class Beginning:
    """What a story begins with; `online`: contact is there unless something is in the way."""

    calendar: Calendar
    starts: str
    world: Tree
    online: bool


def begin(dice: Dice) -> Beginning:
    """A world, and day 1."""
    zone, days = dice.pick(_STARTS)
    starts = f"{dice.pick(days)} 06:00 {zone}"
    world = _old(dice) if dice.one_in(12) else _usual(dice)
    return Beginning(Calendar.beginning(starts), starts, world, dice.one_in(3))


def _usual(dice: Dice) -> Tree:
    license_, people = _license(dice)
    server, stations = dice.pick(SERVERS), dice.some(STATIONS, dice.weighted([(5, 1), (6, 2), (3, 3)]))
    world: Tree = {"license": license_}
    if dice.one_in(16):
        world["license_server"] = {"clock": dice.pick(("-3h", "+40m", "-2d", "+5d"))}
    world["database"] = {"server": server, "name": dice.pick(DATABASES)}
    if dice.one_in(2):
        world["servers"] = {server: {"names": [f"{server.lower()}.fleet"]}}
        if dice.one_in(3):
            world["servers"]["SHORE-SQL"] = {}
    world["workstations"] = {name: _station(dice, person) for name, person in zip(stations, people, strict=False)}
    if dice.one_in(4):
        first = world["workstations"][stations[0]]
        first |= {"runs_server": "yes", "connects_to": dice.pick((".", "localhost", "127.0.0.1", server))}
    if license_["type"] == "named":
        world |= {"users": people, "assigned": people[: dice.between(1, 4)]}
    policy = _policy(dice)
    return {**world, "policy": policy} if policy else world


def _license(dice: Dice) -> tuple[Tree, list[str]]:
    named = dice.one_in(4)
    people = dice.some(PEOPLE, 5)
    license_: Tree = {
        "type": "named" if named else "concurrent",
        "seats": str(dice.weighted([(2, 1), (4, 2), (4, 3), (2, 5)])),
        "grace": str(dice.weighted([(1, 0), (1, 1), (3, 3), (5, 7), (5, 14), (7, 30), (1, 60)])),
    }
    if dice.one_in(8):
        license_["minimum_version"] = dice.pick(("6.2", "6.4", "6.10"))
    if dice.one_in(8):
        license_["ends"] = f"day {dice.between(4, 50)} 12:00"
    if dice.one_in(10):
        license_["extension"] = {"days": str(dice.between(1, 30)), "until": f"day {dice.between(1, 20)} 12:00"}
    return license_, people


def _station(dice: Dice, person: str) -> Tree:
    station: Tree = {"user": person, "os": dice.pick(SYSTEMS)}
    if dice.one_in(5):
        station["application"] = dice.weighted([(4, "6.10"), (1, "6.2"), (1, "7.0")])
    if dice.one_in(14):
        station["offers"] = dice.pick((["TLS 1.2"], ["TLS 1.3"], ["TLS 1.1", "TLS 1.2"]))
    return station


def _policy(dice: Dice) -> Tree:
    policy: Tree = {}
    if dice.one_in(8):
        policy["warn_from"] = str(dice.between(0, 10))
    if dice.one_in(10):
        policy["clock_tolerance"] = dice.pick(("0h", "1h", "48h"))
    if dice.one_in(10):
        policy["setback_charge"] = dice.pick(("0d", "12h", "3d"))
    if dice.one_in(12):
        policy["seat_timeout"] = dice.pick(("5m", "30m", "2h"))
    if dice.one_in(7):
        policy["clock"] = "workstation"
    if dice.one_in(6):
        policy["binding"] = "identity"
    return policy


def _old(dice: Dice) -> Tree:
    """As the product documentation says: version 6.2 everywhere, and Windows 7 on some."""
    people = dice.some(PEOPLE, 3)
    systems = dice.pick(
        (("windows-10", "windows-7"), ("windows-7", "windows-10"), ("windows-10", "windows-7", "linux"))
    )
    names = dice.some(STATIONS, len(systems))
    stations = {
        name: {"user": person, "os": system, "application": "nexus-6.2"}
        for name, person, system in zip(names, people, systems, strict=False)
    }
    return {
        "license": {"type": "concurrent", "seats": "3", "grace": str(dice.pick((7, 30)))},
        "license_server": {"accepts": "nexus-6.2"},
        "database": {"server": dice.pick(SERVERS), "name": dice.pick(DATABASES)},
        "workstations": stations,
    }
