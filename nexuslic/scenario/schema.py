"""The words of the scenario language, each with what it holds and what it is for.

The reader, the JSON Schema, `nexuslic explain` and the reference all read these tables.
"""

from typing import Any

from nexuslic.rules.words import Cause, LicenseType, Protection, Reason, State, WhichBinding, WhichClock, Word
from nexuslic.scenario.kinds import (
    Choice,
    Duration,
    Json,
    Key,
    ListOf,
    MapOf,
    MomentKind,
    Name,
    OrNone,
    Shape,
    Time,
    VersionKind,
    Whole,
    Words,
    YesNo,
)

OPERATING_SYSTEMS = ("windows-7", "windows-10", "windows-11", "linux")
TLS_VERSIONS = ("SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")
TAMPERS = ("forged", "replayed", "stale", "html", "truncated", "huge", "other-binding")
BAD_CODES = ("used", "mistyped", "foreign", "older")
TROUBLES = ("read-only", "full", "locked")
PRESET = "nexus-6.2"


def of(words: type[Word]) -> Choice:
    """One of the words of a closed set."""
    return Choice(tuple(word.value for word in words), words)


WORKSTATION = Name("workstation", lambda context: context.workstations)
USER = Name("user", lambda context: context.users, exact=False)
TLS = ListOf(Choice(TLS_VERSIONS), single=True)
ALL_OR = ListOf(Name("workstation", lambda context: (*context.workstations, "all")), single=True, least=1)
TEXTS = ListOf(Words(), single=True, least=1)

EXTENSION = Shape(
    {
        "days": Key(Whole(0, 36500), "extra days of grace", required=True),
        "until": Key(Time(), "the last instant at which a grant carries them", required=True),
    }
)
LICENSE = Shape(
    {
        "type": Key(of(LicenseType), "concurrent (seats are counted) or named (users are assigned)"),
        "seats": Key(Whole(0), "how many sessions or named users"),
        "grace": Key(Whole(0, 36500), "days without contact"),
        "organisation": Key(Words(), "whose license it is"),
        "minimum_version": Key(VersionKind(), "the oldest application that may run"),
        "ends": Key(Time(), "the last instant of the term"),
        "extension": Key(EXTENSION, "extra days for the grants up to an instant"),
    },
    sheds=True,
)
LICENSE_SERVER = Shape(
    {
        "accepts": Key(ListOf(Choice((*TLS_VERSIONS, PRESET)), single=True), "TLS versions, or the preset nexus-6.2"),
        "clock": Key(Duration(signed=True), "how far its clock is off"),
    }
)
DATABASE = Shape(
    {
        "server": Key(Words(), "the name of the database server"),
        "name": Key(Words(), "the name of the database"),
    }
)
SERVER = Shape({"names": Key(ListOf(Words(), single=True), "other names by which it is known")})
WORKSTATION_PLAN = Shape(
    {
        "os": Key(Choice(OPERATING_SYSTEMS), "its operating system: a preset of what TLS is turned on"),
        "application": Key(VersionKind((PRESET,)), "the application's version, or the preset nexus-6.2"),
        "offers": Key(TLS, "the TLS versions that the application offers"),
        "connects_to": Key(Words(), "how it spells the server"),
        "runs_server": Key(Words(), "this computer is that server, so `.` and `localhost` mean it"),
        "user": Key(USER, "who works there"),
        "nethasp": Key(Choice(("present", "absent")), "whether NETHASP.ini stands beside the application"),
    }
)
POLICY = Shape(
    {
        "warn_from": Key(Whole(0, 36500), "days left from which Grace warns"),
        "clock_tolerance": Key(Duration(), "how far a clock may go back without a charge"),
        "setback_charge": Key(Duration(), "license time charged when it went further back"),
        "seat_timeout": Key(Duration(), "how long a seat lives without a renewal"),
        "contact_timeout": Key(Duration(), "how long one contact may take"),
        "clock": Key(of(WhichClock), "whose clock is read: the database server's or the workstation's"),
        "binding": Key(of(WhichBinding), "what is compared: the spelling, or the server's own identity"),
    }
)
WORLD = Shape(
    {
        "license": Key(LICENSE, "what the vendor issued"),
        "license_server": Key(LICENSE_SERVER, "the vendor's license server"),
        "database": Key(DATABASE, "the database that the story is about"),
        "servers": Key(MapOf(SERVER), "the database servers, with other names"),
        "workstations": Key(MapOf(WORKSTATION_PLAN), "the computers, by name"),
        "users": Key(ListOf(Words()), "the application's users"),
        "assigned": Key(ListOf(USER), "who has a named license, in the order of assignment"),
        "policy": Key(POLICY, "what the vendor decides about the rules"),
    }
)

