"""Scenes of databases: restored, copied, renamed, spelled otherwise, damaged, stopped, full, locked, read-only."""

from nexuslic.scenario import schema
from nexuslic.scenario.generating.teller import MINUTE, Scene, Teller
from nexuslic.scenario.generating.tree import Tree

_NEW_NAMES = ("survey-2", "archive", "nexus-new")


def onto_another_server(teller: Teller) -> None:
    """A backup goes onto another server; everybody follows, and then the key again, a code, or the way back."""
    old, new = teller.server, teller.spare()
    value: Tree = {"onto": new}
    if teller.dice.one_in(3):
        value["taken"] = teller.write(teller.earlier())
    if teller.dice.one_in(5):
        value["name"] = teller.dice.pick(_NEW_NAMES)
        teller.database = value["name"]
    teller.do("restore", value)
    teller.server = new
    who = teller.anyone()
    teller.launch(who, remark=f"on {new} now")
    _settled(teller, who, old)


def under_another_name(teller: Teller) -> None:
    """A backup is restored beside the database, under another name."""
    name = teller.dice.pick(_NEW_NAMES)
    teller.do("restore", {"name": name, "taken": teller.write(teller.earlier())})
    teller.database = name
    who = teller.anyone()
    teller.launch(who)
    if teller.dice.one_in(2):
        teller.authenticate(who)
    else:
        teller.a_while()
        teller.launch(who)


def an_older_backup(teller: Teller) -> None:
    """An older backup takes the place of the database; the workstation remembers what it saw."""
    who = teller.anyone()
    taken = teller.earlier()
    teller.launch(who)
    teller.a_while()
    teller.launch(who)
    if teller.dice.one_in(2):
        teller.do("set_clock", {"of": "database", "to": teller.write(taken + 10 * MINUTE)})
    teller.do("restore", {"taken": teller.write(taken)}, "the older backup")
    teller.launch(who)


def some_follow(teller: Teller) -> None:
    """Some workstations move to a copy that is authenticated; who stays behind finds the key gone."""
    stays, *moves = teller.dice.some(teller.stations, len(teller.stations))
    old, new = teller.server, teller.spare()
    teller.do("restore", {"onto": new, "workstations": moves}, f"{stays} stays on {old}")
    teller.authenticate(moves[0], f"the key is for {new} from now on")
    teller.contact()
    teller.launch(stays, "the old copy, back on the network")
    if len(moves) > 1:
        teller.server = new
    if teller.dice.one_in(4):
        teller.authenticate(stays, "and the key comes back to the old copy")
        teller.launch(moves[0])
    elif not teller.dice.one_in(4):
        _detour(teller, stays, old, alone=len(moves) == 1)


def _detour(teller: Teller, who: str, server: str, *, alone: bool) -> None:
    """Whoever was superseded tries another name, and the old one again."""
    names = teller.world.get("servers", {}).get(server, {}).get("names", ())
    if alone and not names:
        teller.do("rename", {"server": "DETOUR-SQL"})
        teller.launch(who, "under another name")
        teller.do("rename", {"server": server})
    else:
        other = names[0] if names else teller.server
        teller.do("connects_to", {"workstation": who, "server": other})
        teller.launch(who, f"on {other} now")
        teller.do("connects_to", {"workstation": who, "server": server})
    teller.launch(who, "and back: still superseded")


def renamed(teller: Teller) -> None:
    """The server or the database gets another name, sometimes the old one again."""
    who = teller.anyone()
    server = teller.dice.one_in(2)
    old, new = (teller.server, teller.spare()) if server else (teller.database, teller.dice.pick(_NEW_NAMES))
    key = "server" if server else "database"
    if teller.dice.one_in(2):
        teller.no_contact()
        teller.launch(who)
    teller.do("rename", {key: new})
    teller.launch(who, remark=f"it is called {new} now")
    if teller.dice.one_in(2):
        teller.do("rename", {key: old})
        teller.no_contact() if teller.dice.one_in(2) else teller.contact()
        teller.launch(who, remark="and as before")
        return
    if server:
        teller.server = new
    else:
        teller.database = new
    if teller.dice.one_in(2):
        teller.authenticate(who)


