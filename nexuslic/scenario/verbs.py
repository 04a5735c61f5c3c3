"""What reading a verb needs beyond its shape: names that resolve, arguments that fit together, who acts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from nexuslic.rules.binding import fold
from nexuslic.scenario import schema
from nexuslic.scenario.kinds import Context, nearest, text_of
from nexuslic.scenario.source import Fields, Items, Node, Text, fail, written
from nexuslic.scenario.story import Action, Check, Entry, Phase

LOCAL = (".", "(local)", "localhost", "127.0.0.1")


def names(world: Fields, root: Fields, context: Context, default: str) -> Context:
    """The context with the names of the story: workstations, servers (also those named later), users."""
    stations = world.get("workstations")
    listed = tuple(stations.keys()) if isinstance(stations, Fields) else ()
    for name in listed:
        if name in schema.EXPECTATIONS or name in ("all", "database", "license server"):
            raise fail(stations or world, f"a workstation cannot be called `{name}`", "it is a word of the language")
    users = world.get("users")
    known = tuple(n.text.strip() for n in users.items if isinstance(n, Text)) if isinstance(users, Items) else None
    return attrs.evolve(
        context,
        workstations=listed or (default,),
        servers=tuple(_servers(world, root)),
        users=known,
        own_servers=_own_servers(stations),
    )


def _own_servers(stations: Node | None) -> tuple[str, ...]:
    entries = stations.entries if isinstance(stations, Fields) else ()
    runs = ((name, value.get("runs_server")) for name, value in entries if isinstance(value, Fields))
    return tuple(name.text for name, own in runs if isinstance(own, Text) and own.text.strip() != "no")


def _servers(world: Fields, root: Fields) -> Iterable[str]:
    """Every name that a server of the story has at any time."""
    base = world.get("database")
    server = base.get("server") if isinstance(base, Fields) else None
    yield server.text.strip() if isinstance(server, Text) else "DB1"
    servers = world.get("servers")
    for name, value in servers.entries if isinstance(servers, Fields) else ():
        yield name.text.strip()
        other = value.get("names") if isinstance(value, Fields) else None
        for one in other.items if isinstance(other, Items) else (other,):
            if isinstance(one, Text):
                yield one.text.strip()
    for node in (root.get("steps"), root.get("every")):
        for step in node.items if isinstance(node, Items) else ():
            for verb, key in (("restore", "onto"), ("rename", "server")):
                shape = step.get(verb) if isinstance(step, Fields) else None
                new = shape.get(key) if isinstance(shape, Fields) else None
                if isinstance(new, Text):
                    yield new.text.strip()


def check_spelling(node: Node, spelling: str, context: Context, *, local: bool) -> None:
    """Refuse a spelling that names no server of the story. Raises SourceError."""
    if fold(spelling) in LOCAL:
        if not local:
            raise fail(node, f"`{spelling}` names no server here", "give the workstation `runs_server`")
    elif fold(spelling) not in map(fold, context.servers):
        raise fail(node, f"`{spelling}` names no server of the story", nearest(spelling, context.servers))


def check_world(node: Fields, context: Context) -> None:
    """What the world's shapes cannot see. Raises SourceError."""
    _one_server_each(node)
    stations = node.get("workstations")
    for _, value in stations.entries if isinstance(stations, Fields) else ():
        if not isinstance(value, Fields):
            continue
        runs = value.get("runs_server")
        spelled = value.get("connects_to")
        if runs is not None and text_of(runs, "a server") not in ("yes", "no"):
            check_spelling(runs, text_of(runs, "a server"), context, local=False)
        if spelled is not None:
            local = runs is not None and text_of(runs, "a server") != "no"
            check_spelling(spelled, text_of(spelled, "a server"), context, local=local)