_WHO = {
    "workstation": Key(WORKSTATION, "on which workstation", required=True),
    "user": Key(USER, "another user than usual"),
}


def _who(**more: Key) -> Shape:
    return Shape({**_WHO, **more}, short="workstation")


_ON = Key(WORKSTATION, "on which workstation", required=True)
_LICENSE_ONLY = Choice(("license",))
_SERVICE = Choice(("license server", "database"))

VERBS: dict[str, Key] = {
    "authenticate": Key(
        Shape({"workstation": _ON, "key": Key(Words(), "another key")}, short="workstation"),
        "the user enters the key and requests the license",
    ),
    "launch": Key(
        Shape(
            {"workstation": Key(ALL_OR, "on which workstation", required=True), "user": _WHO["user"]},
            short="workstation",
        ),
        "a launch, closed again at once",
    ),
    "open": Key(_who(**{"for": Key(Duration(), "how long it runs")}), "a launch whose session runs on"),
    "close": Key(WORKSTATION, "the session ends and gives its seat back"),
    "crash": Key(WORKSTATION, "the session ends without giving its seat back"),
    "renew_by_code": Key(
        Shape(
            {
                "workstation": _ON,
                "code": Key(Choice(BAD_CODES), "a code that must be refused"),
            },
            short="workstation",
        ),
        "request code, answer by support, accepted",
    ),
    "restore": Key(
        Shape(
            {
                "onto": Key(Words(), "the server to restore onto"),
                "taken": Key(Time(), "when the backup was taken"),
                "name": Key(Words(), "another name for the database"),
                "workstations": Key(ListOf(WORKSTATION, single=True), "who follows (else all)"),
            }
        ),
        "a backup is restored",
    ),
    "rename": Key(
        Shape(
            {
                "server": Key(Words(), "the server's new name"),
                "database": Key(Words(), "the database's new name"),
            }
        ),
        "the server or the database gets another name",
    ),
    "connects_to": Key(
        Shape({"workstation": _ON, "server": Key(Words(), "the spelling", required=True)}),
        "this client spells the server so from now on",
    ),
    "set_clock": Key(
        Shape(
            {
                "of": Key(Words(), "a workstation, `database`, a server or `license server`", required=True),
                "to": Key(Time(), "what it shows from now on"),
                "by": Key(Duration(signed=True), "by how much it is moved"),
            }
        ),
        "a clock is wrong from now on, and runs on",
    ),
    "damage": Key(
        Shape(
            {"record": Key(Choice(("flipped", "truncated", "forged", "record")), "how", required=True)},
            short="record",
        ),
        "the record is damaged",
    ),
    "extend": Key(EXTENSION, "support extends grace on the license server"),
    "suspend": Key(_LICENSE_ONLY, "on the license server"),
    "reinstate": Key(_LICENSE_ONLY, "on the license server"),
    "revoke": Key(_LICENSE_ONLY, "on the license server"),
    "change": Key(
        Shape({"license": Key(LICENSE, "the terms that change", required=True)}),
        "support changes the license on the server",
    ),
    "assign": Key(ListOf(USER, single=True), "users get a named license"),
    "unassign": Key(ListOf(USER, single=True), "users lose their named license"),
    "turn_on": Key(
        Shape({"workstation": _ON, "tls": Key(TLS, "which versions", required=True)}),
        "TLS versions are turned on in the operating system",
    ),
    "turn_off": Key(
        Shape({"workstation": _ON, "tls": Key(TLS, "which versions", required=True)}),
        "TLS versions are turned off in the operating system",
    ),
    "nethasp": Key(
        Shape({"workstation": _ON, "is": Key(Choice(("renamed", "present")), "what it is", required=True)}),
        "NETHASP.ini is renamed, or put back",
    ),
    "upgrade": Key(
        Shape({"workstation": _ON, "to": Key(VersionKind((PRESET,)), "the version", required=True)}),
        "another version of the application is installed",
    ),
    "stop": Key(_SERVICE, "the license server or the database is stopped"),
    "start": Key(_SERVICE, "the license server or the database is started"),
    "reply": Key(
        Shape({"tamper": Key(Choice(TAMPERS), "what replaces it", required=True)}),
        "the next reply of the license server is replaced",
    ),
}

LAUNCHING = ("launch", "open")
"""The verbs that count as launches."""

DECIDING = ("authenticate", "launch", "open", "renew_by_code")
"""The verbs that come to a decision."""

