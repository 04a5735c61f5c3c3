"""What stands in a story's world: terms, extensions and TLS versions as values of the rules, servers, workstations."""

from collections.abc import Mapping
from typing import Any

from nexuslic.rules.binding import fold
from nexuslic.rules.license import Extension, License, Version
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.atlas import Atlas
from nexuslic.simulation.database import Database
from nexuslic.simulation.network import NEXUS_6_2, Tls
from nexuslic.simulation.workstation import DEFAULT_APPLICATION, PRESET, Workstation, application, permitted

Args = dict[str, Any]


def tls(names: tuple[str, ...]) -> frozenset[Tls]:
    """TLS versions by their names."""
    return frozenset(Tls(name) for name in names)


def accepted(names: tuple[str, ...]) -> frozenset[Tls]:
    """What a license server accepts; the preset stands for the product's own."""
    return frozenset().union(*(NEXUS_6_2 if name == PRESET else {Tls(name)} for name in names))


_DEFAULT = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)


def license_of(plan: Args, base: License = _DEFAULT) -> License:
    """The terms of `base` with those of a plan in their place."""
    return License(
        plan.get("organisation", base.organisation),
        plan.get("type", base.type),
        plan.get("seats", base.seats),
        plan.get("grace", base.grace_days),
        Version.parse(plan["minimum_version"]) if "minimum_version" in plan else base.minimum_version,
        plan.get("ends", base.ends),
    )


def extension_of(plan: Args | None) -> Extension | None:
    """The extension of a plan."""
    return None if plan is None else Extension(plan["days"], plan["until"])


def add_servers(atlas: Atlas, plan: Mapping[str, Any]) -> Database:
    """The database of the story, on its server, which comes first; then the other servers."""
    base = plan.get("database", {})
    main = base.get("server", "DB1")
    servers = plan.get("servers", {})
    first = next((one for one in servers if fold(one) == fold(main)), None)
    names = servers[first].get("names", ()) if first is not None else ()
    database = atlas.add_database(atlas.add_server(main, names), base.get("name", "nexus"))
    for name, more in servers.items():
        if name != first:
            atlas.add_server(name, more.get("names", ()))
    return database


def workstation_of(atlas: Atlas, name: str, plan: Args) -> Workstation:
    """A workstation as a plan has it; where it runs a server, their clock is one."""
    main = atlas.servers[0]
    version, offers = application(plan.get("application", DEFAULT_APPLICATION))
    runs = plan.get("runs_server")
    server = None if runs in (None, "no") else main.name if runs == "yes" else runs
    own = atlas.server_called(server) if server is not None else None
    return Workstation(
        name=name,
        user=plan.get("user", name),
        clock=own.clock if own is not None else atlas.clock(),
        connects_to=plan.get("connects_to", main.name),
        database=main.databases[0].name,
        version=version,
        offers=tls(plan["offers"]) if "offers" in plan else offers,
        permits=permitted(plan.get("os", "windows-10")),
        runs_server=server,
        own_offers="offers" in plan,
    )
