"""What happens, as sentences: one table for verbs, one for the causes of no contact."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from nexuslic.rules.words import Cause
from nexuslic.scenario.book.words import span, spoken, terms
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.formats.text import some
from nexuslic.scenario.story import Action, Window

_Args = Mapping[str, Any]


def _moved(by: timedelta) -> str:
    return f"is moved {'back' if by < timedelta(0) else 'forward'} by {span(by)}"


def _as_user(args: _Args) -> str:
    return f" as {args['user']}" if "user" in args else ""


def _authenticate(action: Action, _: Calendar) -> str:
    key = "another license key" if "key" in action.args else "the license key"
    return f"At {spoken(action.actors)} the user enters {key}"


def _open(action: Action, _: Calendar) -> str:
    length = f", for {span(action.args['for'])}" if "for" in action.args else ", and stays open"
    return f"The application is opened at {spoken(action.actors)}{_as_user(action.args)}{length}"


def _launch(action: Action, _: Calendar) -> str:
    return f"The application is launched at {spoken(action.actors)}{_as_user(action.args)}"


_CODES = {
    "": "a renewal code from support",
    "used": "a renewal code that was used before",
    "mistyped": "a renewal code with a letter mistyped",
    "foreign": "a renewal code that is for another database",
    "older": "a renewal code that answers an older request",
}


def _renew(action: Action, _: Calendar) -> str:
    return f"At {spoken(action.actors)} the user enters {_CODES[action.args.get('code', '')]}"


def _restore(action: Action, calendar: Calendar) -> str:
    args = action.args
    text = "A backup"
    text += f" taken on {calendar.write(args['taken'])}" if "taken" in args else " taken just now"
    text += " is restored"
    text += f" onto {args['onto']}" if "onto" in args else ""
    text += f" under the name {args['name']}" if "name" in args else ""
    return text + (f", and only {spoken(args['workstations'])} goes there" if "workstations" in args else "")


def _rename(action: Action, _: Calendar) -> str:
    told = spoken([f"the {what} is renamed to {name}" for what, name in action.args.items()])
    return told[:1].upper() + told[1:]


def _set_clock(action: Action, calendar: Calendar) -> str:
    args = action.args
    change = _moved(args["by"]) if "by" in args else f"is set to {calendar.write(args['to'])}"
    return f"The clock of {_the(args['of'])} {change}"


def _the(name: str) -> str:
    return f"the {name}" if name in ("database", "license server") else name


_DAMAGES = {"flipped": "one bit of it is flipped", "record": "one bit of it is flipped"}
_DAMAGES |= {"truncated": "its end is cut off", "forged": "somebody forges it"}


def _extend(action: Action, calendar: Calendar) -> str:
    days, until = some(action.args["days"], "day"), calendar.write(action.args["until"])
    return f"Support extends grace by {days}, for grants up to {until}"


def _assigned(action: Action, _: Calendar) -> str:
    return f"The customer assigns a license to {spoken(action.args['value'])}"


def _unassigned(action: Action, _: Calendar) -> str:
    return f"The customer takes the license from {spoken(action.args['value'])}"


def _tls(turned: str) -> Callable[[Action, Calendar], str]:
    def told(action: Action, _: Calendar) -> str:
        versions = action.args["tls"]
        is_ = "is" if len(versions) == 1 else "are"
        return f"On {action.args['workstation']} {spoken(versions)} {is_} turned {turned}"

    return told


def _nethasp(action: Action, _: Calendar) -> str:
    how = "put back" if action.args["is"] == "present" else "renamed, so that the license counts"
    return f"On {action.args['workstation']} NETHASP.ini is {how}"


_TAMPERS = {
    "forged": "is replaced by one with a forged signature",
    "replayed": "is replaced by an earlier one",
    "stale": "is replaced by one to another request",
    "html": "is replaced by a web page",
    "truncated": "is cut off",
    "huge": "is replaced by one that is far too long",
    "other-binding": "is replaced by one for another database",
}

VERBS: dict[str, Callable[[Action, Calendar], str]] = {
    "authenticate": _authenticate,
    "launch": _launch,
    "open": _open,
    "close": lambda action, _: f"The application is closed at {spoken(action.actors)}",
    "crash": lambda action, _: f"The application crashes at {spoken(action.actors)}",
    "renew_by_code": _renew,
    "restore": _restore,
    "rename": _rename,
    "connects_to": lambda a, _: f"From now on {a.args['workstation']} connects to {a.args['server']}",
    "set_clock": _set_clock,
    "damage": lambda action, _: f"The license record is damaged: {_DAMAGES[action.args['record']]}",
    "extend": _extend,
    "suspend": lambda *_: "The vendor suspends the license",
    "reinstate": lambda *_: "The vendor reinstates the license",
    "revoke": lambda *_: "The vendor revokes the license key",
    "change": lambda action, calendar: f"Support changes the license to {terms(action.args['license'], calendar)}",
    "assign": _assigned,
    "unassign": _unassigned,
    "turn_on": _tls("on"),
    "turn_off": _tls("off"),
    "nethasp": _nethasp,
    "upgrade": lambda a, _: f"On {a.args['workstation']} version {a.args['to']} of the application is installed",
    "stop": lambda action, _: f"The {action.args['value']} is stopped",
    "start": lambda action, _: f"The {action.args['value']} is started",
    "reply": lambda action, _: f"The next reply of the license server {_TAMPERS[action.args['tamper']]}",
}
"""A verb as a sentence without its full stop."""

CAUSES = {
    Cause.OFFLINE: "there is no network at all",
    Cause.DNS: "the name of the license server cannot be looked up",
    Cause.REFUSED: "the license server refuses connections",
    Cause.TIMEOUT: "the license server does not answer in time",
    Cause.TLS_PROTOCOL: "no TLS version is common to both sides",
    Cause.TLS_CERTIFICATE: "the certificate of the license server cannot be verified",
    Cause.PROXY: "a proxy stands in the way",
    Cause.SERVER_ERROR: "the license server has a fault",
    Cause.UNTRUSTED_REPLY: "what answers cannot be trusted",
}
_TROUBLES = {"read-only": "can be read only", "full": "is full", "locked": "is locked"}


def action(what: Action, calendar: Calendar) -> str:
    """A verb."""
    return VERBS[what.verb](what, calendar)


def window(edge: Window) -> str:
    """A window that opens or closes."""
    who = spoken(edge.workstations)
    if edge.trouble is not None:
        return f"The database {_TROUBLES[edge.trouble]}" if edge.opens else "The database is as it should be again"
    if edge.cause is not None:
        said = f"{who}: {CAUSES[edge.cause]} ({edge.cause})"
        return f"Contact fails from now on for {said}" if edge.opens else f"Contact is no longer hindered for {said}"
    return f"The license server can be reached by {who}" if edge.opens else f"The internet is gone for {who}"
