"""What exists on day 1, as sentences."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from nexuslic.scenario.book.words import span, spoken, terms
from nexuslic.scenario.calendar import Calendar

_Args = Mapping[str, Any]


def world(plan: Mapping[str, Any], calendar: Calendar) -> list[str]:
    """What exists on day 1, a sentence for each thing; what has its default is left out but for the license."""
    license_ = {"type": "concurrent", "seats": 5, "grace": 30, **plan.get("license", {})}
    holder = f" of {license_['organisation']}" if "organisation" in license_ else ""
    rest = {name: value for name, value in license_.items() if name not in ("organisation", "type")}
    start = calendar.local(calendar.starts)
    told = [f"It begins on {start:%a} {start.day} {start:%b %Y %H:%M} ({calendar.zone.key})."]
    told += [f"A {license_['type']} license{holder} with {terms(rest, calendar)}."]
    base = plan.get("database", {})
    told.append(f"The database {base.get('name', 'nexus')} on the server {base.get('server', 'DB1')}.")
    told += [_server(name, more) for name, more in plan.get("servers", {}).items()]
    stations = plan.get("workstations") or {"ws1": {}}
    told += [f"{_workstation(name, more)}." for name, more in stations.items()]
    if plan.get("users"):
        told.append(f"The users {spoken(plan['users'])}.")
    if plan.get("assigned"):
        told.append(f"Licenses are assigned to {spoken(plan['assigned'])}, in this order.")
    told += _vendor(plan.get("license_server", {}))
    return told + [f"{_policy(name, value)}." for name, value in plan.get("policy", {}).items()]


def _server(name: str, more: _Args) -> str:
    also = f", known as {spoken(more['names'])} too" if more.get("names") else ""
    return f"The server {name}{also}."


_STATION = {
    "user": "used by {}",
    "os": "with {}",
    "application": "application {}",
    "connects_to": "connecting to {}",
    "offers": "offering {}",
    "nethasp": "NETHASP.ini {}",
    "runs_server": "running the server itself ({})",
}


def _workstation(name: str, more: _Args) -> str:
    said = [_STATION[key].format(_plain(value)) for key, value in more.items()]
    return f"The workstation {name}" + (f": {', '.join(said)}" if said else "")


def _plain(value: Any) -> str:
    if isinstance(value, timedelta):
        return span(value)
    return spoken(value) if isinstance(value, tuple) else str(value)


def _vendor(more: _Args) -> list[str]:
    told = [f"The license server accepts {spoken(more['accepts'])}."] if "accepts" in more else []
    if more.get("clock"):
        off = "behind" if more["clock"] < timedelta(0) else "ahead"
        told.append(f"Its clock is {span(more['clock'])} {off}.")
    return told


_POLICIES = {
    "warn_from": "Grace warns from {} days left on",
    "clock_tolerance": "A clock may go back by {} without a charge",
    "setback_charge": "A clock that went back further costs {}",
    "seat_timeout": "A seat lives for {} without a renewal",
    "contact_timeout": "One contact may take {}",
    "clock": "The clock that counts is the {}'s",
    "binding": "A binding is compared by {}",
}


def _policy(name: str, value: Any) -> str:
    return _POLICIES[name].format(_plain(value))
