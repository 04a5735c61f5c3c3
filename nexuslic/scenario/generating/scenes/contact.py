"""Scenes of contact and of none: the sea, faults, overlapping faults, replaced replies, TLS, a license server down."""

from nexuslic.scenario import schema
from nexuslic.scenario.generating.teller import CAUSES, DAY, HOUR, MINUTE, Scene, Teller


def at_sea(teller: Teller) -> None:
    """Days without contact; sometimes until grace is used up, and then a contact that heals it."""
    teller.no_contact()
    teller.launch(remark="no contact")
    if teller.dice.one_in(2):
        teller.past_grace()
        teller.no_contact()
        teller.launch(remark="by now grace should be used up")
    else:
        teller.a_while()
        teller.no_contact()
        teller.launch()


def in_port(teller: Teller) -> None:
    """Contact, and a launch."""
    teller.contact()
    teller.launch(remark="back in port")


def to_the_minute(teller: Teller) -> None:
    """A grant, then launches at the deadline and a minute after it."""
    who = teller.anyone()
    teller.contact()
    teller.do("launch", who, pause=teller.grace * DAY)
    teller.no_contact()
    teller.do("launch", who, "the deadline itself", MINUTE)
    teller.do("launch", who, "and a minute later")


def a_fault(teller: Teller) -> None:
    """One cause of no contact, for all or for some."""
    who = [teller.anyone()] if len(teller.stations) > 1 and teller.dice.one_in(2) else None
    teller.contact()
    cause = teller.dice.pick(CAUSES)
    teller.fault(cause, who=who)
    verb = teller.dice.weighted([(5, "launch"), (1, "authenticate")])
    teller.do(verb, (who or [teller.anyone()])[0])
    if teller.dice.one_in(2):
        teller.contact()
        teller.launch(remark="nothing is in the way any more")


def two_faults(teller: Teller) -> None:
    """Two causes at once: the earliest of a connection is told, and after it the other."""
    teller.contact()
    first, second = teller.dice.some(CAUSES, 2)
    teller.fault(first, before=HOUR, hours=1)
    teller.fault(second, hours=3)
    teller.launch(remark="two things are in the way")
    teller.later(hours=1)
    teller.launch(remark="and now one")


def a_tampered_reply(teller: Teller) -> None:
    """Somebody answers in the license server's place, once or twice."""
    who = teller.anyone()
    for tamper in teller.dice.some(schema.TAMPERS, teller.dice.between(1, 2)):
        teller.contact()
        teller.do("reply", {"tamper": tamper})
        verb = teller.dice.weighted([(3, "launch"), (1, "authenticate")])
        teller.do(verb, who, "an answer that is not to be trusted")
    if teller.dice.one_in(2):
        teller.contact()
        teller.launch(who)


def server_down(teller: Teller) -> None:
    """The license server is stopped, and started again."""
    teller.contact()
    teller.do("stop", "license server")
    teller.do(teller.dice.weighted([(4, "launch"), (1, "authenticate")]), teller.anyone())
    teller.do("start", "license server")
    teller.contact()
    teller.launch()


def tls(teller: Teller) -> None:
    """TLS versions are turned off on a workstation, and some of them on again."""
    who = teller.anyone()
    old = "license_server" in teller.world and "accepts" in teller.world["license_server"]
    versions = ["TLS 1.0", "SSL 3.0"] if old else ["TLS 1.2", "TLS 1.3"]
    verbs = teller.dice.pick((("turn_on", "turn_off"), ("turn_off", "turn_on"))) if old else ("turn_off", "turn_on")
    for verb in verbs:
        some = teller.dice.some(versions, teller.dice.between(1, 2))
        teller.do(verb, {"workstation": who, "tls": some if len(some) > 1 or teller.dice.one_in(2) else some[0]})
        teller.contact()
        teller.launch(who)


def a_trip(teller: Teller) -> None:
    """A launch every day, or so, for some weeks, with a look at it now and then."""
    days = teller.dice.weighted([(3, 10), (2, 21), (2, 45)])
    when = teller.dice.weighted([(5, f"daily {teller.dice.between(5, 21):02d}:00"), (1, "every 12h"), (1, "every 30h")])
    first = teller.calendar.day(teller.now) + 1
    who = "all" if teller.dice.one_in(3) else teller.anyone()
    teller.every.append({"at": when, "from": f"day {first}", "to": f"day {first + days}", "launch": who})
    since = teller.calendar.moment(f"day {first}", whole_day=True)
    assert since is not None
    instants = list(teller.calendar.recurring(when, since.at, since.at + (days - 1) * DAY) or ())
    for at in sorted(teller.dice.some(instants, teller.dice.between(1, 3))):
        if at >= teller.now:
            teller.now = at
            teller.look("what the launches of that time came to")


SCENES = (
    Scene("sea", 6, "days at sea", at_sea),
    Scene("port", 4, "a contact in port", in_port),
    Scene("deadline", 2, "a launch at the deadline", to_the_minute, lambda teller: 1 <= teller.grace <= 30),
    Scene("fault", 6, "something in the way", a_fault),
    Scene("faults", 3, "two things in the way", two_faults),
    Scene("tamper", 11, "an answer that is not the license server's", a_tampered_reply),
    Scene("server-down", 3, "a license server that is down", server_down),
    Scene("tls", 3, "TLS versions that are turned off", tls),
    Scene("trip", 5, "a launch a day", a_trip, lambda teller: not teller.every),
)
