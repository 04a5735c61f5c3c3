"""What may happen in a world of the laws: one Hypothesis strategy for each action, all of plain values."""

from hypothesis import strategies as st

from nexuslic.rules.words import Cause

DAY = 24 * 60
WHO = st.integers(0, 2)
ON = st.integers(0, 1)


def _one(verb, *values):
    return st.tuples(st.just(verb), *values)


def _of(*values):
    return st.sampled_from(values)


LAPSES = _of(1, 2, 3, 7, 11, 60, DAY - 1, DAY, DAY, DAY + 1, 3 * DAY, 7 * DAY, 29 * DAY, 30 * DAY)
SETS = _of(-400 * DAY, -3 * DAY, -DAY - 1, -DAY, -60, -5, 5, 60, DAY, 5 * DAY, 29 * DAY, 365 * DAY)

WAIT = _one("wait", LAPSES)
TO_DEADLINE = _one("wait_deadline", WHO, st.integers(-1, 1))
SET_CLOCK = _one("set_clock", st.one_of(st.just("database"), st.just("database"), WHO), SETS)
ONLINE = _one("online", WHO, ON)
FAULT = _one("fault", WHO, _of("none", "none", *(cause.value for cause in Cause)))
TAMPER = _one("tamper", _of("forged", "replayed", "stale", "html", "truncated", "huge", "other-binding"))
VENDOR = _one("service", st.just("vendor"), _of(0, 1, 1))
TROUBLE = _one("trouble", _of("none", "none", "none", "read-only", "full", "locked"))
SERVICE = _one("service", st.just("database"), _of(0, 1, 1, 1))
AUTHENTICATE = _one("authenticate", WHO)
LAUNCH = _one("launch", WHO, _of("", "", "", "", "ws1", "ann"))
OPEN = _one("open", WHO, _of(0, 3, 90, 3000))
CLOSE = _one("close", WHO)
CRASH = _one("crash", WHO)
CODE = _one("code", WHO, _of("", "", "", "used", "mistyped", "foreign", "older"))
ASSIGN = _one("assign", _of(("ws0",), ("ws1", "ws2"), ("WS0 ", "ann", "bob")))
UNASSIGN = _one("unassign", _of(("ws0",), ("ann", "WS1")))
VERSION = _one("version", WHO, _of("6.1", "6.2", "6.10", "6.10", "6.10"))
DONGLE = _one("dongle", WHO, _of(0, 0, 0, 1))
BACK_UP = _one("back_up")
RESTORE = _one("restore", st.integers(0, 3), _of(None, None, None, "DB2", "SPARE"), _of(None, None, None, "copy"), ON)
RENAME = st.one_of(
    _one("rename_server", _of("DB1", "SEA-SQL")),
    _one("rename_database", _of("nexus", "survey")),
)
SPELL = _one("spell", WHO, _of("DB1", "DB1", "DB1", " db1 ", "db1.example", ".", "localhost", "DB2", "nowhere"))
DAMAGE = _one("damage", _of("bit", "truncated", "forged"))
SUPPORT = _one("support", _of("suspend", "reinstate", "reinstate", "suspend", "reinstate", "reinstate", "revoke"))
EXTEND = _one("extend", _of(1, 20), _of(0, 10))
TERMS = st.one_of(
    _one("terms", st.just("seats"), st.integers(1, 3)),
    _one("terms", st.just("grace_days"), _of(0, 1, 7, 30)),
    _one("terms", st.just("ends"), _of(None, None, 0, 1, 40)),
    _one("terms", st.just("minimum_version"), _of("6.2", "6.2", "6.10", "6.11")),
)

RULES = {
    "wait": WAIT,
    "sail": st.tuples(WAIT, LAUNCH),
    "sail_a_day": st.tuples(st.just(("wait", DAY)), LAUNCH),
    "sail_to_the_deadline": st.tuples(TO_DEADLINE, LAUNCH),
    "launch": LAUNCH,
    "launch_both": st.tuples(LAUNCH, LAUNCH),
    "open": OPEN,
    "work": st.tuples(OPEN, WAIT),
    "end": st.one_of(CLOSE, CRASH),
    "hurry": st.tuples(st.one_of(OPEN, CRASH), _one("wait", st.integers(1, 12)), LAUNCH),
    "call_home": WHO.map(lambda who: (("online", who, 1), ("launch", who, ""), ("online", who, 0))),
    "online": ONLINE,
    "hinder": st.one_of(FAULT, TAMPER, VENDOR),
    "authenticate": st.one_of(
        AUTHENTICATE, WHO.map(lambda who: (("online", who, 1), ("authenticate", who), ("online", who, 0)))
    ),
    "code": CODE,
    "set_clock": SET_CLOCK,
    "set_clock_and_launch": st.tuples(SET_CLOCK, LAUNCH),
    "right_clocks": st.tuples(_one("right_clocks"), LAUNCH),
    "users": st.one_of(ASSIGN, ASSIGN, UNASSIGN),
    "trouble": st.one_of(TROUBLE, SERVICE, VERSION, DONGLE, TROUBLE, SERVICE, VERSION, DAMAGE),
    "back_up": BACK_UP,
    "restore": st.tuples(RESTORE, LAUNCH),
    "rewind": st.tuples(RESTORE, SET_CLOCK, LAUNCH),
    "rename": RENAME,
    "there_and_back": st.tuples(SPELL, LAUNCH, SPELL, LAUNCH),
    "spell": SPELL,
    "support": st.one_of(SUPPORT, EXTEND, TERMS),
}
"""Each rule of the machines by its name: one action, or a few that often come together."""

PLANS = st.fixed_dictionaries(
    {
        "type": _of("concurrent", "concurrent", "named"),
        "seats": st.integers(1, 3),
        "grace": _of(0, 1, 7, 30),
        "ends": _of(None, None, None, 20),
        "clock": _of("database", "database", "workstation"),
        "binding": _of("spelling", "spelling", "identity"),
        "crew": st.integers(2, 3),
    }
)
"""What a world begins with."""

BEGINNINGS = _of(
    (("assign", ("ws0", "ws1", "ws2")), ("online", 0, 1), ("authenticate", 0), ("online", 0, 0)),
    (("assign", ("ws0", "ws1", "ws2")), ("online", 0, 1), ("online", 1, 1), ("authenticate", 0)),
    (("assign", ("ws0", "ws1")), ("code", 0, "")),
    (("online", 0, 1),),
)
"""The first day."""