def _one_server_each(world: Fields) -> None:
    """No name may mean two servers."""
    owners: dict[str, str] = {}
    servers = world.get("servers")
    for name, value in servers.entries if isinstance(servers, Fields) else ():
        other = value.get("names") if isinstance(value, Fields) else None
        aliases = other.items if isinstance(other, Items) else (other,)
        for one in (name, *(alias for alias in aliases if isinstance(alias, Text))):
            owner = owners.setdefault(fold(one.text), name.text)
            if owner != name.text:
                raise fail(one, f"`{one.text}` is a name of the server `{owner}` already")


def action(verb: str, read: Any, node: Node, context: Context, at: datetime) -> Action:
    """The action that a verb's value means. Raises SourceError."""
    args: dict[str, Any] = dict(read) if isinstance(read, dict) else {"value": read}
    actors: tuple[str, ...] = ()
    if verb == "launch":
        asked = args["workstation"]
        actors = context.workstations if "all" in asked else asked
        twice = next((name for name in actors if actors.count(name) > 1), None)
        if twice is not None:
            raise fail(node, f"`{twice}` stands here twice", "launch it again in a line of its own")
    elif verb in ("close", "crash"):
        actors = (args["value"],)
    elif isinstance(args.get("workstation"), str):
        actors = (args["workstation"],)
    _fits(verb, args, node, context, at)
    return Action(verb, args, actors, node.place, written(node))


def _fits(verb: str, args: dict[str, Any], node: Node, context: Context, at: datetime) -> None:
    inner = node if not isinstance(node, Fields) else None
    if verb == "set_clock":
        if ("to" in args) == ("by" in args):
            raise fail(node, "a clock is set either `to` a time or `by` a duration")
        known = (*context.workstations, "database", "license server", *context.servers)
        if args["of"] not in known and fold(args["of"]) not in map(fold, known):
            where = node.get("of") if isinstance(node, Fields) else inner
            raise fail(where or node, f"there is no clock of `{args['of']}`", nearest(args["of"], known))
    if verb == "rename" and not args:
        raise fail(node, "rename what?", "rename: {server: NEW} or {database: NEW}")
    if verb == "restore" and args.get("taken", at) > at:
        raise fail(node, "this backup is taken after it is restored")
    if verb == "restore" and args.get("taken", at) < context.calendar.starts:
        raise fail(node, "this backup is taken before the story starts")
    if verb == "connects_to":
        where = node.get("server") if isinstance(node, Fields) else None
        check_spelling(where or node, args["server"], context, local=args["workstation"] in context.own_servers)


def check_actors(agenda: list[Entry]) -> None:
    """Every expectation must have something to look at in its minute. Raises SourceError."""
    minute: datetime | None = None
    recurring: set[str] = set()
    acted: set[str] = set()
    for entry in agenda:
        if entry.at != minute:
            minute, recurring, acted = entry.at, set(), set()
        act = entry.what if isinstance(entry.what, Action) else None
        decides = act is not None and act.verb in schema.DECIDING
        if act is not None and decides:
            acted.update(act.actors)
            if entry.phase is Phase.RECURRING:
                recurring.update(act.actors)
        for check in entry.checks:
            _has_subject(check, act if decides else None, act is not None, recurring or acted, acted)


def _named(workstations: set[str]) -> str:
    return "expect: {" + ", ".join(f"{name}: {{runs: yes}}" for name in sorted(workstations)[:2]) + "}"


def _has_subject(check: Check, act: Action | None, verb: bool, looked_at: set[str], acted: set[str]) -> None:
    if check.key in schema.STORY_WIDE:
        return
    if check.who is not None:
        if check.who not in acted:
            raise fail(check.place, f"`{check.who}` does nothing in this minute", "expect after a launch of it")
    elif act is None and verb:
        raise fail(check.place, f"this verb decides nothing, so there is no `{check.key}`", "expect after a launch")
    elif act is None and len(looked_at) > 1:
        raise fail(check.place, "several workstations acted in this minute", f"name them: {_named(looked_at)}")
    elif act is None and not looked_at:
        raise fail(check.place, "nothing happens in this minute to look at", "expect at the time of a launch")