def another_spelling(teller: Teller) -> None:
    """A client spells the server in another way, and then as before."""
    plans = teller.world.get("workstations") or {}
    aliases = teller.world.get("servers", {}).get(teller.server, {}).get("names", [])
    local = [name for name, plan in plans.items() if plan.get("runs_server") == "yes"]
    who = teller.dice.pick(local) if local else teller.anyone()
    others = [*aliases, teller.server.lower(), *((".", "localhost", "(local)", "127.0.0.1") if local else ())]
    teller.do("connects_to", {"workstation": who, "server": teller.dice.pick(others)})
    if teller.dice.one_in(2):
        teller.contact()
    teller.launch(who, remark="spelled in another way")
    if teller.dice.one_in(2):
        teller.do("connects_to", {"workstation": who, "server": teller.server})
        teller.launch(who)
    elif teller.dice.one_in(2):
        teller.authenticate(who)


def used_up_elsewhere(teller: Teller) -> None:
    """Grace is used up; the database gets another name and its own again: no day is gained."""
    who = teller.anyone()
    teller.past_grace()
    teller.no_contact()
    teller.launch(who)
    teller.do("rename", {"server": "DETOUR-SQL"})
    teller.launch(who, remark="refused under any name")
    if teller.dice.one_in(4):
        teller.server = "DETOUR-SQL"
        return
    teller.do("rename", {"server": teller.server})
    teller.no_contact()
    teller.launch(who)


def damaged(teller: Teller) -> None:
    """The record is damaged; the key again, an older backup, or nothing."""
    who = teller.anyone()
    taken = teller.earlier()
    teller.do("damage", teller.dice.pick(("record", {"record": "truncated"}, {"record": "forged"})))
    teller.launch(who, remark="the record is damaged")
    cure = teller.dice.below(3)
    if cure == 0:
        teller.authenticate(who)
    elif cure == 1:
        teller.do("restore", {"taken": teller.write(taken)})
    if cure < 2:
        teller.launch(who)


def cannot_store(teller: Teller) -> None:
    """The database can be read, and stores nothing."""
    teller.contact() if teller.dice.one_in(2) else teller.no_contact()
    teller.trouble(teller.dice.pick(schema.TROUBLES))
    for _ in range(teller.dice.between(1, 2)):
        who = teller.anyone()
        verb = teller.dice.weighted([(6, "launch"), (1, "authenticate"), (1, "renew_by_code"), (1, "open")])
        teller.do(verb, {"workstation": who, "for": "2h"} if verb == "open" else who, "nothing can be stored")
    if teller.dice.one_in(2):
        teller.later(hours=1)
        teller.launch()


def stopped(teller: Teller) -> None:
    """The database is stopped, and started again."""
    teller.do("stop", "database")
    teller.do(teller.dice.weighted([(6, "launch"), (1, "authenticate"), (1, "renew_by_code")]), teller.anyone())
    teller.do("start", "database")
    teller.launch()


def _settled(teller: Teller, who: str, old: str) -> None:
    """What people do when a license is found invalid: nothing, the key again, a code, or back to the old server."""
    what = teller.dice.weighted([(2, "nothing"), (4, "key"), (3, "code"), (2, "back")])
    if what == "key":
        teller.authenticate(who)
    elif what == "code":
        teller.no_contact()
        teller.do("renew_by_code", who)
    elif what == "back":
        teller.do("connects_to", {"workstation": who, "server": old})
    if what != "nothing":
        teller.launch(who)


SCENES = (
    Scene("restore", 6, "a restore onto another server", onto_another_server),
    Scene("restore-name", 3, "a restore under another name", under_another_name),
    Scene("older-backup", 4, "an older backup", an_older_backup),
    Scene("old-copy", 7, "an old copy", some_follow, lambda teller: len(teller.stations) > 1),
    Scene("rename", 5, "another name", renamed),
    Scene("spelling", 4, "another spelling", another_spelling),
    Scene("detour", 2, "a detour by another name", used_up_elsewhere),
    Scene("damage", 4, "a damaged record", damaged),
    Scene("trouble", 7, "a database that stores nothing", cannot_store),
    Scene("database-down", 3, "a database that is down", stopped),
)