NUMBER = Whole(0, 10_000_000)
EXPECTATIONS: dict[str, Key] = {
    "state": Key(OrNone(of(State)), "the state, or none where the database could not be read"),
    "runs": Key(YesNo(), "whether the application runs"),
    "days_left": Key(OrNone(Whole(0, 100_000)), "days of grace left, or none"),
    "deadline": Key(OrNone(Time()), "the last instant without contact"),
    "warns": Key(OrNone(TEXTS), "texts that the warning contains, or none"),
    "message_says": Key(OrNone(TEXTS), "texts that the message contains"),
    "reason": Key(OrNone(of(Reason)), "why it does not run, or none"),
    "cause": Key(OrNone(of(Cause)), "the cause of no contact, or none"),
    "protection": Key(of(Protection), "software or dongle"),
    "stored": Key(YesNo(), "whether the record was stored"),
    "binding": Key(OrNone(Words()), "SERVER/DATABASE as recorded"),
    "seats_in_use": Key(NUMBER, "how many seats are live"),
    "dropped": Key(OrNone(ListOf(Words(), single=True)), "whom a smaller number dropped"),
    "last_good_launch": Key(OrNone(MomentKind()), "a day or a time, over the story so far"),
    "launches": Key(NUMBER, "how many launches so far"),
    "refused_launches": Key(NUMBER, "how many of them did not run"),
}
STORY_WIDE = ("last_good_launch", "launches", "refused_launches", "seats_in_use", "binding", "dropped")
"""Expectations that need no decision in the same minute."""

ALWAYS = Shape(
    {
        "never": Key(Choice((*(s.value for s in State), "refused", "runs")), "what must not be", required=True),
        "before": Key(Time(), "only before this instant"),
        "after": Key(Time(), "only from this instant on"),
        "while": Key(of(State), "only in this state"),
    }
)
_WHEN: dict[str, Key] = {"from": Key(Time(), "from when, included"), "to": Key(Time(), "until when, excluded")}
_WHERE = {"workstations": Key(ListOf(WORKSTATION, single=True), "for these only")}
ONLINE = Shape({**_WHEN, **_WHERE, "by": Key(Words(), "by which means")})
FAULT = Shape(
    {
        **_WHEN,
        **_WHERE,
        "cause": Key(of(Cause), "the cause of no contact"),
        "database": Key(Choice(TROUBLES), "what is wrong with the database"),
        "by": Key(Words(), "why"),
    }
)
STEP: dict[str, Key] = {
    "at": Key(Words("a time"), "when", required=True),
    **VERBS,
    "expect": Key(MapOf(Words()), "what must be so"),
    "note": Key(Words(), "a remark for the reader"),
}
EVERY: dict[str, Key] = {"at": Key(Words("a time"), "daily, every, or once", required=True), **_WHEN, **VERBS}

TOP: dict[str, Key] = {
    "scenario": Key(Words(), "its title", required=True),
    "format": Key(Choice(("1",)), "1", required=True),
    "why": Key(Words(), "the question that it answers", required=True),
    "starts": Key(Words("a start"), "YYYY-MM-DD HH:MM ZONE", required=True),
    "ends": Key(Words("a time"), "the last instant"),
    "tags": Key(ListOf(Words(), single=True), "words to select by"),
    "cases": Key(ListOf(MapOf(Words())), "rows with a name and values"),
    "matrix": Key(MapOf(ListOf(Words())), "lists whose product is run"),
    "world": Key(WORLD, "what exists on day 1"),
    "online": Key(ListOf(ONLINE), "windows in which the license server can be reached"),
    "faults": Key(ListOf(FAULT), "windows with a cause of no contact, although there is a network"),
    "every": Key(ListOf(Shape(EVERY)), "recurring actions"),
    "steps": Key(ListOf(Shape(STEP)), "what happens, in order of time"),
    "always": Key(ListOf(ALWAYS), "what must hold after every event"),
    "must_visit": Key(ListOf(of(State), single=True), "states that the run has to enter"),
}


def json_schema() -> Json:
    """The JSON Schema of a scenario file, for editors."""
    body: Json = Shape(TOP).json()
    expectation: Json = Shape(EXPECTATIONS).json()
    items: Any = body["properties"]
    step = items["steps"]["anyOf"][0]["items"]
    step["properties"]["expect"] = {**expectation, "additionalProperties": expectation}
    items["format"] = {"enum": [1, "1"]}
    items["cases"] = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["case"]}}
    items["matrix"] = {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nexuslic scenario, format 1",
        **body,
    }
